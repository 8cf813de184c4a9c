"""One customer is erased everywhere, and nothing of anybody else's; an export holds everything."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from casework.__main__ import main
from casework.cases.case import decision_of, find_case
from casework.conversations.conversation import Message
from casework.conversations.turns import Turn
from casework.errors import CaseworkError
from casework.orders.importer import import_orders
from casework.orders.order import find_order
from casework.orders.verification import verify
from casework.people.audit import AuditEntry
from casework.queue.queue import rebuild
from casework.storage.tables import erasing
from tests.casework.conftest import NOW, TODAY
from tests.casework.privacy.lives import (
    PAT,
    SAM,
    Life,
    Shop,
    everything,
    live,
    traces,
)

ERASE = ["erase", "--email", PAT.email.upper()]


def picture_names(shop: Shop) -> set[str]:
    return {path.name for path in shop.uploads.iterdir()}


def belonging(shop: Shop, alone: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The rows that were there when the customer was the only one."""
    rows = everything(shop)
    return {name: [row for row in rows[name] if row in before] for name, before in alone.items()}


def test_erasing_leaves_no_trace_of_one_and_all_of_the_other(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    live(shop, SAM)
    sams = everything(shop)
    pictures = {path.name: path.read_bytes() for path in shop.uploads.iterdir()}
    number = live(shop, PAT)
    with shop.database.begin() as session:
        decided = decision_of(find_case(session, number), None, TODAY).as_dict()  # type: ignore[arg-type]
    audit = everything(shop)["audit_log"]
    assert len(traces(shop, PAT)) > 20
    assert main([*ERASE, "--yes"]) == 0
    assert traces(shop, PAT) == []
    after = everything(shop)
    assert belonging(shop, sams) == sams
    assert {path.name: path.read_bytes() for path in shop.uploads.iterdir()} == pictures
    assert after["audit_log"][:-1] == audit
    entry = after["audit_log"][-1]
    assert (entry["actor"], entry["act"], entry["subject"]) == (
        "system",
        "customer_erased",
        "customer",
    )
    assert entry["data"]["cases"] == [number]
    assert entry["data"]["counts"]["messages"] == 9
    assert "9 messages" in capsys.readouterr().out
    with shop.database.read() as session:
        case = find_case(session, number)
        assert case is not None
        assert decision_of(case, None, TODAY).as_dict() == decided
        assert case.log[-1].kind == "refund_paid"
        assert case.log[-1].data == {"amount": "80.00"}
    with shop.database.begin() as session:
        rebuild(session)
    assert everything(shop)["queue"] == after["queue"]


def test_the_erased_order_is_nobodys_and_stays_so(shop: Shop, tmp_path: Path) -> None:
    live(shop, PAT)
    exported = _as_file(shop, PAT, tmp_path)
    assert main([*ERASE, "--yes"]) == 0
    with shop.database.begin() as session:
        for number, proof in enumerate((PAT.email, PAT.zip, "00000", "")):
            assert verify(session, f"new-{number}", PAT.numbers[0], proof, NOW).status == "failed"
        first, second = (find_order(session, number) for number in PAT.numbers)
        assert first is not None
        assert second is not None
        assert first.email != second.email
        assert import_orders(session, exported, NOW).refused == []
    assert traces(shop, PAT) == []


def _as_file(shop: Shop, who: Life, tmp_path: Path) -> Path:
    with shop.database.begin() as session:
        order = find_order(session, who.numbers[0])
        assert order is not None
        entry = {
            "number": order.number, "email": order.email, "zip": order.zip,
            "placed_on": str(order.placed_on), "ship_by": str(order.ship_by),
            "shipped_on": str(order.shipped_on), "delivered_on": str(order.delivered_on),
            "status": order.status, "carrier": "UPS", "tracking": order.tracking,
            "total": str(order.total), "currency": "USD",
            "lines": [
                {"sku": one.sku, "title": one.title, "quantity": one.quantity,
                 "unit_price": str(one.unit_price)} for one in order.lines
            ],
        }  # fmt: skip
    file = tmp_path / "orders.json"
    file.write_text(json.dumps([entry]))
    return file


def test_erasing_twice_and_a_stranger_changes_nothing(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    live(shop, PAT)
    assert main([*ERASE, "--yes"]) == 0
    before = everything(shop)
    capsys.readouterr()
    for again in (
        ERASE,
        ["erase", "--order", PAT.numbers[0]],
        ["erase", "--email", "x@example.com"],
    ):
        assert main([*again, "--yes"]) == 0
        assert capsys.readouterr().out == "Erased: nothing.\n"
    assert everything(shop) == before


def test_without_yes_it_only_says_what(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    live(shop, PAT)
    before, pictures = everything(shop), picture_names(shop)
    assert main(["erase", "--order", f"#{PAT.numbers[1]}"]) == 0
    said = capsys.readouterr().out
    assert (everything(shop), picture_names(shop)) == (before, pictures)
    assert "Nothing was changed" in said
    assert main([*ERASE, "--yes"]) == 0
    done = capsys.readouterr().out
    assert _counts(said) == _counts(done)
    assert len(_counts(said)) > 10


def _counts(said: str) -> list[str]:
    return sorted(line for line in said.splitlines() if line.startswith("  "))


def test_an_open_case_is_refused_unless_it_is_said(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    number = live(shop, PAT, settled=False)
    before = everything(shop)
    assert main([*ERASE, "--yes"]) == 2
    assert f"open cases: {number}" in capsys.readouterr().err
    assert everything(shop) == before
    assert main(ERASE) == 0
    assert number in capsys.readouterr().out
    assert main([*ERASE, "--yes", "--also-open"]) == 0
    assert traces(shop, PAT) == []
    queue = everything(shop)["queue"]
    assert [row["case_number"] for row in queue] == [number]
    with shop.database.begin() as session:
        assert rebuild(session) == 1
    assert everything(shop)["queue"] == queue


def test_nothing_is_erased_while_the_assistant_is_answering(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    live(shop, PAT)
    with shop.database.begin() as session:
        turn = session.scalars(select(Turn)).one()
        turn.closed_at, turn.held_until = None, NOW.replace(year=2100)
    assert main([*ERASE, "--yes"]) == 2
    assert "try again in a minute" in capsys.readouterr().err


def test_pictures_a_run_did_not_get_to_are_taken_by_the_next(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(shop, SAM)
    live(shop, PAT)
    with monkeypatch.context() as cut:
        cut.setattr("casework.privacy.everywhere.remove_files", _crash)
        with pytest.raises(KeyboardInterrupt):
            main([*ERASE, "--yes"])
    assert len(picture_names(shop)) == 8
    assert main([*ERASE, "--yes"]) == 0
    assert len(picture_names(shop)) == 8  # young: they might belong to an upload under way
    monkeypatch.setattr("casework.privacy.files.UNDER_WAY_SECONDS", -1)
    assert main([*ERASE, "--yes"]) == 0
    papers = {f"{SAM.numbers[0]}-{what}.pdf" for what in ("label", "paper")}
    assert picture_names(shop) == {f"{number}.jpg" for number in SAM.numbers} | papers


def _crash(*_: object) -> int:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("endpoints", "said"),
    [
        ("", "no stored memory"),
        ("tracker_store:\n  type: SQL\n  db: none.db\n", "no stored memory"),
    ],
)
def test_it_says_where_rasa_has_no_store(
    shop: Shop, capsys: pytest.CaptureFixture[str], endpoints: str, said: str
) -> None:
    (shop.var / "endpoints.yml").write_text(endpoints)
    assert main([*ERASE, "--yes"]) == 0
    assert said in capsys.readouterr().out


def test_a_store_it_cannot_reach_is_not_passed_over(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop.var / "endpoints.yml").write_text("tracker_store:\n  type: mongod\n")
    live(shop, PAT)
    assert main([*ERASE, "--yes"]) == 2
    assert "'mongod'" in capsys.readouterr().err
    assert traces(shop, PAT)


def test_whom_must_be_said(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["erase", "--yes"]) == 2
    assert main(["erase", "--order", "99999", "--yes"]) == 2
    assert "there is no order 99999" in capsys.readouterr().err


@pytest.mark.parametrize(
    "tamper",
    [
        lambda session, row: session.delete(row),
        lambda session, row: setattr(row, "subject", "somebody"),
        lambda session, row: session.execute(delete(AuditEntry)),
    ],
)
def test_the_audit_log_is_refused_even_while_erasing(
    shop: Shop, tamper: Callable[[Session, Any], Any]
) -> None:
    live(shop, PAT)

    def change() -> None:
        with shop.database.begin() as session, erasing(session):
            tamper(session, session.scalars(select(AuditEntry)).first())

    with pytest.raises(CaseworkError, match="append-only"):
        change()


def test_append_only_holds_again_after_erasing(shop: Shop) -> None:
    live(shop, PAT)
    with shop.database.begin() as session:
        with erasing(session):
            pass
        with pytest.raises(CaseworkError, match="append-only"):
            session.execute(delete(Message))

"""What is counted when something is kept, and who may read it."""

from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.case import Case
from casework.cases.escalations import open_escalation
from casework.cases.writing import open_case
from casework.conversations.conversation import Message, add_message
from casework.conversations.handling import ask_for_person
from casework.conversations.turns import open_turn
from casework.operating.metrics import REGISTRY, may_read
from casework.operating.standing_metrics import Standing
from casework.orders.order import Order
from casework.queue.rows import QueueRow
from casework.storage.database import Database
from tests.casework.conftest import NOW, new_order, step
from tests.casework.outgoing import WEBHOOK, switch


def value(name: str, **labels: str) -> float:
    """The sum of the samples with these labels, whatever others they have."""
    return sum(
        sample.value
        for family in REGISTRY.collect()
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    )


def said(session: Session, key: str) -> Message:
    return add_message(
        session, "c", audience="customer", author="agent", text="Yes", now=NOW, key=key
    )


def test_a_message_is_counted_once_and_only_when_it_is_kept(database: Database) -> None:
    before = value("aop_messages_total", author="agent")
    with database.begin() as session:
        said(session, "one")
        assert value("aop_messages_total", author="agent") == before
    with database.begin() as session:
        said(session, "one")  # a replay
    with suppress(RuntimeError), database.begin() as session:
        said(session, "two")
        raise RuntimeError
    assert value("aop_messages_total", author="agent") == before + 1


def test_a_savepoint_that_is_undone_takes_no_count_along(database: Database) -> None:
    before = value("aop_messages_total", author="agent")
    with database.begin() as session:
        said(session, "one")
        with suppress(RuntimeError), session.begin_nested():
            raise RuntimeError
    assert value("aop_messages_total", author="agent") == before + 1


def test_cases_escalations_and_ends_are_counted(database: Database) -> None:
    names = (
        ("aop_outcomes_total", {"situation": "damaged"}),
        ("aop_cases_ended_total", {"situation": "damaged", "how": "withdrawn"}),
        ("aop_escalations_total", {"reason": "asked"}),
    )
    before = [value(name, **labels) for name, labels in names]
    for _ in ("first", "again"):
        with database.begin() as session:
            order = session.scalars(select(Order)).first() or new_order()
            session.add(order)
            open_case(
                session, order=order, situation="damaged", facts={"remedy": "refund"},
                conversation_id="c", now=NOW, key="k",
            )  # fmt: skip
            open_escalation(session, conversation_id="c", reason="asked", now=NOW, key="e")
    with database.begin() as session:
        case = session.scalars(select(Case)).one()
        step(session, case, "withdrawn", actor="customer")
    after = [value(name, **labels) for name, labels in names]
    assert [b - a for a, b in zip(before, after, strict=True)] == [1, 1, 1]


def test_how_the_shop_stands_is_looked_up(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch(monkeypatch, WEBHOOK)
    with database.begin() as session:
        order = new_order(status="shipped")
        session.add(order)
        case = open_case(
            session, order=order, situation="damaged", facts={"remedy": "refund"},
            conversation_id="c", now=NOW, key="k",
        )  # fmt: skip
        row = session.get(QueueRow, case.number)
        row.due_on = date(2026, 3, 1)
        ask_for_person(session, "c", NOW)
        open_turn(session, said(session, "one"))
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in Standing(database).collect()
        for sample in family.samples
    }
    assert found["aop_database_up",] == 1
    assert found["aop_cases_open",] == found["aop_cases_overdue",] == 1
    assert found["aop_cases_due",] == 0
    assert found["aop_conversations_waiting",] == found["aop_turns_open",] == 1
    assert found["aop_turns_oldest_seconds",] > 0
    assert found["aop_outbox_waiting", "webhook"] == 1
    assert found["aop_outbox_waiting", "email"] == found["aop_outbox_parked", "webhook"] == 0


def test_a_database_that_is_away_is_told(tmp_path: Path) -> None:
    (tmp_path / "casework.db").write_bytes(b"something else altogether" * 100)
    (one,) = Standing(Database(f"sqlite:///{tmp_path / 'casework.db'}")).collect()
    assert (one.name, one.samples[0].value) == ("aop_database_up", 0)


@pytest.mark.parametrize(
    ("client", "headers", "allowed"),
    [
        ("127.0.0.1", {"host": "127.0.0.1:8080"}, True),
        ("::1", {"host": "[::1]:8080"}, True),
        ("127.0.0.1", {"host": "localhost:8080"}, True),
        ("192.0.2.7", {"host": "127.0.0.1:8080"}, False),
        (None, {"host": "127.0.0.1:8080"}, False),
        ("127.0.0.1", {"host": "help.example"}, False),
        ("127.0.0.1", {"host": "localhost:8080", "x-forwarded-for": "192.0.2.7"}, False),
        ("127.0.0.1", {"host": "localhost:8080", "authorization": "Bearer guessed"}, True),
    ],
)
def test_without_a_token_this_machine_alone_may_read(
    monkeypatch: pytest.MonkeyPatch, client: str | None, headers: dict[str, str], allowed: bool
) -> None:
    monkeypatch.delenv("METRICS_TOKEN", raising=False)
    assert may_read(client, headers) is allowed


def test_with_a_token_its_bearer_alone_may_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICS_TOKEN", "a-token-for-tests-only")
    here = {"host": "127.0.0.1:8080"}
    assert not may_read("127.0.0.1", here)
    assert not may_read("127.0.0.1", {**here, "authorization": "Bearer a-token"})
    assert may_read("192.0.2.7", {"authorization": "Bearer a-token-for-tests-only"})
    assert may_read("192.0.2.7", {"authorization": "Bearer the-channels"}, "the-channels")

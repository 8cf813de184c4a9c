"""Retention erases what ended longer ago than the setting says, and nothing younger or open."""

from datetime import timedelta

import pytest

from casework.__main__ import main
from casework.cases.case import find_case
from casework.conversations.conversation import add_message
from casework.orders.verification import verify
from casework.privacy import command, everywhere, retention
from casework.training.unclear import note
from tests.casework.conftest import NOW
from tests.casework.privacy.lives import PAT, SAM, Shop, everything, live, traces
from tests.casework.privacy.test_erase import belonging, picture_names

LONG_AGO = NOW - timedelta(days=400)


@pytest.fixture(autouse=True)
def a_year(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETENTION_DAYS", "365")
    monkeypatch.setattr(command, "now", lambda: NOW)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "BATCH", 1)


def test_only_what_is_older_is_erased(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    live(shop, SAM, NOW - timedelta(days=300))
    sams, pictures = everything(shop), picture_names(shop)
    number = live(shop, PAT, LONG_AGO)
    with shop.database.begin() as session:
        add_message(
            session, "alone", audience="customer", author="customer", text=PAT.words, now=LONG_AGO
        )
    assert main(["retain"]) == 0
    said = capsys.readouterr().out
    assert "10 messages" in said
    assert "2 orders" in said
    assert traces(shop, PAT) == []
    assert belonging(shop, sams) == sams
    assert picture_names(shop) == pictures
    with shop.database.read() as session:
        assert find_case(session, number) is not None
    after = everything(shop)
    assert main(["retain"]) == 0
    assert capsys.readouterr().out == "Erased: nothing.\n"
    assert everything(shop) == after


def test_without_the_setting_everything_is_kept(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("RETENTION_DAYS")
    live(shop, PAT, LONG_AGO)
    before = everything(shop)
    assert main(["retain"]) == 0
    assert "everything is kept" in capsys.readouterr().out
    assert everything(shop) == before


@pytest.mark.parametrize("days", ["a year", "0", "-1", "1.5"])
def test_a_wrong_setting_is_named(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], days: str
) -> None:
    monkeypatch.setenv("RETENTION_DAYS", days)
    assert main(["retain"]) == 2
    assert "RETENTION_DAYS" in capsys.readouterr().err


def test_an_open_case_keeps_all_that_is_about_it(shop: Shop) -> None:
    live(shop, PAT, LONG_AGO, settled=False)
    with shop.database.begin() as session:
        verify(session, "later", PAT.numbers[0], PAT.zip, LONG_AGO)
        said = {"audience": "customer", "author": "customer", "text": PAT.words, "now": LONG_AGO}
        add_message(session, "later", **said)
    before = everything(shop)
    assert main(["retain"]) == 0
    after = everything(shop)
    assert {name for name in before if after[name] != before[name]} <= {"audit_log", "orders"}
    assert [row["email"] for row in after["orders"] if row["number"] == PAT.numbers[0]] == [
        PAT.email
    ]


def test_a_conversation_that_went_on_keeps_its_words_and_order(shop: Shop) -> None:
    number = live(shop, PAT, LONG_AGO)
    with shop.database.begin() as session:
        case = find_case(session, number)
        assert case is not None
        add_message(
            session, case.conversation_id, audience="customer", author="customer",
            text="Thank you", now=NOW,
        )  # fmt: skip
    before = everything(shop)
    assert main(["retain"]) == 0
    after = everything(shop)
    assert after["messages"] == before["messages"]
    assert after["orders"][0]["email"] == PAT.email
    assert after["case_log"][0]["data"].get("description") is None


def test_a_run_that_was_cut_off_goes_on(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    live(shop, SAM, LONG_AGO)
    live(shop, PAT, LONG_AGO)
    runs = []

    def once(*given: object) -> None:
        runs.append(given)
        if len(runs) > 1:
            raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(everywhere, "remove_files", once)
        with pytest.raises(KeyboardInterrupt):
            main(["retain"])
    left = len(everything(shop)["messages"])
    monkeypatch.setattr("casework.privacy.files.UNDER_WAY_SECONDS", -1)
    assert main(["retain"]) == 0
    assert left < 14
    assert traces(shop, PAT) + traces(shop, SAM) == []
    assert picture_names(shop) == set()


def test_misunderstandings_nobody_labeled_go_when_they_are_old(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    with shop.database.begin() as session:
        for text, then in (("the chair sings", LONG_AGO), ("the lamp hums", NOW)):
            note(
                session, text=text, guessed="inform", confidence=0.3, why="not_understood",
                today=then.date(),
            )  # fmt: skip
    assert main(["retain"]) == 0
    assert "1 unclear sentences" in capsys.readouterr().out
    assert [row["text"] for row in everything(shop)["unclear"]] == ["the lamp hums"]

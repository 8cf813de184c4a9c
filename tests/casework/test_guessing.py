"""Guessing across conversations: slowed down by network and number, and nobody else shut out."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from casework.conversations.conversation import ensure_conversation
from casework.orders.guessing import (
    ALL_ORDERS,
    DAY,
    ONE_ORDER,
    ZIP_FAILURES,
    Guesses,
    Steps,
    wait_after,
)
from casework.orders.verification import MAX_FAILURES, Verification, verify
from casework.storage.database import Database
from tests.casework.conftest import NOW, MakeOrder, new_order

MINUTE = timedelta(minutes=1)
Guesser = Callable[..., Verification]


@pytest.fixture
def guess(session: Session) -> Guesser:
    """One proof in a conversation of its own, from a network."""
    count = iter(range(10_000))

    def one(
        number: str, proof: str, network: str | None = "attacker", now: datetime = NOW
    ) -> Verification:
        name = f"conversation-{next(count)}"
        ensure_conversation(session, name, now).network = network
        session.flush()
        return verify(session, name, number, proof, now)

    return one


def test_failures_count_across_conversations_of_a_network(
    make_order: MakeOrder, guess: Guesser
) -> None:
    make_order()
    for _ in range(ONE_ORDER[0][0]):
        assert guess("20001", "10001").status == "failed"
    held = guess("20001", "90012")
    assert held == Verification("paused", None, MAX_FAILURES, wait_minutes=1)
    assert guess("20001", "90012", now=NOW + MINUTE).status == "verified"


def test_pauses_grow_and_end(make_order: MakeOrder, guess: Guesser) -> None:
    make_order()
    now, waits = NOW, []
    for _ in range(ONE_ORDER[-1][0] + 2):
        assert guess("20001", "10001", now=now).status == "failed"
        wait = guess("20001", "90012", now=now).wait_minutes if len(waits) >= 4 else 0
        waits.append(wait)
        now += wait * MINUTE
    assert waits[4:] == [1, 5, 15, 60, 60, 60]
    assert guess("20001", "90012", now=now).status == "verified"


def test_a_stranger_holds_nobody_up_who_is_elsewhere(make_order: MakeOrder, guess: Guesser) -> None:
    make_order()
    for _ in range(ONE_ORDER[0][0]):
        guess("20001", "10001")
    assert guess("20001", "90012").status == "paused"
    for elsewhere in ("home", None):
        assert guess("20001", "90012", elsewhere).status == "verified"
    assert guess("20002", "10001").status == "failed"


def test_a_network_does_not_go_through_the_orders(guess: Guesser) -> None:
    for count in range(ALL_ORDERS[0][0]):
        assert guess(f"{30000 + count}", "10001").status == "failed"
    assert guess("40000", "10001").wait_minutes == 1
    assert guess("40000", "10001", "home").status == "failed"
    assert guess("40000", "10001", now=NOW + MINUTE).status == "failed"


def test_what_is_asked_in_a_pause_makes_it_no_longer(make_order: MakeOrder, guess: Guesser) -> None:
    make_order()
    for _ in range(ONE_ORDER[0][0]):
        guess("20001", "10001")
    for _ in range(20):
        assert guess("20001", "10001").status == "paused"
    assert guess("20001", "90012", now=NOW + MINUTE).status == "verified"


def test_many_networks_spend_what_zip_codes_are_worth_and_the_address_still_serves(
    make_order: MakeOrder, guess: Guesser
) -> None:
    make_order()
    for number in ("20001", "29999"):
        for count in range(ZIP_FAILURES):
            assert guess(number, "10001", f"bot-{count}").status == "failed"
    spent = guess("20001", "90012", "bot")
    assert spent == Verification("failed", None, MAX_FAILURES, needs_email=True)
    assert guess("29999", "90012", "bot") == spent
    assert guess("20001", "pat@example.com", "home").status == "verified"
    assert guess("20001", "90012", "home", now=NOW + timedelta(days=1)).status == "verified"


def test_numbers_count_however_they_are_typed(make_order: MakeOrder, guess: Guesser) -> None:
    make_order()
    for typed in ("20001", "#20001", "order 20001", "AOP 20001", "2 0 0 0 1"):
        assert guess(typed, "10001").status == "failed"
    assert guess("20001", "90012").status == "paused"


def test_a_clock_that_was_ahead_holds_nobody_up_for_longer() -> None:
    ahead = Guesses(ONE_ORDER[0][0], NOW + timedelta(days=30))
    assert wait_after(ONE_ORDER, ahead, NOW) == MINUTE


def test_an_unknown_order_and_a_wrong_proof_ask_the_database_the_same(database: Database) -> None:
    with database.begin() as session:
        session.add(new_order())
    asked: dict[str, list[str]] = {"20001": [], "29999": []}
    for proof in ("10001", "sam@example.com", "?"):
        for number, statements in asked.items():
            with database.begin() as session:
                ensure_conversation(session, f"c-{number}-{proof}", NOW)
            note = _noting(statements)
            with database.begin() as session:
                event.listen(database.engine, "before_cursor_execute", note)
                assert verify(session, f"c-{number}-{proof}", number, proof, NOW).order is None
                event.remove(database.engine, "before_cursor_execute", note)
    assert asked["20001"]
    assert asked["20001"] == asked["29999"]


def _noting(statements: list[str]) -> Callable[..., None]:
    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    return note


def guesses_a_day(steps: Steps) -> int:
    """The most proofs that are looked at within a day of somebody who never rests."""
    looked_at: list[datetime] = []
    most = 0
    for count in range(7 * 24 * 60):
        now = NOW + count * MINUTE
        while True:
            recent = [one for one in looked_at if one > now - DAY]
            last = recent[-1] if recent else None
            if wait_after(steps, Guesses(len(recent), last), now) > timedelta():
                break
            looked_at = [*recent, now]
            most = max(most, len(looked_at))
    return most


def test_the_guesses_an_attacker_gets_are_the_documents() -> None:
    text = Path("docs/security.md").read_text(encoding="utf-8")
    found = re.search(
        r"(\d+) guesses a day at one order\b.*?\b(\d+) a day at all orders\b.*?"
        r"\b(\d+) ZIP codes a day for one order, from however many networks",
        text,
        re.S,
    )
    assert found
    told = tuple(map(int, found.groups()))
    assert told == (guesses_a_day(ONE_ORDER), guesses_a_day(ALL_ORDERS), ZIP_FAILURES)

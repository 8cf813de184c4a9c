"""A message's turn: taken as the message is kept, once, in order; and what that asks of SQL."""

import pytest

from casework.conversations.conversation import hand_over
from casework.conversations.turns import HOLD, Taken
from casework.conversations.web_sessions import start_session
from casework.storage.database import Database
from gateway.delivery import posting
from gateway.delivery.assistant import Said
from gateway.web.running import now
from tests.sql import statements


@pytest.fixture
def chat(database: Database) -> str:
    with database.begin() as session:
        return start_session(session, now())[1]


def sent(database: Database, chat: str, text: str) -> Taken | None:
    return posting.send_text(database, chat, f"client-{text}", text).turn


def test_a_message_is_taken_as_it_is_kept_and_by_nobody_else(database: Database, chat: str) -> None:
    taken = sent(database, chat, "one")
    assert taken is not None
    assert (taken.text, taken.author, taken.tries, taken.excused) == ("one", "customer", 1, False)
    assert posting.take(database, chat) is None
    assert sent(database, chat, "one") is None  # the same message again


def test_the_next_message_is_taken_with_the_answer_to_the_one_before(
    database: Database, chat: str
) -> None:
    first = sent(database, chat, "one")
    assert first is not None
    assert sent(database, chat, "two") is None
    kept, second = posting.keep_answer(database, first, [Said("You said one.")])
    assert kept
    assert second is not None
    assert second.text == "two"
    again = posting.keep_answer(database, first, [Said("Again.")])
    assert again == (False, None)  # it has its answer
    assert posting.keep_answer(database, second, [Said("You said two.")]) == (True, None)


def test_a_turn_whose_time_ran_out_is_taken_with_the_next_message(
    database: Database, chat: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = sent(database, chat, "one")
    assert first is not None
    monkeypatch.setattr(posting, "now", lambda: now() + HOLD)
    again = sent(database, chat, "two")
    assert again is not None
    assert (again.message_id, again.tries) == (first.message_id, 2)
    posting.put_off(database, first)  # by who had it before: no longer theirs
    posting.note_failure(database, first)
    assert posting.take(database, chat) is None


def test_what_a_person_reads_is_not_taken(database: Database, chat: str) -> None:
    with database.begin() as session:
        hand_over(session, chat, expected="assistant", to="agent", agent="kim", now=now())
    assert sent(database, chat, "one") is None
    with database.begin() as session:
        hand_over(session, chat, expected="agent", to="assistant", now=now())
    assert posting.take(database, chat) is None


def test_a_message_and_its_answer_ask_little(database: Database, chat: str) -> None:
    """Each statement is 0.1 ms at every message of every customer: more need a reason."""
    first = sent(database, chat, "one")
    assert first is not None
    posting.keep_answer(database, first, [Said("You said one.")])
    with statements(database.engine) as asked:
        second = sent(database, chat, "two")
    assert len(asked) <= 9, asked
    assert second is not None
    with statements(database.engine) as asked:
        posting.keep_answer(database, second, [Said("You said two.", ("Yes", "No"))])
    assert len(asked) <= 8, asked

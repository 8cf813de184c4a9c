"""Who is typing and who is looking: told to those it concerns, and over by itself."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.conversations.conversation import Conversation, add_message, ensure_conversation
from casework.conversations.handling import ask_for_person, hand_back, take_over
from casework.conversations.presence import (
    CUSTOMER,
    LOOKING,
    TYPING,
    PresenceMark,
    end_looking,
    is_typing,
    looking_at,
    note_looking,
    note_typing,
)
from casework.people.accounts import add_agent, find_agent
from tests.casework.conftest import NOW

SOON = timedelta(seconds=1)


def agent(session: Session, login: str) -> None:
    password = "a long enough password"
    add_agent(
        session, login=login, name=login.title(), role="agent", password=password, now=NOW
    )  # fmt: skip


def chat(session: Session) -> Conversation:
    return ensure_conversation(session, "c", NOW)


def test_typing_is_told_only_while_a_person_is_concerned(session: Session) -> None:
    agent(session, "kim")
    kim = find_agent(session, "kim")
    assert kim
    assert not note_typing(session, chat(session), CUSTOMER, NOW)
    ask_for_person(session, "c", NOW)
    session.expire_all()
    assert note_typing(session, chat(session), CUSTOMER, NOW)
    assert not note_typing(session, chat(session), "kim", NOW)
    take_over(session, "c", kim, NOW)
    session.expire_all()
    assert note_typing(session, chat(session), "kim", NOW)
    assert not note_typing(session, chat(session), "lee", NOW)
    hand_back(session, "c", kim, "", NOW)
    session.expire_all()
    assert not note_typing(session, chat(session), "kim", NOW)


def test_typing_ends_by_itself_and_with_the_message(session: Session) -> None:
    ask_for_person(session, "c", NOW)
    session.expire_all()
    for moment in (NOW, NOW + SOON):
        note_typing(session, chat(session), CUSTOMER, moment)
    assert is_typing(session, "c", CUSTOMER, NOW + TYPING)
    session.expire_all()
    assert not is_typing(session, "c", CUSTOMER, NOW + SOON + TYPING)
    add_message(session, "c", audience="customer", author="assistant", text="Hm", now=NOW)
    assert is_typing(session, "c", CUSTOMER, NOW)
    add_message(session, "c", audience="customer", author="customer", text="Hi", now=NOW)
    session.expire_all()
    assert not is_typing(session, "c", CUSTOMER, NOW)


def test_who_looks_is_told_to_the_others_for_as_long_as_it_is_renewed(session: Session) -> None:
    for login in ("kim", "lee", "lena"):
        agent(session, login)
    note_looking(session, ("c", "AOP-R-1"), "lee", NOW)
    note_looking(session, ("AOP-R-1",), "kim", NOW)
    both = ("c", "AOP-R-1", "other")
    assert looking_at(session, both, NOW, but="kim") == {"c": ["Lee"], "AOP-R-1": ["Lee"]}
    assert looking_at(session, both, NOW, but="lena")["AOP-R-1"] == ["Kim", "Lee"]
    note_looking(session, ("AOP-R-1",), "kim", NOW + SOON)
    later = NOW + LOOKING
    assert looking_at(session, both, later, but="lena") == {"AOP-R-1": ["Kim"]}
    end_looking(session, both, "kim")
    assert looking_at(session, both, NOW + SOON, but="lena")["AOP-R-1"] == ["Lee"]


def test_old_marks_do_not_pile_up(session: Session) -> None:
    for number in range(5):
        ask_for_person(session, f"c{number}", NOW)
        session.expire_all()
        moment = NOW + timedelta(hours=2 * number)
        note_typing(session, ensure_conversation(session, f"c{number}", NOW), CUSTOMER, moment)
    assert session.scalar(select(func.count()).select_from(PresenceMark)) == 1

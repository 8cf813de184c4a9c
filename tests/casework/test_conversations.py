import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from casework.conversations.conversation import (
    Conversation,
    add_message,
    ensure_conversation,
    hand_over,
    hold_conversation,
    messages_after,
)
from casework.storage.database import Database
from tests.casework.conftest import NOW


def say(session: Session, text: str, audience: str = "customer", **more: str) -> int:
    message = add_message(
        session,
        "c",
        audience=audience,
        author="agent",
        text=text,
        payload={"n": 1},
        now=NOW,
        **more,
    )
    return message.id


def texts(session: Session, audience: str, last_id: int = 0) -> list[str]:
    return [message.text for message in messages_after(session, "c", audience, last_id)]


def test_messages_come_in_order_after_the_last_one_seen(session: Session) -> None:
    first, second = say(session, "one"), say(session, "two")
    add_message(session, "d", audience="customer", author="customer", text="other", now=NOW)
    assert first < second
    assert texts(session, "customer") == ["one", "two"]
    assert texts(session, "customer", first) == ["two"]
    assert texts(session, "customer", second) == []


def test_a_customer_never_gets_what_is_for_agents(session: Session) -> None:
    say(session, "shared")
    say(session, "private note", "agents")
    assert texts(session, "customer") == ["shared"]
    assert texts(session, "agents") == ["shared", "private note"]
    assert texts(session, "anybody") == []


def test_a_message_sent_twice_is_kept_once(session: Session) -> None:
    assert say(session, "one", key="m1") == say(session, "one", key="m1")
    assert texts(session, "customer") == ["one"]
    other = add_message(
        session, "d", audience="customer", author="customer", text="mine", now=NOW, key="m1"
    )
    assert other.text == "mine"


@pytest.mark.parametrize(("audience", "author"), [("public", "agent"), ("customer", "stranger")])
def test_an_unknown_audience_or_author_is_refused(
    session: Session, audience: str, author: str
) -> None:
    with pytest.raises(IntegrityError), session.begin_nested():
        add_message(session, "c", audience=audience, author=author, text="?", now=NOW)


def test_a_moment_without_a_zone_is_refused(session: Session) -> None:
    with pytest.raises(Exception, match="time zone"):
        ensure_conversation(session, "c", NOW.replace(tzinfo=None))


def test_moments_come_back_with_their_zone(database: Database) -> None:
    with database.begin() as session:
        ensure_conversation(session, "c", NOW)
    with database.read() as session:
        kept = session.get(Conversation, "c")
        assert kept.created_at == NOW
        assert kept.created_at.tzinfo is not None


def test_who_holds_a_conversation_sees_it_as_it_is_now(database: Database) -> None:
    """It is read once a transaction, and anew in the next one and after it was handed over."""
    with Session(database.engine, future=True) as session:
        assert hold_conversation(session, "c", NOW).handler == "assistant"
        hand_over(session, "c", expected="assistant", to="waiting", now=NOW)
        assert hold_conversation(session, "c", NOW).handler == "waiting"
        session.commit()
        with database.begin() as other:
            hand_over(other, "c", expected="waiting", to="assistant", now=NOW)
        assert hold_conversation(session, "c", NOW).handler == "assistant"

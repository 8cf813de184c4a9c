"""Who speaks with a customer: the assistant, nobody yet, or one of the shop's people.

Each change is one conditional update, so that of two agents one wins; the customer is told of each
in the conversation, and so always knows who is speaking.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.case import open_cases_of_conversation
from casework.cases.writing import record
from casework.conversations.conversation import (
    Conversation,
    Message,
    add_message,
    ensure_conversation,
    hand_over,
)
from casework.conversations.turns import close_turns, open_turn
from casework.errors import CaseworkError
from casework.people.accounts import Agent, find_agent
from casework.queue.rows import keep_conversation_row

JOINED = "{name} from our team has joined this chat. You are now writing with a person."
_MOVED = "{name} from our team takes over this chat from here."
_LEFT = "{name} has left for now. You keep your place, and a person comes back to this chat."
_BACK = "{name} has left. The automated assistant is answering again."
_AGREED = "What you agreed with {name}: {agreed}"


class HandlingLostError(CaseworkError):
    """Somebody else has the conversation; the message names who."""


def ask_for_person(session: Session, conversation_id: str, now: datetime) -> None:
    """Let the conversation wait for a person; the assistant goes on answering meanwhile."""
    ensure_conversation(session, conversation_id, now)
    if hand_over(session, conversation_id, expected="assistant", to="waiting", now=now):
        keep_conversation_row(session, conversation_id)


def take_over(session: Session, conversation_id: str, agent: Agent, now: datetime) -> None:
    """Let the agent speak from now on, also to what waits for the assistant's answer.

    HandlingLostError where somebody else does already.
    """
    free = ("assistant", "waiting")
    if not hand_over(
        session, conversation_id, expected=free, to="agent", agent=agent.login, now=now
    ):
        raise HandlingLostError(f"{_who_has(session, conversation_id)} has this chat already")
    close_turns(session, conversation_id, now)
    keep_conversation_row(session, conversation_id)
    _tell(session, conversation_id, JOINED.format(name=agent.name), now)


def hand_back(
    session: Session, conversation_id: str, agent: Agent, agreed: str, now: datetime
) -> None:
    """Let the assistant answer again; what was ``agreed`` (may be empty) is said to the customer.

    It is kept in the log of the newest open case of the conversation, where the assistant reads it,
    and the assistant has the next turn: it goes on from there. HandlingLostError where the agent
    does not have the conversation.
    """
    _give_up(session, conversation_id, agent, "assistant", now)
    keep_conversation_row(session, conversation_id)
    said = [_BACK.format(name=agent.name)]
    if agreed.strip():
        said.insert(0, _AGREED.format(name=agent.name, agreed=agreed.strip()))
    message = _tell(session, conversation_id, "\n".join(said), now)
    for case in open_cases_of_conversation(session, conversation_id)[:1] if agreed.strip() else ():
        data = {"agreed": agreed.strip(), "with": agent.name}
        key = f"agreed:{message.id}"
        record(session, case, "note", data, actor=agent.actor, now=now, key=key)
    open_turn(session, message)


def agreed_with_people(session: Session, conversation_id: str) -> list[str]:
    """What the customer was told they had agreed with the shop's people, the oldest first."""
    begins = _AGREED.partition("{")[0]
    told = (
        select(Message.text)
        .where(
            Message.conversation_id == conversation_id,
            Message.author == "system",
            Message.audience == "customer",
        )
        .order_by(Message.id)
    )
    lines = (line for text in session.scalars(told) for line in text.splitlines())
    return [line for line in lines if line.startswith(begins)]


def leave_for_later(session: Session, conversation_id: str, agent: Agent, now: datetime) -> None:
    """Let the conversation wait for whoever comes next; HandlingLostError as for `hand_back`."""
    _give_up(session, conversation_id, agent, "waiting", now)
    keep_conversation_row(session, conversation_id)
    _tell(session, conversation_id, _LEFT.format(name=agent.name), now)


def transfer(session: Session, conversation_id: str, agent: Agent, to: str, now: datetime) -> None:
    """Give the conversation to the agent with the login ``to``; CaseworkError if there is none."""
    other = find_agent(session, to)
    if other is None or not other.active:
        raise CaseworkError(f"There is no open account {to!r}")
    if not hand_over(
        session, conversation_id, expected="agent", to="agent", agent=other.login, by=agent.login
    ):
        raise HandlingLostError(f"{_who_has(session, conversation_id)} has this chat now")
    keep_conversation_row(session, conversation_id)
    _tell(session, conversation_id, _MOVED.format(name=other.name), now)


def has_it(session: Session, conversation_id: str, agent: Agent) -> bool:
    """Whether the agent has the conversation now."""
    found: Conversation | None = session.get(Conversation, conversation_id)
    return found is not None and (found.handler, found.agent) == ("agent", agent.login)


def _give_up(session: Session, conversation_id: str, agent: Agent, to: str, now: datetime) -> None:
    if not hand_over(session, conversation_id, expected="agent", to=to, by=agent.login, now=now):
        raise HandlingLostError(f"{_who_has(session, conversation_id)} has this chat now")


def _who_has(session: Session, conversation_id: str) -> str:
    found: Conversation | None = session.get(Conversation, conversation_id)
    if found is None:
        raise CaseworkError("There is no such conversation")
    session.refresh(found)
    if found.handler != "agent":
        return "Nobody"
    holder = find_agent(session, found.agent or "")
    return holder.name if holder else "Somebody else"


def _tell(session: Session, conversation_id: str, text: str, now: datetime) -> Message:
    return add_message(
        session, conversation_id, audience="customer", author="system", text=text, now=now
    )

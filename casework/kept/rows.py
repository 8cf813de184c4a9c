"""What the database holds of a conversation, up to where a person took over."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.case import Case, cases_of, cases_of_conversation
from casework.cases.escalations import Escalation, escalations_of
from casework.cases.log import Entry
from casework.conversations.conversation import Conversation, Message, messages_after
from casework.conversations.handling import JOINED
from casework.conversations.turns import QuickReply
from casework.errors import CaseworkError
from casework.evidence.evidence import Evidence
from casework.orders.order import Order
from casework.orders.verification import verified_orders

BY_CUSTOMERS = ("customer", "assistant")
_TOOK_OVER = JOINED.replace("{name}", "")


@dataclass(frozen=True)
class Turn:
    """One message of the customer's, and all that the assistant answered to it."""

    message: Message
    answers: list[Message] = field(default_factory=list)
    pressed: bool = False
    media_types: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rows:
    """A conversation: ``cases`` are all of its orders' by then, the oldest first.

    ``told``: keys of the log entries the customer got a message about. ``began`` is the customer's
    first message; ``end`` is None, or when a person took over.
    """

    turns: list[Turn]
    orders: list[Order]
    cases: list[Case]
    escalations: list[Escalation]
    told: set[str]
    began: datetime
    end: datetime | None

    def ended(self, moment: datetime) -> bool:
        """Whether the moment comes after what is kept."""
        return self.end is not None and moment >= self.end

    def entries(self, case: Case, until: datetime | None = None) -> list[Entry]:
        """The case's log as far as it is kept, or up to a moment."""
        kept = [one for one in case.log if not self.ended(one.created_at)]
        return [one for one in kept if until is None or one.created_at <= until]

    def is_earlier(self, entry: Entry) -> bool:
        """Whether the entry was there before the customer's first message."""
        return entry.created_at < self.began

    def came_up(self, until: datetime | None = None) -> list[Case]:
        """The cases opened or added to in the conversation, by a moment."""
        return [
            case
            for case in self.cases
            if any(not self.is_earlier(entry) for entry in self.entries(case, until))
        ]

    def came_up_before(self, entry: Entry) -> list[Case]:
        """The cases that had come up when an entry was about to be written."""
        return [
            case
            for case in self.cases
            if any(one.id < entry.id and not self.is_earlier(one) for one in case.log)
        ]


def rows_of(session: Session, conversation_id: str) -> Rows:
    """Read a conversation.

    Raises:
        CaseworkError: there is none of that id, or the customer wrote nothing to the assistant.
    """
    if session.get(Conversation, conversation_id) is None:
        raise CaseworkError("there is no such conversation")
    messages = messages_after(session, conversation_id, "customer")
    end = next((one.created_at for one in messages if _takes_over(one)), None)
    turns = _turns(session, conversation_id, messages)
    if not turns:
        raise CaseworkError("the customer wrote nothing here that the assistant answered")
    opened = cases_of_conversation(session, conversation_id)
    began = turns[0].message.created_at
    orders = {one.id: one for one in reversed(verified_orders(session, conversation_id))}
    orders |= {case.order_id: case.order for case in reversed(opened)}
    cases = [
        case
        for order in orders.values()
        for case in cases_of(session, order)
        if (case.created_at < began or case in opened) and not (end and case.created_at >= end)
    ]
    asked = [
        one
        for one in reversed(escalations_of(session, conversation_id))
        if not (end and one.created_at >= end)
    ]
    return Rows(
        turns=turns,
        orders=list(orders.values()),
        cases=sorted(cases, key=lambda case: case.id),
        escalations=asked,
        told=_told(session, cases),
        began=began,
        end=end,
    )


def _told(session: Session, cases: list[Case]) -> set[str]:
    keys = [entry.key for case in cases for entry in case.log]
    return set(session.scalars(select(Message.key).where(Message.key.in_(keys))))


def _takes_over(message: Message) -> bool:
    joined = message.author == "system" and message.text.endswith(_TOOK_OVER)
    return joined or message.author == "agent"


def _turns(session: Session, conversation_id: str, messages: list[Message]) -> list[Turn]:
    answers: dict[str, list[Message]] = {}
    for one in messages:
        if one.author == "assistant" and (one.key or "").startswith("a:"):
            answers.setdefault(str(one.key).split(":")[1], []).append(one)
    pressed = _pressed(session, conversation_id)
    return [
        Turn(
            message=one,
            answers=answers.get(str(one.id), []),
            pressed=((one.key or "").removeprefix("c:"), one.text) in pressed,
            media_types=tuple(_media_types(session, one)),
        )
        for one in _before_take_over(messages)
        if one.author == "customer"
    ]


def _before_take_over(messages: list[Message]) -> Iterator[Message]:
    for one in messages:
        if _takes_over(one):
            return
        yield one


def _pressed(session: Session, conversation_id: str) -> set[tuple[str, str]]:
    """The client's message id and the title of every quick reply that can have been pressed."""
    replies = session.scalars(
        select(QuickReply).where(
            QuickReply.conversation_id == conversation_id, QuickReply.used_by.isnot(None)
        )
    )
    return {(one.used_by, one.title) for one in replies}


def _media_types(session: Session, message: Message) -> list[str]:
    """The kinds of the files sent with the message: an upload becomes evidence under its id."""
    sent = [one["id"] for one in (message.payload or {}).get("pictures", ())]
    found = session.execute(
        select(Evidence.key, Evidence.media_type).where(
            Evidence.conversation_id == message.conversation_id, Evidence.key.in_(sent)
        )
    )
    media_types = dict(found.all())
    return [media_types.get(one, "image/jpeg") for one in sent]

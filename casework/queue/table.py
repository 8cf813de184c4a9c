"""The stored queue: one row an open case, one a conversation that is a person's or waits for one.

What other rooms of casework keep up to date themselves is kept here: the customer's words and whose
orders a conversation is about. ``casework.queue.rows`` makes the rows.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    bindparam,
    select,
)
from sqlalchemy.orm import Session

from casework.orders.order import Order
from casework.storage.tables import Base, Mapped, Moment, ask

# Whose turn it is, in the order of the queue; what only waits to be closed comes last.
OURS, THEIRS, TO_CLOSE = range(3)
# How much of what a customer said is searched, in characters: the last that they said.
KEPT = 3000

_IN_ORDER = ("turn", "due_on", "waiting_since", "subject")


class QueueRow(Base):
    """One open case, or one conversation that is with a person or waits for one.

    ``needs`` is what for: to decide, a promised action that is due next, …; None: it waits for the
    customer. ``turn`` is whose it is then: OURS, THEIRS or TO_CLOSE. ``due_on`` is the day of that
    promise. ``assignee`` is an agent's login. ``words`` is what the case's log has of the customer,
    or the orders a conversation proved; ``said`` is what they wrote in the chat.
    """

    __tablename__ = "queue"
    # One index serves the order itself; the others the same order within one agent or situation.
    __table_args__ = (
        Index("ix_queue_turn", *_IN_ORDER),
        Index("ix_queue_assignee", "assignee", *_IN_ORDER),
        Index("ix_queue_situation", "situation", *_IN_ORDER),
        Index("ix_queue_email", "email", postgresql_ops={"email": "text_pattern_ops"}),
    )

    subject: Mapped[str] = Column(String(255), primary_key=True)
    case_id: Mapped[int | None] = Column(ForeignKey("cases.id"), index=True)
    case_number: Mapped[str | None] = Column(String(20))
    conversation_id: Mapped[str] = Column(
        ForeignKey("conversations.id"), nullable=False, index=True
    )
    order_number: Mapped[str | None] = Column(String(20), index=True)
    email: Mapped[str | None] = Column(String(254))
    situation: Mapped[str | None] = Column(String(30))
    needs: Mapped[str | None] = Column(String(20))
    waiting_since: Mapped[datetime] = Column(Moment, nullable=False)
    due_on: Mapped[date | None] = Column(Date, index=True)
    assignee: Mapped[str | None] = Column(String(40))
    words: Mapped[str] = Column(Text, nullable=False, default="")
    turn: Mapped[int] = Column(SmallInteger, nullable=False)
    said: Mapped[str] = Column(Text, nullable=False, default="")


_ANY_ROW = (
    select(QueueRow.__table__.c.subject)
    .where(QueueRow.conversation_id == bindparam("conversation"))
    .limit(1)
)


def turn_of(needs: str | None) -> int:
    """Return whose turn it is where a case or conversation needs that."""
    if needs is None:
        return THEIRS
    return TO_CLOSE if needs == "close" else OURS


def joined(texts: Iterable[str], before: str = "") -> str:
    """Return the last of the texts as search reads them; ``before`` is what was kept already."""
    plain = (" ".join(text.casefold().split()) for text in texts)
    return " ".join(text for text in (before, *plain) if text)[-KEPT:].lstrip()


def keep_said(session: Session, conversation_id: str, text: str) -> None:
    """Let search find what the customer just wrote, where the conversation or a case of it waits.

    The caller holds the conversation.
    """
    if ask(session, _ANY_ROW, conversation=conversation_id).first() is None:
        return
    wanted = select(QueueRow).where(QueueRow.conversation_id == conversation_id)
    for row in session.scalars(wanted.execution_options(populate_existing=True)):
        row.said = joined([text], row.said)


def keep_orders(session: Session, conversation_id: str, orders: Sequence[Order]) -> None:
    """Name the orders proved in the conversation, the last first, in its row if it has one."""
    row: QueueRow | None = session.get(QueueRow, conversation_id)
    if row is None or not orders:
        return
    row.order_number, row.email = orders[0].number, orders[0].email.casefold()
    row.words = joined(f"{order.number} {order.email}" for order in orders)
    session.flush()

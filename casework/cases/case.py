"""Cases: what a customer asked the shop to settle, and where it stands.

A case is facts over time: the order as it stood when the customer asked, and the log since. Its
state is what the policy decides on those facts. There is one open case for an order and situation.
`casework.cases.writing` opens cases and writes to their logs; here they are found and read.
"""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    bindparam,
    select,
    text,
)
from sqlalchemy.orm import Session, object_session, relationship

from casework.cases.catalog import Situation
from casework.cases.log import Entry, fold
from casework.cases.obligations import Obligation, obligations_from
from casework.orders.order import Order, OrderLine, order_facts
from casework.shop import policy_in_force
from casework.storage.tables import Base, Mapped, Moment, rows_of
from policy_core import Decision, Policy, decide

NUMBER_LENGTH = 8
"""Letters and digits of a case number, after AOP-R."""

_CONFIRMED_BY = {
    "returned_in_transit": "returned_to_sender",
    "destroyed_in_transit": "destroyed",
    "out_of_stock": "unfulfillable",
}

case_lines = Table(
    "case_lines",
    Base.metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("line_id", ForeignKey("order_lines.id"), primary_key=True),
)


class Case(Base):
    """One request about one order; ``state`` is open or closed, ``requested_on`` the shop's day."""

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'closed')", name="state"),
        Index(
            "one_open_case",
            "order_id",
            "situation",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = Column(Integer, primary_key=True)
    number: Mapped[str] = Column(String(20), nullable=False, unique=True)
    order_id: Mapped[int] = Column(ForeignKey("orders.id"), nullable=False, index=True)
    situation: Mapped[str] = Column(String(30), nullable=False)
    state: Mapped[str] = Column(String(10), nullable=False, default="open")
    requested_on: Mapped[date] = Column(Date, nullable=False)
    conversation_id: Mapped[str] = Column(
        ForeignKey("conversations.id"), nullable=False, index=True
    )
    created_at: Mapped[datetime] = Column(Moment, nullable=False)
    order: Mapped[Order] = relationship("Order", lazy="joined", innerjoin=True)
    lines: Mapped[list[OrderLine]] = relationship(
        "OrderLine", secondary=case_lines, order_by="OrderLine.position", lazy="selectin"
    )
    log: Mapped[list[Entry]] = relationship(
        "Entry", order_by="Entry.id", back_populates="case", lazy="selectin"
    )

    @property
    def description(self) -> str | None:
        """What the customer said happened, in their own words."""
        said: str | None = self.log[0].data.get("description") if self.log else None
        return said

    def refunded_elsewhere(self) -> Decimal:
        """What other cases of the same order have paid back."""
        others = (Case.order_id == self.order.id, Case.id != self.id)
        paid = select(Entry).join(Case).where(*others, Entry.kind == "refund_paid")
        entries = object_session(self).scalars(paid)
        return sum((Decimal(entry.data.get("amount") or 0) for entry in entries), Decimal(0))


def find_open_case(session: Session, order: Order, situation: str) -> Case | None:
    """Return the open case of this order and situation, or None."""
    found = rows_of(session, Case, _OPEN_ONE, order=order.id, situation=situation)
    return found[0] if found else None


def find_case(session: Session, number: str) -> Case | None:
    """Return the case of this number, however it was typed, or None."""
    plain = "".join(char for char in number.upper() if char.isalnum()).removeprefix("AOPR")
    if len(plain) != NUMBER_LENGTH:
        return None
    found = rows_of(session, Case, _OF_NUMBER, number=f"AOP-R-{plain[:4]}-{plain[4:]}")
    return found[0] if found else None


def cases_of(session: Session, order: Order) -> list[Case]:
    """Return every case of the order, the newest first."""
    return rows_of(session, Case, _OF_ORDER, order=order.id)


def open_cases_of_conversation(session: Session, conversation_id: str) -> list[Case]:
    """Return the open cases that were opened in the conversation, the newest first."""
    return rows_of(session, Case, _OPEN_OF_CONVERSATION, conversation=conversation_id)


def cases_of_conversation(session: Session, conversation_id: str) -> list[Case]:
    """Return every case that was opened in the conversation, the newest first."""
    return rows_of(session, Case, _OF_CONVERSATION, conversation=conversation_id)


# Made once, and for the numbers alone: a message asks most of them, mostly in vain.
_CASES = Case.__table__.c
_NEWEST_FIRST = select(_CASES.id).order_by(_CASES.id.desc())
_OF_NUMBER = _NEWEST_FIRST.where(_CASES.number == bindparam("number"))
_OF_ORDER = _NEWEST_FIRST.where(_CASES.order_id == bindparam("order"))
_OPEN_ONE = _OF_ORDER.where(_CASES.situation == bindparam("situation"), _CASES.state == "open")
_OF_CONVERSATION = _NEWEST_FIRST.where(_CASES.conversation_id == bindparam("conversation"))
_OPEN_OF_CONVERSATION = _OF_CONVERSATION.where(_CASES.state == "open")


def case_facts(case: Case, today: date) -> dict[str, Any]:
    """Return the policy facts of the case as known on ``today``.

    They are the order's as it stood when the customer asked, so that what happens to the parcel
    later takes no right away, and what the log adds. Later news of the order counts only where it
    confirms what was reported: the parcel did come back, was destroyed, or cannot be supplied.
    """
    return facts_of(case, case.log, today)


def facts_of(case: Case, log: Iterable[Entry], today: date) -> dict[str, Any]:
    """Return the policy facts of the case with that log, as known on ``today``."""
    facts = {"situation": case.situation, "requested_on": case.requested_on.isoformat()}
    facts |= fold(log, today)
    if case.order.status == _CONFIRMED_BY.get(case.situation):
        facts |= order_facts(case.order, today)
    return facts


def decision_of(case: Case, policy: Policy | None, today: date) -> Decision:
    """Return what the policy (None: the one in force) decides on the case as of ``today``."""
    return decide(case_facts(case, today), policy=policy or policy_in_force(), today=today)


def situation_of(case: Case, policy: Policy, today: date) -> Situation:
    """Return where the case stands as of ``today``, the shop's day."""
    facts = case_facts(case, today)
    decision = decide(facts, policy=policy, today=today)
    owed = obligations_of(case, policy, today)
    status = order_facts(case.order, today)["order_status"]
    return Situation(case, status, policy, today, facts, decision, owed)


def obligations_of(case: Case, policy: Policy | None, today: date) -> list[Obligation]:
    """Return what either side has to do or has done; of a closed case, what was done."""
    every = obligations_from(decision_of(case, policy, today), case.log, today)
    return [one for one in every if case.state == "open" or one.done_on]

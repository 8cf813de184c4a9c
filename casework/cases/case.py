"""Cases: what a customer asked the shop to settle, and where it stands.

A case is facts over time: the order as it stood when the customer asked, and the log since. Its
state is what the policy decides on those facts. There is one open case for an order and situation.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
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
from casework.cases.claims import chosen_lines, facts_at_opening
from casework.cases.log import AFTER_THE_END, ENDS_CASE, Entry, check_entry, fold
from casework.cases.obligations import Obligation, obligations_from
from casework.cases.reading_place import where_customer_reads
from casework.conversations.conversation import hold_conversation
from casework.errors import CaseworkError
from casework.operating.metrics import ENDED, OUTCOMES, count_when_kept
from casework.orders.known import known_order, order_news
from casework.orders.order import Order, OrderLine, order_facts
from casework.outgoing.notices import notice_decided, notice_opened
from casework.queue.rows import keep_case_row, keep_order_rows
from casework.shop import day_of, policy_in_force
from casework.storage.tables import Base, Mapped, Moment, kept_meanwhile, rows_of, write_once
from policy_core import Decision, InputError, Policy, decide

# Easy to tell apart aloud and in print: no 0/O, 1/I, 5/S, 8/B.
_LETTERS = "234679CFHJKMRWXY"
_LENGTH = 8
_CONFIRMED_BY = {
    "returned_in_transit": "returned_to_sender",
    "destroyed_in_transit": "destroyed",
    "out_of_stock": "unfulfillable",
}
_HELD = "cases held"

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


def open_case(
    session: Session,
    *,
    order: Order,
    situation: str,
    facts: Mapping[str, Any],
    line_ids: Iterable[int] = (),
    conversation_id: str,
    now: datetime,
    key: str,
    actor: str = "customer",
) -> Case:
    """Open a case, or return the open one of this order and situation.

    ``facts`` are the customer's claims: remedy, evidence (none or submitted), delivered_on where
    the record has none, and a free ``description``. What the record knows is read from the record;
    no ``line_ids`` means the whole order, and what the chosen goods cost is computed from it.

    Raises:
        CaseworkError: a claim that is not the customer's to make, facts that contradict each
            other, a line of another order, or a key that was used for something else.
    """
    check_entry("opened", {}, actor)
    hold_conversation(session, conversation_id, now)

    def find() -> Case | None:
        return _opened_with(session, key, order, situation) or find_open_case(
            session, order, situation
        )

    found = find()
    if found is None:
        lines = chosen_lines(order, line_ids)
        case = Case(
            number=_new_number(session),
            order=order,
            situation=situation,
            state="open",
            requested_on=day_of(now),
            conversation_id=conversation_id,
            created_at=now,
            lines=lines,
        )
        data: dict[str, Any] = {"facts": facts_at_opening(order, facts, lines, case.requested_on)}
        if facts.get("description"):
            data["description"] = str(facts["description"])
        data |= order_news(case, case.requested_on)
        decision = _append(case, new_entry("opened", data, actor, now, key))
        found = write_once(session, case, find)
        if found is case:
            keep_case_row(session, standing_after(case, case.log[0], decision), case.log[0])
            notice_opened(session, case, case.log[0], decision)
            count_when_kept(session, OUTCOMES, situation=situation, outcome=decision.outcome)
    if not _entry_with(session, key):
        again = {"asked_again_in": conversation_id}
        record(session, found, "note", again, actor=actor, now=now, key=key)
    return found


def record(
    session: Session,
    case: Case,
    kind: str,
    data: Mapping[str, Any] | None = None,
    *,
    actor: str,
    now: datetime,
    key: str,
) -> Entry:
    """Append to the case's log; a replay of ``key`` returns the first entry and changes nothing.

    What ends a case (``log.ENDS_CASE``) closes it, ``reopened`` opens it again;
    ``order_cancelled`` cancels its order.

    Raises:
        CaseworkError: an entry that is incomplete, from one who may not write it, on a closed
            case, or that the policy cannot read (a fee over the cap, say).
    """
    check_entry(kind, data or {}, actor)
    hold_case(session, case)
    return _write(session, case, kind, dict(data or {}), actor, now, key)


def _write(
    session: Session,
    case: Case,
    kind: str,
    data: dict[str, Any],
    actor: str,
    now: datetime,
    key: str,
) -> Entry:
    """Append to the log of a case that is held."""
    written = check_key(session, key, case)
    if written is not None:
        if written.kind != kind:
            raise CaseworkError(f"key {key!r} was used for something else")
        return written
    if case.state == "closed" and kind not in AFTER_THE_END:
        raise CaseworkError(f"case {case.number} is closed: {kind} comes too late")
    if kind == "order_cancelled":
        _cancel(session, case.order)
    data |= order_news(case, day_of(now))
    entry = new_entry(kind, data, actor, now, key)
    decision = _append(case, entry)
    if kind in ENDS_CASE:
        case.state = "closed"
        count_when_kept(session, ENDED, situation=case.situation, how=kind)
    if kind == "reopened":
        _reopen(session, case)
    session.flush()
    keep_case_row(session, standing_after(case, entry, decision), entry)
    notice_decided(session, case, entry, decision)
    if kind == "order_cancelled":
        order_changed(session, case.order, now)
    return entry


def order_changed(session: Session, order: Order, now: datetime) -> None:
    """Bring all that is open about the order up to its record, which was just changed.

    Each open case notes the change in its log where it is news: what the case waits for may be
    another thing now. The queue's rows of its cases and conversations follow.

    Raises:
        CaseworkError: the policy cannot read a case with the order as it is now.
    """
    session.flush()
    for case in cases_of(session, order):
        if case.state == "open" and order_news(case, day_of(now)):
            # The order is ours by now: its other cases' conversations would be held too late.
            _hold_rows(session, [case])
            key = f"order:{case.number}:{case.log[-1].id}"
            _write(session, case, "note", {}, "system", now, key)
    keep_order_rows(session, order)


def check_key(session: Session, key: str, case: Case) -> Entry | None:
    """Return the case's entry of that key, or None; CaseworkError if another case's has it."""
    written = _entry_with(session, key)
    if written is not None and written.case_id != case.id:
        raise CaseworkError(f"key {key!r} was used for something else")
    return written


def find_open_case(session: Session, order: Order, situation: str) -> Case | None:
    """Return the open case of this order and situation, or None."""
    found = rows_of(session, Case, _OPEN_ONE, order=order.id, situation=situation)
    return found[0] if found else None


def find_case(session: Session, number: str) -> Case | None:
    """Return the case of this number, however it was typed, or None."""
    plain = "".join(char for char in number.upper() if char.isalnum()).removeprefix("AOPR")
    if len(plain) != _LENGTH:
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
    return _facts(case, case.log, today)


def _facts(case: Case, log: Iterable[Entry], today: date) -> dict[str, Any]:
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


def standing_after(case: Case, entry: Entry, decision: Decision) -> Situation:
    """Return where the case stands after its last entry, which led to ``decision``."""
    facts = _facts(case, case.log, entry.day)
    owed = obligations_from(decision, case.log, entry.day)
    known = known_order(case.log) or order_facts(case.order, entry.day)
    status = known["order_status"]
    return Situation(case, status, policy_in_force(), entry.day, facts, decision, owed)


def obligations_of(case: Case, policy: Policy | None, today: date) -> list[Obligation]:
    """Return what either side has to do or has done; of a closed case, what was done."""
    every = obligations_from(decision_of(case, policy, today), case.log, today)
    return [one for one in every if case.state == "open" or one.done_on]


def decision_after(case: Case, entry: Entry) -> Decision:
    """Return what the policy in force would decide once the entry stood in the log.

    Raises:
        CaseworkError: the policy cannot read the facts it would make.
    """
    facts = _facts(case, [*case.log, entry], entry.day)
    try:
        return decide(facts, policy=policy_in_force(), today=entry.day)
    except InputError as error:
        raise CaseworkError(str(error)) from error


def new_entry(kind: str, data: dict[str, Any], actor: str, now: datetime, key: str) -> Entry:
    """Return a log entry that stands nowhere yet."""
    return Entry(kind=kind, data=data, actor=actor, day=day_of(now), created_at=now, key=key)


def _append(case: Case, entry: Entry) -> Decision:
    decision = decision_after(case, entry)
    case.log.append(entry)
    return decision


def _reopen(session: Session, case: Case) -> None:
    if find_open_case(session, case.order, case.situation) is not None:
        raise CaseworkError(f"order {case.order.number} has another open case about the same")
    case.state = "open"


def _cancel(session: Session, order: Order) -> None:
    session.refresh(order, ["status"])
    if order.status not in ("processing", "unfulfillable", "cancelled"):
        raise CaseworkError(f"order {order.number} is {order.status}: it cannot be canceled")
    order.status = "cancelled"


def hold_case(session: Session, case: Case) -> str:
    """Read the case anew and hold it until the transaction ends: its writers take turns.

    So do those of the order's other cases: together they may not refund more than it cost. Returns
    the conversation that is to hear of the case; it is held as well.
    """
    hold_cases(session, [case])
    return str(kept_meanwhile(session, _HELD)[case.number])


def hold_cases(session: Session, cases: Iterable[Case]) -> None:
    """Hold all of these as `hold_case` does one.

    Everybody holds conversations first, then orders, then cases: no two ever wait for each other.
    """
    held = kept_meanwhile(session, _HELD)
    free = [case for case in cases if case.number not in held]
    if not free:
        return
    heard_in = {case.number: where_customer_reads(session, case) for case in free}
    # One that is opened again is put in the queue with what was said where it was opened.
    opened_in = {case.conversation_id for case in free if case.state == "closed"}
    for conversation_id in sorted(opened_in.union(heard_in.values())):
        hold_conversation(session, conversation_id, free[0].created_at)
    _hold_rows(session, free)
    held.update(heard_in)


def _hold_rows(session: Session, cases: Sequence[Case]) -> None:
    # Their keys stay: others may go on referring to them.
    for table, ids in (
        (Order, {case.order_id for case in cases}),
        (Case, {case.id for case in cases}),
    ):
        wanted = select(table.id).where(table.id.in_(ids)).order_by(table.id)
        session.execute(wanted.with_for_update(key_share=True))
    for case in cases:
        session.refresh(case, ["state", "log"])


def _entry_with(session: Session, key: str) -> Entry | None:
    found: Entry | None = session.scalars(select(Entry).where(Entry.key == key)).first()
    return found


def _opened_with(session: Session, key: str, order: Order, situation: str) -> Case | None:
    entry = _entry_with(session, key)
    if entry is None:
        return None
    case: Case = entry.case
    if (case.order_id, case.situation) != (order.id, situation):
        raise CaseworkError(f"key {key!r} was used for something else")
    return case


def _new_number(session: Session) -> str:
    while True:
        drawn = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        number = f"AOP-R-{drawn[:4]}-{drawn[4:]}"
        if find_case(session, number) is None:
            return number

"""Writing to cases: opening them, appending to their logs, and what follows from each entry."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.case import (
    NUMBER_LENGTH,
    Case,
    cases_of,
    facts_of,
    find_case,
    find_open_case,
)
from casework.cases.catalog import Situation
from casework.cases.claims import chosen_lines, facts_at_opening
from casework.cases.holding import hold_case, hold_rows
from casework.cases.log import AFTER_THE_END, ENDS_CASE, Entry, check_entry
from casework.cases.obligations import obligations_from
from casework.conversations.conversation import hold_conversation
from casework.errors import CaseworkError
from casework.operating.metrics import ENDED, OUTCOMES, count_when_kept
from casework.orders.known import known_order, order_news
from casework.orders.order import Order, order_facts
from casework.outgoing.notices import notice_decided, notice_opened
from casework.queue.rows import keep_case_row, keep_order_rows
from casework.shop import day_of, policy_in_force
from casework.storage.tables import write_once
from policy_core import Decision, InputError, decide

# Easy to tell apart aloud and in print: no 0/O, 1/I, 5/S, 8/B.
_LETTERS = "234679CFHJKMRWXY"


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
            hold_rows(session, [case])
            key = f"order:{case.number}:{case.log[-1].id}"
            _write(session, case, "note", {}, "system", now, key)
    keep_order_rows(session, order)


def check_key(session: Session, key: str, case: Case) -> Entry | None:
    """Return the case's entry of that key, or None; CaseworkError if another case's has it."""
    written = _entry_with(session, key)
    if written is not None and written.case_id != case.id:
        raise CaseworkError(f"key {key!r} was used for something else")
    return written


def standing_after(case: Case, entry: Entry, decision: Decision) -> Situation:
    """Return where the case stands after its last entry, which led to ``decision``."""
    facts = facts_of(case, case.log, entry.day)
    owed = obligations_from(decision, case.log, entry.day)
    known = known_order(case.log) or order_facts(case.order, entry.day)
    status = known["order_status"]
    return Situation(case, status, policy_in_force(), entry.day, facts, decision, owed)


def decision_after(case: Case, entry: Entry) -> Decision:
    """Return what the policy in force would decide once the entry stood in the log.

    Raises:
        CaseworkError: the policy cannot read the facts it would make.
    """
    facts = facts_of(case, [*case.log, entry], entry.day)
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
    if order.status not in ("processing", "unfulfillable", "cancelled"):
        raise CaseworkError(f"order {order.number} is {order.status}: it cannot be canceled")
    order.status = "cancelled"


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
        drawn = "".join(secrets.choice(_LETTERS) for _ in range(NUMBER_LENGTH))
        number = f"AOP-R-{drawn[:4]}-{drawn[4:]}"
        if find_case(session, number) is None:
            return number

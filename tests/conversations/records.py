"""The shop's records: orders, uploads, what agents do, and how things stand."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.acts import perform
from casework.cases.case import Case, cases_of, decision_of
from casework.cases.escalations import Escalation
from casework.cases.writing import record
from casework.conversations.conversation import messages_after
from casework.conversations.handling import hand_back, take_over
from casework.errors import CaseworkError
from casework.evidence.evidence import add_evidence
from casework.orders.order import Order, OrderLine, find_order
from casework.people.accounts import add_agent, find_agent
from gateway.web.wording import files_sent
from tests.conversations import earlier_cases, when
from tests.conversations.schema import ORDER_DATES

MEDIA_TYPES = {"photo": "image/jpeg", "video": "video/mp4", "document": "application/pdf"}
_COPIED = (
    *("email", "zip", "placed_on", "ship_by", "shipped_on", "delivered_on", "status"),
    *("carrier", "tracking", "total", "currency"),
)


def change_order(session: Session, changes: Mapping[str, Any], now: datetime) -> None:
    """Change an order, or make one like another, with the cases it had before.

    Raises:
        ValueError: there is no such order, one exists already that should be made, or casework
            refuses a case.
    """
    number, today = changes["number"], now.date()
    order = find_order(session, number)
    if "like" in changes:
        if order is not None:
            raise ValueError(f"orders: {number} is a sample order already; leave out `like`")
        order = _copied(session, number, changes["like"])
    if order is None:
        raise ValueError(f"orders: there is no sample order {number}; add `like: a sample order`")
    for field, written in changes.items():
        if field not in ("number", "like", "lines", "cases"):
            setattr(order, field, _value(field, written, today))
    if "lines" in changes:
        order.lines.clear()
        session.flush()
        order.lines.extend(_lines(changes["lines"]))
        if "total" not in changes:
            order.total = sum((line.total for line in order.lines), Decimal())
    session.flush()
    for place, case in enumerate(changes.get("cases", ())):
        try:
            earlier_cases.prepare(session, order, case, now, f"{order.number}:{place}")
        except CaseworkError as error:
            raise ValueError(f"orders: a case of {number}: {error}") from None


def upload(session: Session, conversation_id: str, kinds: Sequence[str], now: datetime) -> str:
    """Keep files as the website does; returns what it then says for the customer."""
    for kind in kinds:
        name = uuid.uuid4().hex
        add_evidence(
            session,
            conversation_id=conversation_id,
            sha256=hashlib.sha256(name.encode()).hexdigest(),
            media_type=MEDIA_TYPES[kind],
            size=1000,
            file_name=name,
            now=now,
            key=name,
        )
    documents = sum(kind == "document" for kind in kinds)
    return str(files_sent(len(kinds) - documents, documents))


def agent_acts(session: Session, acts: Mapping[str, Any], now: datetime) -> None:
    """A person does something at the desk, or records something, on the latest case.

    Raises:
        ValueError: there is no case, casework refuses it, or the customer is not told so.
    """
    case = latest_case(session, acts.get("order"))
    if case is None:
        raise ValueError("agent: there is no such case yet")
    if "does" in acts:
        _do(session, case, acts, now)
    for kind, data in _entries(acts):
        key = uuid.uuid4().hex
        try:
            record(session, case, kind, data, actor="agent:Kim", now=now, key=key)
        except CaseworkError as error:
            raise ValueError(f"agent: {error}") from None


def talk_and_hand_back(session: Session, conversation_id: str, agreed: str, now: datetime) -> str:
    """A person takes the chat over and hands it back; returns what the customer is told of it."""
    kim = find_agent(session, "kim") or add_agent(
        session, login="kim", name="Kim", role="agent", password=uuid.uuid4().hex, now=now
    )
    take_over(session, conversation_id, kim, now)
    hand_back(session, conversation_id, kim, agreed, now)
    return str(messages_after(session, conversation_id, "customer")[-1].text)


def _do(session: Session, case: Case, acts: Mapping[str, Any], now: datetime) -> None:
    how = {"actor": "agent:Kim", "role": acts.get("role", "agent"), "now": now}
    try:
        done = perform(
            session, case, acts["does"], acts.get("with", {}), **how, key=uuid.uuid4().hex
        )
    except CaseworkError as error:
        raise ValueError(f"agent: {error}") from None
    read = " ".join([done.text, *(line["value"] for line in (done.card or {}).get("lines", ()))])
    for part in acts.get("told", ()):
        if part.casefold() not in read.casefold():
            raise ValueError(f"agent: the customer does not read {part!r} in {read!r}")


def latest_case(session: Session, order_number: str | None = None) -> Case | None:
    """The case that came up last in the conversation, or the last one of an order."""
    if order_number is None:
        return next(reversed(_cases_come_up(session)), None)
    order = find_order(session, order_number)
    return next(iter(cases_of(session, order)), None) if order else None


def standing(session: Session, today: date) -> dict[str, Any]:
    """Every case that came up in the conversation, every escalation and order, plainly."""
    return {
        "cases": [_case(case, today) for case in _cases_come_up(session)],
        "escalations": [
            _escalation(one) for one in session.scalars(select(Escalation).order_by(Escalation.id))
        ],
        "orders": {order.number: order.status for order in session.scalars(select(Order))},
    }


def _cases_come_up(session: Session) -> list[Case]:
    """Cases opened or added to since the sample orders were loaded."""
    return [
        case
        for case in session.scalars(select(Case).order_by(Case.id))
        if any(not entry.key.startswith("sample:") for entry in case.log)
    ]


def _copied(session: Session, number: str, like: str) -> Order:
    original = find_order(session, like)
    if original is None:
        raise ValueError(f"orders: there is no sample order {like} to be like")
    order = Order(number=number, **{field: getattr(original, field) for field in _COPIED})
    order.lines.extend(
        OrderLine(
            position=line.position,
            sku=line.sku,
            title=line.title,
            quantity=line.quantity,
            unit_price=line.unit_price,
        )
        for line in original.lines
    )
    session.add(order)
    return order


def _lines(written: Sequence[Mapping[str, str]]) -> list[OrderLine]:
    return [
        OrderLine(
            position=position,
            sku=line.get("sku", f"SKU-{position}"),
            title=line["title"],
            quantity=int(line.get("quantity", "1")),
            unit_price=Decimal(line["unit_price"]),
        )
        for position, line in enumerate(written, start=1)
    ]


def _value(field: str, written: str | None, today: date) -> Any:
    if written is None:
        return None
    if field in ORDER_DATES:
        return when.day(written, today)
    return Decimal(written) if field == "total" else written


def _entries(acts: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    entries: list[tuple[str, dict[str, Any]]] = []
    if "judges_evidence" in acts:
        entries.append(("evidence_judged", {"evidence": acts["judges_evidence"]}))
    if "decides" in acts:
        fee = {"fee_percent": acts["fee_percent"]} if "fee_percent" in acts else {}
        entries.append(("seller_decided", {"seller_decision": acts["decides"], **fee}))
    if "records" in acts:
        entries.append((acts["records"], dict(acts.get("data", {}))))
    return entries


def _case(case: Case, today: date) -> dict[str, Any]:
    decision = decision_of(case, None, today)
    return {
        "number": case.number,
        "order": case.order.number,
        "situation": case.situation,
        "state": case.state,
        "outcome": decision.outcome,
        "remedy": decision.remedy,
        "items": [str(line.position) for line in case.lines],
        "log": [entry.kind for entry in case.log],
    }


def _escalation(one: Escalation) -> dict[str, Any]:
    return {
        "reason": one.reason,
        "order": one.order.number if one.order else None,
        "case": one.case.number if one.case else None,
        "situation": (one.facts or {}).get("situation"),
        "facts": one.facts,
        "decision": one.decision,
        "promised": one.promised,
        "transcript": one.transcript,
    }

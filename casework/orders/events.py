"""What carriers and the shop's own systems report: applied once, and told to whom it concerns."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, String
from sqlalchemy.orm import Session

from casework.cases.acts import perform
from casework.cases.case import Case, cases_of, decision_of, obligations_of
from casework.cases.holding import hold_case, hold_cases, hold_order
from casework.cases.in_words import card, day
from casework.cases.writing import order_changed, record
from casework.conversations.conversation import add_message
from casework.errors import CaseworkError
from casework.orders.fields import check_course
from casework.orders.file import ORDER_FIELDS
from casework.orders.order import Order, find_order, still_known
from casework.shop import day_of, policy_in_force
from casework.storage.tables import Base, Mapped, Moment, write_once

_NEWS = {
    "delivered": "the carrier reports that it was delivered on {on}.",
    "returned_to_sender": "it came back to us on {on}.",
    "destroyed": "the carrier reports that it was destroyed on its way.",
    "shipped_on": "it left us on {on}.",
    "ship_by": "it is to leave us by {on}.",
}
_MOVES = ("delivered", "returned_to_sender", "destroyed")
_UPDATABLE = ("email", "zip", "ship_by", "shipped_on", "carrier", "tracking")
_KEYS = {
    "delivered": ("on",),
    "returned_to_sender": ("on",),
    "destroyed": ("on",),
    "return_in_transit": ("on",),
    "refund_paid": ("amount",),
    "order_updated": ("fields",),
}
EVENT_TYPES = tuple(_KEYS)
LONGEST_ID = 200


class UnknownOrderError(CaseworkError):
    """The event is about an order we do not have."""


class SeenEvent(Base):
    """An event that was applied; the same id again does nothing."""

    __tablename__ = "seen_events"

    id: Mapped[str] = Column(String(LONGEST_ID), primary_key=True)
    received_at: Mapped[datetime] = Column(Moment, nullable=False)


def apply_event(session: Session, event: Mapping[str, Any], *, id: str, now: datetime) -> list[str]:
    """Apply one event and return the conversations that were told; a repeated ``id`` does nothing.

    ``event`` holds ``type``, ``order`` and what the type needs: ``on`` (YYYY-MM-DD, the shop's
    day), ``amount`` (US dollars) or ``fields`` of the order.

    Raises:
        UnknownOrderError: there is no such order.
        CaseworkError: the event cannot be read, or contradicts what is known.
    """
    kind = event.get("type")
    if not isinstance(kind, str) or kind not in _KEYS:
        raise CaseworkError(f"type: {kind!r} is not one of {', '.join(EVENT_TYPES)}")
    allowed = {"type", "order", *_KEYS[kind]}
    for name in event:
        if name not in allowed:
            raise CaseworkError(f"{name}: {kind} has no such field")
    for name in ("order", *_KEYS[kind]):
        if not event.get(name):
            raise CaseworkError(f"{name}: is missing")
    order = find_order(session, str(event["order"]))
    if order is None:
        raise UnknownOrderError(f"order: there is no order {event['order']}")
    seen = SeenEvent(id=id, received_at=now)
    if write_once(session, seen, lambda: session.get(SeenEvent, id)) is not seen:
        return []
    hold_cases(session, _open_cases(session, order))
    hold_order(session, order)
    return _APPLY[kind](session, order, event, id, now)


def _order_moved(
    session: Session, order: Order, event: Mapping[str, Any], id: str, now: datetime
) -> list[str]:
    kind, on = str(event["type"]), _read("delivered_on", event["on"], "on")
    changes = {"status": kind} | ({"delivered_on": on} if kind == "delivered" else {})
    _update(session, order, changes, now)
    return _tell(session, order, kind, on, id, now)


def _order_updated(
    session: Session, order: Order, event: Mapping[str, Any], id: str, now: datetime
) -> list[str]:
    fields = event["fields"]
    if not isinstance(fields, Mapping):
        raise CaseworkError("fields: must be an object")
    for name in fields:
        if name not in _UPDATABLE:
            raise CaseworkError(f"fields: {name} is not one of {', '.join(_UPDATABLE)}")
    changes = {name: _read(name, value, name) for name, value in fields.items()}
    if changes.get("shipped_on") and order.status == "processing":
        changes["status"] = "shipped"
    news = [
        name
        for name in ("shipped_on", "ship_by")
        if changes.get(name) not in (None, getattr(order, name))
    ]
    _update(session, order, changes, now)
    if news:
        return _tell(session, order, news[0], changes[news[0]], id, now)
    order_changed(session, order, now)
    return []


def _tell(session: Session, order: Order, kind: str, on: date, id: str, now: datetime) -> list[str]:
    """Note the news in the order's open cases, and tell their customers with the new card."""
    news = f"News about your order {order.number}: {_NEWS[kind].format(on=day(on))}"
    told = []
    for case in _open_cases(session, order):
        data = {"event": kind, "on": on.isoformat()}
        key = f"event:{id}:{case.number}"
        record(session, case, "note", data, actor="system:carrier", now=now, key=key)
        decision = decision_of(case, None, day_of(now))
        shown = card(
            policy_in_force(), decision, case.number, obligations_of(case, None, day_of(now))
        )
        told.append(hold_case(session, case))
        add_message(
            session,
            told[-1],
            audience="customer",
            author="assistant",
            text=news,
            payload={"card": shown},
            now=now,
            key=key,
        )
    order_changed(session, order, now)
    return told


def _acted(act: str, field: str, given: str) -> Callable[..., list[str]]:
    def do(
        session: Session, order: Order, event: Mapping[str, Any], id: str, now: datetime
    ) -> list[str]:
        refused = f"order {order.number} has no open case that waits for this"
        for case in _open_cases(session, order):
            try:
                perform(
                    session,
                    case,
                    act,
                    {field: str(event[given])},
                    actor="system:shop",
                    role="agent",
                    now=now,
                    key=f"event:{id}",
                )
            except CaseworkError as error:
                refused = str(error)
                continue
            return [hold_case(session, case)]
        raise CaseworkError(refused)

    return do


_APPLY: dict[str, Callable[..., list[str]]] = {
    **dict.fromkeys(_MOVES, _order_moved),
    "order_updated": _order_updated,
    "return_in_transit": _acted("record_return_in_transit", "return_in_transit_on", "on"),
    "refund_paid": _acted("record_refund", "amount", "amount"),
}


def _open_cases(session: Session, order: Order) -> list[Case]:
    return [case for case in cases_of(session, order) if case.state == "open"]


def _read(reader: str, value: object, name: str) -> Any:
    try:
        return ORDER_FIELDS[reader](value)
    except ValueError as error:
        raise CaseworkError(f"{name}: {error}") from None


def _update(session: Session, order: Order, changes: Mapping[str, Any], now: datetime) -> None:
    if order.status == "cancelled":
        raise CaseworkError(f"order {order.number} was canceled")
    course = ("placed_on", "ship_by", "shipped_on", "delivered_on", "status")
    known = {name: getattr(order, name) for name in course} | dict(changes)
    lines = [{"sku": line.sku} for line in order.lines]
    problems = check_course(known, lines, day_of(now))
    if problems:
        raise CaseworkError(problems[0])
    for name, value in still_known(order, changes).items():
        setattr(order, name, value)
    session.flush()

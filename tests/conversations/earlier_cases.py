"""Cases an order had before the conversation: props, as those of the sample orders are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from sqlalchemy.orm import Session

from casework.cases.log import FROM_CUSTOMERS
from casework.cases.writing import open_case, record
from casework.orders.order import Order
from tests.conversations import when


def prepare(
    session: Session, order: Order, written: Mapping[str, Any], now: datetime, name: str
) -> None:
    """Open the case on its day and write down what happened to it since.

    Raises:
        CaseworkError: an entry or a claim that casework refuses.
    """

    def moment(day: str) -> datetime:
        past = datetime.combine(when.day(day, now.date()), time(12), tzinfo=now.tzinfo)
        return min(past, now)

    items = written.get("items", ())
    case = open_case(
        session,
        order=order,
        situation=written["situation"],
        facts=written.get("claims", {}),
        line_ids=[line.id for line in order.lines if str(line.position) in items],
        conversation_id=f"sample-{order.number}",
        now=moment(written["asked_on"]),
        key=f"sample:{name}:0",
    )
    for place, entry in enumerate(written.get("log", ()), start=1):
        record(
            session,
            case,
            entry["records"],
            entry.get("data", {}),
            actor="customer" if entry["records"] in FROM_CUSTOMERS else "agent",
            now=moment(entry["on"]),
            key=f"sample:{name}:{place}",
        )

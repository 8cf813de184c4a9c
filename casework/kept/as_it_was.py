"""Orders as they stood when the conversation began, as a conversation test writes them."""

from collections.abc import Callable
from datetime import date
from typing import Any

from casework.kept.rows import Rows
from casework.orders.order import Order, order_facts

# Any sample order: every field of the copy is given.
_LIKE = "10482"


def order_as_it_was(rows: Rows, order: Order, mask: Callable[[str], str], today: date) -> Any:
    """The order with stand-ins, its days counted from ``today``."""
    facts = _facts(rows, order, today)
    left = facts["order_status"] not in ("processing", "unfulfillable", "cancelled")
    return {
        "number": mask(order.number),
        "like": _LIKE,
        "email": mask(order.email),
        "zip": mask(order.zip),
        "status": facts["order_status"],
        "placed_on": counted(order.placed_on, today),
        "ship_by": counted(date.fromisoformat(facts["ship_by"]), today),
        "shipped_on": _known(facts, "shipped_on", order.shipped_on, today),
        "delivered_on": _known(facts, "delivered_on", order.delivered_on, today),
        "carrier": order.carrier if left else None,
        "tracking": mask(order.tracking) if left and order.tracking else None,
        "total": str(order.total),
        "lines": [
            {
                "title": line.title,
                "sku": line.sku,
                "quantity": str(line.quantity),
                "unit_price": str(line.unit_price),
            }
            for line in order.lines
        ],
    }


def counted(day: date, today: date) -> str:
    """A day as it lies from today: `3 days ago`, `yesterday`, `in 2 days`."""
    away = (day - today).days
    near = {0: "today", -1: "yesterday", 1: "tomorrow"}
    return near.get(away) or (f"in {away} days" if away > 0 else f"{-away} days ago")


def _facts(rows: Rows, order: Order, today: date) -> dict[str, str]:
    """The record's facts then: as the first case opened then wrote them down, or taken back."""
    for case in rows.came_up():
        if case.order_id == order.id and not rows.is_earlier(case.log[0]):
            return dict(case.log[0].data["facts"])
    return order_facts(order, today)


def _known(facts: dict[str, str], name: str, on_record: date | None, today: date) -> str | None:
    """A day of the record; where the record has none, what stands in the facts was only claimed."""
    if on_record is None or name not in facts:
        return None
    return counted(date.fromisoformat(facts[name]), today)

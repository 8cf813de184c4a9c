"""What a customer may claim when a case is opened, and what only the record or the shop can say."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from casework.errors import CaseworkError
from casework.orders.order import Order, OrderLine, order_facts

CLAIMS = ("remedy", "evidence", "delivered_on")
FROM_RECORD = (
    "situation",
    "requested_on",
    "order_status",
    "ship_by",
    "shipped_on",
    "order_total",
    "claim_total",
)


def chosen_lines(order: Order, line_ids: Iterable[int]) -> list[OrderLine]:
    """Return the order's lines with these ids, or all of them for none; CaseworkError otherwise."""
    wanted = set(line_ids)
    lines = [line for line in order.lines if line.id in wanted]
    if len(lines) != len(wanted):
        raise CaseworkError(f"order {order.number} has no such item")
    return lines or list(order.lines)


def facts_at_opening(
    order: Order, claims: Mapping[str, Any], lines: list[OrderLine], day: date
) -> dict[str, Any]:
    """Return the policy facts a case starts with: the record's, and the claims where it is silent.

    Claims of facts that are the record's are passed over; those that are a person's to settle
    (the seller's decision, what evidence is worth) are a CaseworkError. Where only some lines are
    meant, ``claim_total`` is what those cost in US dollars, at most the order's total.
    """
    for name in claims:
        if name not in (*CLAIMS, *FROM_RECORD, "description"):
            raise CaseworkError(f"{name}: not a customer's claim")
    if claims.get("evidence") not in (None, "none", "submitted"):
        raise CaseworkError("evidence: only a person judges it")
    facts = {name: claims[name] for name in CLAIMS if claims.get(name) is not None}
    facts |= order_facts(order, day)
    if len(lines) < len(order.lines):
        facts["claim_total"] = str(min(sum((line.total for line in lines), Decimal()), order.total))
    return facts

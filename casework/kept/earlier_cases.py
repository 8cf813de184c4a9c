"""Cases that were there before the conversation, as a conversation test prepares them."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from casework.cases.case import Case
from casework.cases.claims import CLAIMS
from casework.cases.log import Entry
from casework.kept.as_it_was import counted
from casework.kept.rows import Rows
from casework.orders.order import Order

Mask = Callable[[str], str]
# Colleagues' names and other rows' ids: nobody needs them in a test.
_NOT_KEPT = ("with", "asked_again_in")


def earlier_cases(rows: Rows, order: Order, mask: Mask, today: date) -> list[dict[str, Any]]:
    """The order's cases from before, each with what had happened to it by then."""
    return [
        _case(rows, case, mask, today)
        for case in rows.cases
        if case.order_id == order.id and rows.is_earlier(case.log[0])
    ]


def _case(rows: Rows, case: Case, mask: Mask, today: date) -> dict[str, Any]:
    opened, *later = [entry for entry in case.log if rows.is_earlier(entry)]
    facts: Mapping[str, Any] = opened.data["facts"]
    claims = {name: str(facts[name]) for name in CLAIMS if name in facts}
    if case.order.delivered_on is not None:
        claims.pop("delivered_on", None)
    if opened.data.get("description"):
        claims["description"] = mask(str(opened.data["description"]))
    written: dict[str, Any] = {
        "situation": case.situation,
        "asked_on": counted(opened.day, today),
    }
    if claims:
        written["claims"] = claims
    if len(case.lines) < len(case.order.lines):
        written["items"] = [str(line.position) for line in case.lines]
    if later:
        written["log"] = [_entry(entry, mask, today) for entry in later]
    return written


def _entry(entry: Entry, mask: Mask, today: date) -> dict[str, Any]:
    plain = {
        name: mask(str(value))
        for name, value in entry.data.items()
        if name not in _NOT_KEPT and isinstance(value, str | int) and not isinstance(value, bool)
    }
    written = {"on": counted(entry.day, today), "records": entry.kind}
    return written | ({"data": plain} if plain else {})

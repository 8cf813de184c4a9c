"""What a case's log knows of its order: how it stood at the beginning, and each change since.

So what was decided on the way can be worked out again from the log alone, though the order's record
only says how it stands now.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from casework.cases.case import Case
from casework.cases.log import Entry
from casework.orders.order import Order, order_facts

_DAYS = ("ship_by", "shipped_on", "delivered_on")


def known_order(log: Iterable[Entry]) -> dict[str, str] | None:
    """Return the order's facts the log knows of last, or None in a log from before they were."""
    known = [entry.data["order"] for entry in log if "order" in entry.data]
    return known[-1] if known else None


def order_news(case: Case, today: date) -> dict[str, Any]:
    """Return what the next entry of the log is to say of the order; empty where it is known."""
    facts = order_facts(case.order, today)
    known = known_order(case.log)
    if facts == known:
        return {}
    moved = known is not None and facts["order_status"] != known["order_status"]
    return {"order": facts} | ({"order_status": facts["order_status"]} if moved else {})


class OrderThen:
    """An order as a log knew it: its days and status from there, all else from the record."""

    def __init__(self, order: Order, known: dict[str, str]) -> None:
        """``known``: the order's facts, as `known_order` gives them."""
        self._order, self.status = order, known["order_status"]
        for name in _DAYS:
            day = known.get(name)
            setattr(self, name, date.fromisoformat(day) if day else None)

    def __getattr__(self, name: str) -> Any:
        """Whatever does not change is the record's."""
        return getattr(self._order, name)

"""Plain facts that stand for a classified cell: the examples of `check` and `diff`."""

from datetime import date, timedelta

from policy_core.model import Policy
from policy_core.space import NOT_LATE, SENT, TIMING, Cell

_ON_THE_WAY = timedelta(days=3)
_DAY = timedelta(days=1)
_AFTER_LAST_DAY = dict(zip(TIMING, (-_DAY, timedelta(0), _DAY), strict=True))
"""How far past the last day of a period an example lies."""


def example(cell: Cell, policy: Policy) -> dict[str, str]:
    """Facts that are classified to this cell under this policy. Dates follow from its numbers."""
    requested_on = policy.effective + timedelta(days=3 * policy.days("filing_window_days"))
    facts = {"situation": cell.situation, "requested_on": requested_on.isoformat()}
    for fact in ("order_status", "remedy", "evidence", "seller_decision"):
        values = getattr(cell, fact)
        if len(values) == 1 and values[0] != "undecided":
            facts[fact] = values[0]
    dates = _dates(cell, policy, requested_on)
    facts.update({name: day.isoformat() for name, day in dates.items()})
    return {name: facts[name] for name in _ORDER if name in facts}


_ORDER = (
    "situation",
    "requested_on",
    "order_status",
    "ship_by",
    "shipped_on",
    "delivered_on",
    "remedy",
    "evidence",
    "seller_decision",
)


def _dates(cell: Cell, policy: Policy, requested_on: date) -> dict[str, date]:
    dates: dict[str, date] = {}
    if cell.wait[0] in TIMING and len(cell.wait) == 1:
        dates["ship_by"] = requested_on - _AFTER_LAST_DAY[cell.wait[0]]
    shipped_on = requested_on - _ON_THE_WAY
    if cell.window[0] in TIMING and len(cell.window) == 1:
        window = timedelta(days=policy.days("filing_window_days"))
        delivered_on = requested_on - window - _AFTER_LAST_DAY[cell.window[0]]
        dates["delivered_on"] = delivered_on
        shipped_on = delivered_on - _ON_THE_WAY
        if cell.dispatch == NOT_LATE:
            dates["ship_by"] = delivered_on
    if cell.dispatch[0] in TIMING and len(cell.dispatch) == 1:
        dates["shipped_on"] = shipped_on
        dates["ship_by"] = shipped_on - _AFTER_LAST_DAY[cell.dispatch[0]]
    elif cell.order_status == SENT:
        dates["shipped_on"] = shipped_on
    return dates


def in_one_line(facts: dict[str, str]) -> str:
    """Facts as a person reads them in a list."""
    return ", ".join(f"{name} {value}" for name, value in facts.items())

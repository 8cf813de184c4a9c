"""Reading the facts of a request: every value checked, unknown stays unknown."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from policy_core.dates import EARLIEST, LATEST
from policy_core.errors import InputError
from policy_core.space import EVIDENCE, REMEDIES, SENT, SITUATIONS, STATUSES

_MONEY = re.compile(r"[0-9]{1,10}(\.[0-9]{1,2})?", re.ASCII)
_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?", re.ASCII)


class Facts(NamedTuple):
    """What is known about a request; None is unknown (a seller_decision: not taken yet)."""

    situation: str
    requested_on: date
    remedy: str | None = None
    order_status: str | None = None
    ship_by: date | None = None
    shipped_on: date | None = None
    delivered_on: date | None = None
    return_in_transit_on: date | None = None
    order_total: Decimal | None = None
    claim_total: Decimal | None = None
    evidence: str | None = None
    seller_decision: str | None = None
    fee_percent: Decimal | None = None
    given: Mapping[str, str] = MappingProxyType({})
    """The facts as they were given, for the explanation."""


def shown(value: object, limit: int = 40) -> str:
    """A value as it may stand in an error message: one short line of plain characters."""
    if isinstance(value, str):
        text = json.dumps(value[:limit])
        return text if len(value) <= limit else f'{text[:-1]}…"'
    if isinstance(value, bool | float | Decimal | date):
        return str(value)[:limit]
    if isinstance(value, Mapping):
        return "an object"
    return {"int": "a bare number", "list": "a list"}.get(
        type(value).__name__, f"a {type(value).__name__}"
    )


def _one_of(*values: str) -> Callable[[str, object], str]:
    allowed = frozenset(values)

    def read(key: str, value: object) -> str:
        if isinstance(value, str) and value in allowed:
            return value
        raise InputError(key, f"must be one of {', '.join(values)}; got {shown(value)}")

    return read


def read_date(key: str, value: object) -> date:
    """A day from YYYY-MM-DD (or a date); InputError naming `key` otherwise."""
    if isinstance(value, str) and len(value) == 10:
        day = _day(value)
    elif isinstance(value, date) and not isinstance(value, datetime):
        day = value
    else:
        day = None
    if day is None:
        raise InputError(key, f"must be a date written YYYY-MM-DD; got {shown(value)}")
    if not EARLIEST <= day <= LATEST:
        raise InputError(key, f"must lie between {EARLIEST} and {LATEST}; got {day}")
    return day


@lru_cache(maxsize=8192)
def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _decimal(key: str, value: object, pattern: re.Pattern[str], wanted: str) -> Decimal:
    text = str(value) if isinstance(value, Decimal) else value
    if isinstance(text, str):
        if pattern.fullmatch(text):
            return Decimal(text)
        if text.startswith("-"):
            raise InputError(key, f"must not be below 0; got {shown(text)}")
    raise InputError(key, f"must be {wanted}; got {shown(value)}")


def _money(key: str, value: object) -> Decimal:
    return _decimal(key, value, _MONEY, 'US dollars as a decimal string such as "129.95"')


def _percent(key: str, value: object) -> Decimal:
    return _decimal(key, value, _PERCENT, 'a percentage as a decimal string such as "12.5"')


_READERS: dict[str, Callable[[str, object], object]] = {
    "situation": _one_of(*SITUATIONS),
    "requested_on": read_date,
    "remedy": _one_of(*REMEDIES),
    "order_status": _one_of(*STATUSES),
    "ship_by": read_date,
    "shipped_on": read_date,
    "delivered_on": read_date,
    "return_in_transit_on": read_date,
    "order_total": _money,
    "claim_total": _money,
    "evidence": _one_of(*EVIDENCE),
    "seller_decision": _one_of("accept", "reject"),
    "fee_percent": _percent,
}
FACT_NAMES = tuple(_READERS)


def parse_facts(raw: Mapping[str, object], *, fee_percent_max: Decimal) -> Facts:
    """Check and read the facts of a request (keys and values as in the decision contract).

    Raises InputError for a value that cannot be right, an unknown key, or two facts that
    contradict each other.
    """
    if not isinstance(raw, Mapping):
        raise InputError("facts", f"must be one JSON object; got {shown(raw)}")
    values: dict[str, object] = {}
    given: dict[str, str] = {}
    for key, value in raw.items():
        reader = _READERS.get(key) if isinstance(key, str) else None
        if reader is None:
            raise InputError(shown(key), f"is not a fact; known are {', '.join(FACT_NAMES)}")
        if value is not None:
            values[key] = reader(key, value)
            given[key] = str(value)
    for key in ("situation", "requested_on"):
        if key not in values:
            raise InputError(key, "is required")
    facts = Facts(**values, given=given)  # type: ignore[arg-type]
    _refuse_contradictions(facts)
    if facts.fee_percent is not None and facts.fee_percent > fee_percent_max:
        got = facts.fee_percent
        raise InputError("fee_percent", f"must not be over {fee_percent_max}; got {got}")
    return facts


def _refuse_contradictions(facts: Facts) -> None:
    if facts.shipped_on is not None:
        _in_order(facts, "shipped_on", "delivered_on")
        _in_order(facts, "shipped_on", "return_in_transit_on")
    if facts.delivered_on is not None:
        _in_order(facts, "delivered_on", "return_in_transit_on")
        _in_order(facts, "delivered_on", "requested_on")
    status = facts.order_status
    if status is not None:
        if facts.delivered_on is not None and status != "delivered":
            raise _denied(facts, "delivered_on")
        if status not in SENT:
            if facts.shipped_on is not None:
                raise _denied(facts, "shipped_on")
            if facts.return_in_transit_on is not None:
                raise _denied(facts, "return_in_transit_on")
    claim, total = facts.claim_total, facts.order_total
    if claim is not None and total is not None and claim > total:
        raise InputError(
            ("claim_total", "order_total"),
            f"part of an order cannot cost more than all of it; got {claim} of {total}",
        )


def _in_order(facts: Facts, earlier: str, later: str) -> None:
    first, second = getattr(facts, earlier), getattr(facts, later)
    if first is not None and second is not None and first > second:
        raise InputError((earlier, later), f"{earlier} {first} cannot be after {later} {second}")


def _denied(facts: Facts, key: str) -> InputError:
    return InputError(
        ("order_status", key),
        f"an order that is {facts.order_status} cannot have {key} {getattr(facts, key)}",
    )

"""The values of an order, checked one by one and together; a ValueError says what is wrong."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from casework.orders.order import normalise_order_number
from casework.orders.verification import normalise_email, normalise_zip
from policy_core.space import STATUSES

_AMOUNT = re.compile(r"[0-9]{1,10}(\.[0-9]{1,2})?", re.ASCII)
_COUNT = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)
_ON_THE_WAY = ("shipped", "returned_to_sender", "destroyed")


def _plain(value: object) -> str:
    if value is None or (isinstance(value, str) and not value.strip()):
        raise ValueError("is missing")
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValueError("is not a plain value")
    plain = str(value).strip()
    if not plain.isprintable():
        raise ValueError("holds characters that cannot be printed")
    return plain


def _shown(value: str) -> str:
    return repr(value if len(value) <= 40 else value[:40] + "…")


def text(longest: int) -> Callable[[object], str]:
    """Return a reader of text of at most so many characters."""

    def read(value: object) -> str:
        plain = _plain(value)
        if len(plain) > longest:
            raise ValueError(f"is longer than {longest} characters")
        return plain

    return read


def optional(reader: Callable[[object], Any]) -> Callable[[object], Any]:
    """Return a reader that gives None for a missing or empty value."""

    def read(value: object) -> Any:
        empty = value is None or (isinstance(value, str) and not value.strip())
        return None if empty else reader(value)

    return read


def number(value: object) -> str:
    """Read an order number, however it is written."""
    plain = _plain(value)
    found = normalise_order_number(plain)
    if found is None:
        raise ValueError(f"{_shown(plain)} is not an order number")
    return found


def email(value: object) -> str:
    """Read an e-mail address."""
    plain = text(254)(value)
    if normalise_email(plain) != plain.casefold():
        raise ValueError(f"{_shown(plain)} is not an e-mail address")
    return plain


def zip_code(value: object) -> str:
    """Read a ZIP code or ZIP+4."""
    plain = text(10)(value)
    if normalise_zip(plain) is None:
        raise ValueError(f"{_shown(plain)} is not a ZIP code")
    return plain


def day(value: object) -> date:
    """Read a day written YYYY-MM-DD."""
    plain = _plain(value)
    try:
        return date.fromisoformat(plain)
    except ValueError:
        raise ValueError(f"{_shown(plain)} is not a day written YYYY-MM-DD") from None


def status(value: object) -> str:
    """Read an order status."""
    plain = _plain(value).lower()
    if plain not in STATUSES:
        raise ValueError(f"{_shown(plain)} is not one of {', '.join(STATUSES)}")
    return plain


def amount(value: object) -> Decimal:
    """Read an amount in US dollars, 0 or more, at most two decimal places."""
    plain = _plain(value)
    if not _AMOUNT.fullmatch(plain):
        raise ValueError(f"{_shown(plain)} is not an amount such as 129.95")
    return Decimal(plain).quantize(Decimal("0.01"))


def count(value: object) -> int:
    """Read a whole number from 1."""
    plain = _plain(value)
    if not _COUNT.fullmatch(plain):
        raise ValueError(f"{_shown(plain)} is not a whole number from 1")
    return int(plain)


def currency(value: object) -> str:
    """Read the currency: the policy speaks of US dollars alone."""
    plain = optional(_plain)(value) or "USD"
    if plain != "USD":
        raise ValueError(f"{_shown(plain)} is not USD")
    return plain


def check_course(
    order: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], today: date
) -> list[str]:
    """Return what cannot be true of an order as a whole: its days, its status, its items."""
    problems = [] if lines else ["lines: an order has at least one item"]
    course = [name for name in ("placed_on", "shipped_on", "delivered_on") if order.get(name)]
    for name in course:
        if order[name] > today:
            problems.append(f"{name}: {order[name]} is after today")
    for earlier, later in [*pairwise(course), ("placed_on", "ship_by")]:
        if earlier in order and later in order and order[earlier] > order[later]:
            problems.append(f"{later}: {order[later]} is before {earlier} {order[earlier]}")
    return problems + _check_status(order)


def _check_status(order: Mapping[str, Any]) -> list[str]:
    status = order.get("status")
    if status is None:
        return []
    needed = {"delivered": "delivered_on"} | dict.fromkeys(_ON_THE_WAY, "shipped_on")
    denied = [] if status == "delivered" else ["delivered_on"]
    if status not in needed:
        denied.append("shipped_on")
    problems = [f"{name}: an order that is {status} has none" for name in denied if order.get(name)]
    wanted = needed.get(status)
    if wanted and wanted in order and order[wanted] is None:
        problems.append(f"{wanted}: an order that is {status} has one")
    return problems

"""Turns the words of an entity into the value the rest of the assistant works with."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from language.dates import resolve_date, resolve_duration
from language.vocabulary import phrases_of


def _digits(text: str, today: date) -> str | None:
    found = re.findall(r"\d+", text)
    return found[-1] if found else None


def _zip(text: str, today: date) -> str | None:
    found = re.search(r"\d{5}", text)
    return found[0] if found else None


def _email(text: str, today: date) -> str | None:
    return text.strip().lower()


def _money(text: str, today: date) -> str | None:
    found = re.search(r"\d[\d,]*(?:\.\d+)?", text)
    return found[0].replace(",", "") if found else None


def _duration(text: str, today: date) -> str | None:
    return resolve_duration(text)


def _date(text: str, today: date) -> str | None:
    day = resolve_date(text, today)
    return day.isoformat() if day else None


def _kind_in(entity: str) -> Callable[[str, date], str | None]:
    return lambda text, today: phrases_of(entity).get(" ".join(text.lower().split()))


def _product(text: str, today: date) -> str | None:
    return text.lower()


_VALUES: dict[str, Callable[[str, date], str | None]] = {
    "order_number": _digits,
    "zip": _zip,
    "email": _email,
    "money": _money,
    "date": _date,
    "duration": _duration,
    "evidence": _kind_in("evidence"),
    "remedy": _kind_in("remedies"),
    "product": _product,
}


def entity_value(entity: str, text: str, today: date) -> str | None:
    """Return the value of an entity, or None where its words turn out to mean nothing.

    Args:
        entity: the entity's name, such as "date".
        text: its words as typed.
        today: the day of the conversation in the shop's zone.

    Returns:
        Digits for an order number; five digits for a ZIP; lower case for e-mails and products;
        US dollars without sign for money; ISO dates (YYYY-MM-DD) and durations (P21D);
        photo|video|document; refund|replacement|redelivery.
    """
    return _VALUES[entity](text, today) if entity in _VALUES else text

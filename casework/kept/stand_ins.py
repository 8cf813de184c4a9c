"""Stand-ins: the same value gets the same made-up one, of the same shape, wherever it comes up.

Of the same shape, so that the assistant reads the sentence around it as it read the customer's.
"""

import re
import unicodedata
from collections.abc import Callable, Hashable, Iterator
from itertools import count
from typing import Any

from casework.kept.patterns import ADDRESS_PARTS

_ZIPS = ("60601", "75201", "98104", "33131", "55402", "80202", "19102", "97204", "30303", "85003")
_ZIPS_FROM_ZERO = ("02108", "03301", "04401", "05401", "06103")
_CITIES = ("Springfield, IL", "Fairview, TX", "Riverside, CA", "Franklin, TN", "Salem, OR")
_NAMES = ("Robin", "Casey", "Jordan", "Taylor", "Morgan", "Jamie", "Riley", "Quinn", "Avery")


def plain(value: str) -> str:
    """The letters and digits of a value, so that it is known however it was typed."""
    folded = unicodedata.normalize("NFKC", value).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


class StandIns:
    """Gives values their stand-ins, in the order in which they come.

    ``said``: all that was said; a stand-in that occurs in it would be taken for somebody's own.
    """

    def __init__(self, said: str) -> None:
        self._said = said.casefold()
        self._given: dict[str, str] = {}
        self._left: dict[tuple[str, Hashable], Iterator[str]] = {}

    def of(self, kind: str, value: str) -> str:
        """The stand-in of a value of a kind; a value that has one keeps it whatever the kind."""
        key = plain(value)
        if key not in self._given:
            shape = _shape(kind, value)
            made = self._left.setdefault((kind, shape), _MADE[kind](shape))
            self._given[key] = next(one for one in made if self._free(one))
        return self._given[key]

    def _free(self, made: str) -> bool:
        given = {plain(one) for one in self._given.values()}
        return made.casefold() not in self._said and plain(made) not in given

    def given(self) -> list[str]:
        """The stand-ins given so far."""
        return list(self._given.values())


def _shape(kind: str, value: str) -> Any:
    """What a stand-in shares with its value: how many digits, a zero in front, what is around."""
    if kind == "zip":
        return value.startswith("0")
    if kind in ("order", "digits"):
        return len(plain(value))
    if kind == "phone":
        return re.sub(r"\d", "#", value)
    if kind == "address":
        found = ADDRESS_PARTS.fullmatch(value)
        return found and (len(found["number"]), found["street"], found["unit"] or "")
    return None


def _orders(length: int) -> Iterator[str]:
    return (str(2 * 10 ** (length - 1) + number) for number in count(1))


def _digits(length: int) -> Iterator[str]:
    return (str(10 ** (length - 1) + number) for number in count(1))


def _zips(from_zero: bool) -> Iterator[str]:
    yield from _ZIPS_FROM_ZERO if from_zero else _ZIPS
    yield from (f"{number:05}" for number in count(2140 if from_zero else 60602))


def _phones(form: str) -> Iterator[str]:
    """The form with another number's digits; one that was dialed with the country's has it too."""
    for number in count(1):
        digits = iter(f"213555{number:04}".rjust(form.count("#"), "1"))
        yield "".join(next(digits) if sign == "#" else sign for sign in form)


def _addresses(parts: tuple[int, str, str] | None) -> Iterator[str]:
    if parts is None:
        yield from (f"PO Box {number}" for number in count(1))
    else:
        digits, street, unit = parts
        numbers = count(10 ** (digits - 1))
        yield from (f"{number} Main {street}{unit and unit + '1'}" for number in numbers)


def _cities(_: None) -> Iterator[str]:
    yield from _CITIES
    yield from (f"Sampleton{number}, IL" for number in count(1))


def _names(_: None) -> Iterator[str]:
    yield from _NAMES
    yield from (f"Person{number}" for number in count(1))


def _counted(form: str) -> Callable[[Any], Iterator[str]]:
    return lambda _: (form.format(number) for number in count(1))


_MADE: dict[str, Callable[[Any], Iterator[str]]] = {
    "order": _orders,
    "digits": _digits,
    "zip": _zips,
    "name": _names,
    "email": _counted("customer{}@example.com"),
    "parcel": _counted("1Z0A0B{:010}"),
    "phone": _phones,
    "address": _addresses,
    "city": _cities,
    "case": _counted("AOP-R-2222-{:04}"),
}

"""Stand-ins: the same value gets the same made-up one, of the same shape, wherever it comes up."""

import unicodedata
from collections.abc import Callable, Iterator
from itertools import count

_ZIPS = ("60601", "75201", "98104", "33131", "55402", "80202", "19102", "97204", "30303", "85003")
_ZIPS_FROM_ZERO = ("02108", "03301", "04401", "05401", "06103")
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
        self._left: dict[tuple[str, int], Iterator[str]] = {}

    def of(self, kind: str, value: str) -> str:
        """The stand-in of a value of a kind; a value that has one keeps it whatever the kind."""
        key = plain(value)
        if key not in self._given:
            shape = (kind, _shape(kind, key))
            made = self._left.setdefault(shape, _MADE[kind](shape[1]))
            self._given[key] = next(one for one in made if one.casefold() not in self._said)
        return self._given[key]

    def given(self) -> list[str]:
        """The stand-ins given so far."""
        return list(self._given.values())


def _shape(kind: str, value: str) -> int:
    """What a stand-in shares with its value: how many digits, or a zero in front."""
    if kind == "zip":
        return int(value.startswith("0"))
    return len(value) if kind in ("order", "digits") else 0


def _orders(length: int) -> Iterator[str]:
    return (str(2 * 10 ** (length - 1) + number) for number in count(1))


def _digits(length: int) -> Iterator[str]:
    return (str(10 ** (length - 1) + number) for number in count(1))


def _zips(from_zero: int) -> Iterator[str]:
    yield from _ZIPS_FROM_ZERO if from_zero else _ZIPS
    yield from (f"{number:05}" for number in count(2140 if from_zero else 60602))


def _names(_: int) -> Iterator[str]:
    yield from _NAMES
    yield from (f"Person{number}" for number in count(1))


def _counted(form: str) -> Callable[[int], Iterator[str]]:
    return lambda _: (form.format(number) for number in count(1))


_MADE: dict[str, Callable[[int], Iterator[str]]] = {
    "order": _orders,
    "digits": _digits,
    "zip": _zips,
    "name": _names,
    "email": _counted("customer{}@example.com"),
    "parcel": _counted("1Z0A0B{:010}"),
    "phone": _counted("213-555-{:04}"),
    "address": _counted("{} Main Street"),
    "city": _counted("Sampleton{}, IL"),
    "case": _counted("AOP-R-2222-{:04}"),
}

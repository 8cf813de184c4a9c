"""The sentences of a policy file, and how numbers, dates and amounts get into them."""

from collections.abc import Mapping
from string import Formatter

from policy_core.errors import PolicyError
from policy_core.model import Text

OF_A_REQUEST = frozenset(
    {
        "requested_on",
        "ship_by",
        "shipped_on",
        "delivered_on",
        "return_in_transit_on",
        "last_filing_day",
        "due",
        "refund_min",
        "refund_max",
        "fee_max",
        "fee_percent",
        "missing",
        "choices",
    }
)
"""Placeholders that only a request can fill."""

ALWAYS_KNOWN = frozenset({"requested_on", "due", "fee_percent", "missing", "choices"})
"""Those that are known wherever they are used; the others need an `otherwise`."""


def placeholders(text: str, place: str) -> tuple[str, ...]:
    """The names in braces. PolicyError for a stray brace or anything but a plain name."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        raise PolicyError(f"{place}: {error} in {text!r}") from None
    names = []
    for _, name, spec, conversion in parts:
        if name is None:
            continue
        if spec or conversion or not name.isidentifier():
            raise PolicyError(f"{place}: a placeholder must be a plain name, not {{{name}}}")
        names.append(name)
    return tuple(names)


class Wording:
    """Fills what a policy file itself knows (numbers, contact) into its sentences."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._known = known

    def plain(self, text: str, place: str) -> str:
        """A sentence that needs nothing of a request."""
        for name in placeholders(text, place):
            if name not in self._known:
                raise PolicyError(
                    f"{place}: unknown placeholder {{{name}}}; "
                    f"known are {', '.join(sorted(self._known))}"
                )
        return text.format_map(self._known)

    def sentence(self, text: str, otherwise: str | None, place: str) -> Text:
        """A sentence that may name dates and amounts of a request."""
        needs = tuple(
            name for name in dict.fromkeys(placeholders(text, place)) if name in OF_A_REQUEST
        )
        open_names = {name: f"{{{name}}}" for name in needs}
        filled = Wording({**self._known, **open_names}).plain(text, place)
        if otherwise is None and not ALWAYS_KNOWN.issuperset(needs):
            return Text(filled, "", needs)
        fallback = ""
        if otherwise is not None:
            keep = {name: f"{{{name}}}" for name in ALWAYS_KNOWN}
            fallback = Wording({**self._known, **keep}).plain(otherwise, f"{place}.otherwise")
        return Text(filled, fallback, needs)


def say(sentence: Text, known: Mapping[str, str]) -> str:
    """The sentence with its dates and amounts, or what is said where one is not known."""
    if not sentence.needs:
        return sentence.text
    if all(name in known for name in sentence.needs):
        return sentence.text.format_map(known)
    return sentence.otherwise.format_map(known)

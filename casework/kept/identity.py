"""What of a conversation identifies somebody, and its stand-ins: the words around it stay.

What the shop knows of the orders is found however it is typed; anything else by what it looks like.
"""

import re
from collections.abc import Callable, Iterable

from casework.kept import patterns
from casework.kept.names import named_in, only_a_word, words_of
from casework.kept.stand_ins import StandIns, plain
from casework.orders.order import Order

CaseNamed = Callable[[str], str | None]


class Mask:
    """Replaces identities in texts of one conversation.

    ``orders``: those the conversation is about, who they belong to is taken from them; ``texts``:
    all that was said; ``kept``: what stays as it is (the shop's phone, the goods' titles).
    """

    def __init__(self, orders: Iterable[Order], texts: Iterable[str], kept: Iterable[str]) -> None:
        orders, texts = list(orders), list(texts)
        said = "\n".join([*texts, *(f"{o.number} {o.email} {o.zip} {o.tracking}" for o in orders)])
        self._stand_ins = StandIns(said)
        self._kept = list(kept)
        self._names: set[str] = set()
        known: list[tuple[str, str]] = []
        for order in orders:
            known += [("order", order.number), ("zip", order.zip[:5]), ("email", order.email)]
            known += [("parcel", order.tracking)] if order.tracking else []
            self._names |= words_of(order.email)
        for text in texts:
            self._names |= named_in(text)
        self._known = {plain(value): kind for kind, value in known}
        for kind, value in known:
            self._stand_ins.of(kind, value)
        codes = [value for kind, value in known if kind != "email"]
        self._codes = "|".join(patterns.spaced(code) + r"(?:-\d{4})?" for code in codes) or "(?!)"

    def __call__(self, text: str, case: CaseNamed = lambda number: None) -> str:
        """The text with stand-ins; ``case`` says how the test names a case number, or None."""
        names = patterns.any_of(self._names)
        every = {
            "kept": rf"(?<!\w)(?:{patterns.any_of([*self._kept, *self._stand_ins.given()])})(?!\w)",
            "amount": patterns.AMOUNT,
            "day": patterns.DAY,
            "case": patterns.CASE,
            "email": patterns.EMAIL,
            "code": self._codes,
            "address": patterns.ADDRESS,
            "city": patterns.CITY,
            "name": rf"\b(?:{names})\b",
            "parcel": patterns.PARCEL,
            "phone": patterns.PHONE,
            "card": patterns.CARD,
            "digits": patterns.DIGITS,
        }
        pattern = "|".join(f"(?P<{kind}>{form})" for kind, form in every.items())
        return re.sub(pattern, lambda found: self._for(found, case), text, flags=re.IGNORECASE)

    def _for(self, found: re.Match[str], case: CaseNamed) -> str:
        kind, value = str(found.lastgroup), found.group()
        bare = patterns.BARE_AMOUNT.fullmatch(value)
        if kind == "amount" and bare and plain(bare["number"]) in self._known:
            return bare["before"] + self._code(bare["number"]) + bare["after"]
        if kind in ("kept", "amount", "day"):
            return value
        if kind == "case":
            return case(value) or self._stand_ins.of("case", value)
        if kind == "name":
            return self._name(value)
        if kind == "code":
            return self._code(value)
        if kind == "digits":
            return self._digits(found)
        return self._stand_ins.of("digits" if kind == "card" else kind, value)

    def _code(self, value: str) -> str:
        """A known number or code; a ZIP may have four digits more."""
        kind = self._known.get(plain(value))
        if kind:
            return self._stand_ins.of(kind, value)
        return self._stand_ins.of("zip", plain(value)[:5]) + "-0001"

    def _digits(self, found: re.Match[str]) -> str:
        value = found.group()
        after_order = patterns.ORDER_BEFORE.search(found.string[: found.start()])
        digits = plain(value)
        if after_order:
            return self._stand_ins.of("order", value)
        if len(digits) == 9 and ("-" in value or self._known.get(digits[:5]) == "zip"):
            return self._stand_ins.of("zip", digits[:5]) + value[5:-4] + "0001"
        if len(digits) == 4:
            return value
        return self._stand_ins.of("zip" if len(digits) == 5 else "digits", value)

    def _name(self, value: str) -> str:
        if only_a_word(value):
            return value
        stand_in = self._stand_ins.of("name", value)
        if value.isupper() and len(value) > 1:
            return stand_in.upper()
        return stand_in.lower() if value.islower() else stand_in

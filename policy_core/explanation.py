"""The explanation of a decision: which sentences are said, and the dates and amounts in them."""

from collections.abc import Callable
from typing import TypedDict

from policy_core.classify import last_filing_day
from policy_core.dates import in_words
from policy_core.engine import Verdict
from policy_core.facts import Facts
from policy_core.model import Policy, Step, Text
from policy_core.money import Amounts
from policy_core.wording import say


class _Step(TypedDict):
    text: str
    clause: str
    facts: dict[str, str]


class ExplanationStep(_Step, total=False):
    """One step in plain words, its clause, and the facts that decided it; ``promise`` is the action
    of the obligation that it tells, where it tells one.
    """

    promise: str


class Telling:
    """What is known about one request, in words, and what has been told so far."""

    def __init__(
        self, facts: Facts, policy: Policy, verdict: Verdict, amounts: Amounts, missing: list[str]
    ) -> None:
        self.given = facts.given
        self.told: list[ExplanationStep] = []
        self.known: dict[str, str] = {}
        for name in verdict.needs:
            word = _WORDS[name](facts, policy, amounts, missing)
            if word is not None:
                self.known[name] = word

    def step(self, step: Step) -> None:
        """Tell a step, unless nothing can be said while a date or an amount is unknown."""
        self.sentence(step.text, step.clause, step.facts)

    def sentence(
        self, sentence: Text, clause: str, facts: tuple[str, ...], promise: str | None = None
    ) -> None:
        """Tell a sentence with its clause and those of its facts that were given."""
        text = say(sentence, self.known)
        if text:
            given = self.given
            deciding = {name: given[name] for name in facts if name in given}
            step: ExplanationStep = {"text": text, "clause": clause, "facts": deciding}
            self.told.append(step if promise is None else {**step, "promise": promise})


_Word = Callable[[Facts, Policy, Amounts, list[str]], str | None]


def _date(name: str) -> _Word:
    def word(facts: Facts, policy: Policy, amounts: Amounts, missing: list[str]) -> str | None:
        day = getattr(facts, name)
        return None if day is None else in_words(day)

    return word


def _amount(name: str) -> _Word:
    def word(facts: Facts, policy: Policy, amounts: Amounts, missing: list[str]) -> str | None:
        amount = getattr(amounts, name)
        return None if amount is None else f"${amount:,}"

    return word


def _last_filing_day(
    facts: Facts, policy: Policy, amounts: Amounts, missing: list[str]
) -> str | None:
    if facts.delivered_on is None:
        return None
    return in_words(last_filing_day(facts.delivered_on, policy.days("filing_window_days")))


def _fee_percent(facts: Facts, policy: Policy, amounts: Amounts, missing: list[str]) -> str | None:
    return None if facts.fee_percent is None else f"{facts.fee_percent.normalize():f}"


def _missing(facts: Facts, policy: Policy, amounts: Amounts, missing: list[str]) -> str | None:
    return _listed([policy.facts[name] for name in missing], policy.words["and"])


def _choices(facts: Facts, policy: Policy, amounts: Amounts, missing: list[str]) -> str | None:
    remedies = policy.situations[facts.situation].remedies
    return _listed([policy.words[name] for name in remedies], policy.words["or"])


def _listed(items: list[str], joining: str) -> str:
    if len(items) < 3:
        return f" {joining} ".join(items)
    return f"{', '.join(items[:-1])}, {joining} {items[-1]}"


_DATES = ("requested_on", "ship_by", "shipped_on", "delivered_on", "return_in_transit_on")
_WORDS: dict[str, _Word] = {
    **{name: _date(name) for name in _DATES},
    **{name: _amount(name) for name in ("refund_min", "refund_max", "fee_max")},
    "last_filing_day": _last_filing_day,
    "fee_percent": _fee_percent,
    "missing": _missing,
    "choices": _choices,
}

"""The policy as Python sees it: what a policy file holds, checked, with its numbers filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from policy_core.errors import PolicyError
from policy_core.space import Cell

ASKED = "asked"
"""As the remedy of a rule: the one the customer named."""

OWN = "own"
"""As the clause of a sentence: the situation's own clause."""


class Clause(NamedTuple):
    """A clause of the published text: where it stands, and a summary in words of our own."""

    id: str
    where: str
    title: str
    summary: str


class Topic(NamedTuple):
    """A plain-language answer to a general question about the policy, and its clauses."""

    name: str
    title: str
    text: str
    clauses: tuple[str, ...]


class Interpretation(NamedTuple):
    """A reading of a point the text leaves open, and the reason for it."""

    title: str
    reading: str
    reason: str


class Number(NamedTuple):
    """A number of the policy, the clause that sets it, and the day it holds from."""

    value: int | Decimal
    unit: str
    clause: str
    since: date


class Contact(NamedTuple):
    """How a person at the shop is reached. `email` is None until the shop configures one;
    `reach` is both in words ("call us at …").
    """

    phone: str
    email: str | None
    reach: str


@dataclass(frozen=True)
class Text:
    """A sentence for customers. `needs` are the placeholders that a request has to fill;
    where one is not known, `otherwise` is said (nothing, if that is empty).
    """

    text: str
    otherwise: str = ""
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """One step of an explanation: a sentence, the clause it rests on, the facts that decided."""

    name: str
    clause: str
    facts: tuple[str, ...]
    interpretations: tuple[int, ...]
    text: Text


@dataclass(frozen=True)
class Promise:
    """What a party has to do: within so many business days of a fact, or with no date."""

    name: str
    party: str
    action: str
    days: int | None
    starts_with: str | None
    ends_with: str | None
    after: str | None
    clause: str
    interpretations: tuple[int, ...]
    interpretations_in: Mapping[str, tuple[int, ...]]
    text: Text | None
    waiting: Text | None


@dataclass(frozen=True)
class Situation:
    """One of the ten situations. `remedies` are those the customer may choose by right."""

    name: str
    title: str
    clause: str
    unstated_remedy: str | None
    remedies: tuple[str, ...]
    evidence: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Context:
    """A step said beside a rule's own wherever its conditions hold, but never beside a no."""

    step: str
    situations: tuple[str, ...]
    when: Mapping[str, frozenset[str]]


@dataclass(frozen=True, eq=False)
class Rule:
    """Where all of `when` holds in one of its situations, the outcome follows, unless a rule of
    `yields_to` holds too. `clause` is the decisive one; `remedy` "asked" is the one the customer
    named.
    """

    id: str
    situations: tuple[str, ...]
    when: Mapping[str, frozenset[str]]
    outcome: str
    clause: str
    remedy: str | None = None
    steps: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    obligations: tuple[str, ...] = ()
    refund: str | None = None
    yields_to: frozenset[str] = frozenset()
    approved_catch_all: bool = False

    def holds(self, cell: Cell) -> bool:
        """Whether the conditions hold for every value the cell may still have."""
        return cell.situation in self.situations and conditions_hold(self.when, cell)


def conditions_hold(when: Mapping[str, frozenset[str]], cell: Cell) -> bool:
    """Whether each named fact of the cell can only have allowed values."""
    return all(allowed.issuperset(getattr(cell, fact)) for fact, allowed in when.items())


@dataclass(frozen=True, eq=False)
class Policy:
    """One version of the policy. Made by `load_policy`; compared by identity."""

    version: str
    effective: date
    seller: str
    zone: ZoneInfo
    contact: Contact
    numbers: Mapping[str, Number]
    clauses: Mapping[str, Clause]
    interpretations: Mapping[int, Interpretation]
    facts: Mapping[str, str]
    words: Mapping[str, str]
    situations: Mapping[str, Situation]
    steps: Mapping[str, Step]
    context: tuple[Context, ...]
    promises: Mapping[str, Promise]
    amounts: Mapping[str, Step]
    said: Mapping[str, Step]
    rules: tuple[Rule, ...]
    topics: Mapping[str, Topic]
    path: Path | None = None
    memory: dict[str, Any] = field(default_factory=dict, repr=False)
    """Where the engine keeps what it has worked out from this version."""

    def today(self) -> date:
        """Today in the shop's time zone."""
        return datetime.now(self.zone).date()

    def number(self, name: str) -> int | Decimal:
        """A dated number by name, such as `filing_window_days`; PolicyError if there is none."""
        try:
            return self.numbers[name].value
        except KeyError:
            raise PolicyError(f"the policy has no number {name!r}") from None

    def days(self, name: str) -> int:
        """A number of days or business days by name."""
        return int(self.number(name))

    def clause(self, id: str) -> Clause:
        """A clause by id; PolicyError if there is none."""
        try:
            return self.clauses[id]
        except KeyError:
            raise PolicyError(f"the policy has no clause {id!r}") from None

    def topic(self, name: str) -> Topic:
        """The answer to a general question by name; PolicyError if there is none."""
        try:
            return self.topics[name]
        except KeyError:
            raise PolicyError(f"the policy has no topic {name!r}") from None

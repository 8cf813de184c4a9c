"""What a simulated customer wants, the true facts of it, and what the policy gives for them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from casework.cases.in_words import day, money, told
from casework.orders.sample_orders import Sample, sample_orders
from casework.shop import policy_in_force
from policy_core import Decision, decide

FOLDER = Path(__file__).parent
TEMPERS = ("patient", "angry", "hurried", "chatty", "contrary")
WAYS = ("short", "rambling", "correcting", "digressing", "slow")
# Where one in so many delivered orders has no date of arrival, which only the customer knows.
UNDATED = 6
# A case of a customer without anything to show, or who shows it later, has no evidence.
SUBMITTED = frozenset({"now", "pasted"})


@cache
def written(name: str) -> Mapping[str, Any]:
    """A file of words."""
    loaded: Mapping[str, Any] = yaml.safe_load((FOLDER / f"{name}.yml").read_text("utf-8"))
    return loaded


@cache
def _samples() -> Mapping[str, Sample]:
    return {sample.number: sample for sample in sample_orders(policy_in_force())}


@dataclass(frozen=True)
class Goal:
    """One customer: what they want, on which order, what they know, and how they are."""

    name: str
    temper: str
    way: str
    order: str | None = None
    thing: str = "order"
    items: tuple[int, ...] = ()
    remedy: str | None = None
    evidence: str | None = None
    undated: bool = False

    @property
    def words(self) -> Mapping[str, Any]:
        """What is written about such goals."""
        about: Mapping[str, Any] = written("goals")[self.name]
        return about

    @property
    def kind(self) -> str:
        """`case`, `order_status`, `case_status` or `policy`."""
        return str(self.words.get("kind", "case"))

    @property
    def sample(self) -> Sample:
        """The sample order it is about."""
        return _samples()[str(self.order)]

    @property
    def some_items(self) -> bool:
        """Whether it must be said which items it is about."""
        return bool(self.words.get("goods")) and len(self.sample.goods) > 1

    @property
    def called_otherwise(self) -> list[str]:
        """What a list calls the matters of others."""
        mine = set(self.words.get("situations", ()))
        others = [about for about in written("goals").values() if "listed" in about]
        return [about["listed"] for about in others if not mine & set(about["situations"])]

    def titles(self, chosen: bool) -> list[str]:
        """The titles of the items it is about, or of the others."""
        places = enumerate(self.sample.goods, start=1)
        return [line[0][1] for place, line in places if (place in self.items) is chosen]

    def arrived(self, today: date) -> date:
        """The day the order came."""
        return today + timedelta(days=self.sample.delivered or 0)

    def facts(self, today: date) -> dict[str, str]:
        """The true facts that are on the record."""
        sample = self.sample
        days = {
            "ship_by": sample.ship_by,
            "shipped_on": sample.shipped,
            "delivered_on": None if self.undated else sample.delivered,
        }
        return {
            "situation": str(self.words["situations"][0]),
            "requested_on": today.isoformat(),
            "order_status": sample.status,
        } | {
            name: (today + timedelta(days=offset)).isoformat()
            for name, offset in days.items()
            if offset is not None
        }

    def decision(self, today: date, *facts_told: str) -> Decision:
        """What the policy gives, once the customer has told some of remedy, evidence, arrival."""
        own = {
            "remedy": self.remedy,
            "evidence": self.evidence and ("submitted" if self.evidence in SUBMITTED else "none"),
            "delivered_on": self.arrived(today).isoformat() if self.undated else None,
        }
        known = {name: value for name, value in own.items() if value and name in facts_told}
        return decide(self.facts(today) | known, policy=policy_in_force(), today=today)

    def outcome(self, today: date) -> Decision:
        """What the policy gives on all the facts."""
        return self.decision(today, "remedy", "evidence", "delivered_on")

    def opens_case(self, today: date) -> bool:
        """Whether a request is written down, and so confirmed first."""
        nothing = ("not_available", "declined")
        return self.kind == "case" and self.outcome(today).outcome not in nothing

    def decisive(self, today: date) -> list[str]:
        """Which of the customer's own facts the policy has to know."""
        facts: list[str] = []
        if not self.opens_case(today):
            return facts
        while missing := self.decision(today, *facts).missing:
            facts.append(missing[0])
        return facts

    def marks(self, today: date) -> list[str]:
        """What the customer must read where nothing is opened: any one of these."""
        if self.kind == "policy":
            return [str(self.words["mark"])]
        if self.kind == "order_status":
            return [_status_mark(self.sample, today)]
        return told(self.outcome(today))


def _status_mark(sample: Sample, today: date) -> str:
    """What tells where an order is."""

    def on(offset: int | None) -> str:
        return day(today + timedelta(days=offset or 0))

    if sample.status == "processing":
        total = sum(float(line[0][2]) * line[1] for line in sample.goods)
        return on(sample.ship_by) if sample.ship_by >= 0 else money(f"{total:.2f}")
    dated = {"shipped": on(sample.shipped), "delivered": on(sample.delivered)}
    plainly = {"cancelled": "canceled", "returned_to_sender": "came back to us"}
    return (dated | plainly)[sample.status]


def crowd(number: int, seed: int) -> list[Goal]:
    """So many customers: every temper with every way of writing, every goal in turn."""
    chance = random.Random(seed)
    # A question about the policy is over in a turn; most customers come for more.
    names = [
        name
        for name, about in written("goals").items()
        for _ in range(1 if about.get("kind") == "policy" else 3)
    ]
    chance.shuffle(names)
    manners = [(temper, way) for temper in TEMPERS for way in WAYS]
    chance.shuffle(manners)
    return [
        _goal(names[place % len(names)], *manners[place % len(manners)], chance)
        for place in range(number)
    ]


def _goal(name: str, temper: str, way: str, chance: random.Random) -> Goal:
    about = written("goals")[name]
    if "orders" not in about:
        return Goal(name, temper, way)
    order = str(chance.choice(about["orders"]))
    sample = _samples()[order]
    place = chance.randrange(len(sample.goods)) if about.get("goods") else 0
    return Goal(
        name,
        temper,
        way,
        order=order,
        thing=str(chance.choice(written("phrases")["things"][sample.goods[place][0][1]])),
        items=(place + 1,) if len(sample.goods) > 1 else (),
        remedy=_one(about.get("remedies"), chance),
        evidence=_one(about.get("evidence"), chance),
        undated="evidence" in about
        and sample.status == "delivered"
        and chance.randrange(UNDATED) == 0,
    )


def _one(among: Sequence[str] | None, chance: random.Random) -> str | None:
    return str(chance.choice(among)) if among else None

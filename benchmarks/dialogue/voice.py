"""How a simulated customer puts things: templates filled in, in the customer's temper."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from typing import Any

from benchmarks.dialogue.goals import Goal, written


class Voice:
    """Words for one goal; `slip` is what is wrong at first: `order_number`, `email` or nothing."""

    def __init__(self, goal: Goal, today: date, chance: random.Random) -> None:
        self._goal = goal
        self._today = today
        self._chance = chance
        self._words = written("phrases")
        self._by_email = chance.random() < 0.5
        errs = goal.way == "correcting" and goal.order is not None
        self.slip = str(self.one_of(["order_number", "email"])) if errs else None

    def one_of(self, among: Sequence[Any]) -> Any:
        """One of several ways to say it."""
        return self._chance.choice(among)

    def say(self, kind: str, *of: str) -> str:
        """A phrase of a kind, such as `answers`, or of a kind of it."""
        forms = self._words[kind]
        for name in of:
            forms = forms[name]
        return self._filled(self.one_of(forms))

    def about(self, kind: str) -> str:
        """What the goal is about: its `gist`, `vague`, `story`, `again` or `description`."""
        return self._filled(self.one_of(self._goal.words.get(kind) or self._goal.words["gist"]))

    def aside(self) -> tuple[str, str]:
        """A question beside the point, and what its answer must hold."""
        side = self.one_of(self._words["side_questions"])
        return str(side["ask"]), str(side["mark"])

    def detail(self, fact: str) -> tuple[str, bool]:
        """The order number or the proof in a first message, and whether it is right."""
        forms = self._words["opening"]["order" if fact == "order_number" else "proof"]
        if fact == "proof":
            by_email = self._by_email or self.slip == "email"
            forms = [form for form in forms if ("{email}" in form) is by_email]
        form = self.one_of(forms)
        if self.slip != ("email" if fact == "proof" else fact):
            return self._filled(form), True
        number, email = str(self._goal.order), self._goal.sample.email.lower()
        return self._filled(form, order=_swapped(number), email=_misspelled(email)), False

    def in_temper(self, parts: Sequence[str]) -> str:
        """A first message of several parts."""
        temper = self._words["tempers"][self._goal.temper]
        before, tail = self.one_of(temper["before"]), self.one_of(temper["after"])
        text = before + joined(parts)
        text = joined([text, tail]) if tail[:1].isupper() else text + tail
        if self._goal.temper == "hurried":
            return text.lower().replace("'", "")
        loud = self._goal.temper == "angry" and self._chance.random() < 0.3
        return text.upper() if loud else text

    def with_chat(self, text: str) -> str:
        """The same with something that has nothing to do with it, from those who chat."""
        if self._goal.temper != "chatty":
            return text
        return joined([text, self.one_of(self._words["tempers"]["chatty"]["after"])])

    def _filled(self, form: str, **instead: str) -> str:
        if self._goal.order is None:
            return form
        sample, arrived = self._goal.sample, self._goal.arrived(self._today)
        values = {
            "order": sample.number,
            "email": sample.email.lower(),
            "zip": sample.zip[:5],
            "thing": self._goal.thing,
            "days": str((self._today - arrived).days),
            "date": f"{arrived:%B} {arrived.day}",
        }
        return form.format(**{**values, **instead})


def joined(parts: Sequence[str]) -> str:
    """Sentences, one after the other."""
    text = parts[0]
    for part in filter(None, parts[1:]):
        text += f" {part}" if text.endswith((".", "?", "!")) else f". {part}"
    return text


def _swapped(number: str) -> str:
    """The number with its two middle digits the wrong way round."""
    return number[:2] + number[3] + number[2] + number[4:]


def _misspelled(email: str) -> str:
    name, host = email.split("@")
    return f"{name[:-2]}{name[-1]}{name[-2]}x@{host}"

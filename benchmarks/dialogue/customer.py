"""A simulated customer: opens, answers what is asked, wavers and digresses, and ends."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from benchmarks.dialogue.goals import Goal, written
from benchmarks.dialogue.questions import CONFIRM, OFFER, WHAT, asked, asks_for_both
from tests.conversations.transcript import Reply

_OPPOSITE = {"replacement": "refund", "redelivery": "refund"}


@dataclass(frozen=True)
class Line:
    """What the customer does next: says something, or uploads files. `mark`: what an answer to a
    side question must hold."""

    text: str = ""
    files: tuple[str, ...] = ()
    mark: str | None = None


class Customer:
    """Talks towards a goal; `told` is what the assistant can know by now."""

    def __init__(self, goal: Goal, today: date, chance: random.Random) -> None:
        self.goal = goal
        self.told: set[str] = set()
        self._today = today
        self._chance = chance
        self._words = written("phrases")
        self._zip_or_email = chance.choice(["zip", "email"])
        self._mistake = self._one_of(["order_number", "email"]) if self._can_err() else None
        self._remedy = goal.remedy
        self._whims = self._own_whims()
        decisive = goal.decisive(today)
        self._confirms = goal.opens_case(today)
        self._changes_remedy = (
            "remedy" in decisive and goal.temper == "contrary" and "second_thought" in self._whims
        )
        if self._changes_remedy:
            self._remedy = self._other_remedy()
        self._needs = self._needed(decisive)

    # What it takes at least.

    def least_turns(self, at_first: set[str]) -> int:
        """The fewest turns with this customer, who told so much in the first one."""
        left = [fact for fact in self._needs if fact not in at_first]
        together = self.goal.way != "slow" and {"order_number", "proof"} <= set(left)
        return 1 + len(left) - together + self._confirms + len(self._whims)

    def _needed(self, decisive: list[str]) -> list[str]:
        if self.goal.kind == "policy":
            return []
        needs = ["order_number", "proof"]
        if self._confirms and self.goal.some_items:
            needs.append("items")
        if self._confirms and "description" in self.goal.words:
            needs.append("description")
        return needs + decisive

    def _can_err(self) -> bool:
        return self.goal.way == "correcting" and self.goal.order is not None

    def _own_whims(self) -> list[str]:
        goal, whims = self.goal, []
        if goal.way == "digressing" and goal.kind != "policy":
            whims.append("side_question")
        if goal.temper == "angry" and goal.way in ("short", "slow") and goal.order:
            whims.append("vent")
        if goal.temper == "contrary" and goal.opens_case(self._today):
            whims.append("second_thought")
        return whims

    # Speaking.

    def opening(self) -> Line:
        """The first message."""
        goal, way = self.goal, self.goal.way
        gist = {"rambling": "story", "slow": "vague"}.get(way, "gist")
        parts = [self._about(gist if gist in goal.words else "gist")]
        if gist != "vague":
            self.told |= {"items", "description"} if self._describes(parts[0]) else {"items"}
        if goal.order and way != "slow":
            parts.append(self._detail("order_number"))
        if goal.order and way in ("rambling", "correcting"):
            parts.append(self._detail("proof"))
        if self._remedy and self._says_remedy_at_once():
            parts.append(self._filled(self._one_of(self._words["opening"]["remedy"][self._remedy])))
            self.told.add("remedy")
        return Line(self._in_temper(_joined(parts)))

    def next(self, reply: Reply) -> Line:
        """The answer to a reply."""
        question = asked(reply)
        if self._mistake:
            return self._correct()
        if "side_question" in self._whims and question not in (None, WHAT):
            self._whims.remove("side_question")
            side = self._one_of(self._words["side_questions"])
            return Line(side["ask"], mark=side["mark"])
        if "vent" in self._whims and question in ("proof", "evidence", CONFIRM):
            self._whims.remove("vent")
            return Line(self._one_of(self._words["vents"]))
        return self._answer(question, reply)

    def _answer(self, question: str | None, reply: Reply) -> Line:
        if question == CONFIRM:
            return self._to_the_list(reply)
        if question == OFFER:
            return self._to_the_offer(reply)
        if question == "evidence":
            return self._evidence()
        if question == "order_number" and asks_for_both(reply) and self.goal.way != "slow":
            self.told |= {"order_number", "proof"}
            return self._say("both")
        if question in self._words["answers"]:
            self.told.add(str(question))
            return self._say(str(question))
        if question == "remedy" and self._remedy:
            self.told.add("remedy")
            return self._say(self._remedy)
        if question == "description":
            self.told.add("description")
            kind = "description" if "description" in self.goal.words else "again"
            return Line(self._about(kind))
        return self._to_the_rest(question, reply)

    def _to_the_rest(self, question: str | None, reply: Reply) -> Line:
        for title in reply.buttons:
            if any(word in title.casefold() for word in self.goal.words.get("words", ())):
                return Line(title)
        if question == WHAT or "again" not in self.told:
            self.told.add("again")
            return Line(self._about("again"))
        return self._say("next")

    def _to_the_list(self, reply: Reply) -> Line:
        text = reply.text.casefold()
        if "second_thought" in self._whims:
            self._whims.remove("second_thought")
            if not self._changes_remedy:
                self.told.add("wavered")
                return Line(self._one_of(self._words["second_thoughts"]))
            self._remedy = self.goal.remedy
            return Line(self._one_of(self._words["instead"][self._remedy]))
        if "wavered" in self.told:
            self.told.discard("wavered")
            return Line(self._one_of(self._words["after_second_thoughts"]))
        if "you get" not in text and "your request" not in text and "order" not in text:
            return self._say(CONFIRM)  # not a list
        wrong = any(title.casefold() in text for title in self.goal.titles(False))
        if self.goal.items and self.goal.words.get("goods") and wrong:
            return self._say("only")
        named = {"replacement": "replac", "redelivery": "sent again", "refund": "refund"}
        wish = self._remedy
        if wish and named[wish] not in text and ("refund" in text or "replac" in text):
            return Line(self._one_of(self._words["instead"][wish]))
        return self._say(CONFIRM)

    def _to_the_offer(self, reply: Reply) -> Line:
        asking = reply.messages[-1].text.casefold() if reply.messages else ""
        titles = [title.casefold() for title in reply.buttons]
        words = self.goal.words.get("words", ())
        if any(word in asking for word in words):
            return self._say(OFFER)
        if any(word in title for word in words for title in titles):
            return self._to_the_rest(OFFER, reply)
        return self._say("refuse")

    def _evidence(self) -> Line:
        self.told.add("evidence")
        how = self.goal.evidence or "none"
        if how == "now":
            return Line(files=("photo",))
        return self._say(how)

    def _correct(self) -> Line:
        mistake, self._mistake = self._mistake, None
        self.told.add("order_number" if mistake == "order_number" else "proof")
        return Line(self._filled(self._one_of(self._words["correcting"][mistake])))

    def _detail(self, fact: str) -> str:
        """A detail in the first message, perhaps with a slip in it."""
        as_email = self._mistake == "email" or self._zip_or_email == "email"
        forms = self._words["opening"]["order" if fact == "order_number" else "proof"]
        if fact == "proof":
            forms = [form for form in forms if ("{email}" in form) is as_email]
        form = self._one_of(forms)
        if self._mistake == ("email" if fact == "proof" else fact):
            return self._filled(form, order=_swapped(str(self.goal.order)), email=self._misspelled())
        self.told.add(fact)
        return self._filled(form)

    def _say(self, kind: str) -> Line:
        forms = self._words["answers"].get(kind) or self._words[kind]
        text = self._filled(self._one_of(forms))
        chatty = self.goal.temper == "chatty" and kind in ("order_number", "proof", "both", "items")
        return Line(text + self._one_of(self._words["tempers"]["chatty"]["after"]) * chatty)

    def _about(self, kind: str) -> str:
        return self._filled(self._one_of(self.goal.words.get(kind) or self.goal.words["gist"]))

    def _describes(self, text: str) -> bool:
        """Whether the first message tells what a person has to know: the right address, too."""
        return self.goal.name != "wrong_information" or any(map(str.isdigit, text))

    def _says_remedy_at_once(self) -> bool:
        unasked = "remedy" not in self.goal.decisive(self._today)
        return self.goal.way == "rambling" or (unasked and self.goal.remedy == "replacement")

    def _other_remedy(self) -> str | None:
        choice = self.goal.words.get("remedies", ())
        others = [remedy for remedy in choice if remedy != self.goal.remedy]
        return others[0] if others else self.goal.remedy

    def _filled(self, form: str, **instead: str) -> str:
        if self.goal.order is None:
            return form
        sample, arrived = self.goal.sample, self.goal.arrived(self._today)
        values: Mapping[str, Any] = {
            "order": sample.number,
            "email": sample.email.lower(),
            "zip": sample.zip[:5],
            "thing": self.goal.thing,
            "days": (self._today - arrived).days,
            "date": f"{arrived:%B} {arrived.day}",
        }
        return form.format(**{**values, **instead})

    def _misspelled(self) -> str:
        name, host = self.goal.sample.email.lower().split("@")
        return f"{name[:-2]}{name[-1]}{name[-2]}x@{host}"

    def _in_temper(self, text: str) -> str:
        temper = self._words["tempers"][self.goal.temper]
        told = self._one_of(temper["before"]) + text + self._one_of(temper["after"])
        if self.goal.temper == "hurried":
            return told.lower().replace("'", "")
        return told.upper() if self.goal.temper == "angry" and self._chance.random() < 0.3 else told

    def _one_of(self, among: Any) -> Any:
        return self._chance.choice(among)


def _swapped(number: str) -> str:
    """The number with its two middle digits the wrong way round."""
    return number[:2] + number[3] + number[2] + number[4:]


def _joined(parts: list[str]) -> str:
    text = parts[0]
    for part in parts[1:]:
        text += f" {part}" if text.endswith((".", "?", "!")) else f". {part}"
    return text

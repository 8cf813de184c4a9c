"""A simulated customer: opens, answers what is asked, wavers and digresses, and ends."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date

from benchmarks.dialogue.goals import Goal
from benchmarks.dialogue.questions import CONFIRM, OFFER, WHAT, asked, asks_for_both
from benchmarks.dialogue.voice import Voice, joined
from tests.conversations.transcript import Reply

# How a remedy is named in the list of what will be done.
_NAMED = {"replacement": "replac", "redelivery": "again", "refund": "refund"}
_DETAILS = ("order_number", "proof", "items", "delivered_on")


@dataclass(frozen=True)
class Line:
    """What the customer does next: says something, or uploads files.

    `mark` is what an answer to a question of the customer must hold.
    """

    text: str = ""
    files: tuple[str, ...] = ()
    mark: str | None = None


class Customer:
    """Talks towards a goal; `told` is what the assistant can know by now."""

    def __init__(self, goal: Goal, today: date, chance: random.Random) -> None:
        self.goal = goal
        self.told: set[str] = set()
        self._today = today
        self._voice = Voice(goal, today, chance)
        self._slip = self._voice.slip
        self._confirms = goal.opens_case(today)
        self._decisive = goal.decisive(today)
        self._whims = self._own_whims()
        self._remedy = self._remedy_at_first()
        self._wavered = False

    def least_turns(self) -> int:
        """The fewest turns that this customer takes, once the first message is written."""
        left = [fact for fact in self._needed() if fact not in self.told]
        together = self.goal.way != "slow" and {"order_number", "proof"} <= set(left)
        return 1 + len(left) - together + self._confirms + len(self._whims)

    def opening(self) -> Line:
        """The first message."""
        goal, way = self.goal, self.goal.way
        kind = {"rambling": "story", "slow": "vague"}.get(way, "gist")
        parts = [self._voice.about(kind)]
        if kind != "vague":
            self.told.add("items")
            # A wrong address is told of only with the right one.
            if goal.name != "wrong_information" or any(map(str.isdigit, parts[0])):
                self.told.add("description")
        details = {"slow": (), "rambling": _DETAILS[:2], "correcting": _DETAILS[:2]}
        for fact in details.get(way, _DETAILS[:1]) if goal.order else ():
            text, right = self._voice.detail(fact)
            parts.append(text)
            self.told |= {fact} if right else set()
        if self._remedy and self._says_remedy_at_once():
            parts.append(self._voice.say("opening", "remedy", self._remedy))
            self.told.add("remedy")
        return Line(self._voice.in_temper(parts))

    def next(self, reply: Reply) -> Line:
        """The answer to a reply."""
        question = asked(reply)
        if self._slip:
            slip, self._slip = self._slip, None
            self.told.add("order_number" if slip == "order_number" else "proof")
            return Line(self._voice.say("correcting", slip))
        if "side_question" in self._whims and question not in (None, WHAT):
            self._whims.remove("side_question")
            text, mark = self._voice.aside()
            return Line(text, mark=mark)
        if "vent" in self._whims and question in ("proof", "evidence", CONFIRM):
            self._whims.remove("vent")
            return Line(self._voice.say("vents"))
        return self._answer(question, reply)

    def follow_up(self) -> Line | None:
        """What some ask at the end: by when, or who decides; with what the answer must hold."""
        if self.goal.temper not in ("patient", "hurried") or not self._confirms:
            return None
        decision = self.goal.outcome(self._today)
        due = [one["due"] for one in decision.obligations if one["due"]]
        if decision.outcome == "entitled" and due:
            last = date.fromisoformat(str(due[-1]))
            return Line(self._voice.say("follow_ups", "settled"), mark=f"{last:%B} {last.day}")
        return Line(self._voice.say("follow_ups", "open"), mark="person")

    def _answer(self, question: str | None, reply: Reply) -> Line:
        if question == CONFIRM:
            return self._to_the_list(reply.text.casefold())
        if question == OFFER:
            return self._to_the_offer(reply)
        if self.goal.kind == "policy" or (question == "remedy" and not self._remedy):
            return Line(self._voice.about("again"))
        if question in (None, WHAT):
            return self._to_the_rest(question, reply)
        self.told.add(question)
        if question == "order_number" and asks_for_both(reply) and self.goal.way != "slow":
            self.told.add("proof")
            return Line(self._voice.with_chat(self._voice.say("answers", "both")))
        if question == "evidence":
            how = self.goal.evidence or "none"
            return Line(files=("photo",)) if how == "now" else self._say(how)
        if question == "description":
            known = "description" in self.goal.words
            return Line(self._voice.about("description" if known else "again"))
        return self._say(str(self._remedy) if question == "remedy" else question)

    def _say(self, kind: str) -> Line:
        text = self._voice.say("answers", kind)
        return Line(self._voice.with_chat(text) if kind in _DETAILS else text)

    def _to_the_list(self, listed: str) -> Line:
        if "second_thought" in self._whims:
            self._whims.remove("second_thought")
            if self._remedy != self.goal.remedy:
                self._remedy = self.goal.remedy
                return Line(self._voice.say("instead", str(self._remedy)))
            self._wavered = True
            return Line(self._voice.say("second_thoughts"))
        if self._wavered:
            self._wavered = False
            return Line(self._voice.say("after_second_thoughts"))
        if not self._confirms:
            return Line(self._voice.say("not_that"))
        return self._objection(listed) or self._say(CONFIRM)

    def _objection(self, listed: str) -> Line | None:
        """What is wrong with the list, not said too often: the matter, the items, or the remedy."""
        if "not that" not in self.told and any(
            name in listed for name in self.goal.called_otherwise
        ):
            self.told.add("not that")
            return Line(joined([self._voice.say("not_that"), self._voice.about("again")]))
        others = self.goal.titles(False) if self.goal.some_items else []
        wrong_items = any(title.casefold() in listed for title in others)
        wrong_remedy = self._remedy is not None and _NAMED[self._remedy] not in listed
        if wrong_items and "only these" not in self.told:
            self.told.add("only these")
            return Line(self._voice.say("only"))
        if wrong_remedy and "only this" not in self.told:
            self.told.add("only this")
            return Line(self._voice.say("instead", str(self._remedy)))
        if wrong_remedy and "plainly" not in self.told:
            self.told.add("plainly")
            return self._say(str(self._remedy))
        return None

    def _to_the_offer(self, reply: Reply) -> Line:
        asking = reply.messages[-1].text.casefold() if reply.messages else ""
        words = self.goal.words.get("words", ())
        if any(word in asking for word in words):
            return self._say(OFFER)
        if self._fitting(reply):
            return self._to_the_rest(OFFER, reply)
        return self._say("refuse")

    def _to_the_rest(self, question: str | None, reply: Reply) -> Line:
        """Nothing was asked that helps: press what fits, say it in other words, or ask on."""
        if title := self._fitting(reply):
            return Line(title)
        if question == WHAT or "again" not in self.told:
            self.told.add("again")
            return Line(self._voice.about("again"))
        return self._say("next")

    def _fitting(self, reply: Reply) -> str | None:
        words = self.goal.words.get("words", ())
        fits = (title for title in reply.buttons if any(word in title.casefold() for word in words))
        return next(fits, None)

    # What this customer is like.

    def _needed(self) -> list[str]:
        """What the assistant cannot do without."""
        if self.goal.kind == "policy":
            return []
        needs = ["order_number", "proof"]
        if self._confirms and self.goal.some_items:
            needs.append("items")
        if self._confirms and "description" in self.goal.words:
            needs.append("description")
        return needs + self._decisive

    def _own_whims(self) -> list[str]:
        goal, whims = self.goal, []
        if goal.way == "digressing" and goal.kind != "policy":
            whims.append("side_question")
        if goal.temper == "angry" and goal.way in ("short", "slow") and goal.order:
            whims.append("vent")
        if goal.temper == "contrary" and self._confirms:
            whims.append("second_thought")
        return whims

    def _remedy_at_first(self) -> str | None:
        """What is asked for at first: the contrary change it later, if there is a choice."""
        others = [one for one in self.goal.words.get("remedies", ()) if one != self.goal.remedy]
        changes = "second_thought" in self._whims and "remedy" in self._decisive
        return str(others[0]) if changes and others else self.goal.remedy

    def _says_remedy_at_once(self) -> bool:
        unasked = "remedy" not in self._decisive and self.goal.remedy == "replacement"
        return self.goal.way == "rambling" or unasked

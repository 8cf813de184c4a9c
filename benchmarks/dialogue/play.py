"""Plays one simulated customer to the end, and says what became of the goal."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.dialogue.customer import Customer, Line
from benchmarks.dialogue.goals import Goal
from benchmarks.dialogue.questions import asked, has_no_bearing
from tests.conversations.checks import plain
from tests.conversations.schema import Conversation
from tests.conversations.stage import Stage, Typing
from tests.conversations.transcript import Reply, Transcript
from tests.conversations.world import ConversationWorld

TODAY = "2026-03-11"
# A customer gives up after so many turns too many, or so many useless replies on end.
PATIENCE = 7
USELESS = 3


@dataclass
class Outcome:
    """How it went. `missed` says what is not as the policy demands; empty: the goal was reached."""

    goal: Goal
    missed: str = "nothing was said yet"
    turns: int = 0
    least: int = 0
    asked_again: int = 0
    repeated: int = 0
    no_bearing: int = 0
    errors: list[str] = field(default_factory=list)
    transcript: str = ""

    @property
    def reached(self) -> bool:
        """Whether the customer got what the policy gives."""
        return not self.missed

    @property
    def needless(self) -> int:
        """Turns over the least possible."""
        return max(0, self.turns - self.least)

    def counted(self) -> str:
        """Its figures in a line."""
        return (
            f"{self.turns} turns, {self.least} needed; asked again {self.asked_again}, "
            f"repeated {self.repeated}, no bearing {self.no_bearing}"
        )


def seed_of(seed: int, place: int) -> int:
    """The seed of one customer of a crowd."""
    return seed * 1_000_003 + place


def play(stage: Stage, goal: Goal, seed: int) -> Outcome:
    """One customer, in a fresh world."""
    changes = ({"number": goal.order, "delivered_on": None},) if goal.undated else ()
    heading = f"{goal.temper}, {goal.way}: {goal.name}"
    conversation = Conversation(heading, Path(heading), 0, TODAY, changes, {}, ())
    assistant = stage.assistant
    with stage.worlds.world_of(conversation) as world:
        return stage.run(_talk(goal, Typing(assistant, world), world, random.Random(seed)))


async def _talk(
    goal: Goal, assistant: Typing, world: ConversationWorld, chance: random.Random
) -> Outcome:
    customer = Customer(goal, world.now().date(), chance)
    transcript = Transcript(f"{goal}")
    outcome, before, heard = Outcome(goal), "", ""
    line: Line | None = customer.opening()
    outcome.least = customer.least_turns()
    useless = 0
    while line and useless < USELESS and outcome.turns < outcome.least + PATIENCE:
        knew = set(customer.told) - ({"evidence"} if line.files else set())
        said = _said(line, world, transcript)
        reply = await assistant.say(world.conversation_id, said)
        transcript.assistant(reply)
        outcome.turns += 1
        repeated = reply.text == before and bool(before)
        no_bearing = has_no_bearing(reply) or _unanswered(line, reply)
        outcome.repeated += repeated
        outcome.no_bearing += no_bearing
        outcome.errors += reply.errors
        useless = useless + 1 if repeated or no_bearing else 0
        before, heard = reply.text, f"{heard}\n{plain(reply.text)}"
        was_reached, outcome.missed = outcome.reached, missed(goal, world, heard)
        # What an answer says of pictures once a case is open is no question.
        outcome.asked_again += bool(outcome.missed) and asked(reply) in knew
        if was_reached:
            break
        line = customer.next(reply) if outcome.missed else customer.follow_up()
        outcome.least += line is not None and outcome.reached
    outcome.transcript = str(transcript)
    return outcome


def _said(line: Line, world: ConversationWorld, transcript: Transcript) -> str:
    if line.files:
        transcript.event(f"uploads: {', '.join(line.files)}")
    said = world.add_evidence(line.files) if line.files else line.text
    transcript.customer(said)
    return said


def _unanswered(line: Line, reply: Reply) -> bool:
    return line.mark is not None and plain(line.mark) not in plain(reply.text)


def missed(goal: Goal, world: ConversationWorld, heard: str) -> str:
    """What is not yet as the policy demands it on the true facts; "" where all is."""
    today = world.now().date()
    cases = world.database()["cases"]
    if cases and not goal.opens_case(today):
        return f"a case was opened, {_shown(cases[0])}"
    if goal.kind == "case_status":
        number = world.case_number(goal.order) or ""
        return "" if plain(number) in heard else f"case {number} was not told of"
    if not goal.opens_case(today):
        marks = goal.marks(today)
        return "" if any(plain(mark) in heard for mark in marks) else f"not told: {marks[0]}"
    if len(cases) != 1:
        return f"{len(cases)} cases were opened instead of one"
    wrong = _differences(goal, cases[0], today)
    return f"the case has {wrong}" if wrong else ""


def _differences(goal: Goal, case: Mapping[str, Any], today: Any) -> str:
    wanted = goal.outcome(today)
    pairs: dict[str, Any] = {
        "order": goal.order,
        "outcome": wanted.outcome,
        "remedy": wanted.remedy,
    }
    if goal.some_items:
        pairs["items"] = [str(place) for place in goal.items]
    wrong = [
        f"{name} {case[name]}, not {value}" for name, value in pairs.items() if case[name] != value
    ]
    if case["situation"] not in goal.words["situations"]:
        wrong.append(f"situation {case['situation']}")
    return "; ".join(wrong)


def _shown(case: Mapping[str, Any]) -> str:
    return f"{case['situation']} on {case['order']}, {case['outcome']}"

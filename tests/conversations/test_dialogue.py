"""Whole dialogues with simulated customers reach what the policy gives, without needless turns.

`python -m benchmarks.dialogue --seed 7 --customers 60 --show-failures` plays the same ones.
"""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from benchmarks.dialogue.goals import crowd
from benchmarks.dialogue.play import Outcome, seed_of
from benchmarks.dialogue.play import play as play_customer
from benchmarks.dialogue.questions import CONFIRM, FACTS, asked
from benchmarks.dialogue.report import figures, table
from tests.conversations.model import ROOT
from tests.conversations.transcript import Message, Reply

SEED = 7
CUSTOMERS = 60
# What a good clerk would do; a figure below says that the dialogue got worse.
REACHED = 0.95
NEEDLESS_TURNS = 1.0


@pytest.fixture(scope="module")
def outcomes(stage: Any) -> list[Outcome]:
    return [
        play_customer(stage, goal, seed_of(SEED, place))
        for place, goal in enumerate(crowd(CUSTOMERS, SEED))
    ]


def _failed(outcomes: list[Outcome]) -> str:
    """The figures, and the conversations that did not reach their goal."""
    missed = [f"{one.transcript}\n\n> {one.missed}\n" for one in outcomes if not one.reached]
    return "\n".join([table(outcomes), *missed])


def test_customers_get_what_the_policy_gives(outcomes: list[Outcome]) -> None:
    assert figures(outcomes)["reached"] >= REACHED, _failed(outcomes)


def test_customers_need_few_needless_turns(outcomes: list[Outcome]) -> None:
    assert figures(outcomes)["needless"] <= NEEDLESS_TURNS, table(outcomes)


def test_no_action_fails(outcomes: list[Outcome]) -> None:
    assert [error for one in outcomes for error in one.errors] == []


def test_the_same_seed_is_the_same_crowd() -> None:
    assert crowd(CUSTOMERS, SEED) == crowd(CUSTOMERS, SEED) != crowd(CUSTOMERS, SEED + 1)


def test_a_crowd_has_every_kind_of_customer() -> None:
    people = crowd(250, SEED)
    assert len({(one.temper, one.way) for one in people}) == 25
    assert len({one.name for one in people}) == 17
    assert any(one.undated for one in people)


@pytest.mark.parametrize("way", ["ask", "again"])
@pytest.mark.parametrize("question", [*FACTS, CONFIRM])
def test_customers_know_a_question_when_they_read_one(question: str, way: str) -> None:
    """They read the words; whoever rewrites a question learns here that it is not one for them."""
    written = yaml.safe_load((ROOT / "data" / "responses" / "matters.yml").read_text("utf-8"))
    [response] = written["responses"][f"utter_{way}_{question}"]
    text = response["text"].replace("{choice}", "a refund or a replacement")
    assert asked(Reply((Message(text),))) == question

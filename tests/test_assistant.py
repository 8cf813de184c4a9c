"""The assistant's files fit together: nothing named that does not exist, nothing unused."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.matters import MATTERS
from actions.questions import QUESTIONS
from policy_core import load_policy

ROOT = Path(__file__).parent.parent
DOMAIN: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text())
ACTION_SOURCE = "\n".join(path.read_text() for path in sorted((ROOT / "actions").glob("*.py")))

# Replies whose name an action completes: the outcome, the status, the question.
COMPLETED = (
    "utter_ask_policy/",
    "utter_other_language/",
    "utter_explain_",
    "utter_again_",
    "utter_why_",
    "utter_regret_",
    "utter_case_",
    "utter_order_",
)


def _read(folder: str) -> list[dict[str, Any]]:
    return [yaml.safe_load(path.read_text()) for path in sorted((ROOT / "data" / folder).glob("*"))]


def _responses() -> dict[str, Any]:
    return {name: body for file in _read("responses") for name, body in file["responses"].items()}


def _intents() -> set[str]:
    return {next(iter(one)) if isinstance(one, dict) else one for one in DOMAIN["intents"]}


def _rule_steps(kind: str) -> set[str]:
    found: set[str] = set()
    for file in _read("rules"):
        for rule in file["rules"]:
            for step in rule["steps"]:
                for one in step.get("or", [step]):
                    if kind in one:
                        found.add(one[kind])
    return found


def test_every_intent_has_a_rule() -> None:
    assert _intents() - _rule_steps("intent") == set()


def test_every_trained_intent_is_in_the_domain_and_the_other_way_round() -> None:
    trained = {one["intent"].split("/")[0] for file in _read("nlu") for one in file["nlu"]}
    never_typed = {"nlu_fallback", "handed_back"}
    assert trained == _intents() - never_typed


def test_every_action_of_the_domain_exists_and_every_one_that_exists_is_in_the_domain() -> None:
    names = set(re.findall(r'return "(action_\w+)"', ACTION_SOURCE))
    assert names == set(DOMAIN["actions"])


def test_every_action_a_rule_names_is_in_the_domain() -> None:
    assert _rule_steps("action") <= set(DOMAIN["actions"])


def test_every_reply_an_action_names_exists_and_none_is_left_over() -> None:
    named = set(re.findall(r'"(utter_\w+)"', ACTION_SOURCE)) | _rule_steps("action")
    outcomes = {f"utter_{outcome}{where}" for outcome in _outcomes() for where in ("", "_here")}
    replies = set(_responses())
    assert {name for name in named if name.startswith("utter_")} - {"utter_action"} <= replies
    left_over = replies - named - outcomes - {"utter_default"}
    assert {name for name in left_over if not name.startswith(COMPLETED)} == set()


def _outcomes() -> list[str]:
    written = ["entitled", "need_evidence", "seller_decides", "dispute"]
    return [*written, "not_available", "declined", "contact_us"]


@pytest.mark.parametrize("outcome", [*_outcomes(), "need_facts"])
def test_every_outcome_of_a_case_can_be_told(outcome: str) -> None:
    assert f"utter_case_{outcome}" in _responses()


@pytest.mark.parametrize("slot", [*QUESTIONS, "correction"])
def test_every_question_is_asked_again_explained_and_justified(slot: str) -> None:
    said = {f"utter_{way}_{slot}" for way in ("ask", "again", "explain", "why")}
    assert said <= set(_responses())
    assert slot in DOMAIN["slots"] or slot == "correction"


def test_every_topic_of_the_policy_has_a_reply_and_training_sentences() -> None:
    topics = set(load_policy().topics)
    trained = {one["intent"] for file in _read("nlu") for one in file["nlu"]}
    assert {f"utter_ask_policy/{topic}" for topic in topics} <= set(_responses())
    assert {f"ask_policy/{topic}" for topic in topics} <= trained


def test_no_quick_reply_is_a_command_and_each_shows_what_it_sends() -> None:
    for name, variants in _responses().items():
        for variant in variants:
            for button in variant.get("buttons", []):
                assert button["payload"] == button["title"], name
    assert not any(matter.title.startswith("/") for matter in MATTERS.values())


def test_no_policy_number_and_no_phone_number_outside_the_policy_file() -> None:
    days = r"\b(30|thirty)[ -]days?\b|\b(3|5|three|five) business days?\b"
    figures = re.compile(days + r"|\b35 ?%|\d-\d{3}-\d{3}-\d{4}", re.I)
    places = [ROOT / "domain.yml", *(ROOT / "data" / "responses").glob("*")]
    for room in ("actions", "casework", "gateway"):
        places += (ROOT / room).rglob("*.py")
    found = {path.name: figures.findall(path.read_text()) for path in places}
    assert {name: hits for name, hits in found.items() if hits} == {}

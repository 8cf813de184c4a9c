"""What is mended of a turn: still needed, and the same as Rasa does it."""

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core import processor
from rasa.core.actions.action import ActionListen
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core import events as rasa
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from gateway.inside_rasa import mends

REPLY, LISTEN = ActionExecuted("action_reply"), ActionExecuted("action_listen")
DOMAIN = Domain.from_dict(
    {
        "intents": ["greet", "deny"],
        "slots": {
            name: {
                "type": "any", "influence_conversation": False, "initial_value": value,
                "mappings": [{"type": "custom"}],
            }
            for name, value in (("matter", None), ("misses", 0))
        },
        "actions": ["action_reply"],
        "forms": {"claim": {"required_slots": ["matter"]}},
    }
)  # fmt: skip


@pytest.fixture(autouse=True)
def rasa_as_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is mended here is undone afterwards."""
    for one in mends.MENDS:
        monkeypatch.setattr(one.owner, one.name, vars(one.owner)[one.name])


def heard(intent: str | None, text: str = "hello") -> UserUttered:
    return UserUttered(text, {"name": intent, "confidence": 1.0})


def began() -> list[Event]:
    return [ActionExecuted("action_session_start"), rasa.SessionStarted(), LISTEN]


def answered(intent: str) -> list[Event]:
    said = BotUttered("Hello.", {"buttons": []})
    featurized = rasa.DefinePrevUserUtteredFeaturization(False)
    return [heard(intent), featurized, REPLY, said, SlotSet("matter", "damaged"), LISTEN]


def conversations() -> Iterator[list[Event]]:
    for intent in ("greet", "deny", "restart", "no_such_intent", None):
        yield [*began(), heard(intent)]
        yield [*began(), heard(intent), SlotSet("misses", 1), REPLY, BotUttered("Hi.")]
        yield [*began(), *answered("greet"), heard(intent)]
        yield [*began(), *answered("deny"), *began(), heard(intent), REPLY]
        yield [*began(), heard(intent), REPLY, REPLY]
        yield [heard(intent)]
        yield [*began(), heard("deny"), heard(intent)]
        yield [*began(), *answered("greet"), heard(intent), rasa.ActiveLoop("claim")]
        yield [*began(), heard(intent), rasa.ActionExecutionRejected("action_reply")]
        yield [*began(), *answered("greet"), heard(intent), rasa.ActionReverted()]
        yield [*began(), *answered("greet"), rasa.UserUtteranceReverted(), heard(intent)]
        yield [*began(), *answered("greet"), rasa.FollowupAction("action_reply")]
        yield [*began(), *answered("greet"), rasa.ConversationPaused(), heard(intent)]
        yield [*began(), *answered("greet"), rasa.Restarted()]
        yield [*began(), *answered("greet"), rasa.AllSlotsReset(), *answered("deny")]
    yield began()
    yield []


def tracker_of(events: list[Event]) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("c", events, DOMAIN.slots)


def rule(intent: str, *then: str, **more: Any) -> list[tuple[str, str]]:
    """What RulePolicy memorizes of: heard this intent, do these actions."""
    actions = ["action_listen", *then]
    states = [
        {"prev_action": {"action_name": name}, "user": {"intent": intent}, **more}
        for name in actions
    ]
    does = [*then, "action_listen"]
    return [(json.dumps(states[: at + 1], sort_keys=True), does[at]) for at in range(len(does))]


ONE_TURN = dict([*rule("greet", "action_reply"), *rule("deny", "action_reply")])
WITH_SLOT = ONE_TURN | dict(rule("greet", "action_reply", slots={"matter": [1.0]}))
# The same intent twice: the turn before the last counts as well.
HEARD_TWICE = ONE_TURN | {
    json.dumps(
        [
            {"prev_action": {"action_name": name}, "user": {"intent": "greet"}}
            for name in ("action_listen", "action_reply", "action_listen")
        ],
        sort_keys=True,
    ): "action_back"
}
NEVER_HEARD = ONE_TURN | {
    json.dumps(
        [{"prev_action": {"action_name": "action_reply"}, "user": {"intent": "deny"}}]
    ): "action_back"
}
TWO_TURNS = ONE_TURN | {
    json.dumps(
        [
            {"prev_action": {"action_name": "action_reply"}, "user": {"intent": "deny"}},
            {"prev_action": {"action_name": "action_listen"}, "user": {"intent": "greet"}},
        ]
    ): "action_back"
}


@pytest.fixture
def policy(tmp_path: Path) -> Callable[[dict[str, str]], RulePolicy]:
    def made(rules: dict[str, str], **more: Any) -> RulePolicy:
        given = RulePolicy.get_default_config() | {"core_fallback_threshold": 0.3}
        storage = LocalModelStorage.create(tmp_path)
        context = SimpleNamespace(is_finetuning=False)
        lookup = {RULES: rules, RULES_FOR_LOOP_UNHAPPY_PATH: {}, **more}
        return RulePolicy(given, storage, Resource("rules"), context, lookup=lookup)

    return made


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often a conversation was held against the rules."""
    count: Counter[str] = Counter()
    look = RulePolicy._find_action_from_rules
    monkeypatch.setattr(
        RulePolicy,
        "_find_action_from_rules",
        lambda *given, **more: count.update(["looks"]) or look(*given, **more),
    )
    return count


@pytest.mark.parametrize("rules", [ONE_TURN, WITH_SLOT, TWO_TURNS, HEARD_TWICE, NEVER_HEARD])
def test_rules_answer_as_before(policy: Any, rules: dict[str, str]) -> None:
    told = [policy(rules)._predict(tracker_of(one), DOMAIN)[0] for one in conversations()]
    mends.mend()
    mended = policy(rules)
    for _ in range(2):
        again = [mended._predict(tracker_of(one), DOMAIN)[0] for one in conversations()]
        assert again == told
    names = {DOMAIN.action_names_or_texts[one.max_confidence_index] for one in told}
    assert {"action_reply", "action_listen", "action_restart"} <= names


def test_the_same_turn_is_held_against_the_rules_once(policy: Any, looks: Counter[str]) -> None:
    turns = [tracker_of([*began(), heard("greet")]), tracker_of([*began(), heard("greet"), REPLY])]
    theirs = policy(ONE_TURN)
    for _ in range(3):
        for turn in turns:
            theirs.predict_action_probabilities(turn, DOMAIN)
    assert looks["looks"] == 12, "Rasa remembers it by itself now: this mend can go"
    mends.mend()
    mended = policy(ONE_TURN)
    looks.clear()
    for _ in range(3):
        for turn in turns:
            mended.predict_action_probabilities(turn, DOMAIN)
    assert looks["looks"] == 4
    mended.predict_action_probabilities(turns[0], Domain.from_dict(DOMAIN.as_dict()))
    assert looks["looks"] == 6, "another domain has other actions"


@pytest.mark.parametrize("rules", [WITH_SLOT, TWO_TURNS, HEARD_TWICE, NEVER_HEARD])
def test_rules_that_look_further_are_asked_every_time(
    policy: Any, looks: Counter[str], rules: dict[str, str]
) -> None:
    mends.mend()
    mended = policy(rules)
    for _ in range(3):
        mended.predict_action_probabilities(tracker_of([*began(), heard("greet")]), DOMAIN)
    assert looks["looks"] == 6


def test_what_is_remembered_is_not_given_away(policy: Any) -> None:
    mends.mend()
    mended, turn = policy(ONE_TURN), tracker_of([*began(), heard("greet")])
    for _ in range(3):
        given = mended.predict_action_probabilities(turn, DOMAIN)
        assert (max(given.probabilities), given.events) == (1.0, [])
        given.probabilities[:] = [0.0] * len(given.probabilities)
        given.events.append(LISTEN)


def state(tracker: DialogueStateTracker) -> dict[str, Any]:
    kept = dict(vars(tracker))
    kept["slots"] = {name: vars(slot) for name, slot in tracker.slots.items()}
    return kept


def test_a_conversation_is_copied_as_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    told = [tracker_of(one) for one in conversations()]
    theirs = [state(one.copy()) for one in told]
    mends.mend()
    assert [state(one.copy()) for one in told] == theirs
    lived: Counter[str] = Counter()
    live = DialogueStateTracker.update
    monkeypatch.setattr(
        DialogueStateTracker,
        "update",
        lambda *given: lived.update(["event"]) or live(*given),
    )
    turn = tracker_of([*began(), *answered("greet"), heard("deny")])
    lived.clear()
    copied = turn.copy()
    assert lived["event"] == 0
    copied.update(SlotSet("matter", "lost"))
    assert (turn.get_slot("matter"), copied.get_slot("matter")) == ("damaged", "lost")
    assert len(copied.events) == len(turn.events) + 1
    turn.travel_back_in_time(float("inf"))
    assert lived["event"] > len(turn.events), "Rasa does not live through it now: see the mend"


class Slot(SlotSet):
    """Counts how often it was copied deeply."""

    copied = 0

    def __deepcopy__(self, memo: object) -> "Slot":
        Slot.copied += 1
        return self


def noted(given: list[Event] | None, prediction: PolicyPrediction) -> list[Event]:
    tracker = tracker_of([*began(), heard("greet")])
    one = object.__new__(MessageProcessor)
    one.domain = DOMAIN
    one._log_action_on_tracker(tracker, ActionListen(), given, prediction)
    return list(tracker.events)


def test_nothing_is_copied_for_a_log_that_is_not_kept(caplog: pytest.LogCaptureFixture) -> None:
    featurized = rasa.DefinePrevUserUtteredFeaturization(False)
    prediction = PolicyPrediction([1.0], "RulePolicy", events=[featurized])
    rejected = [rasa.ActionExecutionRejected("action_reply")]
    results: list[list[Event] | None] = [None, [], [Slot("matter", "lost")], rejected]
    caplog.set_level(logging.INFO, logger=processor.__name__)
    Slot.copied = 0
    theirs = [noted(one, prediction) for one in results]
    assert Slot.copied, "Rasa copies nothing now: this mend can go"
    mends.mend()
    Slot.copied = 0
    assert [noted(one, prediction) for one in results] == theirs
    assert not Slot.copied
    caplog.set_level(logging.DEBUG, logger=processor.__name__)
    assert [noted(one, prediction) for one in results] == theirs
    assert Slot.copied


def test_a_domain_is_compared_with_one_empty_one(monkeypatch: pytest.MonkeyPatch) -> None:
    made: Counter[str] = Counter()
    make = Domain.empty

    def empty() -> Domain:
        made.update(["empty"])
        return make()

    monkeypatch.setattr(Domain, "empty", empty)
    assert make().is_empty()
    assert not DOMAIN.is_empty()
    assert made["empty"] == 2, "Rasa makes none now: this mend can go"
    mends.mend()
    made.clear()
    assert make().is_empty()
    assert not DOMAIN.is_empty()
    assert not made

"""What Rasa does of a turn, done the same without working out what it knows already."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from copy import copy
from typing import Any

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.constants import DEFAULT_SENDER_ID
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

# Events that come between a message and its answer and that no rule of one turn looks at.
_BESIDE = (SlotSet, BotUttered, DefinePrevUserUtteredFeaturization)
# Events that leave in the tracker's state just what they say, whatever came before them.
_PLAIN = frozenset({ActionExecuted, UserUttered, SessionStarted, *_BESIDE})


def nodes_in_order(theirs: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    """Rasa works the order of the model's components out anew at every message and prediction."""

    def order(self: DaskGraphRunner, wanted: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        placed: dict[str, tuple[str, ...]] = {}

        def place(name: str) -> None:
            if name in placed or name not in self._graph_schema.nodes:  # a name of an input
                return
            needs = tuple(self._graph_schema.nodes[name].needs.values())
            for need in needs:
                place(need)
            placed[name] = needs

        for name in wanted:
            place(name)
        return list(placed.items())

    def run(
        self: DaskGraphRunner,
        inputs: dict[str, Any] | None = None,
        targets: list[str] | None = None,
    ) -> dict[str, Any]:
        wanted = tuple(targets or self._graph_schema.target_names)
        orders = vars(self).setdefault("orders", {})
        if wanted not in orders:
            orders[wanted] = order(self, wanted)
        given: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
        try:
            for name, needs in orders[wanted]:
                node = self._instantiated_nodes[name]
                given[name] = node(*(given.get(need, need) for need in needs))
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error
        return dict(given[name] for name in wanted)

    return run


def answers_remembered(theirs: Callable[..., Any]) -> Callable[..., Any]:
    """Rasa holds the whole conversation against every rule, twice a message.

    Where no rule looks further back than the message, and at nothing but its intent and the actions
    since, the same of these has the same answer.
    """

    def predict(self: RulePolicy, tracker: DialogueStateTracker, domain: Domain) -> Any:
        kept = vars(self)
        if kept.get("remembered_of") is not domain:
            kept["remembered_of"], kept["remembered"] = domain, {}
            kept["of_one_turn"] = _are_of_one_turn(self.lookup)
        seen = _seen_of_the_turn(tracker) if kept["of_one_turn"] else None
        if seen is None:
            return theirs(self, tracker, domain)
        if seen not in kept["remembered"]:
            kept["remembered"][seen] = theirs(self, tracker, domain)
        prediction, source = kept["remembered"][seen]
        return _another(prediction), source

    return predict


def _another(prediction: PolicyPrediction) -> PolicyPrediction:
    """The same once more: Rasa writes into the predictions it is given."""
    another = copy(prediction)
    another.probabilities = list(prediction.probabilities)
    another.events = list(prediction.events)
    return another


def _are_of_one_turn(lookup: dict[str, Any]) -> bool:
    if lookup.get(RULES_FOR_LOOP_UNHAPPY_PATH):
        return False
    return all(_is_of_one_turn(json.loads(rule)) for rule in lookup.get(RULES, {}))


def _is_of_one_turn(states: list[dict[str, Any]]) -> bool:
    """Whether a rule is: heard this intent, then did these actions."""
    heard = states[0].get("user", {})
    actions = [state.get("prev_action", {}).get("action_name") for state in states]
    alike = all(state.keys() == {"prev_action", "user"} for state in states)
    alike = alike and all(state["user"] == heard for state in states)
    listens = [at for at, name in enumerate(actions) if name == ACTION_LISTEN_NAME]
    return alike and heard.keys() == {"intent"} and listens == [0]


def _seen_of_the_turn(tracker: DialogueStateTracker) -> tuple[str | None, ...] | None:
    """The message's intent and the actions since, back to the one before it; None: look closer."""
    heard, actions = None, []
    for event in reversed(tracker.events):
        kind = type(event)
        if kind is ActionExecuted and event.action_text is None:
            actions.append(event.action_name)
            if heard is not None:
                closer = tracker.active_loop is not None or tracker.latest_message is not heard
                return None if closer else (heard.intent_name, *actions)
        elif kind is UserUttered and heard is None:
            heard = event
        elif kind not in _BESIDE:
            return None
    return None


def copied_as_it_stands(theirs: Callable[..., Any]) -> Callable[..., Any]:
    """Rasa copies a conversation before each action by living through all of it again."""

    def duplicate(self: DialogueStateTracker) -> DialogueStateTracker:
        plain = self.active_loop is None and self.followup_action is None
        if not (plain and type(self.slots) is dict and _PLAIN.issuperset(map(type, self.events))):
            return theirs(self)
        made = DialogueStateTracker(
            self.sender_id or DEFAULT_SENDER_ID,
            [],
            self._max_event_history,
            is_rule_tracker=self.is_rule_tracker,
        )
        made.slots = dict(_copies(self.slots))
        made.events.extend(self.events)
        made.followup_action = None
        made._paused = self._paused
        made.latest_action = self.latest_action
        made.latest_message = self.latest_message
        made.latest_bot_utterance = self.latest_bot_utterance
        return made

    return duplicate


def _copies(slots: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, slot in slots.items():
        made = object.__new__(type(slot))  # what copy() comes to, in a tenth of the time
        vars(made).update(vars(slot))
        yield name, made


def copied_only_to_log(theirs: Callable[..., Any]) -> Callable[..., None]:
    """Rasa copies all that an action gave deeply, for a line in a log that nobody keeps."""
    logger = logging.getLogger(MessageProcessor.__module__)

    def note(
        self: MessageProcessor,
        tracker: DialogueStateTracker,
        action: Any,
        events: list[Event] | None,
        prediction: PolicyPrediction,
    ) -> None:
        if logger.isEnabledFor(logging.DEBUG):
            theirs(self, tracker, action, events, prediction)
            return
        happened = events or []
        if not any(isinstance(event, ActionExecutionRejected) for event in happened):
            tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(happened, self.domain)

    return note


def compared_with_one_empty(theirs: Callable[..., Any]) -> Callable[..., bool]:
    """Rasa makes an empty domain at every message, to see that its own is not empty."""
    empty = Domain.empty().as_dict()

    def is_empty(self: Domain) -> bool:
        return bool(self.as_dict() == empty)

    return is_empty

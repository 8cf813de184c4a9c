"""The assistant under test: the trained model and the real actions, in this process.

Rasa is told of an action server whose request never leaves the process: it goes to the executor
of rasa-sdk, through JSON as over the wire, so that what a real server would refuse fails here.
"""

from __future__ import annotations

import json
import logging
import traceback
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import rasa.shared.utils.io
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa.utils.log_utils import configure_structlog
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from tests.conversations.transcript import Message, Reply

CHANNEL = "gateway"
_QUIET_SLOTS = {"session_started_metadata"}


class InProcessActions(EndpointConfig):  # type: ignore[misc]
    """An action server in this process; keeps the errors actions raised."""

    def __init__(self, package: str, endpoints: Path) -> None:
        given = rasa.shared.utils.io.read_config_file(endpoints).get("action_endpoint") or {}
        super().__init__(**given)
        self._executor = ActionExecutor()
        self._executor.register_package(package)
        self.errors: list[str] = []

    async def request(self, *_: Any, json: dict[str, Any], **__: Any) -> Any:
        """Run the action that a webhook call would run."""
        try:
            return _over_the_wire(await self._executor.run(_over_the_wire(json)))
        except ActionExecutionRejection as refusal:
            body = {"error": refusal.message, "action_name": refusal.action_name}
            raise ClientResponseError(400, refusal.message, _dumped(body)) from refusal
        except Exception as error:
            self.errors.append(traceback.format_exc())
            raise ClientResponseError(500, "the action failed", "{}") from error


class RasaAssistant:
    """Answers as the website's assistant would."""

    def __init__(self, model: Path, root: Path) -> None:
        configure_structlog(logging.ERROR)
        self._actions = InProcessActions("actions", root / "endpoints.yml")
        self.trackers = InMemoryTrackerStore(Domain.empty())
        self._agent = Agent.load(model, action_endpoint=self._actions, tracker_store=self.trackers)

    @property
    def domain(self) -> Domain:
        """What the model knows of: intents, slots, forms, responses."""
        return self._agent.domain

    async def say(self, conversation_id: str, text: str, *, as_intent: str | None = None) -> Reply:
        """The reply to one message, through understanding, rules and the action.

        With `as_intent` the message counts as that intent, whatever it looks like.
        """
        parsed = await self._parsed_as(text, as_intent) if as_intent else None
        message_id = uuid.uuid4().hex
        self._actions.errors.clear()
        with _errors_logged() as logged:
            await self._agent.handle_message(
                UserMessage(
                    text,
                    CollectingOutputChannel(),
                    conversation_id,
                    input_channel=CHANNEL,
                    message_id=message_id,
                    parse_data=parsed,
                    metadata={"conversation_id": conversation_id},
                )
            )
        tracker = await self.tracker(conversation_id)
        return _reply(tracker, _since(tracker, message_id), [*self._actions.errors, *logged])

    async def _parsed_as(self, text: str, intent: str) -> dict[str, Any]:
        parsed: dict[str, Any] = dict(await self._agent.parse_message(text))
        certain = {"name": intent, "confidence": 1.0}
        return parsed | {"intent": certain, "intent_ranking": [certain]}

    async def tracker(self, conversation_id: str) -> DialogueStateTracker:
        """The conversation as Rasa remembers it."""
        return await self.trackers.get_or_create_tracker(conversation_id)

    def remembered(self, conversation_id: str) -> str:
        """All that Rasa remembers of a conversation, to come back to."""
        return str(self.trackers.store[conversation_id])

    def return_to(self, conversation_id: str, remembered: str) -> None:
        """Forget everything said since."""
        self.trackers.store[conversation_id] = remembered


def _since(tracker: DialogueStateTracker, message_id: str) -> list[Event]:
    events = list(tracker.events)
    for position, event in enumerate(events):
        if isinstance(event, UserUttered) and event.message_id == message_id:
            return events[position:]
    return []


def _reply(tracker: DialogueStateTracker, new: list[Event], errors: list[str]) -> Reply:
    slots = {
        name: value
        for name, value in tracker.current_slot_values().items()
        if name not in _QUIET_SLOTS
    }
    return Reply(
        messages=tuple(_message(event) for event in new if isinstance(event, BotUttered)),
        slots=slots,
        understood=_understood(new),
        actions=_actions(new),
        errors=tuple(errors),
    )


def _message(event: BotUttered) -> Message:
    buttons = event.data.get("buttons") or []
    return Message(
        text=event.text or "",
        buttons=tuple(str(button.get("title")) for button in buttons),
        payloads=tuple(str(button.get("payload")) for button in buttons),
        utter=event.metadata.get("utter_action"),
        card=", ".join(event.data.get("custom") or ()) or None,
        drawn=_drawn((event.data.get("custom") or {}).get("card") or {}),
    )


def _drawn(card: dict[str, Any]) -> str:
    """A card as it can be read."""
    lines = [str(card.get("title") or ""), *(str(line["value"]) for line in card.get("lines", ()))]
    lines += [f"{clause['title']}: {clause['summary']}" for clause in card.get("clauses", ())]
    return "\n".join(line for line in lines if line)


def _understood(new: list[Event]) -> str:
    heard = next((event for event in new if isinstance(event, UserUttered)), None)
    if heard is None:
        return ""
    intent = heard.intent or {}
    entities = [f"{entity['entity']}={entity['value']}" for entity in heard.entities]
    return "; ".join(
        [
            f"{heard.full_retrieval_intent_name or intent.get('name')} "
            f"({intent.get('confidence') or 0:.2f})",
            ", ".join(entities) or "no entities",
            " > ".join(_actions(new)) or "no action",
        ]
    )


def _actions(new: list[Event]) -> tuple[str, ...]:
    return tuple(
        event.action_name
        for event in new
        if isinstance(event, ActionExecuted) and event.action_name != "action_listen"
    )


@contextmanager
def _errors_logged() -> Iterator[list[str]]:
    """Errors anybody logs meanwhile: an action that hides its failure still shows here."""
    formatter = logging.Formatter("%(name)s: %(message)s")
    found: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(_plainly(formatter.format(record)))

    keep = Keep(logging.ERROR)
    logging.getLogger().addHandler(keep)
    try:
        yield found
    finally:
        logging.getLogger().removeHandler(keep)


def _plainly(logged: str) -> str:
    """The message of one of Rasa's structured log lines, without its frames."""
    name, _, content = logged.partition(": ")
    try:
        told = json.loads(content)
    except ValueError:
        return logged
    return f"{name}: {told.get('event_info') or told.get('event')}"


def _over_the_wire(payload: Any) -> Any:
    return json.loads(_dumped(payload))


def _dumped(payload: Any) -> str:
    return json.dumps(payload)

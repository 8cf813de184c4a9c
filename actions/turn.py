"""What one action is handed: the conversation's message and claims, the database, day and policy.

`AssistantAction` is the edge every action stands on: one database transaction a run, and where
anything fails, the customer is told plainly and given the contact; nothing is half written.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from actions.noting import noted
from casework import settings
from casework.database import Database
from policy_core import Policy, load_policy

logger = logging.getLogger(__name__)

Event = dict[str, Any]
WEBSITE = "gateway"
FORM = "service_form"
REQUESTED = "requested_slot"


@lru_cache(maxsize=4)
def _database(url: str) -> Database:
    return Database(url)


def open_database() -> Database:
    """The database that DATABASE_URL names now; its engine is kept."""
    return _database(settings.database_url())


def current_policy() -> Policy:
    """The policy that applies now: POLICY_FILE's, or the published version in force."""
    return load_policy(settings.policy_file())


@dataclass
class Turn:
    """One run of an action: what came in, and what it answers."""

    tracker: Tracker
    dispatcher: CollectingDispatcher
    session: Session
    policy: Policy
    now: datetime
    slots: dict[str, Any] = field(default_factory=dict)
    changed: dict[str, Any] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The shop's local date."""
        return self.now.date()

    @property
    def conversation_id(self) -> str:
        """The conversation's id, which is Rasa's sender id."""
        return str(self.tracker.sender_id)

    @property
    def message(self) -> Mapping[str, Any]:
        """The customer's latest message, as understood."""
        return self.tracker.latest_message or {}

    @property
    def text(self) -> str:
        """The latest message as typed."""
        return str(self.message.get("text") or "").strip()

    @property
    def intent(self) -> str:
        """The latest message's intent."""
        return str((self.message.get("intent") or {}).get("name") or "")

    @property
    def message_key(self) -> str:
        """Names the latest message: a write made in answer to it happens once."""
        return f"{self.conversation_id}:{self.message.get('message_id') or self.now.isoformat()}"

    @property
    def on_website(self) -> bool:
        """Whether the customer can attach pictures here."""
        return bool(self.tracker.get_latest_input_channel() == WEBSITE)

    @property
    def in_form(self) -> bool:
        """Whether a matter is being settled."""
        return (self.tracker.active_loop or {}).get("name") == FORM

    def entities(self, kind: str) -> list[str]:
        """The values of one kind found in the latest message, in their order, each once."""
        found = self.message.get("entities") or []
        return list(dict.fromkeys(str(e["value"]) for e in found if e.get("entity") == kind))

    def slot(self, name: str) -> Any:
        """A claim as it stands now, this run's changes included."""
        return self.changed[name] if name in self.changed else self.slots.get(name)

    def set(self, **values: Any) -> None:
        """Change claims; the action's events carry the changes."""
        self.changed.update(values)

    def events(self) -> list[Event]:
        """This run's changes as Rasa events."""
        return [SlotSet(name, value) for name, value in self.changed.items()]

    def say(self, response: str, **values: Any) -> None:
        """Reply with a response of data/responses/; the contact, and where to add pictures, too."""
        place = "here in this chat" if self.on_website else "in the chat on our website"
        self.dispatcher.utter_message(
            response=response, contact=self.contact, place=place, **values
        )

    def say_text(self, text: str, titles: list[str] | tuple[str, ...] = ()) -> None:
        """Reply with a text made here, with quick replies."""
        replies = [{"title": title, "payload": title} for title in titles]
        self.dispatcher.utter_message(text=text, buttons=replies)

    def show(self, **card: Any) -> None:
        """Give the website something to draw; other channels have the text alone."""
        if self.on_website:
            self.dispatcher.utter_message(json_message=card)

    @property
    def contact(self) -> str:
        """How to reach the shop: "call …" and, once there is an address, "or e-mail …"."""
        return contact_sentence(self.policy)


def contact_sentence(policy: Policy) -> str:
    """How to reach the shop, to follow "please" or "you can"."""
    by_mail = f" or e-mail {policy.contact.email}" if policy.contact.email else ""
    return f"call {policy.contact.phone}{by_mail}"


class AssistantAction(Action):  # type: ignore[misc]
    """An action with a transaction and a safe edge. Subclasses name themselves and `act`."""

    action_name = ""

    def name(self) -> str:
        """The name domain.yml lists."""
        return self.action_name

    def act(self, turn: Turn) -> list[Event]:
        """Answer the turn; returns further events besides the changed slots."""
        raise NotImplementedError

    def failed(self, tracker: Tracker) -> list[Event]:
        """What to leave behind when nothing could be written."""
        return []

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[Event]:
        """Run in one transaction; a failure is told to the customer and logged by id."""
        with noted(self.name(), tracker):
            return self._run(dispatcher, tracker)

    def _run(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[Event]:
        policy = current_policy()
        try:
            with open_database().begin() as session:
                now = datetime.now(policy.zone)
                turn = Turn(tracker, dispatcher, session, policy, now, dict(tracker.slots))
                further = self.act(turn)
                # Here, because it reads what this module hands out.
                from actions.unclear import note_unclear

                note_unclear(turn)
                return turn.events() + further
        except Exception:
            logger.exception("%s failed", self.name())
            dispatcher.messages.clear()
            dispatcher.utter_message(response="utter_trouble", contact=contact_sentence(policy))
            return self.failed(tracker)

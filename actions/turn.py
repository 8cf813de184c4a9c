"""What a turn is handed: the conversation's message and claims, the database, day and policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from actions.records import Records
from casework import settings
from casework.storage.database import Database
from policy_core import Policy

Event = dict[str, Any]
WEBSITE = "gateway"
SET_BY_COMPONENTS = frozenset({"nlu_fallback", "several_matters"})


@lru_cache(maxsize=4)
def _database(url: str) -> Database:
    return Database(url)


def open_database() -> Database:
    """The database that DATABASE_URL names now; its engine is kept."""
    return _database(settings.database_url())


@dataclass
class Turn:
    """One message of a customer, or a part of it: what came in, and what is answered.

    What the message was understood as does not change while it is answered. `prompt_at` is the
    place among the replies where those begin that ask for the next message.
    """

    tracker: Tracker
    dispatcher: CollectingDispatcher
    session: Session
    policy: Policy
    now: datetime
    slots: dict[str, Any] = field(default_factory=dict)
    changed: dict[str, Any] = field(default_factory=dict)
    part: Mapping[str, Any] | None = None
    prompt_at: int | None = None

    @property
    def today(self) -> date:
        """The shop's local date."""
        return self.now.date()

    @property
    def conversation_id(self) -> str:
        """The conversation's id, which is Rasa's sender id."""
        return str(self.tracker.sender_id)

    @cached_property
    def records(self) -> Records:
        """What the shop's records hold of the conversation, each read once."""
        return Records(self.session, self.conversation_id)

    def of(self, part: Mapping[str, Any]) -> Turn:
        """The turn with a part of its message in the message's place; what it sets is set here."""
        turn = replace(self, part=part)
        turn.__dict__["records"] = self.records
        return turn

    def prompts(self) -> None:
        """Note that from here on the reply asks for the next message."""
        self.prompt_at = len(self.dispatcher.messages)

    @property
    def message(self) -> Mapping[str, Any]:
        """The customer's latest message, or the part of it that is answered, as understood."""
        return self.part or self.tracker.latest_message or {}

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

    @cached_property
    def likely(self) -> dict[str, float]:
        """How likely the message, taken alone, has each of the trained intents."""
        ranking = self.message.get("intent_ranking") or [self.message.get("intent") or {}]
        return {
            str(one["name"]): float(one.get("confidence") or 0.0)
            for one in ranking
            if one.get("name") and one["name"] not in SET_BY_COMPONENTS
        }

    def topic(self, retrieval_intent: str) -> str | None:
        """The likeliest topic of a retrieval intent, without the intent's name."""
        selected = (self.message.get("response_selector") or {}).get(retrieval_intent) or {}
        key = str((selected.get("response") or {}).get("intent_response_key") or "")
        return key.partition("/")[2] or None

    def surely(self, retrieval_intent: str) -> float:
        """How sure its topic is."""
        selected = (self.message.get("response_selector") or {}).get(retrieval_intent) or {}
        return float((selected.get("response") or {}).get("confidence") or 0.0)

    @property
    def last_reply(self) -> Event | None:
        """The assistant's last message that has words."""
        events = reversed(self.tracker.events)
        return next((e for e in events if e.get("event") == "bot" and e.get("text")), None)

    def just_said(self, *responses: str) -> bool:
        """Whether one of these responses was in the assistant's last answer."""
        typed = 0
        for event in reversed(self.tracker.events):
            typed += event.get("event") == "user"
            if typed > 1:
                return False
            if (event.get("metadata") or {}).get("utter_action") in responses:
                return True
        return False

    @property
    def offered_titles(self) -> list[str]:
        """The quick replies of the assistant's last message."""
        data = (self.last_reply or {}).get("data") or {}
        return [str(button["title"]) for button in data.get("buttons") or []]

    def entities(self, *kinds: str) -> list[str]:
        """The values of these kinds found in the latest message, in their order, each once."""
        found = self.message.get("entities") or []
        return list(dict.fromkeys(str(e["value"]) for e in found if e.get("entity") in kinds))

    def slot(self, name: str) -> Any:
        """A claim as it stands now, this turn's changes included."""
        return self.changed[name] if name in self.changed else self.slots.get(name)

    def set(self, **values: Any) -> None:
        """Change claims; the turn's events carry the changes."""
        self.changed.update(values)

    def events(self) -> list[Event]:
        """What this turn really changed, as Rasa events."""
        return [
            SlotSet(name, value)
            for name, value in self.changed.items()
            if value != self.slots.get(name)
        ]

    def say(self, response: str, **values: Any) -> None:
        """Reply with a response of data/responses/; the contact, and where to add pictures, too."""
        place = "here in this chat" if self.on_website else "in the chat on our website"
        self.dispatcher.utter_message(
            response=response,
            contact=self.contact,
            phone=self.policy.contact.phone,
            place=place,
            **values,
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

"""The one action: a message is read in its conversation, and its move is carried out.

It is the edge everything stands on: one database transaction a message, and where anything fails,
the customer is told plainly and given the contact; nothing is half written.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answers import case_named
from actions.carrying_out import CARRY_OUT
from actions.heard import LEAST
from actions.identity import Identity, note_identity
from actions.in_hand import begin, leave
from actions.matters import MATTERS
from actions.moves import Move
from actions.noting import Run, noted
from actions.parts import DOES, Part, parts_of
from actions.reading import read
from actions.scene import scene_of
from actions.turn import Event, Turn, contact_sentence, open_database
from actions.unclear import note_unclear
from actions.wording import more_than_no
from casework.orders.verification import Verification
from casework.shop import policy_in_force

logger = logging.getLogger(__name__)


class Reply(Action):  # type: ignore[misc]
    """Answers every message."""

    def name(self) -> str:
        """The name domain.yml lists."""
        return "action_reply"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[Event]:
        """Answer in one transaction; a failure is told to the customer and logged by id."""
        with noted(self.name(), tracker) as ran:
            return self._answered(dispatcher, tracker, ran)

    def _answered(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, ran: Run
    ) -> list[Event]:
        policy = policy_in_force()
        try:
            with open_database().begin() as session:
                now = datetime.now(policy.zone)
                turn = Turn(tracker, dispatcher, session, policy, now, dict(tracker.slots))
                move = answer(turn)
                ran.move = move.name
                note_unclear(turn, move)
                return turn.events()
        except Exception:
            logger.exception("%s failed", self.name())
            dispatcher.messages.clear()
            dispatcher.utter_message(response="utter_trouble", contact=contact_sentence(policy))
            return _leave_as_it_was(tracker)


def _leave_as_it_was(tracker: Tracker) -> list[Event]:
    """Nothing was written: a yes tries the same matter again, with all that was said before."""
    matter, question = tracker.get_slot("matter"), tracker.get_slot("question")
    if matter is None or question == "confirm":
        return []
    return [SlotSet("offer", [{"matter": matter}]), SlotSet("question", None)]


def answer(turn: Turn) -> Move:
    """Read the message, and carry out its move; the move, for whoever wants to know."""
    identity = note_identity(turn)
    if number := case_named(turn):
        turn.set(case_number=number)
    scene = scene_of(turn)
    refused = identity.result is not None and identity.result.status != "verified"
    parts = [] if refused else parts_of(turn, scene, identity)
    if done := _answer_parts(turn, parts, identity):
        return done
    move, said = read(turn, scene, identity)
    if scene.offers and move.name not in ("refuse", "accept", "choose") and more_than_no(turn.text):
        # "No, thank you. When will it ship?": what was offered is off the table, too.
        turn.set(offer=None, remedy=None)
    if identity.result is not None and refused:
        _not_verified(turn, move, identity.result)
    else:
        CARRY_OUT[move.name](turn, scene, move, said, identity)
    return move


def _answer_parts(turn: Turn, parts: list[Part], identity: Identity) -> Move | None:
    """Answer part by part, and ask for the next message once.

    The move of what was done, or of the first question; None where no part came to anything.
    """
    replies = turn.dispatcher.messages
    prompt: list[dict[str, Any]] = []
    asked: str | None = None
    done: Move | None = None
    for part in parts:
        scene = scene_of(part.turn)
        move, said = read(part.turn, scene, Identity() if part.asks else identity)
        if not part.asks and move.name not in DOES:
            # What goes on after a yes or no, or beside a question, is kept with an open case.
            if scene.case is None or scene.case.state != "open" or scene.matter is not None:
                continue
            move = Move("add", LEAST)
        CARRY_OUT[move.name](part.turn, scene, move, said, identity)
        asks_now = replies[part.turn.prompt_at :] if part.turn.prompt_at is not None else []
        del replies[len(replies) - len(asks_now) :]
        if not (part.asks and prompt) or turn.slot("question") != asked:
            prompt, asked = asks_now, turn.slot("question")
        done = move if done is None or not part.asks else done
    once = [one for place, one in enumerate(replies) if one not in replies[:place]]
    replies[:] = [*once, *prompt]
    return done


def _not_verified(turn: Turn, move: Move, result: Verification) -> None:
    """Both claims are kept, either may be corrected; after too many only a person helps."""
    if move.name in ("begin", "look_up"):
        begin(turn, move.about or MATTERS["record"])
    if result.status in ("locked", "paused"):
        leave(turn)
        turn.set(order_number=None, proof=None)
        minutes = result.wait_minutes
        wait = f"{minutes} minutes" if minutes > 1 else "a minute"
        turn.say("utter_paused" if result.status == "paused" else "utter_locked", wait=wait)
        return
    number, proof = turn.slot("order_number"), turn.slot("proof")
    turn.set(matter=turn.slot("matter") or "record", question="proof", offer=None)
    if result.needs_email:
        turn.set(proof=None)
        turn.say("utter_needs_email", order=number)
    else:
        turn.say("utter_not_verified", order=number, proof=proof)

"""The one form: takes up a matter, reads each answer, and asks what the policy still needs."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, SlotSet

from actions.answers import (
    arrival_told,
    items_told,
    read_answer,
    read_details,
    says_yes_or_no,
)
from actions.matters import Matter, matter_for
from actions.questions import explain_question
from actions.standing import OF_ONE_MATTER, order_in_question, standing
from actions.turn import FORM, REQUESTED, AssistantAction, Event, Turn
from casework.evidence import evidence_of
from casework.orders import find_order
from casework.verification import normalise_email, verified_orders, verify

MISSES_BEFORE_A_PERSON = 2
# Answers in the customer's own words: which matter they seem to bring does not matter.
FREE_TEXT = frozenset({"description"})
# "Yes please, thank you" is a yes.
COURTESIES = frozenset({"thank", "greet", "goodbye"})
# Heard at any time; the rules answer them, and the form asks its question again afterwards.
INTERRUPTIONS = frozenset(
    {
        "ask_policy",
        "ask_why",
        "request_human",
        "handed_back",
        "help",
        "bot_challenge",
        "greet",
        "thank",
        "goodbye",
        "repeat",
        "stop",
        "start_over",
    }
)


class TakeUpMatter(AssistantAction):
    """The customer says what happened: begin, switch to it, or hear it as an answer."""

    action_name = "action_take_up_matter"

    def act(self, turn: Turn) -> list[Event]:
        """Set the matter and everything the message already tells."""
        matter = matter_for(turn.text, turn.intent)
        requested = turn.slot(REQUESTED) if turn.in_form else None
        if matter is None or (turn.in_form and turn.slot("matter") == matter.name):
            take_in(turn, requested)
        else:
            begin(turn, matter)
        return []


def begin(turn: Turn, matter: Matter) -> None:
    """Start a matter: what belonged to another one is forgotten, what this message says is kept."""
    if turn.in_form:
        turn.say("utter_change_of_matter", about=matter.about)
    keep_remedy = turn.slot("remedy") if turn.slot("matter") is None else None
    turn.set(**dict.fromkeys(OF_ONE_MATTER), offer=None, misses=None, matter=matter.name)
    turn.set(remedy=keep_remedy)
    turn_to_mentioned(turn, matter.name)
    turn.set(story=turn.text)
    if turn.entities("evidence"):
        turn.set(evidence="mentioned")
    if came_on := arrival_told(turn):
        turn.set(delivered_on=came_on)
    take_in(turn, None)


def turn_to_mentioned(turn: Turn, name: str) -> None:
    """Turn to a matter that a message of two mentioned: to its order; the other one waits on."""
    mentioned = turn.slot("next_matter") or []
    orders = [entry["order"] for entry in mentioned if entry["matter"] == name]
    others = [entry for entry in mentioned if entry["matter"] != name]
    turn.set(next_matter=others if orders and others else None)
    number = orders[0] if orders else None
    if number is None:
        return
    if _names_another_order(turn, number):
        turn.set(items=None, delivered_on=None, confirm=None)
        _keep_proof_that_fits(turn, number)
    turn.set(order_number=number)


def take_in(turn: Turn, requested: str | None) -> bool:
    """Take in what the message says; returns whether it said anything the form can use."""
    details = read_details(turn, requested)
    if _names_another_order(turn, details.get("order_number")):
        turn.set(items=None, delivered_on=None, confirm=None)
        if "proof" not in details:
            _keep_proof_that_fits(turn, details["order_number"])
    if details and turn.slot("confirm") is False:
        turn.set(confirm=None)
    turn.set(**details)
    _check_identity(turn)
    order = order_in_question(turn)
    if order and turn.slot("items") is None:
        turn.set(items=items_told(turn.slot("story"), order))
    answer = read_answer(turn, requested, order)
    if requested and (turn.slot(requested) is None or requested not in details):
        turn.set(**answer)
    return bool(details or answer)


def _names_another_order(turn: Turn, number: str | None) -> bool:
    order = order_in_question(turn)
    known = order.number if order else turn.slot("order_number")
    return number is not None and known is not None and number != known


def _check_identity(turn: Turn) -> None:
    """Verify as soon as number and proof are both claimed; a failure clears both."""
    number, proof = turn.slot("order_number"), turn.slot("proof")
    if not (number and proof) or order_in_question(turn) is not None:
        return
    result = verify(turn.session, turn.conversation_id, number, proof, turn.now)
    if result.status == "verified":
        return
    if result.needs_email:
        turn.set(proof=None)
        turn.say("utter_needs_email", order=number)
        return
    turn.set(order_number=None, proof=None)
    if result.status == "paused":
        minutes = result.wait_minutes
        turn.say("utter_paused", wait=f"{minutes} minutes" if minutes > 1 else "a minute")
    else:
        turn.say("utter_locked" if result.status == "locked" else "utter_not_verified")
    if result.status in ("locked", "paused"):
        turn.set(matter=None)


def _keep_proof_that_fits(turn: Turn, number: str) -> None:
    """Another order was named: the e-mail address that proved one counts if it is on that, too.

    An address that proved nothing is not compared with other orders here: that would be a guess
    nobody counts. A ZIP code is shared by many, so it is asked for again; so is what does not fit.
    """
    proof = turn.slot("proof")
    address = normalise_email(proof) if proof else None
    proved = [
        normalise_email(one.email) for one in verified_orders(turn.session, turn.conversation_id)
    ]
    other = find_order(turn.session, number) if address in proved else None
    if other is None or address is None or address != normalise_email(other.email):
        turn.set(proof=None)


class ValidateServiceForm(AssistantAction):
    """After every answer: what it says, and the one question that is asked next."""

    action_name = "validate_service_form"

    def act(self, turn: Turn) -> list[Event]:
        """Read the answer, then ask the policy core what still matters."""
        requested = turn.slot(REQUESTED)
        is_answer = bool(requested) and _is_answer(turn.tracker)
        if is_answer and _interrupts(turn, requested):
            # With no slot set, Rasa turns from the form to the rules.
            return []
        if is_answer:
            understood = take_in(turn, requested)
            if understood:
                turn.set(misses=None)
            elif turn.slot("matter"):
                self._not_understood(turn, requested)
        if turn.slot("matter") is None:
            turn.set(matter=None, **{REQUESTED: None})
            return []
        if evidence_of(turn.session, conversation_id=turn.conversation_id):
            turn.set(evidence="sent")
        # Rasa takes a form for answered only if some slot was set.
        turn.set(matter=turn.slot("matter"), **{REQUESTED: standing(turn).question})
        return []

    def _not_understood(self, turn: Turn, requested: str) -> None:
        misses = int(turn.slot("misses") or 0) + 1
        turn.set(misses=misses)
        if misses >= MISSES_BEFORE_A_PERSON:
            turn.say("utter_offer_human")
        else:
            explain_question(turn, requested)

    def failed(self, tracker: Tracker) -> list[Event]:
        """Leave the matter where it stood: it is offered again, with all that was said."""
        matter = tracker.get_slot("matter")
        return [SlotSet("offer", matter), ActiveLoop(None), SlotSet(REQUESTED, None)]


def _interrupts(turn: Turn, requested: str) -> bool:
    if turn.intent in COURTESIES and says_yes_or_no(turn.text):
        return False
    if requested == "evidence" and turn.entities("evidence"):
        return turn.intent in INTERRUPTIONS
    if turn.intent in INTERRUPTIONS:
        return True
    brings_matter = turn.intent == "several_matters" or matter_for(turn.text, turn.intent)
    return bool(brings_matter) and requested not in FREE_TEXT


def _is_answer(tracker: Tracker) -> bool:
    """Whether the form runs on the customer's message itself, not after another action took it."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return True
        if event.get("event") == "action" and event.get("name") not in (
            FORM,
            "action_listen",
            "action_extract_slots",
        ):
            return False
    return False


def leave(turn: Turn) -> list[Event]:
    """Leave the matter; who is verified stays so."""
    cleared: dict[str, Any] = dict.fromkeys(OF_ONE_MATTER)
    turn.set(**cleared, matter=None, offer=None, misses=None, next_matter=None)
    turn.set(**{REQUESTED: None})
    return [ActiveLoop(None)]

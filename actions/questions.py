"""How the form asks: one action a slot, each with what helps a customer to answer it."""

from __future__ import annotations

from actions.matters import MATTERS, quick_reply
from actions.replies import REMEDIES, what_will_be_done
from actions.standing import chosen_lines, correction_told, standing, takes_correction
from actions.turn import AssistantAction, Event, Turn
from actions.withdrawal import WITHDRAWAL, ask_to_withdraw
from casework.in_words import bullets, listed, money, tips, told

REMEDY_TITLES = {
    "refund": "A refund",
    "replacement": "A replacement",
    "redelivery": "Send it again",
}
REMEDIES_OF = {
    "defective": ("refund", "replacement"),
    "returned_in_transit": ("refund", "redelivery"),
    "destroyed_in_transit": ("refund", "redelivery"),
}


def question_name(turn: Turn, slot: str) -> str:
    """What the responses call the question for a slot: a correction is described, too."""
    corrects = slot == "description" and turn.slot("matter") == "wrong_information"
    return "correction" if corrects else slot


def explain_question(turn: Turn, slot: str) -> None:
    """Say what kind of answer the open question wants."""
    turn.say(f"utter_explain_{question_name(turn, slot)}")


class AskOrderNumber(AssistantAction):
    """Asks for the order number."""

    action_name = "action_ask_service_form_order_number"

    def act(self, turn: Turn) -> list[Event]:
        """Say what can be helped with, and ask."""
        turn.say("utter_ask_order_number", about=MATTERS[turn.slot("matter")].about)
        return []


class AskProof(AssistantAction):
    """Asks for the e-mail address or ZIP code on the order."""

    action_name = "action_ask_service_form_proof"

    def act(self, turn: Turn) -> list[Event]:
        """Ask, naming the order number as it was understood."""
        turn.say("utter_ask_proof", order=turn.slot("order_number"))
        return []


class AskItems(AssistantAction):
    """Asks which items of the order it is about."""

    action_name = "action_ask_service_form_items"

    def act(self, turn: Turn) -> list[Event]:
        """List the order's items, each as a quick reply."""
        order = standing(turn).the_order
        titles = [line.title for line in order.lines]
        items = "\n".join(
            f"{line.position}. {line.title} ({line.quantity} × {money(line.unit_price)})"
            for line in order.lines
        )
        replies = [quick_reply(title) for title in [*titles, "All of them"]]
        turn.say("utter_ask_items", order=order.number, items=items, buttons=replies)
        return []


class AskDeliveredOn(AssistantAction):
    """Asks when the order arrived, where the carrier's record does not say."""

    action_name = "action_ask_service_form_delivered_on"

    def act(self, turn: Turn) -> list[Event]:
        """Ask for a date."""
        turn.say("utter_ask_delivered_on", order=standing(turn).the_order.number)
        return []


class AskRemedy(AssistantAction):
    """Asks what the customer would like, where the policy leaves the choice to them."""

    action_name = "action_ask_service_form_remedy"

    def act(self, turn: Turn) -> list[Event]:
        """Offer the remedies of the matter."""
        open_to_choice = REMEDIES_OF[turn.slot("matter")]
        choice = listed([REMEDIES[remedy] for remedy in open_to_choice], "or")
        replies = [quick_reply(REMEDY_TITLES[remedy]) for remedy in open_to_choice]
        turn.say("utter_ask_remedy", choice=choice, buttons=replies)
        return []


class AskEvidence(AssistantAction):
    """Asks for evidence, and says what makes it good."""

    action_name = "action_ask_service_form_evidence"

    def act(self, turn: Turn) -> list[Event]:
        """Name the kinds the policy wants; never an obstacle: later is fine."""
        decision = standing(turn).the_decision
        if turn.slot("evidence") == "promised":
            turn.say("utter_waiting_for_pictures")
            return []
        response = "utter_ask_evidence_here" if turn.on_website else "utter_ask_evidence"
        turn.say(response, tips=bullets(tips(decision)))
        turn.show(ask_evidence={"situation": turn.slot("matter"), "tips": tips(decision)})
        return []


class AskDescription(AssistantAction):
    """Asks what happened, in the customer's own words."""

    action_name = "action_ask_service_form_description"

    def act(self, turn: Turn) -> list[Event]:
        """Ask; for a correction with what the policy says of it, and the phone as a quicker way."""
        why = " ".join(told(standing(turn).the_decision))
        corrects = question_name(turn, "description") == "correction"
        turn.say("utter_ask_correction" if corrects else "utter_ask_description", why=why)
        return []


class AskConfirm(AssistantAction):
    """Lists what will be done and asks for a yes: nothing is written before it."""

    action_name = "action_ask_service_form_confirm"

    def act(self, turn: Turn) -> list[Event]:
        """List the request, or ask what to change after a no."""
        if turn.slot("confirm") is False:
            turn.say("utter_ask_what_to_change")
            return []
        now = standing(turn)
        if turn.slot("matter") == WITHDRAWAL:
            ask_to_withdraw(turn, now.the_case)
            return []
        lines = chosen_lines(turn, now.the_order)
        plan = what_will_be_done(
            turn.slot("matter"), now.the_decision, turn.slot("remedy"), now.the_order, lines
        )
        if takes_correction(now.the_decision):
            plan += f"\n• To be corrected, in your words: “{correction_told(turn)}”"
        turn.say("utter_ask_confirm", plan=plan)
        return []

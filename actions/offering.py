"""What is put to the customer: one matter to take up or leave, or several to choose from."""

from __future__ import annotations

from actions.matters import MATTERS, buttons
from actions.scene import Offer
from actions.turn import Turn


def offer(turn: Turn, offers: list[Offer], response: str = "utter_offer_alternative") -> None:
    """Put one matter to the customer in the words of `response`, or several to choose from."""
    if not offers:
        return
    turn.set(offer=offers)
    if len(offers) == 1:
        turn.say(response, about=MATTERS[offers[0]["matter"]].about)
    else:
        turn.say("utter_alternatives", buttons=buttons([one["matter"] for one in offers]))


def offer_waiting(turn: Turn) -> None:
    """Come back to what was mentioned beside the matter before, if nothing else is on offer."""
    waiting = turn.slot("waiting")
    if waiting and not turn.slot("offer"):
        turn.set(waiting=waiting[1:] or None)
        offer(turn, waiting[:1], "utter_offer_next")


def offer_again(turn: Turn) -> None:
    """Put what is on offer to the customer once more, after something else was answered."""
    offers = turn.slot("offer") or []
    if len(offers) == 1 and offers[0].get("on") != "no":
        turn.say("utter_offer_again", about=MATTERS[offers[0]["matter"]].about)
    elif len(offers) > 1:
        turn.say("utter_choose_again", buttons=buttons([one["matter"] for one in offers]))

"""What is put to the customer: one matter to take up or leave, or several to choose from."""

from __future__ import annotations

from actions.matters import MATTERS, buttons
from actions.scene import Offer
from actions.turn import Turn


def offer(turn: Turn, offers: list[Offer]) -> None:
    """Put one matter to the customer to take up or leave, or several to choose from."""
    if not offers:
        return
    turn.set(offer=offers)
    if wished_for(offers):
        return
    turn.prompts()
    if len(offers) == 1:
        turn.say("utter_offer_alternative", about=MATTERS[offers[0]["matter"]].about)
    else:
        turn.say("utter_alternatives", buttons=buttons([one["matter"] for one in offers]))


def wished_for(offers: list[Offer]) -> bool:
    """Whether the one matter on offer gives just what the customer asked for: no need to ask."""
    return len(offers) == 1 and bool(offers[0].get("wished"))


def offer_waiting(turn: Turn) -> None:
    """Come back to what was mentioned beside the matter before, if nothing else is on offer."""
    waiting = turn.slot("waiting")
    if waiting and not turn.slot("offer"):
        turn.set(waiting=waiting[1:] or None)
        turn.set(offer=waiting[:1])
        told = waiting[0].get("story")
        about = MATTERS[waiting[0]["matter"]].about
        turn.prompts()
        turn.say("utter_offer_next", about=about, told=f" (“{told}”)" if told else "")


def offer_again(turn: Turn) -> None:
    """Put what is on offer to the customer once more, after something else was answered."""
    offers = turn.slot("offer") or []
    if "offer" in turn.changed:  # it was put to the customer just now
        return
    turn.prompts()
    if len(offers) == 1 and offers[0].get("on") != "no":
        turn.say("utter_offer_again", about=MATTERS[offers[0]["matter"]].about)
    elif len(offers) > 1:
        turn.say("utter_choose_again", buttons=buttons([one["matter"] for one in offers]))

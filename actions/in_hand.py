"""The matter in hand: begun, told more of, asked about until all that decides it is known, left."""

from __future__ import annotations

from typing import Any

from actions.answers import Answer, arrival_told
from actions.identity import Identity, turn_to_order
from actions.matters import MATTERS, REMEDIES_OF, SAME_STORY, Matter
from actions.naming import items_told
from actions.offering import wished_for
from actions.questions import ask, ask_again, regret
from actions.scene import Offer
from actions.settle import settle
from actions.standing import OF_ONE_MATTER, order_in_question, standing
from actions.turn import Turn
from actions.wishes import in_terms_of, read_wish, remedy_in_words


def begin(turn: Turn, matter: Matter, offer: Offer | None = None) -> None:
    """Start a matter with all that this message, or the offer taken up, already tells of it.

    What belonged to another matter is forgotten, what was wished before any matter is kept.
    """
    in_hand = turn.slot("matter")
    if in_hand and in_hand != "record" and in_hand != matter.name:
        turn.say("utter_change_of_matter", about=matter.about)
    given = offer or {}
    told = {name: given.get(name) for name in ("remedy", "description")}
    story = given.get("story") or ("" if offer else turn.text)
    kept = {}
    if frozenset({in_hand, matter.name}) in SAME_STORY:
        # One story under another name: what was told of it stays.
        kept = {name: turn.slot(name) for name in ("items", "evidence", "added")}
        story = _with_what_was_said_before(turn, story)
    if in_hand in (None, "record"):
        told["remedy"] = told["remedy"] or turn.slot("remedy")
        story = _with_what_was_said_before(turn, story)
    turn.set(**dict.fromkeys(OF_ONE_MATTER), matter=matter.name, offer=None, misses=None)
    if given.get("order"):
        turn_to_order(turn, given["order"])
    wish = read_wish(turn)
    if not wish and len(REMEDIES_OF.get(matter.name, ())) > 1:
        in_words = remedy_in_words(turn.text) or remedy_in_words(story)
        wish = {"remedy": told["remedy"] or in_words}
    turn.set(**kept | told | wish, story=story or None)
    turn.set(remedy=in_terms_of(matter.name, turn.slot("remedy")))
    if turn.entities("evidence"):
        turn.set(evidence="mentioned")
    if came_on := arrival_told(turn):
        turn.set(delivered_on=came_on)
    regret(turn, matter)


def _with_what_was_said_before(turn: Turn, story: str) -> str:
    """The customer's first words and these: the one often says what, the other which."""
    before = turn.slot("story")
    return f"{before} {story}" if before and before != story else story


def tell_more(turn: Turn) -> None:
    """Keep what the customer adds to the story of the matter in hand, in their own words."""
    added = turn.slot("added") or []
    if turn.text not in [turn.slot("story"), turn.slot("description"), *added]:
        turn.set(added=[*added, turn.text])
    if turn.slot("confirm") is False:
        turn.set(confirm=None)
    turn.set(**read_wish(turn))


def take_in(turn: Turn, answer: Answer, identity: Identity) -> None:
    """Take in what the message answers or corrects, and what follows from a corrected order."""
    if "order_number" in identity.corrected:
        turn.set(items=None, delivered_on=None, confirm=None)
    if answer.remark:
        response, values = answer.remark
        turn.say(response, **values)
    if answer.claims.get("evidence") == "pasted":
        turn.records.keep_pasted(turn.text, turn.now, turn.message_key)
    if "remedy" not in answer.claims:
        turn.set(**read_wish(turn))
    changed = bool(identity.corrected) or "items" in answer.claims or "remedy" in answer.claims
    if changed and turn.slot("confirm") is False:
        turn.set(confirm=None)
    turn.set(**answer.claims, misses=None)
    if answer.claims.get("items", True) is None:
        # The story was taken for them: it is kept as told, and names no item any more.
        tell_more(turn)
        kept = [turn.slot("story"), *(turn.slot("added") or ())]
        turn.set(story=None, added=[one for one in kept if one])


def go_on(turn: Turn, *, again: bool = False) -> None:
    """Ask what the policy still needs to know of the matter in hand, or settle it.

    With `again` the open question stood before this message, which did not answer it.
    """
    if turn.slot("matter") is None:
        return
    _look_at_what_came(turn)
    now = standing(turn)
    if now.question is None:
        settle(turn, now)
        offers = turn.slot("offer") or []
        if wished_for(offers):
            begin_offered(turn, offers[0], turn.slot("waiting") or [])
            go_on(turn)
        return
    stood = turn.slots.get("question") if turn.slots.get("matter") == turn.slot("matter") else None
    turn.set(question=now.question, offer=None)
    if again and stood == now.question:
        ask_again(turn, now)
    else:
        ask(turn, now)


def _look_at_what_came(turn: Turn) -> None:
    """What the story names of the order's items, and files that have arrived meanwhile."""
    order = order_in_question(turn)
    if order and turn.slot("items") is None:
        told = items_told(turn.slot("story"), order) or items_told(turn.text, order)
        turn.set(items=told)
    if turn.records.loose_evidence:
        if turn.slot("evidence") not in ("sent", "pasted"):
            turn.say("utter_noted_files")
        turn.set(evidence="sent")


def leave(turn: Turn) -> None:
    """Leave the matter; who is verified stays so, and nothing was written."""
    cleared: dict[str, Any] = dict.fromkeys(OF_ONE_MATTER)
    turn.set(**cleared, matter=None, question=None, offer=None, misses=None)


def begin_offered(turn: Turn, offer: Offer, others: list[Offer]) -> None:
    """Take up what was offered; the others wait until it is settled."""
    turn.set(waiting=others or None)
    if turn.slot("matter") == offer["matter"]:
        turn.set(offer=None, misses=None)
    else:
        begin(turn, MATTERS[offer["matter"]], offer)

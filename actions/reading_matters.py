"""Readers of what comes new: a matter, several, or a look at what the record shows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from actions.heard import CERTAIN, IN_PASSING, PLAIN, SURE, WEAK, Heard
from actions.matters import (
    FAULTS,
    MATTERS,
    SAME_STORY,
    STATUS_MATTERS,
    Matter,
    matter_for,
    matter_of_intent,
)
from actions.moves import Move
from actions.offers import takes_up
from actions.scene import Scene
from actions.several import is_tie, matters_in
from actions.wishes import remedy_wished
from actions.withdrawal import WITHDRAWAL
from actions.wording import says_cancel

# Which matters the order's status speaks for (above 1) or against.
RECORD_SPEAKS = {
    "delivered": {
        "order_status": 0.8,
        "other": 1.2,
        "cancel": 0.5,
        "returned_in_transit": 0.4,
        "destroyed_in_transit": 0.4,
    },
    "processing": {"order_status": 1.1, "cancel": 1.1, "remorse": 0.6, "damaged": 0.8},
    "shipped": {"order_status": 1.1, "damaged": 0.9, "defective": 0.9},
    "returned_to_sender": {"returned_in_transit": 1.2, "order_status": 1.1},
    "destroyed": {"destroyed_in_transit": 1.2, "order_status": 1.1},
    "unfulfillable": {"order_status": 1.2, "other": 0.8},
}
# Where the record itself shows what went wrong, and what that gives.
RECORD_SETTLES = frozenset({"unfulfillable", "returned_to_sender", "destroyed"})
# What a look at the record tells of by itself.
OF_RECORD = frozenset({"order_status", "case_status", "withdrawal"})
WHERE = frozenset({"order_status"})
NOT_HERE = frozenset({"other", "returned_in_transit", "destroyed_in_transit"})
# What gives the customer a better right than what they said first, or says it more exactly.
BETTER = {"remorse": FAULTS, "other": ("damaged", "defective")}
# Nothing was asked for yet: hardly anybody asks how it stands.
NO_CASE_YET = 0.7


_TURNS_AWAY = re.compile(
    r"\b(?:actually|instead|rather|i meant?|not (?:damaged|broken|defective|faulty)|nothing wrong"
    r"|changed my mind)\b",
    re.I,
)
_NO_FAULT = re.compile(
    r"\bnot (?:damaged|broken|defective|faulty)|\bnothing(?:'s| is| was)? wrong|changed my mind"
    r"|\b(?:don'?t|do not|no longer) (?:want|need|like)",
    re.I,
)
_CANCEL = re.compile(r"\bcancel", re.I)
# What may be anything, and what ends an order, has to be told more plainly.
_LIKELY, _PLAINLY = 0.12, 0.5


def begins(heard: Heard) -> Iterator[Move]:
    """A matter: a new one, another than the one in hand, or more of the same story."""
    turn, scene = heard.turn, heard.scene
    pressed = matter_for(turn.text, None)
    if pressed:
        yield Move("begin", CERTAIN, pressed)
    if scene.question == "description":
        return
    if turn.intent == "several_matters":
        yield from _of_several(heard)
    for intent in turn.likely:
        matter = _meant(heard, intent)
        if matter and not (matter.name == WITHDRAWAL and _nothing_sent(scene)):
            if matter.name in STATUS_MATTERS and _asks_aside(heard):
                continue
            yield _as_move(heard, matter, min(_weighed(heard, matter, intent), CERTAIN))
    no_matter_yet = scene.matter is None or scene.matter.name == "record"
    nothing_to_stop = scene.matter is None and not scene.offers and scene.case is None
    is_order = nothing_to_stop or (no_matter_yet and bool(turn.slot("order_number")))
    if is_order and says_cancel(turn.text):
        wants = heard.likely("stop", "cancel_order") + 0.02
        yield Move("begin", min(wants, CERTAIN), MATTERS["cancel"])


def _asks_aside(heard: Heard) -> bool:
    """Whether it asks how the order in hand stands, in the middle of a request."""
    scene = heard.scene
    in_hand = scene.matter is not None and scene.matter.name not in STATUS_MATTERS
    return in_hand and scene.order is not None and heard.asks_to_know and not heard.identity.new


def _nothing_sent(scene: Scene) -> bool:
    """Whether a request is in hand and none was sent: there is nothing to withdraw."""
    return scene.matter is not None and (scene.case is None or scene.case.state != "open")


def _of_several(heard: Heard) -> Iterator[Move]:
    """Two matters, unless both are just ways to ask how one order stands, or its record decides."""
    matters = [matter for matter, _ in matters_in(heard.turn)]
    names = {matter.name for matter in matters}
    of_record = names <= OF_RECORD | {"record"}
    one_order = len(set(heard.turn.entities("order_number"))) < 2
    if one_order and len(names) == 2 and names & WHERE and names & NOT_HERE:
        # "Where is it, your site says delivered": one story.
        told = next(one for one in matters if one.name in NOT_HERE)
        yield _as_move(heard, told, CERTAIN + 0.01)
    elif of_record and one_order:
        yield Move("look_up", CERTAIN + 0.01, MATTERS["record"])
    elif is_tie(heard.turn) and (heard.scene.status is not None or names in SAME_STORY):
        likeliest = max(matters, key=lambda matter: _weighed(heard, matter))
        yield _as_move(heard, likeliest, CERTAIN + 0.01)
    else:
        yield Move("begin_several", CERTAIN + 0.01)


def _meant(heard: Heard, intent: str) -> Matter | None:
    """The matter that an intent stands for, as the order's record reads it."""
    matter, case = matter_of_intent(intent), heard.scene.case
    if matter is not MATTERS["cancel"]:
        return matter
    if heard.scene.status == "delivered" and not _CANCEL.search(heard.turn.text):
        # "I do not want the lamp any more": what has arrived is returned.
        return MATTERS["remorse"]
    asked_before = case is not None and case.state == "open" and case.situation == "cancel"
    if asked_before and heard.likely_in_part("withdraw_request") > SURE:
        # "I asked to cancel it, but I would rather keep it" does not ask again.
        return MATTERS[WITHDRAWAL]
    return matter


def _weighed(heard: Heard, matter: Matter, intent: str | None = None) -> float:
    """How likely the matter is, by the sentence and by the record."""
    return heard.likely(intent or matter.intent or "") * _record_speaks(heard.scene, matter)


def _record_speaks(scene: Scene, matter: Matter) -> float:
    weight = RECORD_SPEAKS.get(scene.status or "", {}).get(matter.name, 1.0)
    nothing_yet = matter.name in ("case_status", "withdrawal") and scene.order_has_no_case
    return weight * (NO_CASE_YET if nothing_yet else 1.0)


def _as_move(heard: Heard, matter: Matter, score: float) -> Move:
    scene = heard.scene
    if matter.name == "other" and scene.status in RECORD_SETTLES and not _was_told(heard):
        return Move("look_up", score, MATTERS["record"])
    turns_away = _TURNS_AWAY.search(heard.turn.text)
    if scene.matter is not None and scene.matter.name in FAULTS and matter.name == "remorse":
        # "Actually, I'd rather have a new one" gives no better right away.
        turns_away = _NO_FAULT.search(heard.turn.text)
    if scene.matter is not None:
        pair = frozenset({scene.matter.name, matter.name})
        better = matter.name in BETTER.get(scene.matter.name, ())
        # After a no to the list another reason is another request.
        better = better or (heard.turn.slot("confirm") is False and matter.name in FAULTS)
        same = pair in SAME_STORY and not (turns_away or better)
        if (same or matter is scene.matter) and not (heard.answer or heard.identity.new):
            asked = IN_PASSING if heard.asks_to_know else 1.0
            return Move("tell", score * asked, heard.details)
        if better and score >= WEAK:
            score = max(score, PLAIN + 0.05)
        identifies = scene.question in ("order_number", "proof") and heard.identity.new
        if identifies and not turns_away:
            # "10487, I am in Miami, 33130" says whose order it is, and nothing of an address.
            score *= IN_PASSING
        return Move("begin", score, scene.matter if same else matter)
    case = scene.case
    if case is None or case.state != "open" or heard.identity.corrected:
        return Move("begin", score, matter)
    more_of_it = {matter.name} == {case.situation} or {matter.name, case.situation} in SAME_STORY
    of_its_order = scene.order in (None, case.order)
    if more_of_it and of_its_order and matter.goods:
        # "It makes a grinding noise, too", of the only item, goes to the case that was spoken of.
        same = scene.case_was_told and matter.name == case.situation and len(case.order.lines) < 2
        if not same and not heard.asks_to_know and heard.turn.entities("product"):
            return Move("begin", score, matter)
        if heard.asks_to_know:
            aspect = heard.turn.topic("ask_about_this")
            told = scene.case_was_told
            return Move("ask_about", score, aspect) if told else _look_at(score, "case_status")
        return Move("add", score)
    return Move("begin", score, matter)


def _look_at(score: float, name: str) -> Move:
    return Move("begin", score, MATTERS[name])


def _was_told(heard: Heard) -> bool:
    """Whether what the record shows was offered already, and is not what is meant."""
    return bool(heard.scene.offers) or heard.turn.just_said("utter_offer_dropped")


def looks_up(heard: Heard) -> Iterator[Move]:
    """Nothing said but that money is owed or something is wrong: the record may show what."""
    scene, turn = heard.scene, heard.turn
    if scene.matter is not None:
        return
    likeliest = _likeliest_matter(heard)
    wish = remedy_wished(turn)
    on_offer = wish is not None and any(takes_up(one, wish) for one in scene.offers)
    if wish and not on_offer and scene.order and scene.case is None and not heard.asks:
        yield Move("look_up", WEAK, likeliest)
    if scene.offers:
        return
    if scene.order is not None or turn.slot("order_number"):
        yield Move("look_up", heard.likely("want_remedy", "complain") + 0.01, likeliest)
    if heard.identity.given:
        told = heard.likely("inform", "affirm", "deny", "cannot_provide")
        yield Move("look_up", max(WEAK, told), likeliest)


def _likeliest_matter(heard: Heard) -> Matter:
    """The matter that the sentence may well tell of besides; else the record has to show it."""
    shares = {
        matter: _weighed(heard, matter, intent)
        for intent in heard.turn.likely
        if (matter := _meant(heard, intent)) and matter.name not in OF_RECORD
    }
    best = max(shares, key=lambda matter: shares[matter], default=None)
    least = _PLAINLY if best in (MATTERS["other"], MATTERS["cancel"]) else _LIKELY
    return best if best is not None and shares[best] >= least else MATTERS["record"]

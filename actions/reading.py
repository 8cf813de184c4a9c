"""The reading step: what a message does here, of the moves that are possible now.

Each reader proposes moves with a score from 0 to 1; the best is taken. A score rests on how likely
the sentence has an intent (trained), and on what only the conversation knows: what was asked and
offered last, what is on record, which claims the message makes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from actions.answers import (
    Answer,
    read_answer,
    read_wish,
    remedy_in_words,
    says_cancel,
    says_no,
    says_yes,
    wished,
)
from actions.details import asks_something, details, tells_more
from actions.identity import Identity
from actions.matters import FAULTS, MATTERS, SAME_STORY, Matter, matter_for, matter_of_intent
from actions.moves import Move
from actions.offers import chosen_of, takes_up
from actions.scene import Scene
from actions.several import is_tie, matters_in
from actions.turn import Turn

LEAST = 0.4
"""Below it a move is a guess, and the customer is asked instead."""

CERTAIN, SURE, PLAIN, WEAK = 1.0, 0.9, 0.7, 0.55
IN_PASSING = 0.4

# Intents that are the same move wherever they are said.
ALWAYS = {
    "request_human": "ask_person",
    "stop": "stop",
    "start_over": "start_over",
    "repeat": "repeat",
    "help": "help",
    "greet": "greet",
    "thank": "thank",
    "goodbye": "goodbye",
    "bot_challenge": "bot_challenge",
    "ask_why": "ask_why",
    "out_of_scope": "out_of_scope",
    "complain": "complain",
    "want_remedy": "want_remedy",
    "other_language": "in_other_language",
    "postpone": "put_off",
}
# In a matter, what answers its question or tells of it is no wish, anger or delay at large.
GIVES_WAY = frozenset({"want_remedy", "complain", "put_off"})
# How sure an answer to a question is that the message plainly holds; the others by intent.
ANSWERS = {"items": SURE, "remedy": 0.85, "delivered_on": SURE, "description": WEAK}
SHORT_ANSWERS = frozenset(
    {"affirm", "deny", "inform", "postpone", "cannot_provide", "evidence_sent"}
)
# What an answer in the customer's own words must not swallow, however it is worded.
CANNOT_TELL = frozenset({"affirm", "deny", "cannot_provide", "postpone"})
# Questions about the rule that, while there is a case, are about the case.
ASPECT_OF_TOPIC = {
    "refund_timing": "when",
    "redelivery_timing": "when",
    "return_shipping": "how",
    "restocking_fee": "amount",
    "evidence": "how",
    "business_days": "when",
}
# The same of a matter in hand, where it says more than the rule.
OF_THE_MATTER = {("remorse", "restocking_fee"): "amount"}
# Which matters the order's status speaks for (above 1) or against.
RECORD_SPEAKS = {
    "delivered": {"order_status": 0.8, "other": 1.2, "cancel": 0.5},
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
# Nothing was asked for yet: hardly anybody asks how it stands.
NO_CASE_YET = 0.7

_IN_GENERAL = re.compile(
    r"\b(?:in general|generally|usually|normally|as a rule|polic(?:y|ies)|what if)\b", re.I
)
_TURNS_AWAY = re.compile(
    r"\b(?:actually|instead|rather|i meant?|not (?:damaged|broken|defective|faulty)|nothing wrong"
    r"|changed my mind)\b",
    re.I,
)
_ASKS = re.compile(r"\?|^\W*(?:how|what|when|who|why|where|which|do|does|can|is|are|will)\b", re.I)
_ASKS_ABOUT = re.compile(r"^\W*(?:and |so |ok |but )*(?:how|what|when|who|why|where)\b", re.I)
_WORDS_OF_A_DETAIL = 4
_WORDS_OF_A_GREETING = 8
_A_SIGN = 0.05
_LIKELY = 0.12


@dataclass(frozen=True)
class Heard:
    """A message in its scene, with the claims it makes."""

    turn: Turn
    scene: Scene
    identity: Identity
    answer: Answer
    details: dict[str, Any]

    def likely(self, *intents: str) -> float:
        """How likely the message has one of these intents, taken alone."""
        return max((self.turn.likely.get(intent, 0.0) for intent in intents), default=0.0)

    @property
    def words(self) -> int:
        """How many words the message has."""
        return len(self.turn.text.split())

    @property
    def asks(self) -> bool:
        """Whether the message is worded as a question."""
        return bool(_ASKS.search(self.turn.text))


def read(turn: Turn, scene: Scene, identity: Identity) -> tuple[Move, Answer]:
    """The likeliest move, and what the message says in answer to the open question."""
    answer = read_answer(turn, scene.question, scene.order)
    heard = Heard(turn, scene, identity, answer, details(turn, scene.question, scene.order))
    found = [move for reader in READERS for move in reader(heard)]
    best = max(found, key=lambda move: move.score, default=Move("unclear", 0.0))
    return (best if best.score >= LEAST else Move("unclear", LEAST)), answer


def _always(heard: Heard) -> Iterator[Move]:
    for intent, name in ALWAYS.items():
        if (heard.answer or heard.details) and name in GIVES_WAY:
            continue
        # A hello or a thank you in a long message is not what it is about.
        in_passing = name in ("greet", "thank", "goodbye") and heard.words > _WORDS_OF_A_GREETING
        yield Move(name, heard.likely(intent) * (IN_PASSING if in_passing else 1.0))
    briefly = heard.scene.question and heard.words <= _WORDS_OF_A_DETAIL
    if briefly or heard.likely("out_of_scope") < WEAK:
        # What is like nothing that was learned is not understood, rather than none of our business.
        yield Move("unclear", heard.likely("out_of_scope") + 0.01)
    if heard.turn.intent == "handed_back":
        yield Move("handed_back", CERTAIN + 1)
    if heard.scene.question is None and not heard.scene.offers:
        # Nothing is on the table: what is agreed to or refused is asked for.
        case_stands = heard.scene.case is not None and heard.asks
        agrees = Move("ask_about", 0.0, "verdict") if case_stands else Move("accept", 0.0)
        yield replace(agrees, score=heard.likely("affirm", "deny" if case_stands else ""))
        yield Move("refuse", heard.likely("deny") - 0.01)


def _to_offers(heard: Heard) -> Iterator[Move]:
    """A yes or no to the one offer, or a choice among several, in whatever words."""
    offers, offer = heard.scene.offers, heard.scene.offer
    if offer is None:
        place = chosen_of(heard.turn, offers) if offers else None
        if place is not None:
            yield Move("choose", CERTAIN, place)
        elif offers and (heard.identity.given or says_yes(heard.turn.text)):
            yield Move("choose", PLAIN, 0)
        for place, one in enumerate(offers):
            intent = MATTERS[one["matter"]].intent
            yield Move("choose", heard.likely(intent or "") + 0.01, place)
        return
    yes, no = _leaning(heard, "affirm", says_yes), _leaning(heard, "deny", says_no)
    if offer.get("on") == "no":
        yes, no = no, yes
    wish = read_wish(heard.turn).get("remedy") or remedy_in_words(heard.turn.text)
    named = heard.likely(MATTERS[offer["matter"]].intent or "") + 0.01
    wanted = heard.likely("want_remedy") if takes_up(offer, "refund") else 0.0
    spoken_of = SURE if chosen_of(heard.turn, offers) == 0 and not heard.asks else 0.0
    fits = SURE if wish and takes_up(offer, wish) and not heard.asks else 0.0
    yield Move("accept", max(yes, named, wanted + 0.01, fits, spoken_of), 0)
    yield Move("refuse", max(no, heard.likely("stop") + 0.01))


def _leaning(heard: Heard, intent: str, says: Callable[[str], bool]) -> float:
    plainly = says(heard.turn.text) and not heard.asks
    return max(heard.likely(intent), CERTAIN if plainly else 0.0)


def _to_question(heard: Heard) -> Iterator[Move]:
    """An answer to the open question, or a correction of what was told before."""
    question, identity, claims = heard.scene.question, heard.identity, heard.answer.claims
    if question is None:
        return
    if identity.given:
        is_answer = question in ("order_number", "proof")
        corrects = CERTAIN + 0.01 if identity.corrected else PLAIN
        yield Move("answer" if is_answer else "correct", SURE if is_answer else corrects)
    if heard.answer:
        yield Move("answer", _sureness(heard, question))
    wish = read_wish(heard.turn).get("remedy")
    if wish and wish != wished(heard.turn) and "remedy" not in claims and question != "remedy":
        yield Move("correct", PLAIN)


def _details(heard: Heard) -> Iterator[Move]:
    """What nobody asked for just now, but tells of the matter in hand."""
    if heard.scene.matter is None or heard.scene.question is None:
        return
    yield Move("tell", _clearness(heard), heard.details)


def _clearness(heard: Heard) -> float:
    claims = heard.details
    if claims.get("evidence") == "pasted":
        return CERTAIN + 0.02
    if claims and not heard.answer:
        return max(PLAIN, heard.likely("inform", "want_remedy"))
    only_a_number = not any(sign.isalpha() for sign in heard.turn.text)
    if heard.identity.given or heard.answer or only_a_number or asks_something(heard.turn.text):
        return 0.0
    if heard.turn.entities("email", "zip"):
        return CERTAIN
    # Whatever else it is like: in the middle of a matter it is told for its sake.
    told = heard.likely("out_of_scope") + 0.02 if tells_more(heard.turn) else 0.0
    return max(told, heard.likely("inform") + 0.02)


def _sureness(heard: Heard, question: str) -> float:
    claims = heard.answer.claims
    if question == "confirm":
        if claims.get("confirm") is None:
            return SURE
        if claims["confirm"] and heard.scene.matter is MATTERS["cancel"]:
            return max(_leaning(heard, "affirm", says_yes), _leaning(heard, "", says_cancel))
        if claims["confirm"]:
            wished = SURE if read_wish(heard.turn) and not heard.asks else 0.0
            return max(_leaning(heard, "affirm", says_yes), wished)
        return _leaning(heard, "deny", says_no)
    if question == "evidence":
        if claims.get("evidence") in ("pasted", "letter"):
            return SURE
        at_hand = says_yes(heard.turn.text) or heard.turn.entities("evidence")
        return max(PLAIN if at_hand and not heard.asks else WEAK, heard.likely(*SHORT_ANSWERS))
    if question == "description" and heard.likely(*CANNOT_TELL) > WEAK:
        return 0.0 if heard.words <= _WORDS_OF_A_DETAIL else WEAK
    # "how long till it is sent again?" asks, and chooses nothing.
    return ANSWERS[question] * (IN_PASSING if _ASKS_ABOUT.search(heard.turn.text) else 1.0)


def _begins(heard: Heard) -> Iterator[Move]:
    """A matter: a new one, another than the one in hand, or more of the same story."""
    turn, scene = heard.turn, heard.scene
    pressed = matter_for(turn.text, None)
    if pressed:
        yield Move("begin", CERTAIN, pressed)
    if scene.question == "description":
        return
    if turn.intent == "several_matters":
        yield _of_several(heard)
    for intent in turn.likely:
        matter = matter_of_intent(intent)
        if matter:
            weighed = turn.likely[intent] * _record_speaks(scene, matter)
            yield _as_move(heard, matter, min(weighed, CERTAIN))
    no_matter_yet = scene.matter is None or scene.matter.name == "record"
    nothing_to_stop = scene.matter is None and not scene.offers and scene.case is None
    is_order = nothing_to_stop or (no_matter_yet and bool(turn.slot("order_number")))
    if is_order and says_cancel(turn.text):
        wants = heard.likely("stop", "cancel_order") + 0.02
        yield Move("begin", min(wants, CERTAIN), MATTERS["cancel"])


def _of_several(heard: Heard) -> Move:
    """Two matters, unless both are just ways to ask how one order stands, or its record decides."""
    names = {matter.name for matter, _ in matters_in(heard.turn)}
    if names <= OF_RECORD | {"record"} and len(set(heard.turn.entities("order_number"))) < 2:
        return Move("look_up", CERTAIN + 0.01, MATTERS["record"])
    if heard.scene.status is not None and is_tie(heard.turn):
        return Move("begin", CERTAIN + 0.01, _likeliest_matter(heard))
    return Move("begin_several", CERTAIN + 0.01)


def _record_speaks(scene: Scene, matter: Matter) -> float:
    weight = RECORD_SPEAKS.get(scene.status or "", {}).get(matter.name, 1.0)
    nothing_yet = matter.name in ("case_status", "withdrawal") and scene.order_has_no_case
    return weight * (NO_CASE_YET if nothing_yet else 1.0)


def _as_move(heard: Heard, matter: Matter, score: float) -> Move:
    scene = heard.scene
    if matter.name == "other" and scene.status in RECORD_SETTLES and not _was_told(heard):
        return Move("look_up", score, MATTERS["record"])
    turns_away = _TURNS_AWAY.search(heard.turn.text)
    if scene.matter is not None:
        pair = frozenset({scene.matter.name, matter.name})
        # Whoever only wanted to return it and now tells of a fault has a better right.
        better = scene.matter.name == "remorse" and matter.name in FAULTS
        same = pair in SAME_STORY and not (turns_away or better)
        if (same or matter is scene.matter) and not (heard.answer or heard.identity.given):
            return Move("tell", score, heard.details)
        return Move("begin", score, scene.matter if same else matter)
    case = scene.case
    if case is None or case.state != "open" or heard.identity.corrected:
        return Move("begin", score, matter)
    more_of_it = {matter.name} == {case.situation} or {matter.name, case.situation} in SAME_STORY
    of_its_order = scene.order in (None, case.order) and not heard.turn.entities("product")
    if more_of_it and of_its_order and matter.goods:
        return Move("add", score)
    return Move("begin", score, matter)


def _was_told(heard: Heard) -> bool:
    """Whether what the record shows was offered already, and is not what is meant."""
    return bool(heard.scene.offers) or heard.turn.just_said("utter_offer_dropped")


def _looks_up(heard: Heard) -> Iterator[Move]:
    """Nothing said but that money is owed or something is wrong: the record may show what."""
    scene, turn = heard.scene, heard.turn
    if scene.matter is not None:
        return
    likeliest = _likeliest_matter(heard)
    wish = read_wish(turn).get("remedy") or remedy_in_words(turn.text)
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
        matter: share * _record_speaks(heard.scene, matter)
        for intent, share in heard.turn.likely.items()
        if (matter := matter_of_intent(intent)) and matter.name not in OF_RECORD
    }
    best = max(shares, key=lambda matter: shares[matter], default=None)
    return best if best is not None and shares[best] >= _LIKELY else MATTERS["record"]


def _about_case(heard: Heard) -> Iterator[Move]:
    """A question about the case, or something to add to it."""
    scene, turn = heard.scene, heard.turn
    yield Move("ask_about", heard.likely("ask_about_this"), turn.topic("ask_about_this"))
    topic = turn.topic("ask_policy")
    yield Move("ask_policy", heard.likely("ask_policy"), topic)
    in_hand = OF_THE_MATTER.get((scene.matter.name if scene.matter else "", topic or ""))
    if in_hand:
        yield Move("ask_about", heard.likely("ask_policy") + 0.01, in_hand)
    if scene.matter is not None or scene.case is None:
        return
    aspect = ASPECT_OF_TOPIC.get(topic or "")
    if aspect and not _IN_GENERAL.search(turn.text):
        either = heard.likely("ask_policy") + heard.likely("ask_about_this")
        yield Move("ask_about", either + 0.01, aspect)
    if scene.case.state == "open" and not heard.identity.given:
        # What is still to come of the order is what the case promises.
        yield Move("ask_about", heard.likely("ask_order_status") + 0.01, "next")
    if heard.asks and heard.words <= _WORDS_OF_A_DETAIL:
        # However it is worded, a short question about nothing else is about the case.
        yield Move("ask_about", LEAST, "next")
    if scene.case.state == "open" and not scene.offers and not heard.asks:
        is_detail = heard.words >= _WORDS_OF_A_DETAIL
        spoken_of = scene.case_was_told and is_detail
        yield Move("add", max(LEAST, heard.likely("inform")) if spoken_of else 0.0)
        withdraws = heard.likely("withdraw_request")
        changes_mind = scene.case_was_told and heard.words >= _WORDS_OF_A_DETAIL
        if withdraws >= _A_SIGN or (changes_mind and heard.likely("stop") > WEAK):
            ends = withdraws + heard.likely("stop", "cancel_order")
            yield Move("begin", min(ends, CERTAIN) + 0.01, MATTERS["withdrawal"])


def _sends_evidence(heard: Heard) -> Iterator[Move]:
    """Files that lie there unbound, or word of them."""
    loose = heard.turn.records.loose_evidence
    if heard.scene.matter is not None:
        if loose:
            yield Move("answer", heard.likely("evidence_sent") + 0.02)
        return
    if loose:
        yield Move("send_evidence", heard.likely("evidence_sent") + 0.02)
    if not heard.identity.given:
        yield Move("send_evidence", heard.likely("evidence_sent", "inform" if loose else ""))


READERS = (
    _always,
    _to_offers,
    _to_question,
    _details,
    _begins,
    _looks_up,
    _about_case,
    _sends_evidence,
)

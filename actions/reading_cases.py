"""Readers of what concerns a case or the rule: questions, something to add, files, a withdrawal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from actions.heard import CERTAIN, LEAST, SURE, WEAK, WORDS_OF_A_DETAIL, Heard
from actions.matters import MATTERS, SAME_STORY, STATUS_MATTERS, Matter
from actions.moves import Move
from actions.status import CASE_STATES
from actions.wishes import another_remedy, changes_mind
from actions.wording import makes_a_condition, yes_before_more
from casework.cases.case import Case

# Questions about the rule that, while there is a case, are about the case.
ASPECT_OF_TOPIC = {
    "refund_timing": "when",
    "redelivery_timing": "when",
    "return_shipping": "how",
    "restocking_fee": "amount",
    "evidence": "how",
    "business_days": "when",
}
# The same of a request that is not sent yet, where it says more than the rule.
WHEN_OF_REQUEST = frozenset({"refund_timing", "redelivery_timing"})
FEE_OF_REQUEST = ("remorse", "restocking_fee")
# What a question about one's own request sounds like, taken alone.
ASKS_OF_REQUEST = frozenset({"ask_about_this", "ask_case_status"})
# What a case's state does not say by itself.
SAID_BY_CASE = frozenset({"said", "amount", "when", "who", "how", "verdict", "reach", "if_no"})

CAN_BE_CANCELED = frozenset({"processing", "unfulfillable", None})
# "When will I get my refund", "how much is my refund": more than how it stands.
ASKED_BY_NAME = frozenset({"when", "amount", "who"})

_IN_GENERAL = re.compile(
    r"\b(?:in general|generally|usually|normally|as a rule|polic(?:y|ies)|what if)\b", re.I
)
_WISHES = re.compile(r"\b(?:prefer|rather|like|want|change|switch)\b", re.I)
# Of these "when will it come" asks for the goods, not for the money.
OF_SHIPPING = frozenset({"late_shipment", "cancel", "wrong_information"})
_COMES = re.compile(r"\b(?:ship|come|coming|arriv|deliver|dispatch|send)\w*", re.I)
_PHONE = re.compile(r"\d(?:\W?\d){6,}")
_A_SIGN = 0.05


def about_case(heard: Heard) -> Iterator[Move]:
    """A question about the case, or something to add to it."""
    scene, turn = heard.scene, heard.turn
    yield Move("ask_about", heard.likely("ask_about_this"), turn.topic("ask_about_this"))
    topic = turn.topic("ask_policy")
    yield Move("ask_policy", heard.likely("ask_policy"), topic)
    yield from _about_request(heard)
    asks_rule = heard.likely("ask_policy") > heard.likely("ask_about_this")
    of_case = asks_rule and not _IN_GENERAL.search(turn.text)
    aspect = ASPECT_OF_TOPIC.get(topic or "") if of_case else None
    either = heard.likely("ask_policy") + heard.likely("ask_about_this")
    on_hand = scene.matter.name if scene.matter else (scene.case.situation if scene.case else None)
    if topic == on_hand and heard.asks_to_know and scene.order is not None:
        # What the rule is was said with the request: what is asked is a detail of it.
        yield Move("ask_about", either + 0.01, turn.topic("ask_about_this"))
    if scene.matter is not None:
        of_request = topic in WHEN_OF_REQUEST or (scene.matter.name, topic) == FEE_OF_REQUEST
        if aspect and of_request and scene.order is not None:
            yield Move("ask_about", either + 0.01, aspect)
        return
    if scene.case is None:
        return
    if aspect:
        yield Move("ask_about", either + 0.01, aspect)
    if turn.surely("ask_about_this") > SURE and turn.topic("ask_about_this") in ASKED_BY_NAME:
        named = heard.likely("ask_case_status") + 0.02
        yield Move("ask_about", named, turn.topic("ask_about_this"))
    if scene.case.state == "open" and not heard.identity.given:
        # What is still to come of the order is what the case promises.
        yield Move("ask_about", heard.likely("ask_order_status") + 0.01, "next")
    if heard.asks:
        # However it is worded, a question about nothing else is about the case.
        sure = turn.surely("ask_about_this") > WEAK
        likely = LEAST if sure or heard.words <= WORDS_OF_A_DETAIL else 0.0
        yield Move("ask_about", likely, turn.topic("ask_about_this") if sure else "next")
    if scene.case.state == "open" and (not heard.asks_to_know or _WISHES.search(turn.text)):
        yield from _chooses_anew(heard, scene.case)
    too_late = scene.status not in CAN_BE_CANCELED
    if scene.case.state == "open" and too_late and not heard.asks_to_know:
        # The order cannot be canceled any more: what is to be canceled is the request.
        yield Move("begin", heard.likely("cancel_order") + 0.02, MATTERS["withdrawal"])
    if scene.case.state == "open" and not scene.offers and not heard.asks:
        is_detail = heard.words >= WORDS_OF_A_DETAIL or bool(_PHONE.search(turn.text))
        spoken_of = scene.case_was_told and is_detail
        yield Move("add", max(LEAST, heard.likely("inform")) if spoken_of else 0.0)
        withdraws = heard.likely("withdraw_request")
        if withdraws >= _A_SIGN or (spoken_of and heard.likely("stop") > WEAK):
            ends = withdraws + heard.likely("stop", "cancel_order")
            yield Move("begin", min(ends, CERTAIN) + 0.01, MATTERS["withdrawal"])


def _about_request(heard: Heard) -> Iterator[Move]:
    """A question while a request or an offer is on the table, or its case was just told of.

    Whatever status or matter it sounds like, it is about that: nothing else is there to ask about.
    """
    scene, turn = heard.scene, heard.turn
    if not heard.asks_to_know or heard.identity.new or scene.order is None:
        return
    aspect = turn.topic("ask_about_this")
    on_table = scene.matter or (MATTERS[scene.offer["matter"]] if scene.offer else None)
    if on_table is None:
        sure = turn.surely("ask_about_this") > SURE
        if sure and aspect in SAID_BY_CASE and turn.just_said(*CASE_STATES) and not scene.offers:
            # Its state was read out just now, and did not answer what was meant.
            yield Move("ask_about", heard.likely("ask_case_status") + 0.02, aspect)
        return
    if on_table.name in STATUS_MATTERS or (scene.offer and scene.offer.get("on") == "no"):
        return
    where = heard.likely("ask_order_status")
    kin = {one.intent for one in MATTERS.values() if one.intent and _one_story(on_table, one)}
    asked = (kin | ASKS_OF_REQUEST) - {"ask_order_status"}
    others = sum(turn.likely.get(intent, 0.0) for intent in asked)
    ships = aspect == "when" and on_table.name in OF_SHIPPING and _COMES.search(turn.text)
    if (where > others or ships) and scene.status != "delivered":
        aspect = "where"
    sure = turn.surely("ask_about_this") > WEAK
    least = LEAST if sure else 0.0
    if sure and makes_a_condition(turn.text) and not yes_before_more(turn.text):
        # "Yes, but only if I get all of it": whether the condition holds is what is asked.
        least = CERTAIN
    yield Move("ask_about", max(min(where + others, CERTAIN) + 0.02, least), aspect)


def _one_story(matter: Matter, other: Matter) -> bool:
    return other is matter or frozenset({matter.name, other.name}) in SAME_STORY


def _chooses_anew(heard: Heard, case: Case) -> Iterator[Move]:
    """Another remedy than the one the open case asks for."""
    wish = another_remedy(heard.turn, case)
    if wish is not None:
        likely = heard.likely("want_remedy") + 0.02
        yield Move("choose_anew", CERTAIN + 0.02 if changes_mind(heard.turn.text) else likely, wish)


def sends_evidence(heard: Heard) -> Iterator[Move]:
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

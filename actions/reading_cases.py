"""Readers of what concerns a case or the rule: questions, something to add, files, a withdrawal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from actions.heard import CERTAIN, LEAST, WEAK, WORDS_OF_A_DETAIL, Heard
from actions.matters import MATTERS
from actions.moves import Move

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

_IN_GENERAL = re.compile(
    r"\b(?:in general|generally|usually|normally|as a rule|polic(?:y|ies)|what if)\b", re.I
)
_A_SIGN = 0.05


def about_case(heard: Heard) -> Iterator[Move]:
    """A question about the case, or something to add to it."""
    scene, turn = heard.scene, heard.turn
    yield Move("ask_about", heard.likely("ask_about_this"), turn.topic("ask_about_this"))
    topic = turn.topic("ask_policy")
    yield Move("ask_policy", heard.likely("ask_policy"), topic)
    in_hand = OF_THE_MATTER.get((scene.matter.name if scene.matter else "", topic or ""))
    if in_hand:
        yield Move("ask_about", heard.likely("ask_policy") + 0.01, in_hand)
    if scene.matter is not None and scene.matter.goods and scene.status == "delivered":
        # The goods have arrived: what is asked for now is what comes of the matter.
        yield Move("ask_about", heard.likely("ask_order_status") * heard.asks + 0.01, "when")
    if scene.matter is not None or scene.case is None:
        return
    aspect = ASPECT_OF_TOPIC.get(topic or "")
    if aspect and not _IN_GENERAL.search(turn.text):
        either = heard.likely("ask_policy") + heard.likely("ask_about_this")
        yield Move("ask_about", either + 0.01, aspect)
    if scene.case.state == "open" and not heard.identity.given:
        # What is still to come of the order is what the case promises.
        yield Move("ask_about", heard.likely("ask_order_status") + 0.01, "next")
    if heard.asks and heard.words <= WORDS_OF_A_DETAIL:
        # However it is worded, a short question about nothing else is about the case.
        yield Move("ask_about", LEAST, "next")
    if scene.case.state == "open" and not scene.offers and not heard.asks:
        is_detail = heard.words >= WORDS_OF_A_DETAIL
        spoken_of = scene.case_was_told and is_detail
        yield Move("add", max(LEAST, heard.likely("inform")) if spoken_of else 0.0)
        withdraws = heard.likely("withdraw_request")
        if withdraws >= _A_SIGN or (spoken_of and heard.likely("stop") > WEAK):
            ends = withdraws + heard.likely("stop", "cancel_order")
            yield Move("begin", min(ends, CERTAIN) + 0.01, MATTERS["withdrawal"])


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

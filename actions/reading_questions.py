"""Readers of questions: about the rule, a request that is not sent yet, an offer, or a case.

Whatever status or matter a question sounds like taken alone, it is about what is before the
customer; only what no request answers is about the rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from actions.heard import CERTAIN, LEAST, SURE, WEAK, WORDS_OF_A_DETAIL, Heard
from actions.matters import MATTERS, SAME_STORY, STATUS_MATTERS, Matter
from actions.moves import Move
from actions.status import CASE_STATES
from actions.wording import makes_a_condition, yes_before_more

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
SAID_BY_CASE = frozenset(
    {"said", "amount", "when", "who", "how", "verdict", "reach", "if_no"}
    | {"keep", "undo", "deadline", "more"}
)
# "When will I get my refund", "how much is my refund": more than how it stands.
ASKED_BY_NAME = frozenset({"when", "amount", "who"})
# Of these "when will it come" asks for the goods, not for the money.
OF_SHIPPING = frozenset({"late_shipment", "cancel", "wrong_information"})

_COMES = re.compile(r"\b(?:ship|come|coming|arriv|deliver|dispatch|send|sent)\w*", re.I)
_IN_GENERAL = re.compile(
    r"\b(?:in general|generally|usually|normally|as a rule|polic(?:y|ies)|what if)\b", re.I
)


def asks_anything(heard: Heard) -> Iterator[Move]:
    """A question by its own words: about what was just said, or about the rule."""
    turn = heard.turn
    yield Move("ask_about", heard.likely("ask_about_this"), _aspect(heard))
    yield Move("ask_policy", heard.likely("ask_policy"), turn.topic("ask_policy"))
    scene = heard.scene
    subject = scene.matter.name if scene.matter else (scene.case.situation if scene.case else None)
    about_it = turn.topic("ask_policy") == subject and scene.order is not None
    if about_it and heard.asks_to_know:
        # What the rule is was said with the request: what is asked is a detail of it.
        yield Move("ask_about", _either(heard), _aspect(heard))


def asks_of_request(heard: Heard) -> Iterator[Move]:
    """A question while a request or an offer is on the table."""
    scene, turn = heard.scene, heard.turn
    on_table = scene.matter or (MATTERS[scene.offer["matter"]] if scene.offer else None)
    if on_table is None or scene.order is None:
        return
    topic = turn.topic("ask_policy")
    of_request = topic in WHEN_OF_REQUEST or (on_table.name, topic) == FEE_OF_REQUEST
    if scene.matter is not None and of_request and _of_the_rule(heard):
        yield Move("ask_about", _either(heard), ASPECT_OF_TOPIC[topic or ""])
    of_another = topic in MATTERS and topic != on_table.name
    if of_another and turn.surely("ask_about_this") > SURE and heard.asks_to_know:
        # The rule of another situation is hardly what is asked in the middle of this one.
        yield Move("ask_about", _either(heard), _aspect(heard))
    arrival_asked = scene.offer is not None and scene.offer.get("on") == "no"
    if on_table.name in STATUS_MATTERS or arrival_asked:
        return
    if heard.asks_to_know and not heard.identity.new:
        yield _about(heard, on_table)


def _about(heard: Heard, on_table: Matter) -> Move:
    """The question as one about what is on the table, however its words alone are understood."""
    turn, aspect = heard.turn, _aspect(heard)
    where = heard.likely("ask_order_status")
    kin = {one.intent for one in MATTERS.values() if one.intent and _one_story(on_table, one)}
    asked = (kin | ASKS_OF_REQUEST) - {"ask_order_status"}
    others = sum(turn.likely.get(intent, 0.0) for intent in asked)
    ships = aspect == "when" and on_table.name in OF_SHIPPING and _COMES.search(turn.text)
    if (where > others or ships) and heard.scene.status != "delivered":
        aspect = "where"
    sure = turn.surely("ask_about_this") > WEAK
    least = LEAST if sure else 0.0
    if sure and makes_a_condition(turn.text) and not yes_before_more(turn.text):
        # "Yes, but only if I get all of it": whether the condition holds is what is asked.
        least = CERTAIN
    return Move("ask_about", max(min(where + others, CERTAIN) + 0.02, least), aspect)


def _one_story(matter: Matter, other: Matter) -> bool:
    return other is matter or frozenset({matter.name, other.name}) in SAME_STORY


def asks_of_case(heard: Heard) -> Iterator[Move]:
    """A question about the case last spoken of, where no matter is in hand."""
    scene, turn = heard.scene, heard.turn
    if scene.matter is not None or scene.case is None:
        return
    of_topic = ASPECT_OF_TOPIC.get(turn.topic("ask_policy") or "")
    if of_topic and _of_the_rule(heard):
        yield Move("ask_about", _either(heard), of_topic)
    aspect, sure = _aspect(heard), turn.surely("ask_about_this")
    told_just_now = turn.just_said(*CASE_STATES) and not scene.offers and not heard.identity.new
    # Its state was read out just now, and did not answer what was meant.
    besides = told_just_now and heard.asks_to_know and aspect in SAID_BY_CASE
    if sure > SURE and (aspect in ASKED_BY_NAME or besides):
        yield Move("ask_about", heard.likely("ask_case_status") + 0.02, aspect)
    if scene.case.state == "open" and not heard.identity.given:
        # What is still to come of the order is what the case promises.
        yield Move("ask_about", heard.likely("ask_order_status") + 0.01, "next")
    if heard.asks:
        # However it is worded, a question about nothing else is about the case.
        likely = LEAST if sure > WEAK or heard.words <= WORDS_OF_A_DETAIL else 0.0
        yield Move("ask_about", likely, aspect if sure > WEAK else "next")


def _aspect(heard: Heard) -> str | None:
    return heard.turn.topic("ask_about_this")


def _either(heard: Heard) -> float:
    return heard.likely("ask_policy") + heard.likely("ask_about_this") + 0.01


def _of_the_rule(heard: Heard) -> bool:
    """Whether the rule is asked for, and not in general: then it is asked for one's own sake."""
    asks_rule = heard.likely("ask_policy") > heard.likely("ask_about_this")
    return asks_rule and not _IN_GENERAL.search(heard.turn.text)

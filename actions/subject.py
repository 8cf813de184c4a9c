"""Questions about what was just said: "how much is it?", "and when?", "so is that a yes?".

"It" is the case last spoken of, the matter in hand, what is on offer, or the policy topic answered
last, in this order. While there is a case, it and its obligations answer, never the policy in
general.
"""

from __future__ import annotations

import re

from actions.aspects import ENDED, OF_OUTCOME, View
from actions.beside import BESIDE
from actions.matters import STATUS_MATTERS
from actions.scene import Scene
from actions.standing import known_facts, standing
from actions.status import tell_case, tell_order_cases, tell_prospects
from actions.topics import answer_topic
from actions.turn import Turn
from actions.withdrawal import WITHDRAWAL
from casework.cases.case import case_facts, decision_of
from casework.cases.in_words import bullets
from casework.conversations.handling import agreed_with_people
from casework.people.duty import expectation
from policy_core import decide

# The policy topic of a situation, and what a question about it turns to.
TOPIC_OF = {
    "cancel": "cancellation",
    "other": "other_disputes",
    "order_status": "late_shipment",
    "case_status": "refund_timing",
    "withdrawal": "contact",
    "record": "overview",
}
TURNS_TO = {
    "amount": {"remorse": "restocking_fee", "restocking_fee": "restocking_fee"},
    "when": {
        "redelivery_timing": "redelivery_timing",
        "filing_window": "filing_window",
        "cancellation": "cancellation",
        "replacement": "redelivery_timing",
        "contact": "contact",
    },
    "who": {"contact": "contact", "evidence": "evidence"},
    "how": {"contact": "contact", "evidence": "evidence", "cancellation": "cancellation"},
}
ELSE_TO = {"when": "refund_timing", "how": "return_shipping", "who": "return_shipping"}

_WHY = re.compile(r"\bwhy\b|\bhow come\b|\bwhat happened\b", re.I)
ABOUT = OF_OUTCOME | BESIDE
_TOLD_OF = frozenset({"said", "beyond", "when", "next", "where"})
_OF_PEOPLE = frozenset({"when", "next", "who", "verdict"})


def answer_about(turn: Turn, scene: Scene, aspect: str | None) -> None:
    """Answer the question by its subject; without one, ask what is meant."""
    view = _view(turn, scene, aspect)
    if view is None:
        _by_topic(turn, scene, aspect)
    elif view.case is None and aspect in _TOLD_OF and _WHY.search(turn.text):
        turn.say("utter_about_no_reason", order=view.order.number)
    elif scene.waits_for_person and aspect in _OF_PEOPLE and view.decision.outcome in ENDED:
        turn.say("utter_about_person", when=expectation(turn.now))
    elif view.case is not None and view.case.state != "open":
        tell_case(turn, view.case)
    else:
        ABOUT[aspect or "next"](turn, view)


def _view(turn: Turn, scene: Scene, aspect: str | None) -> View | None:
    if scene.matter is not None:
        now = standing(turn)
        if now.decision is None or now.order is None:
            return None
        return View(now.order, now.decision, now.facts, now.case)
    # "Did it reach you?" is no request that a yes would send in.
    offered = (
        scene.offer is not None
        and scene.offer.get("on") != "no"
        and scene.offer["matter"] not in STATUS_MATTERS | {WITHDRAWAL}
    )
    # What was taken down is asked of the case, whatever is offered beside it.
    of_case = aspect in BESIDE and scene.case is not None and scene.case_was_told
    if scene.offer is not None and offered and scene.order is not None and not of_case:
        facts = known_facts(turn, scene.order, scene.offer["matter"])
        decision = decide(facts, policy=turn.policy, today=turn.today)
        return View(scene.order, decision, facts, None)
    if scene.case is None or (scene.topic is not None and not of_case):
        return None
    case = scene.case
    decision = decision_of(case, turn.policy, turn.today)
    return View(case.order, decision, case_facts(case, turn.today), case)


def _by_topic(turn: Turn, scene: Scene, aspect: str | None) -> None:
    if aspect == "reach":
        turn.say("utter_about_reach", when=expectation(turn.now))
        return
    if aspect in ("beyond", "pay_to"):
        turn.say("utter_cannot_say")
        return
    if aspect == "said":
        agreed = agreed_with_people(turn.session, turn.conversation_id)
        if agreed:
            turn.say("utter_about_said", points=bullets(agreed))
            return
    topic = scene.topic
    if scene.matter is not None:
        topic = TOPIC_OF.get(scene.matter.name, scene.matter.name)
    if scene.waits_for_person and topic is None:
        turn.say("utter_about_person", when=expectation(turn.now))
        return
    if topic is None:
        if scene.order is None:
            turn.say("utter_ask_about_this")
        elif not scene.order_has_no_case:
            tell_order_cases(turn, scene.order)
        else:
            tell_prospects(turn, scene.order)
        return
    aspect = aspect or ""
    meant = TURNS_TO.get(aspect, {}).get(topic) or ELSE_TO.get(aspect, topic)
    if meant == scene.topic:
        # It was just said; what is more depends on the order.
        turn.say("utter_about_needs_order" if scene.order is None else "utter_cannot_say")
    else:
        answer_topic(turn, meant)

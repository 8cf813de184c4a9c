"""Answers to what customers ask beside the outcome of a request, an offer or a case.

What was taken down, how the answer comes, what if it is a no, whether one may still back out.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from actions.aspects import (
    ENDED,
    PAYS,
    SHIPPING,
    View,
    given_by,
    if_granted,
    request_of,
    steps,
    who_pays,
)
from actions.in_hand import tell_more
from actions.questions import request_listed
from actions.standing import known_facts, standing
from actions.topics import answer_topic
from actions.turn import Turn
from actions.withdrawal import has_gone_too_far
from casework.cases.in_words import agreements, bullets, day, goods, promised, told
from casework.evidence.evidence import evidence_of
from casework.outgoing.channels import channels
from casework.people.duty import expectation
from policy_core import Decision, decide

_SENDING_BACK = re.compile(
    r"\b(?:return|ship|send|mail)\w*\b.{0,20}\b(?:back|label|return)\b", re.I
)

_GOES_BACK = frozenset({"prepaid_label", "return_goods"})
_WINDOW = "filing-window"


def _said(turn: Turn, view: View) -> None:
    case = view.case
    if case is None:
        if turn.slot("question"):
            turn.say("utter_about_said_unsent", points=request_listed(turn, standing(turn)))
        else:
            given = bullets([f"You get {given_by(view.decision)}", *promised(view.decision)])
            turn.say("utter_about_offer", request=request_of(view), given=given)
        return
    files = len(evidence_of(turn.session, case=case))
    points = [
        f"Case number: {case.number}",
        f"Order {view.order.number}: {goods(case.lines or view.order.lines)}",
        f"Your request: {request_of(view)}",
        f"Asked for on {day(case.requested_on)}",
    ]
    words = [one.data["text"] for one in case.log if one.kind == "note" and one.data.get("text")]
    points += [f"In your words: “{line}”" for text in words for line in text.splitlines()]
    points += [f"Files from you: {files}"] if files else []
    points += steps(turn, view)
    points += agreements(case.log)
    turn.say("utter_about_said", points=bullets(points))


def _if_no(turn: Turn, view: View) -> None:
    """What follows if it is turned down."""
    if view.decision.outcome == "entitled":
        turn.say("utter_about_who_right")
    elif view.decision.outcome in ENDED:
        turn.say("utter_about_verdict_no", why=" ".join(told(view.decision)))
    else:
        turn.say("utter_about_if_no")


def _pay_to(turn: Turn, view: View) -> None:
    turn.say("utter_about_pay_to")


def _beyond(turn: Turn, view: View) -> None:
    """What neither policy nor record says: the question goes along, for a person to answer."""
    if _asks_of_postage(turn, view):
        who_pays(turn, view)
    elif turn.slot("question"):
        tell_more(turn)
        turn.say("utter_about_beyond_unsent")
    elif view.case is not None and view.case.state == "open":
        turn.records.note_words(view.case, turn.text, turn.now, turn.message_key)
        turn.say("utter_about_beyond_noted", case=view.case.number)
    else:
        turn.say("utter_cannot_say")


def _asks_of_postage(turn: Turn, view: View) -> bool:
    """Whether it asks who pays for sending the goods back, where they may have to go back."""
    if _SENDING_BACK.search(turn.text):
        return True
    granted = {one["action"] for one in if_granted(turn, view).obligations}
    return bool(SHIPPING.search(turn.text) and PAYS.search(turn.text)) and bool(
        granted & _GOES_BACK
    )


def _reach(turn: Turn, view: View) -> None:
    by_mail = view.case is not None and "email" in channels().on
    response = "utter_about_reach_mail" if by_mail else "utter_about_reach"
    turn.say(response, when=expectation(turn.now))


def _keep(turn: Turn, view: View) -> None:
    """What to do with the goods until it is decided, and whether they have to go back."""
    now = {one["action"] for one in view.decision.obligations}
    granted = {one["action"] for one in if_granted(turn, view).obligations}
    if now & _GOES_BACK:
        turn.say("utter_about_steps", steps=bullets(steps(turn, view)))
    elif "prepaid_label" in granted:
        turn.say("utter_about_keep_label")
    else:
        turn.say("utter_about_keep" if granted & _GOES_BACK else "utter_about_how_nothing")


def _undo(turn: Turn, view: View) -> None:
    """Whether one may still back out, and how."""
    if view.case is None:
        turn.say("utter_about_undo_unsent")
    elif view.case.state != "open" or has_gone_too_far(view.case):
        turn.say("utter_about_undo_late", case=view.case.number)
    else:
        turn.say("utter_about_undo", case=view.case.number)


def _deadline(turn: Turn, view: View) -> None:
    """Until when the customer may ask, or still show what happened."""
    days = _last_days(view.decision)
    if not days and view.facts.get("order_status") == "delivered":
        # What has arrived can be returned: that has its last day, whatever is asked for now.
        facts = known_facts(turn, view.order, "remorse")
        days = _last_days(decide(facts, policy=turn.policy, today=turn.today))
    if view.facts["situation"] == "cancel":
        answer_topic(turn, "cancellation")
    elif days:
        turn.say("utter_about_steps", steps=" ".join(days))
    else:
        turn.say("utter_about_no_deadline")
    if view.decision.required_evidence:
        turn.say("utter_about_deadline_evidence")


def _last_days(decision: Decision) -> list[str]:
    return [str(one["text"]) for one in decision.explanation if one["clause"] == _WINDOW]


def _more(turn: Turn, view: View) -> None:
    """Whether more may be added, also later."""
    if view.case is None:
        turn.say("utter_about_more_unsent")
    else:
        turn.say("utter_about_more", case=view.case.number)


BESIDE: dict[str, Callable[[Turn, View], None]] = {
    "said": _said,
    "reach": _reach,
    "beyond": _beyond,
    "pay_to": _pay_to,
    "if_no": _if_no,
    "keep": _keep,
    "undo": _undo,
    "deadline": _deadline,
    "more": _more,
}

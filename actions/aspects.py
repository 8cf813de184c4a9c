"""The answers to each kind of question about a request, an offer or a case.

A kind is called an aspect; the language model learns them as `ask_about_this/<aspect>`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from actions.matters import REMEDIES_OF
from actions.replies import REMEDIES, refund_of, request
from actions.status import tell_case, tell_where
from actions.topics import answer_topic
from actions.turn import Turn
from casework.cases.case import Case, obligations_of
from casework.cases.in_words import (
    bullets,
    money,
    overdue,
    progress,
    promised,
    tips,
    told,
)
from casework.orders.order import Order
from casework.people.duty import expectation
from policy_core import Decision, decide

# A case whose record lacks a fact is with a person, too.
BY_PERSON = frozenset({"seller_decides", "dispute", "contact_us", "need_facts"})
ENDED = frozenset({"declined", "not_available"})

SHIPPING = re.compile(r"\b(?:shipping|ship|postage|send(?:ing)?|mail(?:ing)?|label)\b", re.I)
_INCLUDED = re.compile(
    r"\b(?:tax(?:es)?|includ\w+|shipping (?:money|(?:i|we) paid)|"
    r"(?:paid|\$?\d+) (?:dollars )?for shipping|with the shipping|"
    r"(?:is|and) (?:it )?(?:the )?shipping (?:too|in))\b",
    re.I,
)
# The policy's reading of what an order's total is.
_OF_THE_TOTAL = 18
PAYS = re.compile(r"\b(?:pays?|paying|costs?|charged?|free|postage)\b", re.I)


@dataclass(frozen=True)
class View:
    """What "it" is: a decision on an order, of a case or of a matter that is not sent yet."""

    order: Order
    decision: Decision
    facts: dict[str, Any]
    case: Case | None


def _amount(turn: Turn, view: View) -> None:
    asks_what_is_in_it = _INCLUDED.search(turn.text)
    if SHIPPING.search(turn.text) and not asks_what_is_in_it:
        who_pays(turn, view)
        return
    decision, response = view.decision, "utter_about_amount"
    if not _has_amount(decision):
        decision, response = if_granted(turn, view), "utter_about_amount_granted"
    amounts = decision.amounts
    if not _has_amount(decision):
        what = REMEDIES.get(decision.remedy or "")
        no_sum = "utter_about_amount_none" if what else "utter_about_amount_unknown"
        turn.say(no_sum, what=what or "")
    elif amounts["refund_min"] == amounts["refund_max"]:
        turn.say(response, refund=money(str(amounts["refund_max"])))
    else:
        turn.say(
            "utter_about_amount_range",
            fee=money(str(amounts["fee_max"])),
            low=money(str(amounts["refund_min"])),
            high=money(str(amounts["refund_max"])),
        )
    if (
        asks_what_is_in_it
        and _has_amount(decision)
        and money(str(amounts["refund_max"])) == money(view.order.total)
    ):
        turn.say("utter_about_steps", steps=turn.policy.interpretations[_OF_THE_TOTAL].reading)


def _has_amount(decision: Decision) -> bool:
    return decision.amounts.get("refund_max") is not None


def if_granted(turn: Turn, view: View, remedy: str | None = None) -> Decision:
    """The decision as it would be if a person found for the customer."""
    granted = {"seller_decision": "accept", "evidence": "compelling"}
    facts = view.facts | granted | ({"remedy": remedy} if remedy else {})
    return decide(facts, policy=turn.policy, today=turn.today)


def _once_granted(turn: Turn, view: View) -> list[str]:
    """What is promised, by when, if it is granted: of each remedy that can still be chosen."""
    chosen = view.facts.get("remedy")
    choices = (chosen,) if chosen else REMEDIES_OF.get(view.facts["situation"], ())
    points = []
    for remedy in choices:
        promises = " ".join(promised(if_granted(turn, view, remedy)))
        if promises and len(choices) > 1:
            promises = f"{REMEDIES[remedy].capitalize()}: {promises}"
        points += [promises] if promises else []
    return points


def is_open(view: View) -> bool:
    """Whether what the customer answers next still decides it; nothing has been sent."""
    return view.case is None and view.decision.outcome == "need_facts"


def _when(turn: Turn, view: View) -> None:
    late, granted = _late(turn, view), _once_granted(turn, view)
    if is_open(view):
        turn.say("utter_about_when_undecided")
    elif late and view.case is not None:
        turn.say("utter_about_when_late", late=" ".join(late), case=view.case.number)
    elif view.decision.outcome == "entitled":
        days = _dated(turn, view) or steps(turn, view)
        turn.say("utter_about_when", steps=bullets(days))
    elif view.decision.outcome == "need_evidence":
        turn.say("utter_about_when_evidence", when=expectation(turn.now))
    elif view.decision.outcome in BY_PERSON:
        sent = view.case is not None
        response = "utter_about_when_person" if sent else "utter_about_when_person_unsent"
        turn.say(response, when=expectation(turn.now))
    else:
        turn.say("utter_about_steps", steps=bullets(steps(turn, view)))
    if granted and (is_open(view) or view.decision.outcome in {"need_evidence", *BY_PERSON}):
        turn.say("utter_about_once_granted", steps=bullets(granted))


def _late(turn: Turn, view: View) -> list[str]:
    """Where the shop is late with what it promised in the case."""
    return overdue(obligations_of(view.case, turn.policy, turn.today)) if view.case else []


def steps(turn: Turn, view: View) -> list[str]:
    """What the decision gives and how it goes on; of a case, what is done already, too."""
    if view.case is None:
        return told(view.decision)
    promises = obligations_of(view.case, turn.policy, turn.today)
    return [*told(view.decision, promises), *progress(promises)]


def _dated(turn: Turn, view: View) -> list[str]:
    """What is promised, each with its day or what it waits for, and what is done already."""
    promises = obligations_of(view.case, turn.policy, turn.today) if view.case else []
    return [*promised(view.decision, promises), *progress(promises)]


def _next(turn: Turn, view: View) -> None:
    if view.case is not None and turn.just_said("utter_case_late"):
        _when(turn, view)
    elif view.case is not None:
        tell_case(turn, view.case)
    elif is_open(view):
        turn.say("utter_about_next_undecided")
    elif view.decision.outcome == "entitled":
        turn.say("utter_about_when", steps=bullets(steps(turn, view)))
    elif view.decision.outcome == "need_evidence":
        turn.say("utter_about_next_evidence", when=expectation(turn.now))
    else:
        turn.say("utter_about_next_person", when=expectation(turn.now))


def _who(turn: Turn, view: View) -> None:
    if PAYS.search(turn.text):
        who_pays(turn, view)
    elif is_open(view):
        turn.say("utter_about_who_undecided")
    elif view.decision.outcome == "entitled":
        turn.say("utter_about_who_right")
    else:
        turn.say("utter_about_who_person", when=expectation(turn.now))


def who_pays(turn: Turn, view: View) -> None:
    """Who pays for sending it back."""
    obligations = [*view.decision.obligations, *if_granted(turn, view).obligations]
    if any(one["action"] == "prepaid_label" for one in obligations):
        turn.say("utter_about_who_pays")
    else:
        answer_topic(turn, "return_shipping")


def _how(turn: Turn, view: View) -> None:
    if PAYS.search(turn.text):
        who_pays(turn, view)
        return
    actions = {one["action"] for one in view.decision.obligations}
    if view.decision.outcome == "need_evidence" or (is_open(view) and tips(view.decision)):
        turn.say("utter_about_how_evidence", tips=bullets(tips(view.decision)))
    elif actions & {"prepaid_label", "return_goods"}:
        turn.say("utter_about_steps", steps=bullets(steps(turn, view)))
    elif view.decision.outcome in BY_PERSON:
        granted = {one["action"] for one in if_granted(turn, view).obligations}
        labeled = "prepaid_label" in granted
        turn.say("utter_about_how_wait_with_label" if labeled else "utter_about_how_wait")
    elif is_open(view):
        turn.say("utter_about_next_undecided")
    else:
        turn.say("utter_about_how_nothing")


def _where(turn: Turn, view: View) -> None:
    tell_where(turn, view.order)


def _verdict(turn: Turn, view: View) -> None:
    outcome = view.decision.outcome
    if is_open(view) and tips(view.decision):
        turn.say("utter_about_show_what_you_have")
    elif is_open(view):
        turn.say("utter_about_verdict_undecided", request=request_of(view))
    elif view.case is None and outcome == "entitled":
        turn.say("utter_about_verdict_unsent", refund=given_by(view.decision))
    elif outcome == "entitled":
        turn.say("utter_about_verdict_yes", refund=given_by(view.decision))
    elif outcome == "need_evidence":
        turn.say("utter_about_verdict_evidence", request=request_of(view))
    elif outcome in BY_PERSON:
        sent = view.case is not None
        response = "utter_about_verdict_open" if sent else "utter_about_verdict_open_unsent"
        turn.say(response, when=expectation(turn.now), request=request_of(view))
    else:
        turn.say("utter_about_verdict_no", why=" ".join(told(view.decision)))


def request_of(view: View) -> str:
    """What is asked for, in the customer's words."""
    return request(view.facts["situation"], view.facts.get("remedy"))


def given_by(decision: Decision) -> str:
    """What a decision gives, with its sum where money comes back."""
    if decision.remedy in ("replacement", "redelivery"):
        return REMEDIES[decision.remedy]
    return refund_of(decision)


OF_OUTCOME: dict[str, Callable[[Turn, View], None]] = {
    "amount": _amount,
    "when": _when,
    "next": _next,
    "who": _who,
    "how": _how,
    "verdict": _verdict,
    "where": _where,
}

"""Where a matter stands: who is verified, what the policy decides now, which question is next.

Everything here is read anew at every turn, from the database and the policy core; a customer's
claims only fill what the record leaves open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from actions.matters import MATTERS, STATUS_MATTERS, Matter
from actions.turn import Turn
from actions.withdrawal import WITHDRAWAL, has_gone_too_far, request_in_question
from casework.cases.case import Case, case_facts, decision_of, find_open_case
from casework.orders.order import Order, order_facts
from policy_core import Decision, decide

# The policy facts a customer can be asked for. The others are the order record's.
ASKABLE = ("delivered_on", "remedy", "evidence")

# Outcomes after which something is written down, and so first confirmed.
WRITTEN = frozenset({"entitled", "need_evidence", "seller_decides", "dispute"})

# Slots that belong to one matter: cleared when another one is taken up, or the order changes.
OF_ONE_MATTER = (
    "story",
    "items",
    "delivered_on",
    "remedy",
    "evidence",
    "description",
    "added",
    "confirm",
)

NEVER_CAME = "Marked as delivered, but it did not arrive."
"""What is passed on of a no to "did it reach you?"; the customer's own words follow in quotes."""

# "It should be 4B, not 4D" tells the correction; "wrong address on my order" only asks for one.
_TELLS_CORRECTION = re.compile(
    r"\b(should (be|read|say|go to)|instead of|changed? ((it|the [\w ]+) )?to|correct (one|\w+) is"
    r"|(new|right) [\w ]+ is|not \w*\d\w*)\b",
    re.I,
)

_DIGIT = re.compile(r"\d")
_WHOLE_ADDRESS = re.compile(r"\b\d+\w?\s+\w+.*\b\d{5}\b", re.S)

# A first message of so many words says what happened; a shorter one only which matter it is.
WORDS_OF_A_STORY = 6


@dataclass(frozen=True)
class Standing:
    """Where the matter stands after everything known so far."""

    order: Order | None
    case: Case | None
    facts: dict[str, Any]
    decision: Decision | None
    question: str | None

    @property
    def the_order(self) -> Order:
        """The verified order; LookupError where none is."""
        if self.order is None:
            raise LookupError("no verified order")
        return self.order

    @property
    def the_case(self) -> Case:
        """The open case in question; LookupError where there is none."""
        if self.case is None:
            raise LookupError("no open case")
        return self.case

    @property
    def the_decision(self) -> Decision:
        """The policy's decision; LookupError where there is none yet."""
        if self.decision is None:
            raise LookupError("no decision yet")
        return self.decision

    @property
    def record_incomplete(self) -> bool:
        """Whether the order record lacks a fact that only a person can supply."""
        return self.decision is not None and self.decision.outcome == "need_facts"


def order_in_question(turn: Turn) -> Order | None:
    """The verified order the customer speaks of; the one verified last if none was named."""
    orders = turn.records.verified
    number = turn.slot("order_number")
    if number is None:
        return orders[0] if orders else None
    return next((order for order in orders if order.number == number), None)


def _arrival_claimed(turn: Turn, order: Order) -> dict[str, str]:
    claimed = turn.slot("delivered_on")
    earliest = order.shipped_on or order.placed_on
    if claimed is None or date.fromisoformat(claimed) < earliest:
        return {}
    return {"delivered_on": claimed}


def chosen_lines(turn: Turn, order: Order) -> list[Any]:
    """The order's lines the matter is about: those named, or all."""
    positions = turn.slot("items")
    return [line for line in order.lines if not positions or line.position in positions]


def known_facts(turn: Turn, order: Order, situation: str) -> dict[str, Any]:
    """The policy facts: the record's, and the customer's claims where the record is silent."""
    facts: dict[str, Any] = {"situation": situation, "requested_on": turn.today.isoformat()}
    if turn.slot("remedy"):
        facts["remedy"] = turn.slot("remedy")
    facts |= order_facts(order, turn.today)
    if facts["order_status"] == "delivered" and "delivered_on" not in facts:
        facts |= _arrival_claimed(turn, order)
    if turn.records.loose_evidence:
        facts["evidence"] = "submitted"
    elif turn.slot("evidence") and not _about_to_be_sent(turn):
        facts["evidence"] = "none"
    if turn.slot("items"):
        total = sum((Decimal(line.total) for line in chosen_lines(turn, order)), Decimal())
        facts["claim_total"] = str(total)
    return facts


def takes_correction(decision: Decision) -> bool:
    """Whether the delivery details can still be corrected, and nothing else is open instead."""
    return decision.remedy == "correction" and not decision.alternatives


def in_own_words(turn: Turn, situation: str) -> list[str]:
    """What the customer told of the matter so far, message by message, for whoever works on it.

    A first message that only says which matter it is ("wrong address on my order") tells nothing.
    """
    story = turn.slot("story") or ""
    if situation == "wrong_information":
        tells = bool(_TELLS_CORRECTION.search(story))
    else:
        tells = len(story.split()) >= WORDS_OF_A_STORY
    first = turn.slot("description") or (story if tells else None)
    words = [*([first] if first else []), *(turn.slot("added") or ())]
    if situation != "wrong_information":
        return words
    if not turn.slot("description") and not any(_tells_correction(turn, one) for one in words):
        return []
    # An address told in full again takes the place of what was told of it before.
    whole = [place for place, one in enumerate(words) if _WHOLE_ADDRESS.search(one)]
    return words[whole[-1] :] if whole else words


def _tells_correction(turn: Turn, text: str) -> bool:
    for known in (turn.slot("order_number"), turn.slot("proof")):
        text = text.replace(str(known), "")
    return bool(_TELLS_CORRECTION.search(text) or _DIGIT.search(text))


def _about_to_be_sent(turn: Turn) -> bool:
    """What is at hand is waited for: pictures on the website, paper wherever one can type."""
    at_hand = ("mentioned", "promised") if turn.on_website else ()
    return turn.slot("evidence") in (*at_hand, "letter")


def standing(turn: Turn) -> Standing:
    """Where the matter in hand stands now, and the next slot to ask for (None: settle it)."""
    matter = MATTERS[turn.slot("matter")]
    order = order_in_question(turn)
    if order is None:
        first = "proof" if turn.slot("order_number") else "order_number"
        return Standing(None, None, {}, None, first)
    if matter.name in STATUS_MATTERS:
        return Standing(order, None, {}, None, None)
    if matter.name == WITHDRAWAL:
        return _withdrawal(turn, order)
    case = find_open_case(turn.session, order, matter.name)
    if case is not None:
        return Standing(
            order,
            case,
            case_facts(case, turn.today),
            decision_of(case, turn.policy, turn.today),
            None,
        )
    facts = known_facts(turn, order, matter.name)
    decision = decide(facts, policy=turn.policy, today=turn.today)
    question = _next_question(turn, order, decision, matter)
    return Standing(order, None, facts, decision, question)


def _withdrawal(turn: Turn, order: Order) -> Standing:
    case = request_in_question(turn, order)
    unanswered = case is not None and not has_gone_too_far(case) and turn.slot("confirm") is None
    return Standing(order, case, {}, None, "confirm" if unanswered else None)


def _next_question(turn: Turn, order: Order, decision: Decision, matter: Matter) -> str | None:
    corrects = takes_correction(decision)
    open_to_customer = decision.outcome in WRITTEN or decision.outcome == "need_facts"
    if not open_to_customer and not corrects:
        return None
    if matter.goods and len(order.lines) > 1 and turn.slot("items") is None:
        return "items"
    if decision.missing:
        fact = decision.missing[0]
        return fact if fact in ASKABLE else None
    wants_words = corrects or decision.outcome == "dispute"
    if wants_words and not in_own_words(turn, matter.name):
        return "description"
    return None if turn.slot("confirm") else "confirm"

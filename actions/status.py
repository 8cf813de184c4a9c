"""Where an order or a case stands, told to its verified customer."""

from __future__ import annotations

from actions.matters import MATTERS
from actions.turn import Turn
from casework.cases import Case, cases_of, decision_of, obligations_of
from casework.in_words import (
    agreements,
    bullets,
    clause_line,
    day,
    goods,
    money,
    progress,
    reasons,
    tips,
    told,
)
from casework.orders import Order, order_facts
from policy_core import decide

# What an order's status lets a customer ask for at once.
OFFERS = {
    "unfulfillable": "out_of_stock",
    "returned_to_sender": "returned_in_transit",
    "destroyed": "destroyed_in_transit",
}


def tell_order(turn: Turn, order: Order) -> None:
    """Where the order is; what the customer may ask for now is offered, not done."""
    facts = order_facts(order, turn.today)
    status = facts["order_status"]
    late = decide(
        {"situation": "late_shipment", "requested_on": turn.today.isoformat(), **facts},
        policy=turn.policy,
        today=turn.today,
    )
    if status == "processing" and late.outcome == "entitled":
        status = "late"
    turn.say(
        f"utter_order_{status}",
        order=order.number,
        goods=goods(order.lines),
        total=money(order.total),
        ship_by=day(facts["ship_by"]),
        shipped_on=day(facts["shipped_on"]) if "shipped_on" in facts else "an earlier day",
        delivered_on=day(facts["delivered_on"]) if "delivered_on" in facts else "an earlier day",
        parcel=_parcel(order),
    )
    wants_refund = late.outcome == "seller_decides" and turn.slot("remedy") == "refund"
    offer = "late_shipment" if status == "late" or wants_refund else OFFERS.get(status)
    if offer:
        turn.set(offer=offer)
        turn.say("utter_offer_alternative", about=MATTERS[offer].about)


def _parcel(order: Order) -> str:
    if not order.tracking:
        return ""
    carrier = f"{order.carrier}, " if order.carrier else ""
    return f" ({carrier}tracking number {order.tracking})"


def tell_order_cases(turn: Turn, order: Order) -> None:
    """Every case of the order, the newest first; none is said plainly."""
    cases = cases_of(turn.session, order)
    if not cases:
        turn.say("utter_no_case", order=order.number)
    for case in cases:
        tell_case(turn, case)


def tell_case(turn: Turn, case: Case) -> None:
    """One case: where it stands now and what happens next, by when."""
    decision = decision_of(case, turn.policy, turn.today)
    turn.set(case_number=case.number, explanation=reasons(turn.policy, decision))
    promises = obligations_of(case, turn.policy, turn.today)
    done = case_done(case)
    turn.say(
        "utter_case_done" if done else f"utter_case_{decision.outcome}",
        case=case.number,
        about=MATTERS[case.situation].about,
        done=done or "",
        steps=bullets([*told(decision), *progress(promises), *agreements(case.log)]),
        tips=bullets(tips(decision)),
        clause=clause_line(turn.policy, decision),
    )


_DONE = {
    "refund_paid": "your refund was sent",
    "redelivery_started": "your order is on its way to you again",
    "replacement_sent": "your replacement is on its way",
    "withdrawn": "the request was withdrawn",
    "order_cancelled": "the order was canceled",
    "closed": "the case is closed",
}


def case_done(case: Case) -> str | None:
    """What ended a case, in the customer's words; None while it is open."""
    if case.state == "open":
        return None
    ends = [entry for entry in case.log if entry.kind in _DONE]
    if not ends:
        return _DONE["closed"]
    telling = [entry for entry in ends if entry.kind != "closed"] or ends
    return f"{_DONE[telling[-1].kind]} ({day(telling[-1].day)})"

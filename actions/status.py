"""Where an order or a case stands, told to its verified customer."""

from __future__ import annotations

from typing import Any

from actions.matters import MATTERS, REMEDIES_OF, WHAT_HAPPENED, buttons
from actions.offering import offer
from actions.replies import REMEDIES
from actions.scene import Offer
from actions.standing import NEVER_CAME
from actions.turn import Turn
from actions.wording import denies, says_no
from casework.cases.case import Case, case_facts, cases_of, decision_of, obligations_of
from casework.cases.in_words import (
    agreements,
    bullets,
    clause_line,
    day,
    done,
    goods,
    money,
    overdue,
    reasons,
    tips,
    told,
)
from casework.orders.order import Order, order_facts
from casework.people.duty import expectation
from policy_core import Decision, decide

# What an order's status lets a customer ask for at once.
OFFERS = {
    "unfulfillable": "out_of_stock",
    "returned_to_sender": "returned_in_transit",
    "destroyed": "destroyed_in_transit",
}
# What may have happened to a parcel that the record still shows on its way.
WENT_WRONG: dict[str, tuple[str, ...]] = {
    "shipped": ("returned_in_transit", "destroyed_in_transit", "other")
}
# Where the record has no other day and no reason than what was told.
NOTHING_MORE = frozenset({"processing", "shipped", "late"})
# The responses that tell where a case stands.
CASE_STATES = tuple(
    f"utter_case_{state}"
    for state in (
        "entitled",
        "late",
        "need_evidence",
        "need_facts",
        "seller_decides",
        "dispute",
        "declined",
        "not_available",
        "contact_us",
        "done",
        "no_news",
    )
)
MOST_TOLD = 2
JUST_NOW_SECONDS = 15 * 60


def tell_order(turn: Turn, order: Order) -> None:
    """Where the order is, and a request under way; what may be asked for is offered, not done."""
    status, offers = _standing_of(turn, order)
    under_way = _under_way(turn, order)
    if under_way:
        if status != "delivered":
            _say_status(turn, order, status)
        _tell_cases(turn, under_way)
        return
    if offers and offers[0].get("on") == "no" and denies(str(turn.slot("story") or "")):
        # It was said already that it is not there: nobody is asked whether it came.
        turn.say("utter_order_delivered_not_here", **_values(order, turn))
        turn.set(offer=[{**offers[0], "wished": True}])
        return
    news = _say_status(turn, order, status)
    if offers and (offers[0].get("on") == "no" or not news):
        # What was offered just now is not asked again; after a no it is not on offer any more.
        turn.set(offer=offers if not says_no(turn.text) else None)
    else:
        offer(turn, offers)


def tell_record(turn: Turn, order: Order) -> None:
    """What the record shows where the customer has not said what happened: it may be what is meant.

    A request under way first, then what the order's own status gives; else ask, with the likeliest.
    """
    under_way = _under_way(turn, order)
    if under_way:
        _tell_cases(turn, under_way)
        return
    status, offers = _standing_of(turn, order)
    if status == "delivered":
        turn.say("utter_record_delivered", **_values(order, turn))
        choices = [{"matter": name, "remedy": turn.slot("remedy")} for name in WHAT_HAPPENED]
        turn.set(offer=choices)
        turn.say("utter_which_is_it", buttons=buttons(WHAT_HAPPENED))
        return
    _say_status(turn, order, status)
    if not offers and status == "processing" and turn.slot("remedy") == "refund":
        offers = [{"matter": "cancel"}]
    offer(turn, offers)
    if not offers:
        likely = WENT_WRONG.get(status, ())
        turn.set(offer=[{"matter": name} for name in likely] or None)
        turn.say("utter_what_is_wrong", buttons=buttons(likely))


def tell_prospects(turn: Turn, order: Order) -> None:
    """What the order's own record would give, where nothing has been asked for yet."""
    _, offers = _standing_of(turn, order, "refund")
    if offers and offers[0].get("on") != "no":
        turn.say("utter_about_order_gives", order=order.number)
        offer(turn, [{**offers[0], "remedy": None, "wished": False}])
    else:
        turn.say("utter_about_order", order=order.number)


def _under_way(turn: Turn, order: Order) -> list[Case]:
    return [case for case in cases_of(turn.session, order) if case.state == "open"]


def _tell_cases(turn: Turn, cases: list[Case]) -> None:
    for case in cases[:MOST_TOLD]:
        tell_case(turn, case)


def _standing_of(turn: Turn, order: Order, wish: str | None = None) -> tuple[str, list[Offer]]:
    """The order's status, `late` included, and the matter that it opens to the customer.

    `wish` is a remedy to look for besides the one the customer named.
    """
    facts = order_facts(order, turn.today)
    status = facts["order_status"]
    late = _late(turn, order)
    if status == "processing" and late.outcome == "entitled":
        status = "late"
    if status == "delivered":
        return status, [_never_came(turn)]
    wants_refund = late.outcome == "seller_decides" and "refund" in (wish, turn.slot("remedy"))
    name = "late_shipment" if status == "late" or wants_refund else OFFERS.get(status)
    return status, [offer_of(turn, order, name)] if name else []


def _late(turn: Turn, order: Order) -> Decision:
    """What the policy gives for the order's lateness, if it is late."""
    facts = {"situation": "late_shipment", "requested_on": turn.today.isoformat()}
    facts |= order_facts(order, turn.today)
    return decide(facts, policy=turn.policy, today=turn.today)


def offer_of(turn: Turn, order: Order, name: str) -> Offer:
    """A matter of that order put to the customer, with what they told and wished for so far."""
    wish = turn.slot("remedy")
    return {
        "matter": name,
        "order": order.number,
        "story": turn.slot("story"),
        "remedy": wish,
        "wished": wish in REMEDIES_OF[name],
    }


def _never_came(turn: Turn) -> Offer:
    """A no to "did it reach you?" is a dispute; what the record says goes with it."""
    return {"matter": "other", "on": "no", "description": NEVER_CAME, "story": turn.slot("story")}


def tell_where(turn: Turn, order: Order) -> None:
    """Where the order is, in the middle of something else."""
    _say_status(turn, order, _standing_of(turn, order)[0])


def _say_status(turn: Turn, order: Order, status: str) -> bool:
    """Say where the order is; False where it was said just now, and there is no more to say."""
    turn.set(topic=None)
    late = status == "shipped" and _late(turn, order).outcome == "seller_decides"
    response = f"utter_order_{status}{'_late' if late else ''}"
    if status in NOTHING_MORE and _was_told(turn, order.number, response):
        turn.say(f"utter_order_no_more{'_late' if status == 'late' else ''}", order=order.number)
        return False
    turn.say(response, **_values(order, turn))
    return True


def _was_just_told(turn: Turn, *what: Any) -> bool:
    """Whether the last answer told just this: nobody wants to read it twice in a row.

    `what` is whose state was told, the response, and how far its log went.
    """
    return _was_told(turn, *what) and turn.just_said(str(what[1]))


def _was_told(turn: Turn, *what: Any) -> bool:
    """Whether this was the state that was told last, in a conversation that goes on."""
    last = turn.last_reply or {}
    before, now = turn.slots.get("told"), list(what)
    turn.set(told=now)
    fresh = turn.now.timestamp() - float(last.get("timestamp") or 0) < JUST_NOW_SECONDS
    return fresh and before == now


def _values(order: Order, turn: Turn) -> dict[str, str]:
    facts = order_facts(order, turn.today)
    return {
        "order": order.number,
        "goods": goods(order.lines),
        "total": money(order.total),
        "ship_by": day(facts["ship_by"]),
        "shipped_on": day(facts["shipped_on"]) if "shipped_on" in facts else "an earlier day",
        "delivered_on": day(facts["delivered_on"]) if "delivered_on" in facts else "an earlier day",
        "parcel": _parcel(order),
    }


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
        tell_record(turn, order)
    for case in cases:
        tell_case(turn, case)


def tell_case(turn: Turn, case: Case) -> None:
    """One case: where it stands now and what happens next, by when."""
    decision = decision_of(case, turn.policy, turn.today)
    turn.set(case_number=case.number, explanation=reasons(turn.policy, decision), topic=None)
    promises = obligations_of(case, turn.policy, turn.today)
    late, done_so_far = overdue(promises), case_done(case)
    response = f"utter_case_{decision.outcome}"
    if done_so_far:
        response = "utter_case_done"
    elif late:
        response = "utter_case_late"
    if _was_just_told(turn, case.number, response, len(case.log)) and not done_so_far:
        response = "utter_case_no_news"
    turn.say(
        response,
        case=case.number,
        about=_about(turn, case),
        done=done_so_far or "",
        late=" ".join(late),
        steps=bullets([*told(decision, promises), *done(promises), *agreements(case.log)]),
        tips=bullets(tips(decision)),
        clause=clause_line(turn.policy, decision),
        when=expectation(turn.now),
    )


def _about(turn: Turn, case: Case) -> str:
    """What the case is about and, where there was a choice, what the customer asked for."""
    about, asked = MATTERS[case.situation].about, case_facts(case, turn.today).get("remedy")
    if asked is None or len(REMEDIES_OF.get(case.situation, ())) < 2:
        return about
    return f"{about} (you asked for {REMEDIES[asked]})"


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

"""Taking a request back: the customer's own open case, ended with one yes."""

from __future__ import annotations

from actions.matters import MATTERS
from actions.turn import Turn
from casework.cases.case import Case, cases_of
from casework.orders.order import Order

WITHDRAWAL = "withdrawal"


def request_in_question(turn: Turn, order: Order) -> Case | None:
    """The open case of the order that the customer speaks of: the one last named, or the newest."""
    open_now = [case for case in cases_of(turn.session, order) if case.state == "open"]
    named = [case for case in open_now if case.number == turn.slot("case_number")]
    return next(iter([*named, *open_now]), None)


def has_gone_too_far(case: Case) -> bool:
    """Whether taking it back could cost the customer goods or money: a person looks at it then."""
    under_way = {"order_cancelled", "return_in_transit"}
    return case.order.status == "cancelled" or any(entry.kind in under_way for entry in case.log)


def ask_to_withdraw(turn: Turn, case: Case) -> None:
    """Say what would end, and that asking again later may be too late; ask for a yes."""
    others = [
        other.number
        for other in cases_of(turn.session, case.order)
        if other.state == "open" and other.id != case.id
    ]
    cancels = case.situation == "cancel"
    turn.say(
        "utter_ask_withdrawal_of_cancellation" if cancels else "utter_ask_withdrawal",
        case=case.number,
        about=MATTERS[case.situation].about,
        order=case.order.number,
    )
    if others:
        turn.say("utter_other_requests", cases=", ".join(others))

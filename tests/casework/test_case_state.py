from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from casework.cases.case import case_facts, decision_of, obligations_of
from casework.cases.holding import hold_case
from casework.cases.obligations import Obligation
from casework.orders.order import Order
from tests.casework.conftest import NOW, TODAY, MakeOrder, Opener, judged, step


def test_the_state_of_a_case_follows_its_log(session: Session, opened: Opener) -> None:
    case = opened()

    def outcome() -> str:
        return decision_of(case, None, TODAY).outcome

    assert outcome() == "need_facts"
    step(session, case, "evidence_submitted", actor="customer")
    assert outcome() == "seller_decides"
    step(session, case, "evidence_judged", {"evidence": "insufficient"})
    assert outcome() == "need_evidence"
    step(session, case, "evidence_submitted", actor="customer")
    assert outcome() == "seller_decides"
    step(session, case, "evidence_judged", {"evidence": "compelling"})
    assert outcome() == "entitled"
    step(session, case, "evidence_submitted", actor="customer")
    assert outcome() == "entitled"


def test_a_case_can_be_read_as_of_an_earlier_day(session: Session, opened: Opener) -> None:
    case = opened("remorse")
    step(
        session, case, "seller_decided", {"seller_decision": "reject"}, now=NOW + timedelta(days=2)
    )
    assert decision_of(case, None, TODAY + timedelta(days=1)).outcome == "seller_decides"
    assert decision_of(case, None, TODAY + timedelta(days=2)).outcome == "declined"


def test_the_last_remedy_counts(session: Session, opened: Opener) -> None:
    case = opened("defective")
    judged(session, case)
    step(session, case, "remedy_chosen", {"remedy": "replacement"}, actor="assistant")
    assert decision_of(case, None, TODAY).remedy == "replacement"


def test_a_corrected_fact_counts(session: Session, opened: Opener) -> None:
    case = opened("remorse")
    step(session, case, "corrected", {"facts": {"delivered_on": "2026-03-08"}})
    assert case_facts(case, TODAY)["delivered_on"] == "2026-03-08"


def test_obligations_run_are_late_and_are_done(session: Session, opened: Opener) -> None:
    case = opened()
    judged(session, case)

    def owed(action: str, day: date) -> Obligation:
        (one,) = [one for one in obligations_of(case, None, day) if one.action == action]
        return one

    due = owed("prepaid_label", TODAY).due
    assert due is not None
    late = due + timedelta(days=1)
    assert owed("prepaid_label", due).status == "running"
    assert owed("prepaid_label", late).status == "overdue"
    step(session, case, "label_sent", now=NOW + (late - TODAY))
    label = owed("prepaid_label", late)
    assert (label.status, label.done_on, label.was_late) == ("done", late, True)

    assert (owed("refund", late).status, owed("refund", late).due) == ("waiting", None)
    step(session, case, "return_in_transit", now=NOW + (late - TODAY))
    due = owed("refund", late).due
    assert due is not None
    assert owed("refund", due).status == "running"
    assert owed("refund", due + timedelta(days=1)).status == "overdue"
    step(session, case, "refund_paid", now=NOW + (late - TODAY))
    refund = owed("refund", due)
    assert (refund.status, refund.done_on, refund.was_late) == ("done", late, False)


def test_a_withdrawn_case_owes_nothing(session: Session, opened: Opener) -> None:
    case = opened("late_shipment", facts={})
    step(session, case, "withdrawn", actor="customer")
    assert obligations_of(case, None, TODAY) == []


def test_the_shop_can_say_when_the_return_was_in_transit(session: Session, opened: Opener) -> None:
    case = opened(now=NOW - timedelta(days=3))
    step(session, case, "return_in_transit", {"return_in_transit_on": "2026-03-11"})
    assert case_facts(case, TODAY)["return_in_transit_on"] == "2026-03-11"


def test_what_happens_to_the_parcel_later_takes_no_right_away(
    session: Session, opened: Opener, make_order: MakeOrder
) -> None:
    order = make_order("20002", status="processing", ship_by=TODAY - timedelta(days=1))
    case = opened("late_shipment", order=order)
    before = decision_of(case, None, TODAY)
    order.status, order.shipped_on, order.delivered_on = (
        "delivered",
        TODAY,
        TODAY + timedelta(days=2),
    )
    session.flush()
    after = decision_of(case, None, TODAY + timedelta(days=2))
    assert before.outcome == after.outcome == "entitled"


@pytest.mark.parametrize(
    ("situation", "status"),
    [("returned_in_transit", "returned_to_sender"), ("destroyed_in_transit", "destroyed")],
)
def test_news_that_confirms_the_report_counts(
    session: Session, opened: Opener, make_order: MakeOrder, situation: str, status: str
) -> None:
    order = make_order("20002", status="shipped")
    case = opened(situation, order=order)
    order.status = status
    session.flush()
    assert case_facts(case, TODAY)["order_status"] == status


def test_whoever_holds_a_case_sees_its_order_as_it_is_by_now(
    session: Session, opened: Opener
) -> None:
    case = opened()
    moved = update(Order).where(Order.id == case.order_id).values(status="returned_to_sender")
    session.execute(moved, execution_options={"synchronize_session": False})
    assert case.order.status == "delivered"
    hold_case(session, case)
    assert case.order.status == "returned_to_sender"

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from casework.cases.case import decision_of, find_open_case, obligations_of
from casework.errors import CaseworkError
from casework.shop import policy_in_force
from tests.casework.conftest import TODAY, MakeOrder, Opener, step

OVER_THE_CAP = str(policy_in_force().number("restocking_fee_percent_max") + Decimal("0.01"))


def test_a_replayed_entry_returns_the_first(session: Session, opened: Opener) -> None:
    case = opened()
    first = step(session, case, "note", {"text": "called"}, key="n")
    assert step(session, case, "note", {"text": "called twice"}, key="n") is first
    assert first.data == {"text": "called"}
    with pytest.raises(CaseworkError, match="used for something else"):
        step(session, case, "label_sent", key="n")


def test_a_replay_of_what_closed_the_case_returns_it(session: Session, opened: Opener) -> None:
    case = opened()
    paid = step(session, case, "refund_paid", {"amount": "80.00"}, key="paid")
    assert step(session, case, "refund_paid", {"amount": "80.00"}, key="paid") is paid


@pytest.mark.parametrize(
    "kind", ["refund_paid", "redelivery_started", "replacement_sent", "withdrawn", "closed"]
)
def test_what_settles_a_case_closes_it(session: Session, opened: Opener, kind: str) -> None:
    case = opened()
    step(session, case, kind)
    assert case.state == "closed"
    assert find_open_case(session, case.order, "damaged") is None
    with pytest.raises(CaseworkError, match="is closed"):
        step(session, case, "label_sent")
    step(session, case, "note", {"text": "the customer said thanks"})


@pytest.mark.parametrize("actor", ["customer", "assistant"])
@pytest.mark.parametrize(
    ("kind", "data"),
    [("seller_decided", {"seller_decision": "accept"}),
     ("evidence_judged", {"evidence": "compelling"}),
     ("return_in_transit", {}), ("refund_paid", {}), ("order_cancelled", {}), ("closed", {}),
     ("corrected", {"facts": {"evidence": "compelling"}})],
)  # fmt: skip
def test_a_customer_can_never_write_what_is_the_shops(
    session: Session, opened: Opener, actor: str, kind: str, data: dict[str, Any]
) -> None:
    with pytest.raises(CaseworkError, match="only the shop"):
        step(session, opened(), kind, data, actor=actor)


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [("seller_decided", {"seller_decision": "accept", "fee_percent": OVER_THE_CAP}, "fee_percent"),
     ("seller_decided", {"seller_decision": "perhaps"}, "seller_decision"),
     ("seller_decided", {}, "seller_decision is missing"),
     ("remedy_chosen", {"remedy": "a new car"}, "remedy"),
     ("evidence_judged", {"evidence": "submitted"}, "compelling or insufficient"),
     ("corrected", {"facts": {"delivered_on": "2026-03-20"}}, "delivered_on"),
     ("corrected", {"facts": {"mood": "bad"}}, "mood"),
     ("promised", {}, "not a kind")],
)  # fmt: skip
def test_an_entry_the_policy_cannot_read_is_refused(
    session: Session, opened: Opener, kind: str, data: dict[str, Any], said: str
) -> None:
    with pytest.raises(CaseworkError, match=said):
        step(session, opened("remorse"), kind, data)


@pytest.mark.parametrize("actor", ["", "boss", "agent:", "customer\nagent"])
def test_an_unknown_actor_is_refused(session: Session, opened: Opener, actor: str) -> None:
    with pytest.raises(CaseworkError, match="actor"):
        step(session, opened(), "note", actor=actor)


def test_cancelling_changes_the_order_and_not_the_right(
    session: Session, opened: Opener, make_order: MakeOrder
) -> None:
    order = make_order("20002", status="processing", ship_by=TODAY)
    case = opened("cancel", order=order, facts={})
    step(session, case, "seller_decided", {"seller_decision": "accept"})
    step(session, case, "order_cancelled")
    assert order.status == "cancelled"
    decision = decision_of(case, None, TODAY)
    assert (decision.outcome, decision.remedy) == ("entitled", "cancellation")
    assert [one.action for one in obligations_of(case, None, TODAY)] == ["refund"]
    step(session, case, "refund_paid")
    step(session, case, "order_cancelled", key="once more")


@pytest.mark.parametrize("status", ["shipped", "delivered", "returned_to_sender", "destroyed"])
def test_what_has_left_cannot_be_cancelled(
    session: Session, opened: Opener, make_order: MakeOrder, status: str
) -> None:
    order = make_order("20002", status=status)
    with pytest.raises(CaseworkError, match=status):
        step(session, opened("other", order=order, facts={}), "order_cancelled")
    assert order.status == status


def test_a_refused_entry_is_not_written_even_if_the_caller_goes_on(
    session: Session, opened: Opener
) -> None:
    case = opened("remorse")
    refused = {"seller_decision": "accept", "fee_percent": OVER_THE_CAP}
    with pytest.raises(CaseworkError):
        step(session, case, "seller_decided", refused)
    session.flush()
    session.expire_all()
    assert [entry.kind for entry in case.log] == ["opened"]

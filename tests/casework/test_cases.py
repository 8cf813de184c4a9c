import threading
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.cases import (
    Case,
    case_facts,
    cases_of,
    decision_of,
    find_case,
    find_open_case,
    obligations_of,
    open_case,
    open_cases_of_conversation,
    record,
)
from casework.database import Database
from casework.errors import CaseworkError
from casework.log import Entry
from casework.orders import Order, find_order
from tests.casework.conftest import NOW, TODAY, MakeOrder, new_order

Opener = Callable[..., Case]


@pytest.fixture
def opened(session: Session, make_order: MakeOrder) -> Opener:
    """Opens a case on a new order."""

    def open_one(situation: str = "damaged", order: Order | None = None, **more: Any) -> Case:
        values: dict[str, Any] = {
            "facts": {"remedy": "refund"}, "conversation_id": "c", "now": NOW, "key": "k",
        } | more  # fmt: skip
        return open_case(session, order=order or make_order(), situation=situation, **values)

    return open_one


def step(session: Session, case: Case, kind: str, data: Any = None, **more: Any) -> Entry:
    """The shop's people record something."""
    values: dict[str, Any] = {
        "actor": "agent:Kim",
        "now": NOW,
        "key": f"{kind}-{len(case.log)}",
    } | more
    return record(session, case, kind, data, **values)


def judged(session: Session, case: Case) -> None:
    step(session, case, "evidence_submitted")
    step(session, case, "evidence_judged", {"evidence": "compelling"})


def test_a_case_starts_with_the_claims_and_the_record(opened: Opener) -> None:
    case = opened(facts={"remedy": "refund", "description": "One leg is broken."})
    assert case.state == "open"
    assert case.number.startswith("AOP-R-")
    assert case.description == "One leg is broken."
    assert [(entry.kind, entry.actor, entry.day) for entry in case.log] == [
        ("opened", "customer", TODAY)
    ]
    assert case_facts(case, TODAY) == {
        "situation": "damaged",
        "requested_on": "2026-03-13",
        "remedy": "refund",
        "order_status": "delivered",
        "ship_by": "2026-03-07",
        "shipped_on": "2026-03-06",
        "delivered_on": "2026-03-10",
        "order_total": "80.00",
    }


def test_the_day_of_a_case_is_the_shops_day(opened: Opener) -> None:
    late_evening = datetime(2026, 3, 14, 5, 30, tzinfo=timezone.utc)
    assert opened(now=late_evening).requested_on == TODAY


def test_asking_again_finds_the_open_case(session: Session, opened: Opener) -> None:
    case = opened()
    again = opened(order=case.order, key="later", conversation_id="d")
    assert again is case
    assert [entry.kind for entry in case.log] == ["opened", "note"]
    assert opened("defective", order=case.order, key="other matter") is not case
    assert len(cases_of(session, case.order)) == 2


def test_the_same_key_opens_one_case_even_after_it_closed(session: Session, opened: Opener) -> None:
    case = opened()
    step(session, case, "withdrawn", actor="customer")
    assert opened(order=case.order, key="k") is case
    assert opened(order=case.order, key="another day") is not case
    assert len(cases_of(session, case.order)) == 2


def test_a_key_opens_nothing_else(opened: Opener) -> None:
    case = opened()
    with pytest.raises(CaseworkError, match="used for something else"):
        opened("defective", order=case.order)


def test_two_sessions_that_race_open_one_case(database: Database) -> None:
    with database.begin() as session:
        session.add(new_order())
    together = threading.Barrier(6)
    numbers: list[str] = []
    failures: list[Exception] = []

    def customer(name: str) -> None:
        together.wait()
        try:
            with database.begin() as session:
                order = find_order(session, "20001")
                assert order is not None
                case = open_case(
                    session, order=order, situation="damaged", facts={}, conversation_id=name,
                    now=NOW, key=name,
                )  # fmt: skip
                numbers.append(case.number)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=customer, args=(f"c{at}",)) for at in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(numbers) == 6
    assert len(set(numbers)) == 1
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 1


def test_a_replay_that_races_writes_one_entry(database: Database) -> None:
    with database.begin() as session:
        order = new_order()
        session.add(order)
        open_case(
            session,
            order=order,
            situation="remorse",
            facts={},
            conversation_id="c",
            now=NOW,
            key="k",
        )
    together = threading.Barrier(4)
    failures: list[Exception] = []

    def agent() -> None:
        together.wait()
        try:
            with database.begin() as session:
                case = session.scalars(select(Case)).one()
                record(session, case, "seller_decided", {"seller_decision": "accept"},
                       actor="agent", now=NOW, key="decision")  # fmt: skip
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=agent) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with database.read() as session:
        assert [e.kind for e in session.scalars(select(Case)).one().log] == [
            "opened",
            "seller_decided",
        ]


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
    "claims",
    [{"seller_decision": "accept"}, {"fee_percent": "0"}, {"return_in_transit_on": "2026-03-12"},
     {"evidence": "compelling"}, {"evidence": "insufficient"}, {"verified": True}],
)  # fmt: skip
def test_a_customer_can_never_claim_what_a_person_settles(
    opened: Opener, claims: dict[str, Any]
) -> None:
    with pytest.raises(CaseworkError):
        opened(facts=claims)


def test_the_record_wins_over_claims(opened: Opener) -> None:
    claims = {"order_status": "destroyed", "order_total": "9000.00", "claim_total": "8000.00",
              "delivered_on": "2026-03-12", "situation": "other"}  # fmt: skip
    facts = case_facts(opened(facts=claims), TODAY)
    assert facts["order_status"] == "delivered"
    assert facts["order_total"] == "80.00"
    assert facts["delivered_on"] == "2026-03-10"
    assert facts["situation"] == "damaged"
    assert "claim_total" not in facts


def test_a_claim_fills_what_the_record_leaves_open(opened: Opener, make_order: MakeOrder) -> None:
    order = make_order("20002", delivered_on=None)
    facts = case_facts(opened(order=order, facts={"delivered_on": "2026-03-12"}), TODAY)
    assert facts["delivered_on"] == "2026-03-12"


def test_only_some_items_of_an_order(opened: Opener, make_order: MakeOrder) -> None:
    order = make_order("20002", prices=("10.00", "20.50", "30.00"))
    ids = [line.id for line in order.lines]
    some = opened(order=order, line_ids=ids[1:])
    assert [line.position for line in some.lines] == [2, 3]
    assert case_facts(some, TODAY)["claim_total"] == "50.50"
    whole = opened("defective", order=order, line_ids=ids, key="all")
    assert "claim_total" not in case_facts(whole, TODAY)


def test_items_that_were_discounted_never_cost_more_than_the_order(
    opened: Opener, make_order: MakeOrder
) -> None:
    order = make_order("20002", prices=("10.00", "90.00"), total=70)
    case = opened(order=order, line_ids=[order.lines[1].id])
    assert case_facts(case, TODAY)["claim_total"] == "70"


def test_another_orders_item_is_refused(opened: Opener, make_order: MakeOrder) -> None:
    other = make_order("20002")
    with pytest.raises(CaseworkError, match="no such item"):
        opened(line_ids=[other.lines[0].id])


def test_contradicting_facts_open_nothing(
    session: Session, opened: Opener, make_order: MakeOrder
) -> None:
    order = make_order("20002", status="shipped")
    with pytest.raises(CaseworkError, match="delivered_on"):
        opened(order=order, facts={"delivered_on": "2026-03-12"})
    assert cases_of(session, order) == []


def test_an_unknown_situation_opens_nothing(opened: Opener) -> None:
    with pytest.raises(CaseworkError, match="situation"):
        opened("eaten_by_the_dog")


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


@pytest.mark.parametrize(
    ("kind", "data", "said"),
    [("seller_decided", {"seller_decision": "accept", "fee_percent": "35.01"}, "fee_percent"),
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


def test_a_corrected_fact_counts(session: Session, opened: Opener) -> None:
    case = opened("remorse")
    step(session, case, "corrected", {"facts": {"delivered_on": "2026-03-08"}})
    assert case_facts(case, TODAY)["delivered_on"] == "2026-03-08"


def test_obligations_run_are_late_and_are_done(session: Session, opened: Opener) -> None:
    case = opened()
    judged(session, case)

    def standing(days: int) -> dict[str, tuple[str, str | None]]:
        listed = obligations_of(case, None, TODAY + timedelta(days=days))
        return {one.action: (one.status, str(one.due) if one.due else None) for one in listed}

    assert standing(0) == {
        "prepaid_label": ("running", "2026-03-18"),
        "return_goods": ("waiting", None),
        "refund": ("waiting", None),
    }
    assert standing(6)["prepaid_label"] == ("overdue", "2026-03-18")
    step(session, case, "label_sent", now=NOW + timedelta(days=6))
    assert standing(6)["prepaid_label"] == ("done", "2026-03-18")
    label = obligations_of(case, None, TODAY + timedelta(days=6))[0]
    assert (label.done_on, label.was_late) == (TODAY + timedelta(days=6), True)
    step(session, case, "return_in_transit", now=NOW + timedelta(days=7))
    assert standing(7) == {"refund": ("running", "2026-03-25")}
    assert standing(20)["refund"] == ("overdue", "2026-03-25")
    step(session, case, "refund_paid", now=NOW + timedelta(days=20))
    assert {status for status, _ in standing(20).values()} == {"done"}


def test_a_withdrawn_case_owes_nothing(session: Session, opened: Opener) -> None:
    case = opened("late_shipment", facts={})
    step(session, case, "withdrawn", actor="customer")
    assert obligations_of(case, None, TODAY) == []


def test_the_shop_can_say_when_the_return_was_in_transit(session: Session, opened: Opener) -> None:
    case = opened(now=NOW - timedelta(days=3))
    step(session, case, "return_in_transit", {"return_in_transit_on": "2026-03-11"})
    assert case_facts(case, TODAY)["return_in_transit_on"] == "2026-03-11"


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


def test_a_case_is_found_by_its_number_however_it_is_typed(
    session: Session, opened: Opener
) -> None:
    case = opened()
    code = case.number.removeprefix("AOP-R-")
    for typed in (case.number, case.number.lower(), code, f" aop r {code.replace('-', ' ')}. "):
        assert find_case(session, typed) is case
    assert find_case(session, "AOP-R-2222-2222") is None
    assert find_case(session, "") is None


def test_case_numbers_do_not_follow_from_each_other(opened: Opener, make_order: MakeOrder) -> None:
    numbers = {opened(order=make_order(f"3000{at}"), key=f"k{at}").number for at in range(9)}
    assert len({number[6:10] for number in numbers}) > 1


def test_the_open_cases_of_a_conversation(session: Session, opened: Opener) -> None:
    first = opened()
    second = opened("defective", order=first.order, key="2")
    opened("remorse", order=first.order, key="3", conversation_id="d")
    assert open_cases_of_conversation(session, "c") == [second, first]
    step(session, second, "closed")
    assert open_cases_of_conversation(session, "c") == [first]

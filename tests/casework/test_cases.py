from datetime import datetime, timezone
from typing import Any

import pytest
from sqlalchemy.orm import Session

from casework.cases.case import case_facts, cases_of, find_case, open_cases_of_conversation
from casework.errors import CaseworkError
from tests.casework.conftest import TODAY, MakeOrder, Opener, step


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

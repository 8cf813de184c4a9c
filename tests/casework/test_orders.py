from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from casework.orders.order import find_order, normalise_order_number, order_facts
from casework.storage.database import Database
from tests.casework.conftest import TODAY, MakeOrder, new_order


@pytest.mark.parametrize(
    "typed",
    ["10482", "#10482", "aop 10482", "AOP-10482 ", "  Order no. 10482.", "ORDER #10 482",
     "No. 10,482",
     "order number: AOP10482", "１０４８２"],
)  # fmt: skip
def test_an_order_number_is_read_however_it_is_typed(typed: str) -> None:
    assert normalise_order_number(typed) == "10482"


@pytest.mark.parametrize(
    "typed", ["", "order", "123", "10482a", "AOP-R-7K3M-29WX", "my chair", "1" * 13]
)
def test_what_is_no_order_number_is_none(typed: str) -> None:
    assert normalise_order_number(typed) is None


def test_an_order_is_found_by_its_number(session: Session, make_order: MakeOrder) -> None:
    order = make_order("10482")
    assert find_order(session, "#10482") is order
    assert find_order(session, "10483") is None
    assert find_order(session, "no idea") is None


def test_amounts_come_back_as_they_went_in(database: Database) -> None:
    with database.begin() as session:
        session.add(new_order(prices=("33.33", "0.10")))
    with database.read() as session:
        order = find_order(session, "20001")
    assert order is not None
    assert order.total == Decimal("33.43")
    assert [line.total for line in order.lines] == [Decimal("33.33"), Decimal("0.10")]


def test_a_fraction_of_a_cent_is_refused(make_order: MakeOrder) -> None:
    with pytest.raises(Exception, match="two decimal places"):
        make_order(total=Decimal("1.005"))


def test_the_record_gives_the_policy_its_facts(make_order: MakeOrder) -> None:
    order = make_order(total=Decimal("80"))
    assert order_facts(order, TODAY) == {
        "order_status": "delivered",
        "ship_by": "2026-03-07",
        "shipped_on": "2026-03-06",
        "delivered_on": "2026-03-10",
        "order_total": "80",
    }


def test_what_is_unknown_is_not_a_fact(make_order: MakeOrder) -> None:
    assert set(order_facts(make_order(status="processing"), TODAY)) == {
        "order_status",
        "ship_by",
        "order_total",
    }


@pytest.mark.parametrize(
    ("days_ago", "status"), [(3, "delivered"), (4, "shipped"), (7, "shipped"), (8, "processing")]
)
def test_the_record_can_be_read_as_of_an_earlier_day(
    make_order: MakeOrder, days_ago: int, status: str
) -> None:
    facts = order_facts(make_order(), TODAY - timedelta(days=days_ago))
    assert facts["order_status"] == status
    assert ("delivered_on" in facts) == (status == "delivered")
    assert ("shipped_on" in facts) == (status != "processing")

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from casework.orders.verification import (
    MAX_FAILURES,
    Verification,
    verified_orders,
    verify,
)
from casework.storage.database import Database
from tests.casework.conftest import NOW, MakeOrder, new_order


@pytest.mark.parametrize(
    "proof",
    ["pat@example.com", " PAT@Example.com. ", "<pat@example.com>", "mailto:pat@example.com",
     "it's pat@example.com!", "90012", " 90012-4410 ", "9 0 0 1 2", "zip: 90012"],
)  # fmt: skip
def test_the_right_proof_verifies_however_it_is_typed(
    session: Session, make_order: MakeOrder, proof: str
) -> None:
    order = make_order(email="Pat@Example.com", zip="90012-1234")
    assert verify(session, "c", "#20001", proof, NOW) == Verification(
        "verified", order, MAX_FAILURES
    )
    assert verified_orders(session, "c") == [order]


@pytest.mark.parametrize(
    "proof", ["", "sam@example.com", "90013", "at@example.com", "?", "90012 90012", "@"]
)
def test_a_wrong_proof_and_an_unknown_order_look_the_same(
    session: Session, make_order: MakeOrder, proof: str
) -> None:
    make_order()
    wrong = verify(session, "c", "20001", proof, NOW)
    unknown = verify(session, "d", "29999", proof, NOW)
    assert wrong == unknown == Verification("failed", None, MAX_FAILURES - 1)
    assert verified_orders(session, "c") == []


def test_an_unknown_order_is_not_verified_by_any_proof(session: Session) -> None:
    assert verify(session, "c", "29999", "?", NOW).status == "failed"


def test_the_last_failure_locks_and_the_right_proof_comes_too_late(
    session: Session, make_order: MakeOrder
) -> None:
    make_order()
    made = [verify(session, "c", "20001", "wrong", NOW) for _ in range(MAX_FAILURES)]
    assert [(one.status, one.attempts_left) for one in made] == [
        *(("failed", left) for left in range(MAX_FAILURES - 1, 0, -1)),
        ("locked", 0),
    ]
    assert verify(session, "c", "20001", "90012", NOW) == Verification("locked", None, 0)
    assert verify(session, "another", "20001", "90012", NOW).status == "verified"


def test_a_success_gives_no_failures_back(session: Session, make_order: MakeOrder) -> None:
    make_order()
    for _ in range(MAX_FAILURES - 1):
        verify(session, "c", "20001", "wrong", NOW)
    assert verify(session, "c", "20001", "90012", NOW).status == "verified"
    assert verify(session, "c", "20001", "wrong", NOW).status == "locked"
    assert verified_orders(session, "c")


def test_failures_outlive_the_process(database: Database) -> None:
    for _ in range(MAX_FAILURES):
        with database.begin() as session:
            result = verify(session, "c", "20001", "wrong", NOW)
    assert result.status == "locked"


def test_the_order_verified_last_comes_first_and_each_once(
    session: Session, make_order: MakeOrder
) -> None:
    first, second = make_order("20001"), make_order("20002")
    for number in ("20001", "20002", "20001"):
        verify(session, "c", number, "90012", NOW)
    assert verified_orders(session, "c") == [first, second]
    assert verified_orders(session, "d") == []


def test_a_verified_order_is_readable_after_the_transaction(database: Database) -> None:
    with database.begin() as session:
        session.add(new_order())
    with database.begin() as session:
        verify(session, "c", "20001", "90012", NOW)
    with database.read() as session:
        (order,) = verified_orders(session, "c")
    assert [line.title for line in order.lines] == ["Thing 1"]


def test_asking_again_for_the_orders_loads_none_again(database: Database) -> None:
    asked: list[str] = []

    def note(_: object, __: object, statement: str, *rest: object) -> None:
        asked.append(statement)

    with database.begin() as session:
        session.add(new_order())
        assert verify(session, "c", "20001", "90012", NOW).status == "verified"
    with database.begin() as session:
        verified_orders(session, "c")
        event.listen(database.engine, "before_cursor_execute", note)
        assert [one.number for one in verified_orders(session, "c")] == ["20001"]
        event.remove(database.engine, "before_cursor_execute", note)
        session.add(new_order("20002"))
        assert verify(session, "c", "20002", "90012", NOW).status == "verified"
        assert [one.number for one in verified_orders(session, "c")] == ["20002", "20001"]
    assert not asked

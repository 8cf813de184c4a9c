"""A customer writes while the shop's people and carriers do something about their case."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from casework.cases.acts import perform
from casework.cases.case import find_case
from casework.cases.escalations import open_escalation
from casework.cases.holding import hold_case
from casework.cases.writing import open_case, record
from casework.conversations.conversation import add_message
from casework.orders.events import apply_event
from casework.orders.verification import verify
from casework.storage.database import Database
from tests.casework.conftest import NOW, at_once, new_order
from tests.engines import Engines

ROUNDS = 12


def _begin(session: Session, number: str) -> str:
    """A case about a broken parcel, with evidence to be looked at; its number."""
    session.add(order := new_order(number=number))
    case = open_case(
        session,
        order=order,
        situation="damaged",
        facts={"remedy": "refund"},
        conversation_id=f"c{number}",
        now=NOW,
        key=f"{number} opened",
    )
    record(session, case, "evidence_submitted", actor="customer", now=NOW, key=f"{number} sent")
    return case.number


def _agent_decides(session: Session, number: str, case_number: str) -> None:
    case = find_case(session, case_number)
    assert case is not None
    data = {"evidence": "compelling"}
    who = {"actor": "agent:kim", "role": "agent"}
    perform(session, case, "judge_evidence", data, **who, now=NOW, key=f"{number} judged")


def _carrier_reports(session: Session, number: str, case_number: str) -> None:
    event = {"type": "delivered", "order": number, "on": NOW.date().isoformat()}
    assert apply_event(session, event, id=f"event {number}", now=NOW) == [f"c{number}"]


def _customer_adds(session: Session, number: str, case_number: str) -> None:
    case = find_case(session, case_number)
    assert case is not None
    record(session, case, "note", {"text": "No"}, actor="customer", now=NOW, key=f"{number} note")
    add_message(
        session, f"c{number}", audience="customer", author="assistant", text="Noted", now=NOW
    )


@pytest.mark.parametrize("act", [_agent_decides, _carrier_reports, _customer_adds])
def test_neither_ends_the_others_work(
    database: Database, act: Callable[[Session, str, str], None]
) -> None:
    for number in map(str, range(20001, 20001 + ROUNDS)):
        with database.begin() as session:
            case_number = _begin(session, number)

        def one_of_both(place: int, number: str = number, case_number: str = case_number) -> None:
            if place:
                with database.begin() as session:
                    act(session, number, case_number)
                return
            for again in range(6):
                with database.begin() as session:
                    add_message(
                        session,
                        f"c{number}",
                        audience="customer",
                        author="customer",
                        text="And then?",
                        now=NOW,
                        key=f"{again}",
                    )

        at_once(2, one_of_both)


def test_who_refers_to_a_held_case_or_order_does_not_wait(request: pytest.FixtureRequest) -> None:
    engines: Engines = request.getfixturevalue("engines")
    with engines.database() as url:
        database = Database(url)
        with database.begin() as session:
            number = _begin(session, "20001")
        with database.begin() as holding, database.begin() as session:
            case = find_case(holding, number)
            assert case is not None
            hold_case(holding, case)
            session.execute(text("SET LOCAL lock_timeout = '2s'"))
            assert verify(session, "another", "20001", "pat@example.com", NOW).order
            mine = find_case(session, number)
            open_escalation(
                session, conversation_id="another", reason="asked", case=mine, now=NOW, key="e"
            )
        database.close()

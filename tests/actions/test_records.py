"""What a message sees of the shop's records: each thing read once, and its own writes at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from actions.records import Records
from actions.turn import Turn
from casework.cases.writing import open_case
from casework.orders.order import Order
from casework.storage.database import Database
from policy_core import load_policy
from tests.casework.conftest import NOW, new_order

HERE = "a-conversation"


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setenv("GATEWAY_VAR", str(tmp_path))
    database = Database(f"sqlite:///{tmp_path / 'casework.db'}")
    database.migrate()
    with database.begin() as session:
        yield session
    database.close()


@pytest.fixture
def order(session: Session) -> Order:
    order = new_order("20001")
    session.add(order)
    session.flush()
    return order


@pytest.fixture
def statements(session: Session) -> list[str]:
    said: list[str] = []

    def note(connection: object, cursor: object, statement: str, *more: object) -> None:
        said.append(statement)

    sa.event.listen(session.get_bind(), "before_cursor_execute", note)
    return said


def test_each_thing_is_read_once_a_message(session: Session, statements: list[str]) -> None:
    records = Records(session, HERE)
    assert (records.verified, records.loose_evidence) == ([], [])
    asked = len(statements)
    assert asked >= 2
    assert (records.verified, records.loose_evidence) == ([], [])
    assert len(statements) == asked


def test_an_order_proved_by_this_message_counts_at_once(session: Session, order: Order) -> None:
    records = Records(session, HERE)
    assert records.verified == []
    assert records.verify(order.number, "00000", NOW).status == "failed"
    assert records.verified == []
    assert records.verify(order.number, order.zip, NOW).status == "verified"
    assert records.verified == [order]


def test_paper_pasted_by_this_message_is_there_until_a_case_has_it(
    session: Session, order: Order
) -> None:
    records = Records(session, HERE)
    assert records.loose_evidence == []
    records.keep_pasted("From: UPS. Your package could not be delivered.", NOW, "key")
    [paper] = records.loose_evidence
    case = open_case(
        session, order=order, situation="damaged", facts={"evidence": "none"},
        conversation_id=HERE, now=NOW, key="k",
    )  # fmt: skip
    records.attach_evidence(case, NOW)
    assert records.loose_evidence == []
    assert paper.case_id == case.id


def test_a_turn_tells_only_what_it_changed(session: Session) -> None:
    slots = {"matter": "damaged", "question": "items", "offer": [{"matter": "cancel"}]}
    tracker = Tracker(HERE, slots, {}, [], False, None, {}, "action_listen")
    turn = Turn(tracker, CollectingDispatcher(), session, load_policy(), NOW, dict(slots))
    turn.set(matter="damaged", question=None, offer=[{"matter": "cancel"}], remedy=None)
    turn.set(items=[2])
    changed = {event["name"]: event["value"] for event in turn.events()}
    assert changed == {"question": None, "items": [2]}

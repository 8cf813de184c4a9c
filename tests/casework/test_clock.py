"""The clock: what is due tomorrow and overdue is found by itself, once, by whoever notices."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from casework.cases.writing import open_case
from casework.outgoing import clock
from casework.outgoing.clock import notice_due, unnoticed
from casework.storage.database import Database
from tests.casework.conftest import NOW, Opener, at_once, judged, new_order, step
from tests.casework.outgoing import BOTH, EMAIL, notices, switch

# The label of a case decided on Friday, March 13 is due on Wednesday, March 18.
BEFORE, EVE, DUE, LATE = (NOW + timedelta(days=days) for days in (3, 4, 5, 6))


@pytest.fixture(autouse=True)
def on(monkeypatch: pytest.MonkeyPatch) -> None:
    switch(monkeypatch, BOTH)


def found(session: Session) -> list[tuple[str, str]]:
    kinds = ("due_tomorrow", "overdue")
    return sorted((one.channel, one.kind) for one in notices(session) if one.kind in kinds)


def test_each_is_found_on_its_day_and_once(session: Session, opened: Opener) -> None:
    judged(session, opened())
    assert (notice_due(session, BEFORE), found(session)) == (0, [])
    assert (notice_due(session, EVE), notice_due(session, EVE)) == (1, 0)
    assert found(session) == [("webhook", "due_tomorrow")]
    assert notice_due(session, DUE) == 0
    assert (notice_due(session, LATE), notice_due(session, LATE)) == (2, 0)
    assert notice_due(session, LATE + timedelta(days=40)) == 0
    assert found(session) == [
        ("email", "overdue"), ("webhook", "due_tomorrow"), ("webhook", "overdue"),
    ]  # fmt: skip


def test_the_next_promise_is_another_one(session: Session, opened: Opener) -> None:
    case = opened()
    judged(session, case)
    notice_due(session, LATE)
    step(session, case, "label_sent", now=LATE)
    assert notice_due(session, LATE + timedelta(days=1)) == 0
    step(session, case, "return_in_transit", now=LATE)
    late = LATE + timedelta(days=20)
    assert notice_due(session, late) == 2
    last = notices(session, channel="webhook", kind="overdue")[-1]
    assert last.payload["type"] == "case.overdue"
    assert last.payload["data"]["actions"] == ["refund"]
    assert last.payload["data"]["due_on"] == str(last.due_on)


def test_what_is_done_or_closed_is_not_due(session: Session, opened: Opener) -> None:
    case = opened()
    judged(session, case)
    step(session, case, "label_sent")
    assert notice_due(session, LATE) == 0
    step(session, case, "withdrawn")
    assert notice_due(session, LATE + timedelta(days=30)) == 0


def test_the_customer_hears_that_we_are_late_and_sorry(
    session: Session, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch(monkeypatch, EMAIL)
    judged(session, opened())
    assert notice_due(session, EVE) == 0
    assert notice_due(session, LATE) == 1
    said = notices(session, kind="overdue")[0].payload["letter"]
    assert said["paragraphs"][1] == (
        "The prepaid return label was due by Wednesday, March 18. We are late, and we are sorry."
    )


def test_what_the_log_does_not_confirm_is_settled_unsent(
    session: Session, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(session, opened())
    monkeypatch.setattr(clock, "obligations_of", lambda *_: [])
    assert (notice_due(session, LATE), notice_due(session, LATE)) == (2, 0)
    for one in notices(session, kind="overdue"):
        assert (one.tries, one.next_try_at) == (0, None)
        assert one.delivered_at is not None


def test_off_nothing_is_looked_at(
    session: Session, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch(monkeypatch, {})
    judged(session, opened())
    assert notice_due(session, LATE) == 0
    assert notices(session) == []


def filled(database: Database, count: int, now: datetime = NOW) -> None:
    with database.begin() as session:
        for number in range(20001, 20001 + count):
            order = new_order(str(number))
            session.add(order)
            case = open_case(
                session, order=order, situation="damaged", facts={"remedy": "refund"},
                conversation_id="c", now=now, key=f"k{number}",
            )  # fmt: skip
            step(session, case, "evidence_submitted", now=now, key=f"s{number}")
            judgment = {"evidence": "compelling"}
            step(session, case, "evidence_judged", judgment, now=now, key=f"j{number}")


def test_whichever_process_notices(database: Database) -> None:
    filled(database, 3)

    def process(_: int) -> None:
        with database.begin() as session:
            notice_due(session, LATE)

    at_once(4, process)
    with database.read() as session:
        assert found(session) == [("email", "overdue")] * 3 + [("webhook", "overdue")] * 3


def test_a_batch_at_a_time(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(database, 5)
    monkeypatch.setattr(clock, "BATCH", 2)
    counts = []
    for _ in range(4):
        with database.begin() as session:
            counts.append(notice_due(session, LATE))
    assert counts == [4, 4, 2, 0]


def test_a_look_reads_no_log(database: Database) -> None:
    filled(database, 5)
    with database.begin() as session:
        notice_due(session, LATE)
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    with database.begin() as session:
        notice_due(session, LATE)
    assert len([one for one in asked if "queue" in one]) == 3
    assert not [one for one in asked if "case_log" in one]


@pytest.mark.parametrize(("kind", "sign"), [("due_tomorrow", "="), ("overdue", "<")])
def test_the_day_is_found_by_its_index(database: Database, kind: str, sign: str) -> None:
    if database.engine.dialect.name != "sqlite":
        pytest.skip("the plan is worded for SQLite")
    with database.read() as session:
        compiled = unnoticed("webhook", kind, date(2026, 3, 17)).compile(database.engine)
        values = [str(compiled.params[name]) for name in compiled.positiontup]
        connection = session.connection()
        plan = str(
            connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", tuple(values)).all()
        )
    assert f"queue USING INDEX ix_queue_due_on (due_on{sign}?)" in plan or (
        sign == "<" and "ix_queue_due_on (due_on>? AND due_on<?)" in plan
    )
    assert "USING INDEX ix_outbox_subject (subject=?)" in plan
    assert "SCAN" not in plan

"""The queue: what waits for a person, in the right order, and always what the log says."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from casework.cases.case import Case
from casework.cases.writing import open_case, order_changed
from casework.conversations.conversation import add_message, ensure_conversation
from casework.conversations.handling import ask_for_person
from casework.orders.verification import verify
from casework.queue.queue import VIEWS, Filters, Place, assign, count, page
from casework.queue.rows import QueueRow
from casework.queue.table import OURS
from casework.storage.database import Database
from tests.casework.conftest import NOW, TODAY, MakeOrder, Opener, judged, step


def rows(session: Session, today: Any = TODAY, **filters: str) -> list[str]:
    found = page(session, Filters(**filters), login="kim", today=today)
    assert count(session, Filters(**filters), login="kim", today=today) == len(found)
    return [f"{one.order_number or one.subject}: {one.needs}" for one in found]


def test_what_a_person_is_needed_for_follows_the_case(session: Session, opened: Opener) -> None:
    case = opened()
    assert rows(session) == []
    assert rows(session, view="all") == ["20001: None"]
    step(session, case, "evidence_submitted")
    assert rows(session) == ["20001: judge_evidence"]
    step(session, case, "evidence_judged", {"evidence": "compelling"})
    assert rows(session) == ["20001: prepaid_label"]
    step(session, case, "label_sent")
    assert rows(session) == []
    step(session, case, "return_in_transit")
    step(session, case, "refund_paid")
    assert rows(session, view="all") == []


def test_overdue_comes_first_then_due_then_who_waits_longest(
    session: Session, make_order: MakeOrder
) -> None:
    def wait(number: str, situation: str, hours: int) -> Case:
        return open_case(
            session, order=make_order(number), situation=situation,
            facts={"remedy": "refund"}, conversation_id=number,
            now=NOW + timedelta(hours=hours), key=number,
        )  # fmt: skip

    wait("20010", "other", 2)
    wait("20011", "remorse", -1)
    judged(session, wait("20012", "damaged", 3))
    due = page(session, Filters(view="all"), login="kim", today=TODAY)
    label_due = next(one.due_on for one in due if one.order_number == "20012")
    assert label_due
    assert rows(session)[0] == "20011: decide"
    assert rows(session, today=label_due)[0] == "20012: prepaid_label"
    assert rows(session, today=label_due, view="due") == ["20012: prepaid_label"]
    for ahead, found in ((1, ["20012: prepaid_label"]), (2, [])):
        assert rows(session, today=label_due - timedelta(days=ahead), view="due") == found


def test_what_is_due_within_the_next_business_day_is_on_the_due_list(session: Session) -> None:
    friday = TODAY
    ensure_conversation(session, "c", NOW)
    for days in (3, 4, -1, 0, 2):
        add_row(session, str(days), due_on=friday + timedelta(days=days))
    due = page(session, Filters("due"), login="kim", today=friday)
    assert [one.subject for one in due] == ["-1", "0", "2", "3"]


def test_what_only_waits_to_be_closed_comes_last_and_is_counted_apart(
    session: Session, opened: Opener, make_order: MakeOrder
) -> None:
    case = opened("remorse")
    data = {"seller_decision": "reject", "reason": "It was used."}
    step(session, case, "seller_decided", data)
    later = NOW + timedelta(days=3)
    opened("remorse", order=make_order("20002"), now=later, key="later", conversation_id="d")
    assert rows(session) == ["20002: decide"]
    assert rows(session, view="to_close") == ["20001: close"]
    assert rows(session, view="all") == ["20002: decide", "20001: close"]
    assert rows(session, view="unassigned") == ["20002: decide", "20001: close"]


def test_a_conversation_that_asks_for_a_person_waits_too(session: Session) -> None:
    ask_for_person(session, "c", NOW)
    ask_for_person(session, "c", NOW + timedelta(hours=1))
    assert rows(session) == ["c: handoff"]


def add_row(session: Session, subject: str, **values: Any) -> None:
    session.add(
        QueueRow(
            **{"subject": subject, "conversation_id": "c", "turn": OURS, "needs": "refund",
               "waiting_since": NOW} | values
        )
    )  # fmt: skip
    session.flush()


def test_an_order_s_news_change_what_its_cases_wait_for(
    session: Session, opened: Opener, make_order: MakeOrder
) -> None:
    case = opened("returned_in_transit", order=make_order(status="shipped"))
    assert rows(session, view="to_close") == ["20001: close"]
    later = NOW + timedelta(days=1)
    case.order.status = "returned_to_sender"
    order_changed(session, case.order, later)
    order_changed(session, case.order, later + timedelta(days=1))
    assert rows(session) == ["20001: refund"]
    assert session.get(QueueRow, case.number).waiting_since == later
    assert [entry.data.get("order_status") for entry in case.log] == [None, "returned_to_sender"]


def test_a_cancelled_order_is_news_to_its_other_cases(
    session: Session, opened: Opener, make_order: MakeOrder
) -> None:
    order = make_order(status="processing")
    cancelled, other = opened("cancel", order=order), opened("out_of_stock", order=order, key="2")
    step(session, cancelled, "order_cancelled")
    assert other.log[-1].data["order_status"] == "cancelled"


@pytest.mark.parametrize(
    "words",
    ["20001", "#20001", "PAT@example.com", "pat@ex", "wobbly  leg", "{case}"],
)
def test_it_is_found_by_order_case_email_and_words(
    session: Session, opened: Opener, make_order: MakeOrder, words: str
) -> None:
    case = opened("other", facts={"description": "It has a Wobbly leg"})
    other = make_order("20002", email="sam@example.com")
    opened("other", order=other, facts={}, key="2")
    found = rows(session, words=words.format(case=case.number.lower()))
    assert found == ["20001: dispute"]
    assert rows(session, words="100%_") == []


def test_filters_by_agent_and_situation(session: Session, opened: Opener) -> None:
    case = opened("other", facts={})
    opened("remorse", order=case.order, key="2")
    assert assign(session, case.number, "kim", expected=None)
    assert not assign(session, case.number, "lee", expected=None)
    assert rows(session, view="mine") == ["20001: dispute"]
    assert rows(session, view="unassigned") == ["20001: decide"]
    assert rows(session, situation="remorse") == ["20001: decide"]


def test_more_evidence_waits_from_when_it_came(session: Session, opened: Opener) -> None:
    case = opened()
    later: datetime = NOW + timedelta(days=2)
    step(session, case, "evidence_submitted", now=later)
    found = page(session, Filters(), login="kim", today=TODAY)
    assert found[0].waiting_since == later


def test_a_conversation_is_found_by_its_orders_and_by_what_was_said(
    session: Session, make_order: MakeOrder
) -> None:
    make_order("20001")
    make_order("20002", email="sam@example.com")
    verify(session, "c", "20001", "pat@example.com", NOW)
    said = {"audience": "customer", "author": "customer", "now": NOW}
    add_message(session, "c", text="It Wobbles", **said)
    ask_for_person(session, "c", NOW)
    add_message(session, "c", text="and squeaks", **said)
    verify(session, "c", "20002", "sam@example.com", NOW)
    for words in ("20001", "20002", "pat@ex", "sam@example.com", "wobbles and squeaks"):
        assert rows(session, words=words) == ["20002: handoff"], words


def test_a_case_is_found_by_what_was_said_in_its_chat(session: Session, opened: Opener) -> None:
    said = {"audience": "customer", "author": "customer", "now": NOW}
    add_message(session, "c", text="Before", **said)
    opened("other", facts={})
    add_message(session, "c", text="It rattled in the box", **said)
    add_message(session, "c", audience="agents", author="agent", text="a private thing", now=NOW)
    assert rows(session, words="before it rattled") == ["20001: dispute"]
    assert rows(session, words="private") == []


def test_pages_follow_each_other_whatever_happens_between(session: Session) -> None:
    ensure_conversation(session, "c", NOW)
    days = [None, TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=3)]
    for number in range(40):
        moment = NOW - timedelta(minutes=number // 8)
        add_row(session, f"{number:02}", due_on=days[number % 4], waiting_since=moment,
                turn=number % 3)  # fmt: skip
    for view in ("waiting", "unassigned", "due", "to_close", "all"):
        whole = page(session, Filters(view), login="kim", today=TODAY)
        found: list[QueueRow] = []
        while more := page(
            session, Filters(view), login="kim", today=TODAY, size=3,
            after=Place.read(str(Place.of(found[-1]))) if found else None,
        ):  # fmt: skip
            found += more
        assert found == whole
        assert count(session, Filters(view), login="kim", today=TODAY) == len(whole)


@pytest.mark.parametrize("view", VIEWS)
def test_no_page_reads_more_than_it_shows(database: Database, view: str) -> None:
    if database.engine.dialect.name != "sqlite":
        pytest.skip("the plan is worded for SQLite")
    plans: list[str] = []

    def explain(connection: Any, cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if statement.startswith("SELECT queue"):
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            plans.append(str(cursor.fetchall()))

    event.listen(database.engine, "before_cursor_execute", explain)
    with database.read() as session:
        after = Place(OURS, None, NOW, "x")
        for place in (None, after):
            page(session, Filters(view), login="kim", today=TODAY, after=place)
    assert plans
    assert [one for one in plans if "SCAN" in one or "TEMP B-TREE" in one] == []

"""The queue: what waits for a person, in the right order, and always what the log says."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from casework.cases import Case, open_case, order_changed
from casework.conversations import ensure_conversation
from casework.handling import ask_for_person
from casework.queue import Filters, assign, count, page
from casework.queue_rows import QueueRow
from casework.queue_table import OURS
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
    case = opened("destroyed_in_transit", order=make_order(status="shipped"), facts={})
    before = session.get(QueueRow, case.number).needs
    later = NOW + timedelta(days=1)
    case.order.status = "destroyed"
    order_changed(session, case.order, later)
    order_changed(session, case.order, later + timedelta(days=1))
    row = session.get(QueueRow, case.number)
    assert (row.needs != before, row.waiting_since) == (True, later)
    assert [entry.data.get("order_status") for entry in case.log] == [None, "destroyed"]


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

"""Reports on lives that are known: every number is worked out by hand."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from casework.cases.case import Case
from casework.cases.escalations import open_escalation
from casework.cases.writing import open_case
from casework.conversations.conversation import add_message, ensure_conversation
from casework.conversations.handling import ask_for_person, hand_back, take_over
from casework.people.accounts import Agent, add_agent
from casework.reports import REPORTS, Cell, Period
from casework.reports.report import middle, ninetieth, share
from tests.casework.conftest import NOW, TODAY, MakeOrder, judged, step

ZONE = ZoneInfo("America/Los_Angeles")
MONDAY = date(2026, 3, 2)
TWO_WEEKS = Period(MONDAY, date(2026, 3, 15), ZONE)
LATER = NOW + timedelta(days=30)


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def rows(session: Session, name: str, period: Period = TWO_WEEKS, now: datetime = NOW) -> Any:
    session.flush()
    found = REPORTS[name](session, period, now)
    assert found.name == name
    assert all(len(row) == len(found.columns) for row in found.rows)
    return list(found.rows)


@pytest.fixture
def begin(session: Session, make_order: MakeOrder) -> Any:
    """Opens a case on an order of its own, in a conversation named by the order's number."""
    numbers = iter(range(30001, 40000))

    def begin_one(situation: str, moment: datetime, **facts: Any) -> Case:
        number = str(next(numbers))
        order = make_order(number, **facts.pop("order", {}))
        return open_case(
            session, order=order, situation=situation, facts=facts,
            conversation_id=f"of-{number}", now=moment, key=number,
        )  # fmt: skip

    return begin_one


@pytest.fixture
def kim(session: Session) -> Agent:
    words = "a long enough password"
    return add_agent(session, login="kim", name="Kim", role="agent", password=words, now=NOW)


def say(
    session: Session, conversation: str, author: str, text: str, now: datetime, **more: Any
) -> None:
    add_message(
        session, conversation, audience="customer", author=author, text=text, now=now, **more
    )


def hand(session: Session, conversation: str, now: datetime, case: Case | None = None) -> None:
    open_escalation(
        session, conversation_id=conversation, reason="customer_asked", case=case, now=now,
        key=f"{conversation}:{now.isoformat()}",
    )  # fmt: skip


def test_standing_counts_what_is_open_now(session: Session, begin: Any, kim: Agent) -> None:
    begin("damaged", NOW, remedy="refund")
    begin("remorse", NOW)
    label = begin("damaged", NOW, remedy="refund")
    judged(session, label)
    closed = begin("remorse", NOW)
    step(session, closed, "withdrawn", actor="customer", key="gone")
    ask_for_person(session, "waits", NOW)
    ask_for_person(session, "live", NOW)
    take_over(session, "live", kim, NOW)
    numbers = [row[1] for row in rows(session, "standing")]
    assert numbers == [3, 2, 0, 1, 0, 0, 1, 1]
    due = date(2026, 3, 18)  # three business days after Friday, March 13
    assert [row[1] for row in rows(session, "standing", now=at(due))][4:6] == [1, 0]
    late = at(due + timedelta(days=1))
    assert [row[1] for row in rows(session, "standing", now=late)][4:6] == [0, 1]


def test_pace_counts_from_needing_a_person_and_to_the_end(session: Session, begin: Any) -> None:
    first = begin("remorse", at(MONDAY))
    step(session, first, "note", {"text": "for colleagues"}, now=at(MONDAY, 10), key="n")
    step(session, first, "seller_decided", {"seller_decision": "reject"}, now=at(MONDAY, 12),
         key="d")  # fmt: skip
    step(session, first, "closed", now=at(MONDAY + timedelta(days=3)), key="c")
    shown = begin("damaged", at(MONDAY), remedy="refund")
    step(session, shown, "evidence_submitted", actor="customer", now=at(MONDAY, 20), key="e")
    step(session, shown, "evidence_judged", {"evidence": "compelling"},
         now=at(MONDAY + timedelta(days=1), 1), key="j")  # fmt: skip
    step(session, shown, "refund_paid", now=at(MONDAY + timedelta(days=8)), key="r")
    begin("remorse", at(date(2026, 3, 10)))  # nobody has answered yet
    assert rows(session, "pace") == [
        (MONDAY, 2, 2, 4.0, 5.0, 2, 5.5, 8),
        (date(2026, 3, 9), 1, 0, None, None, 0, None, None),
    ]


def test_a_person_may_answer_in_the_conversation(session: Session, begin: Any) -> None:
    case = begin("remorse", at(MONDAY))
    hand(session, case.conversation_id, at(MONDAY, 10), case)
    say(session, case.conversation_id, "agent", "Hello", at(MONDAY, 11, 30))
    for hour in (9, 10):  # asked twice, answered once
        hand(session, "alone", at(MONDAY, hour))
    say(session, "alone", "agent", "Hello", at(MONDAY, 13))
    hand(session, "alone", at(MONDAY, 14))
    say(session, "alone", "agent", "Hello again", at(MONDAY, 15))
    hand(session, "never", at(MONDAY))
    assert rows(session, "pace")[0] == (MONDAY, 1, 3, 1.5, 4.0, 0, None, None)


def test_a_case_opened_again_has_not_ended(session: Session, begin: Any) -> None:
    case = begin("other", at(MONDAY))
    step(session, case, "closed", now=at(MONDAY), key="c")
    step(session, case, "reopened", now=at(MONDAY), key="o")
    assert rows(session, "pace")[0][5:] == (0, None, None)
    assert rows(session, "outcomes") == [("other", "Still open", 1, 100.0)]
    step(session, case, "closed", now=at(MONDAY + timedelta(days=2)), key="c2")
    assert rows(session, "pace")[0][5:] == (1, 2, 2)


def test_outcomes_by_situation(session: Session, begin: Any) -> None:
    def ended(situation: str, *kinds: str, **facts: Any) -> None:
        case = begin(situation, NOW, **facts)
        for kind in kinds:
            data = {"seller_decision": "reject"} if kind == "seller_decided" else None
            step(session, case, kind, data, key=f"{case.number}{kind}")

    for _ in range(2):
        ended("damaged", "refund_paid", remedy="refund")
    ended("damaged", "replacement_sent", remedy="refund")
    ended("damaged", remedy="refund")
    ended("remorse", "seller_decided", "closed")
    ended("remorse", "seller_decided", "closed", "reopened", "refund_paid")
    ended("cancel", "order_cancelled", "refund_paid", order={"status": "processing"})
    ended("wrong_information", "address_corrected", order={"status": "processing"})
    ended("other", "redelivery_started")
    ended("defective", "withdrawn")
    ended("late_shipment", "closed", order={"status": "processing"})
    assert rows(session, "outcomes") == [
        ("damaged", "Refund paid", 2, 50.0),
        ("damaged", "Replacement sent", 1, 25.0),
        ("damaged", "Still open", 1, 25.0),
        ("remorse", "Refund paid", 1, 50.0),
        ("remorse", "Rejected", 1, 50.0),
        ("cancel", "Order canceled", 1, 100.0),
        ("defective", "Withdrawn by the customer", 1, 100.0),
        ("late_shipment", "Closed with a reason", 1, 100.0),
        ("other", "Sent again", 1, 100.0),
        ("wrong_information", "Details corrected", 1, 100.0),
    ]


def test_without_a_person_means_nobody_had_to_act(session: Session, begin: Any, kim: Agent) -> None:
    for name in ("alone", "asked", "joined", "written", "waits"):
        say(session, name, "customer", "Hello", at(MONDAY))
    ensure_conversation(session, "looked only", at(MONDAY))
    hand(session, "asked", at(MONDAY))
    take_over(session, "joined", kim, at(MONDAY, 10))
    hand_back(session, "joined", kim, "", at(MONDAY, 11))
    say(session, "written", "agent", "Hello", at(MONDAY))
    say(session, "alone", "system", "This takes longer.", at(MONDAY), key="slow:1")
    ask_for_person(session, "waits", at(MONDAY))
    week = (MONDAY, 5, 1, 4, 0, 20.0)
    assert rows(session, "by_itself") == [week, (date(2026, 3, 9), 0, 0, 0, 0, None)]
    still_open, decided = begin("remorse", NOW), begin("remorse", NOW)
    for case in (still_open, decided):
        say(session, case.conversation_id, "customer", "Hello", NOW)
    step(session, decided, "refund_paid", key="paid")
    assert rows(session, "by_itself") == [week, (date(2026, 3, 9), 2, 0, 1, 1, 0.0)]


def test_where_conversations_were_left(session: Session, begin: Any) -> None:
    def talk(name: str, *said: tuple[str, str], now: datetime = NOW) -> None:
        say(session, name, "customer", "Hello", now)
        for author, text in said:
            say(session, name, author, text, now)

    for count in range(3):
        asks = f"To make sure order {count}00 is yours (AOP-R-CFHJ-{count}KMR, pat@x.com): who?"
        talk(f"proof {count}", ("customer", "My order"), ("assistant", f"{asks}\nA second line"))
    for count in range(2):
        talk(f"few {count}", ("assistant", "Hello Pat"))
    talk("unanswered")
    talk("by a person", ("assistant", "Hi"), ("agent", "Hello Pat, this is Kim"))
    talk("by a card", ("assistant", ""))
    talk("goes on", ("assistant", "Hi"), now=LATER - timedelta(hours=23))
    waits = begin("remorse", NOW)
    talk(waits.conversation_id, ("assistant", "Your request is in"))
    ended = begin("remorse", NOW)
    talk(ended.conversation_id, ("assistant", "Your request is in"))
    step(session, ended, "withdrawn", actor="customer", key="gone")
    assert rows(session, "left", now=NOW + timedelta(hours=23)) == []
    assert rows(session, "left", Period(TODAY, LATER.date(), ZONE), LATER) == [
        ("To make sure order … is yours … … who?", "no", 3, 33.3),
        ("(something said to few)", "no", 2, 22.2),
        ("(a person wrote)", "no", 1, 11.1),
        ("(nothing: no answer came)", "no", 1, 11.1),
        ("(something said to few)", "yes", 1, 11.1),
        ("(the card of a case)", "no", 1, 11.1),
    ]


@pytest.mark.parametrize("name", ["outcomes", "left"])
def test_nothing_happened(session: Session, name: str) -> None:
    assert rows(session, name) == []


@pytest.mark.parametrize(
    ("name", "nothing"),
    [("pace", (0, 0, None, None, 0, None, None)), ("by_itself", (0, 0, 0, 0, None))],
)
def test_weeks_in_which_nothing_happened_are_there(
    session: Session, name: str, nothing: tuple[Cell, ...]
) -> None:
    weeks = [MONDAY, date(2026, 3, 9)]
    assert rows(session, name) == [(week, *nothing) for week in weeks]


def test_a_day_ends_at_the_shops_midnight(session: Session, begin: Any) -> None:
    sunday = date(2026, 3, 8)  # the clocks go forward: a day of 23 hours
    one_day = Period(sunday, sunday, ZONE)
    assert (one_day.ends - one_day.begins.astimezone(ZoneInfo("UTC"))) == timedelta(hours=23)
    for name, moment in (
        ("saturday", at(sunday - timedelta(days=1), 23, 59)),
        ("first", at(sunday, 0)),
        ("last", at(sunday, 23, 59)),
        ("monday", at(sunday + timedelta(days=1), 0)),
    ):
        say(session, name, "customer", "Hello", moment)
        begin("remorse", moment)
        hand(session, name, moment)
        say(session, name, "agent", "Hello", moment + timedelta(hours=1))
    assert rows(session, "by_itself", one_day) == [(MONDAY, 2, 0, 2, 0, 0.0)]
    assert rows(session, "pace", one_day) == [(MONDAY, 2, 2, 1.0, 1.0, 0, None, None)]
    assert [row[1] for row in rows(session, "pace")] == [3, 1]
    assert rows(session, "outcomes", one_day) == [("remorse", "Still open", 2, 100.0)]
    assert sum(row[2] for row in rows(session, "left", one_day, LATER)) == 2


def test_hours_are_real_hours_on_the_day_the_clocks_change(session: Session, begin: Any) -> None:
    night = date(2026, 3, 8)
    case = begin("remorse", at(night, 1))
    step(session, case, "seller_decided", {"seller_decision": "reject"}, now=at(night, 4), key="d")
    assert rows(session, "pace")[0][3] == 2.0


def test_a_period_has_the_weeks_it_touches() -> None:
    assert Period(date(2026, 3, 8), date(2026, 3, 9), ZONE).weeks == [MONDAY, date(2026, 3, 9)]
    assert Period(MONDAY, MONDAY, ZONE).weeks == [MONDAY]
    with pytest.raises(ValueError, match="ends"):
        Period(MONDAY, date(2026, 3, 1), ZONE)
    assert Period.of(MONDAY, MONDAY).zone == ZONE


def test_figures() -> None:
    assert [middle([]), ninetieth([]), share(0, 0)] == [None, None, None]
    assert [middle([3, 1]), middle([3, 1, 9]), share(1, 3)] == [2.0, 3.0, 33.3]
    assert [ninetieth([7]), ninetieth(range(1, 11)), ninetieth(range(1, 12))] == [7, 9, 10]

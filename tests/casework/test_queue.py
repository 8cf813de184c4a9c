"""The queue: what waits for a person, in the right order, and always what the log says."""

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.acts import offered, perform
from casework.cases import Case, open_case
from casework.errors import CaseworkError
from casework.handling import ask_for_person
from casework.queue import Filters, assign, count, page, rebuild
from casework.queue_rows import QueueRow
from casework.samples import load_samples
from casework.shop import day_of, policy_in_force
from tests.casework.conftest import NOW, TODAY, MakeOrder, Opener, judged, step
from tests.casework.test_acts import filled


def rows(session: Session, today: date = TODAY, **filters: str) -> list[str]:
    found = page(session, Filters(**filters), login="kim", today=today)
    assert count(session, Filters(**filters), login="kim", today=today) == len(found)
    return [f"{one.order_number or one.subject}: {one.needs}" for one in found]


def stored(session: Session) -> list[dict[str, Any]]:
    session.flush()
    session.expire_all()
    wanted = select(QueueRow).where(QueueRow.case_id.is_not(None)).order_by(QueueRow.subject)
    return [
        {column.name: getattr(row, column.name) for column in QueueRow.__table__.columns}
        for row in session.scalars(wanted)
    ]


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_the_rows_are_what_the_log_gives(session: Session, seed: int) -> None:
    chance, moment = random.Random(seed), NOW
    load_samples(session, NOW)
    cases, done = list(session.scalars(select(Case))), 0
    for number in range(60):
        moment += timedelta(hours=chance.randint(1, 30))
        case = chance.choice(cases)
        acts = offered(case, role="lead", policy=policy_in_force(), today=day_of(moment))
        if not acts:
            continue
        one = chance.choice(acts)
        try:
            perform(
                session, case, one.name, filled(one, case),
                actor="agent:kim", role="lead", now=moment, key=f"{number}",
            )  # fmt: skip
        except CaseworkError:
            continue  # the walk tries more than the policy allows
        done += 1
    assert done >= 10
    before = stored(session)
    rebuild(session)
    assert stored(session) == before
    assert {row["subject"] for row in before} == {
        one.number for one in cases if one.state == "open"
    }


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
    assert rows(session, today=label_due - timedelta(days=1), view="due") == []


def test_a_conversation_that_asks_for_a_person_waits_too(session: Session) -> None:
    ask_for_person(session, "c", NOW)
    ask_for_person(session, "c", NOW + timedelta(hours=1))
    assert rows(session) == ["c: handoff"]


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

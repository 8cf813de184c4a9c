"""Who speaks with a customer: one at a time, and the customer is told."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from casework.conversations.conversation import Conversation, messages_after
from casework.conversations.handling import (
    HandlingLostError,
    ask_for_person,
    hand_back,
    has_it,
    leave_for_later,
    take_over,
    transfer,
)
from casework.errors import CaseworkError
from casework.people.accounts import Agent, add_agent
from casework.queue.queue import Filters, page
from casework.storage.database import Database
from tests.casework.conftest import NOW, TODAY, at_once


@pytest.fixture
def people(session: Session) -> list[Agent]:
    ask_for_person(session, "c", NOW)
    words = "a long enough password"
    return [
        add_agent(session, login=name.lower(), name=name, role="agent", password=words, now=NOW)
        for name in ("Kim", "Lee")
    ]


def said(session: Session) -> list[str]:
    return [one.text for one in messages_after(session, "c", "customer")]


def waiting(session: Session) -> list[Any]:
    found = page(session, Filters(), login="kim", today=TODAY)
    return [(one.needs, one.assignee) for one in found]


def test_the_customer_knows_who_speaks_all_the_way(session: Session, people: list[Agent]) -> None:
    kim, lee = people
    assert waiting(session) == [("handoff", None)]
    take_over(session, "c", kim, NOW)
    assert waiting(session) == [("live", "kim")]
    transfer(session, "c", kim, "lee", NOW)
    leave_for_later(session, "c", lee, NOW)
    assert waiting(session) == [("handoff", None)]
    take_over(session, "c", kim, NOW)
    hand_back(session, "c", kim, "A new lamp on Monday.", NOW)
    assert waiting(session) == []
    told = said(session)
    assert ["Kim" in told[0], "Lee" in told[1], "Lee" in told[2]] == [True] * 3
    assert "A new lamp on Monday." in told[-1]
    assert "automated assistant" in told[-1]
    found: Conversation = session.get(Conversation, "c")
    assert (found.handler, found.agent) == ("assistant", None)


def test_who_does_not_have_it_changes_nothing(session: Session, people: list[Agent]) -> None:
    kim, lee = people
    take_over(session, "c", kim, NOW)
    with pytest.raises(HandlingLostError, match="Kim has this chat"):
        take_over(session, "c", lee, NOW)
    for act in (leave_for_later, lambda *a: hand_back(*a[:3], "x", a[3])):
        with pytest.raises(HandlingLostError, match="Kim"):
            act(session, "c", lee, NOW)
    with pytest.raises(HandlingLostError, match="Kim"):
        transfer(session, "c", lee, "lee", NOW)
    with pytest.raises(CaseworkError, match="nobody-here"):
        transfer(session, "c", kim, "nobody-here", NOW)
    assert has_it(session, "c", kim)
    assert len(said(session)) == 1


def test_of_two_at_once_one_wins(database: Database) -> None:
    with database.begin() as session:
        ask_for_person(session, "c", NOW)
        for login in ("kim", "lee"):
            add_agent(
                session, login=login, name=login.title(), role="agent",
                password="a long enough password", now=NOW,
            )  # fmt: skip
    lost: list[str] = []

    def take(number: int) -> None:
        with database.begin() as session:
            agent = session.query(Agent).filter_by(login=("kim", "lee")[number]).one()
            try:
                take_over(session, "c", agent, NOW)
            except HandlingLostError as error:
                lost.append(str(error))

    at_once(2, take)
    assert len(lost) == 1
    assert "has this chat already" in lost[0]
    with database.begin() as session:
        assert len(said(session)) == 1

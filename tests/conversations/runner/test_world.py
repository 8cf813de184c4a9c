"""The world: its own orders, clock, policy and people, and nothing left behind."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from actions.turn import open_database
from casework.cases.writing import open_case
from casework.orders.order import Order, find_order
from policy_core import load_policy
from tests.conversations.schema import Conversation
from tests.conversations.world import ConversationWorld, Worlds


@pytest.fixture(scope="module")
def worlds() -> Iterator[Worlds]:
    made = Worlds()
    yield made
    made.close()


def playing(
    orders: Sequence[Mapping[str, Any]] = (),
    policy: Mapping[str, str] | None = None,
    today: str = "2026-03-11",
) -> Conversation:
    return Conversation("one", Path("some.yml"), 1, today, tuple(orders), policy or {}, ())


def order(number: str) -> Order:
    with open_database().begin() as session:
        found = find_order(session, number)
        assert found is not None
        return found


def a_case(world: ConversationWorld, number: str = "10482") -> None:
    with open_database().begin() as session:
        open_case(
            session,
            order=order(number),
            situation="damaged",
            facts={"evidence": "none"},
            conversation_id=world.conversation_id,
            now=world.now(),
            key="case",
        )


def test_the_day_is_the_files_and_is_gone_afterwards(worlds: Worlds) -> None:
    before = datetime.now()
    with worlds.world_of(playing(today="2026-03-13 23:30")) as world:
        assert world.now().strftime("%Y-%m-%d %H:%M %Z") == "2026-03-13 23:30 PDT"
        world.wait("1 hour")
        assert world.now().date() == date(2026, 3, 14)
    assert datetime.now() >= before


def test_the_environment_is_as_before(worlds: Worlds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///theirs.db")
    monkeypatch.delenv("POLICY_FILE", raising=False)
    with worlds.world_of(playing()):
        assert os.environ["DATABASE_URL"] != "sqlite:///theirs.db"
    assert os.environ["DATABASE_URL"] == "sqlite:///theirs.db"
    assert "POLICY_FILE" not in os.environ


def test_orders_are_changed_copied_and_fresh_each_time(worlds: Worlds) -> None:
    changes = [
        {"number": "10482", "delivered_on": "31 days ago", "tracking": None},
        {
            "number": "20001",
            "like": "10482",
            "lines": ({"title": "Pen", "unit_price": "1.50", "quantity": "2"},),
        },
    ]
    with worlds.world_of(playing(changes)):
        assert order("10482").delivered_on == date(2026, 2, 8)
        assert order("10482").tracking is None
        assert str(order("20001").total) == "3.00"
        assert order("20001").email == order("10482").email
    with worlds.world_of(playing()):
        assert order("10482").delivered_on == date(2026, 3, 8)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"number": "77777"}, "there is no sample order 77777"),
        ({"number": "20001", "like": "77777"}, "no sample order 77777 to be like"),
        ({"number": "10482", "like": "10480"}, "10482 is a sample order already"),
    ],
)
def test_an_order_that_is_not_there_is_named(
    worlds: Worlds, change: Mapping[str, str], told: str
) -> None:
    with pytest.raises(ValueError, match=told), worlds.world_of(playing([change])):
        pass


def test_the_policy_can_be_changed(worlds: Worlds) -> None:
    with worlds.world_of(playing(policy={"contact.phone": "1-800-555-0100"})):
        named = os.environ["POLICY_FILE"]
        assert load_policy(Path(named)).contact.phone == "1-800-555-0100"


def test_what_happened_before_the_conversation_is_not_shown(worlds: Worlds) -> None:
    with worlds.world_of(playing()) as world:
        assert world.database()["cases"] == []
        assert world.case_number(None) is None
        assert world.case_number("10503")
        world.agent({"order": "10503", "records": "note"})
        assert [case["order"] for case in world.database()["cases"]] == ["10503"]


def test_an_agent_acts_on_the_latest_case(worlds: Worlds) -> None:
    with worlds.world_of(playing()) as world:
        with pytest.raises(ValueError, match="no such case"):
            world.agent({"decides": "accept"})
        a_case(world)
        world.add_evidence(["photo"])
        world.agent({"judges_evidence": "compelling", "decides": "accept"})
        [case] = world.database()["cases"]
        assert case["log"] == ["opened", "evidence_judged", "seller_decided"]
        assert case["outcome"] == "entitled"
        with pytest.raises(ValueError, match="agent: "):
            world.agent({"records": "nonsense"})


def test_the_database_goes_down_and_comes_back(worlds: Worlds) -> None:
    with worlds.world_of(playing()) as world:
        world.database_down(True)
        with pytest.raises(OperationalError):
            order("10482")
        world.database_down(False)
        assert order("10482")


def test_a_world_can_be_returned_to(worlds: Worlds) -> None:
    with worlds.world_of(playing()) as world:
        saved = world.save()
        a_case(world)
        assert world.database()["cases"]
        world.return_to(saved)
        assert not world.database()["cases"]

"""Whatever happens, the stored queue is what logs, conversations and messages give."""

import json
import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.acts import offered, perform
from casework.cases.case import Case
from casework.conversations.conversation import Conversation, add_message
from casework.conversations.handling import (
    ask_for_person,
    hand_back,
    leave_for_later,
    take_over,
    transfer,
)
from casework.errors import CaseworkError
from casework.orders.events import apply_event
from casework.orders.importer import import_orders
from casework.orders.order import Order
from casework.orders.samples import load_samples
from casework.orders.verification import verify
from casework.people.accounts import Agent, add_agent
from casework.queue.queue import assign, rebuild
from casework.queue.rows import QueueRow
from casework.queue.table import KEPT, OURS
from casework.shop import day_of, policy_in_force
from tests.casework.conftest import NOW
from tests.casework.test_acts import filled

STEPS = 60


def stored(session: Session) -> dict[str, dict[str, Any]]:
    session.flush()
    session.expire_all()
    columns = [column.name for column in QueueRow.__table__.columns]
    return {
        row.subject: {name: getattr(row, name) for name in columns}
        for row in session.scalars(select(QueueRow))
    }


def check(session: Session, what: str) -> None:
    before = stored(session)
    rebuild(session)
    assert stored(session) == before, what
    open_now = set(session.scalars(select(Case.number).where(Case.state == "open")))
    with_people = select(Conversation.id).where(Conversation.handler != "assistant")
    assert set(before) == open_now | set(session.scalars(with_people))
    # What has a day is the shop's to do: the due list needs no more than the shop's own turn.
    assert all(row["turn"] == OURS for row in before.values() if row["due_on"])


class Walk:
    """What may happen to a shop, one thing at a time."""

    def __init__(self, session: Session, chance: random.Random, folder: Path) -> None:
        self.session, self.chance, self.folder, self.moment = session, chance, folder, NOW
        load_samples(session, NOW)
        self.cases = list(session.scalars(select(Case).order_by(Case.id)))
        self.orders = list(session.scalars(select(Order).order_by(Order.id)))
        self.chats = ["x", "y", *(case.conversation_id for case in self.cases[:4])]
        self.agents = [
            add_agent(session, login=login, name=login, role="agent",
                      password="a long enough password", now=NOW)
            for login in ("kim", "lee")
        ]  # fmt: skip
        self.number = 0

    def step(self) -> str:
        """Try one thing; the name of it, empty where it was refused."""
        self.number += 1
        self.moment += timedelta(hours=self.chance.randint(1, 30))
        does = (self.act, self.act, self.talk, self.talk, self.write, self.write, self.event,
                self.file, self.prove, self.take)  # fmt: skip
        do = self.chance.choice(does)
        try:
            with self.session.begin_nested():
                do()
        except CaseworkError:
            return ""
        return do.__name__

    def act(self) -> None:
        case = self.chance.choice(self.cases)
        today = day_of(self.moment)
        acts = offered(case, role="lead", policy=policy_in_force(), today=today)
        if not acts:
            raise CaseworkError("nothing to do")
        one = self.chance.choice(acts)
        perform(self.session, case, one.name, filled(one, case), actor="agent:kim", role="lead",
                now=self.moment, key=f"{self.number}")  # fmt: skip

    def talk(self) -> None:
        chat, agent = self.chance.choice(self.chats), self.chance.choice(self.agents)
        self.chance.choice([self.ask, take_over, self.pass_on, leave_for_later, self.back])(
            self.session, chat, agent, self.moment
        )

    def ask(self, session: Session, chat: str, agent: Agent, now: datetime) -> None:
        ask_for_person(session, chat, now)

    def pass_on(self, session: Session, chat: str, agent: Agent, now: datetime) -> None:
        transfer(session, chat, agent, self.chance.choice(["kim", "lee"]), now)

    def back(self, session: Session, chat: str, agent: Agent, now: datetime) -> None:
        hand_back(session, chat, agent, self.chance.choice(["", "A new lamp."]), now)

    def write(self) -> None:
        text = "The  LEG wobbles " * self.chance.choice([1, 1, 40, 300])
        who = self.chance.choice(["customer", "customer", "assistant"])
        add_message(self.session, self.chance.choice(self.chats), audience="customer", author=who,
                    text=text, now=self.moment)  # fmt: skip

    def event(self) -> None:
        order, on = self.chance.choice(self.orders), str(day_of(self.moment))
        new = {"fields": {"email": f"moved{self.number}@Example.com"}}
        kinds = ["delivered", "returned_to_sender", "destroyed", "return_in_transit"]
        kind = self.chance.choice([*kinds, "order_updated"])
        more: dict[str, Any] = new if kind == "order_updated" else {"on": on}
        event = {"type": kind, "order": order.number, **more}
        apply_event(self.session, event, id=f"e{self.number}", now=self.moment)

    def file(self) -> None:
        order = self.chance.choice(self.orders)
        status = self.chance.choice(["returned_to_sender", "destroyed", "unfulfillable"])
        left = order.shipped_on if status != "unfulfillable" else None
        entry = {
            name: str(getattr(order, name)) for name in ("number", "zip", "placed_on", "ship_by",
                                                         "total", "currency")
        } | {
            "email": f"filed{self.number}@example.com", "status": status, "delivered_on": None,
            "shipped_on": str(left) if left else None, "carrier": order.carrier,
            "tracking": order.tracking,
            "lines": [{"sku": one.sku, "title": one.title, "quantity": one.quantity,
                       "unit_price": str(one.unit_price)} for one in order.lines],
        }  # fmt: skip
        path = self.folder / "orders.json"
        path.write_text(json.dumps([entry]))
        result = import_orders(self.session, path, self.moment)
        if not result.updated:
            raise CaseworkError(str(result.refused))

    def prove(self) -> None:
        order, chat = self.chance.choice(self.orders), self.chance.choice(self.chats)
        verify(self.session, chat, order.number, order.email, self.moment)

    def take(self) -> None:
        case = self.chance.choice(self.cases)
        assign(self.session, case.number, "kim", expected=None)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_the_rows_are_what_is_kept(
    session: Session, seed: int, tmp_path: Path
) -> None:
    walk = Walk(session, random.Random(seed), tmp_path)
    check(session, "at the beginning")
    done = [walk.step() for _ in range(STEPS) if check(session, str(walk.number)) is None]
    check(session, "at the end")
    assert len(set(filter(None, done))) >= 7
    assert sum(map(bool, done)) >= STEPS / 2


def test_words_are_kept_within_bounds_and_the_last_of_them(session: Session) -> None:
    ask_for_person(session, "c", NOW)
    for number in range(200):
        add_message(session, "c", audience="customer", author="customer",
                    text=f"message number {number}", now=NOW)  # fmt: skip
    row = session.get(QueueRow, "c")
    assert len(row.said) <= KEPT
    assert row.said.endswith("message number 199")
    check(session, "many messages")

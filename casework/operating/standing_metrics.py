"""How the shop stands, for Prometheus: looked up in the database when it is asked for.

Every gateway tells the same: take the largest, not the sum.
"""

import time
from collections.abc import Iterator
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily
from sqlalchemy import case, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from casework.conversations.conversation import Message
from casework.conversations.turns import Turn
from casework.outgoing import outbox
from casework.queue.rows import QueueRow
from casework.shop import day_of, now
from casework.storage.database import Database

# Whoever asks more often than this is told the same again.
KEPT_SECONDS = 10.0

GAUGES = {
    "aop_cases_open": "Open cases",
    "aop_cases_due": "Open cases with something due today",
    "aop_cases_overdue": "Open cases with something overdue",
    "aop_conversations_waiting": "Conversations that wait for a person",
    "aop_conversations_live": "Conversations with a person in them",
    "aop_turns_open": "Messages that wait for the assistant",
    "aop_turns_oldest_seconds": "How long the oldest of them has waited",
}
BY_CHANNEL = {
    "aop_outbox_waiting": "News that waits to be delivered",
    "aop_outbox_parked": "News that was given up",
    "aop_outbox_oldest_seconds": "How long the oldest news has waited",
}


class Standing:
    """A collector for a Prometheus registry."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._until = 0.0
        self._found: list[GaugeMetricFamily] = []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the gauges; `aop_database_up` alone, and 0, where the database cannot be read."""
        if time.monotonic() >= self._until:
            try:
                with self._database.read() as session:
                    self._found = [*_counted(session, now())]
            except SQLAlchemyError:
                yield _gauge("aop_database_up", "Whether the database can be read", 0)
                return
            self._until = time.monotonic() + KEPT_SECONDS
        yield _gauge("aop_database_up", "Whether the database can be read", 1)
        yield from self._found


def _counted(session: Session, moment: datetime) -> Iterator[GaugeMetricFamily]:
    today, is_case = day_of(moment), QueueRow.case_id.is_not(None)
    conditions = [
        is_case,
        is_case & (QueueRow.due_on == today),
        is_case & (QueueRow.due_on < today),
        QueueRow.needs == "handoff",
        QueueRow.needs == "live",
    ]
    sums = (func.coalesce(func.sum(case((one, 1), else_=0)), 0) for one in conditions)
    turns = (
        select(func.count(), func.min(Message.created_at))
        .select_from(Turn)
        .join(Message, Message.id == Turn.message_id)
        .where(Turn.closed_at.is_(None))
    )
    waiting, oldest = session.execute(turns).one()
    values = [*session.execute(select(*sums)).one(), waiting, _age(oldest, moment)]
    for (name, words), value in zip(GAUGES.items(), values, strict=True):
        yield _gauge(name, words, value)
    yield from _outbox(session, moment)


def _outbox(session: Session, moment: datetime) -> Iterator[GaugeMetricFamily]:
    families = [GaugeMetricFamily(*one, labels=["channel"]) for one in BY_CHANNEL.items()]
    for channel in outbox.CHANNELS:
        stands = outbox.standing(session, channel)
        values = (stands.waiting, stands.parked, _age(stands.oldest, moment))
        for family, value in zip(families, values, strict=True):
            family.add_metric([channel], value)
    yield from families


def _gauge(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)


def _age(since: datetime | None, moment: datetime) -> float:
    return max(0.0, (moment - since).total_seconds()) if since else 0.0

"""The clock: finds by itself what the shop must do by tomorrow, and what it is late with.

It reads the queue's rows by their day, never a log but that of a case there is news of. Any number
of processes may run it at any time: what was noticed once is in the outbox.
"""

import logging
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from casework.cases.case import Case, decision_of, obligations_of
from casework.outgoing.channels import channels
from casework.outgoing.notices import notice_promise
from casework.outgoing.outbox import Notice
from casework.queue.rows import QueueRow
from casework.shop import day_of
from policy_core import InputError

logger = logging.getLogger(__name__)

# So many at a time, so that others can write in between.
BATCH = 200


def notice_due(session: Session, now: datetime) -> int:
    """Put what is due tomorrow and overdue, at most ``BATCH`` of a kind; returns how many it found.

    Called until it returns 0, it has found everything.
    """
    today, found = day_of(now), 0
    for channel in channels().on:
        # Customers hear when we are late; what is due tomorrow is the shop's to know.
        for kind in ("due_tomorrow", "overdue") if channel == "webhook" else ("overdue",):
            for case_id, due_on in session.execute(unnoticed(channel, kind, today)).all():
                try:
                    _notice(session, case_id, due_on, channel, kind, now)
                except InputError:
                    # One case that a new policy cannot read must not keep the others waiting.
                    logger.warning("case %d cannot be decided; the clock passed it over", case_id)
                else:
                    found += 1
    return found


def unnoticed(channel: str, kind: str, today: date) -> Any:
    """Return the query for (case id, day) of promises the channel has no notice of that kind of."""
    tomorrow = today + timedelta(days=1)
    when = QueueRow.due_on == tomorrow if kind == "due_tomorrow" else QueueRow.due_on < today
    noticed = exists().where(
        Notice.subject == QueueRow.case_number,
        Notice.channel == channel,
        Notice.kind == kind,
        Notice.due_on == QueueRow.due_on,
    )
    wanted = select(QueueRow.case_id, QueueRow.due_on).where(
        when, QueueRow.case_id.is_not(None), ~noticed
    )
    return wanted.order_by(QueueRow.due_on).limit(BATCH)


def _notice(
    session: Session, case_id: int, due_on: date, channel: str, kind: str, now: datetime
) -> None:
    case: Case = session.get(Case, case_id)
    today = day_of(now)
    owed = [
        one
        for one in obligations_of(case, None, today)
        if one.party == "seller" and one.due == due_on and one.status != "done"
    ]
    decision = decision_of(case, None, today)
    notice_promise(
        session, case, decision, owed, channel=channel, kind=kind, due_on=due_on, now=now
    )

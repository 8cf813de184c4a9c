"""How long customers waited for a person: one wait a case, and one for each time they asked."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from casework.cases.case import Case
from casework.cases.escalations import Escalation
from casework.cases.log import Entry
from casework.conversations.conversation import Message
from casework.reports.period import Period

Wait = tuple[date, timedelta]


def first_answers(session: Session, period: Period) -> list[Wait]:
    """Return, of each case opened in the period and answered by a person, its day and its wait.

    An answer is a person's entry in the log (a note to colleagues is none), or a person's message
    in the conversation the case was opened in.
    """
    asked = _asked(period).subquery()
    by_deed = (Entry.case_id == asked.c.id) & Entry.actor.like("agent%") & (Entry.kind != "note")
    by_word = (
        (Message.conversation_id == asked.c.conversation_id)
        & (Message.author == "agent")
        & (Message.audience == "customer")
    )
    first: dict[int, Wait] = {}
    for table, by_person in ((Entry, by_deed), (Message, by_word)):
        wanted = (
            select(asked.c.id, asked.c.requested_on, asked.c.moment, func.min(table.created_at))
            .join(table, by_person & (table.created_at >= asked.c.moment))
            .group_by(asked.c.id, asked.c.requested_on, asked.c.moment)
        )
        for case_id, day, moment, answer in session.execute(wanted):
            wait = (day, answer - moment)
            first[case_id] = min(wait, first.get(case_id, wait))
    return list(first.values())


def _asked(period: Period) -> Any:
    """The cases opened in the period, each with the moment it first needed a person."""
    needs = union_all(
        select(Escalation.case_id, Escalation.created_at).where(Escalation.case_id.is_not(None)),
        select(Entry.case_id, Entry.created_at).where(Entry.kind == "evidence_submitted"),
    ).subquery()
    return (
        select(
            Case.id,
            Case.requested_on,
            Case.conversation_id,
            func.coalesce(func.min(needs.c.created_at), Case.created_at).label("moment"),
        )
        .outerjoin(needs, needs.c.case_id == Case.id)
        .where(Case.requested_on.between(period.first, period.last))
        .group_by(Case.id, Case.requested_on, Case.conversation_id, Case.created_at)
    )


def conversation_waits(session: Session, period: Period) -> list[Wait]:
    """Return the waits of customers who asked for a person in the period without a case.

    Asking again before the answer is the same wait.
    """
    mine = (
        Escalation.case_id.is_(None)
        & (Escalation.created_at >= period.begins)
        & (Escalation.created_at < period.ends)
    )
    written = _moments(
        session.execute(
            select(Message.conversation_id, Message.created_at).where(
                Message.author == "agent",
                Message.audience == "customer",
                Message.conversation_id.in_(select(Escalation.conversation_id).where(mine)),
            )
        )
    )
    found: dict[tuple[str, datetime], datetime] = {}
    for conversation_id, moment in session.execute(
        select(Escalation.conversation_id, Escalation.created_at)
        .where(mine)
        .order_by(Escalation.created_at)
    ):
        answer = _first_after(moment, written[conversation_id])
        if answer is not None:
            found.setdefault((conversation_id, answer), moment)
    return [(period.day(moment), answer - moment) for (_, answer), moment in found.items()]


def _moments(rows: Iterable[Any]) -> defaultdict[Any, list[datetime]]:
    found: defaultdict[Any, list[datetime]] = defaultdict(list)
    for subject, moment in rows:
        found[subject].append(moment)
    return found


def _first_after(asked: datetime, moments: list[datetime]) -> datetime | None:
    return min((one for one in moments if one >= asked), default=None)

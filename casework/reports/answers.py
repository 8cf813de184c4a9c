"""How long customers waited for a person: one wait a case, and one for each time they asked."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.cases import Case
from casework.conversations import Message
from casework.escalations import Escalation
from casework.log import Entry
from casework.reports.period import Period

Wait = tuple[date, timedelta]


def first_answers(session: Session, period: Period) -> list[Wait]:
    """Return, of each case opened in the period and answered by a person, its day and its wait.

    An answer is a person's entry in the log (a note to colleagues is none), or a person's message
    in the conversation the case was opened in.
    """
    mine = Case.requested_on.between(period.first, period.last)
    escalated = _first_of(session, Escalation, mine)
    shown = _first_of(session, Entry, mine, Entry.kind == "evidence_submitted")
    decided = _moments(
        session.execute(
            select(Entry.case_id, Entry.created_at)
            .join(Case, Case.id == Entry.case_id)
            .where(mine, Entry.actor.like("agent%"), Entry.kind != "note")
        )
    )
    written = _moments(
        session.execute(
            _by_people(Case.id).where(Case.conversation_id == Message.conversation_id, mine)
        )
    )
    waits = []
    for case_id, day, opened in session.execute(
        select(Case.id, Case.requested_on, Case.created_at).where(mine)
    ):
        needed = [one[case_id] for one in (escalated, shown) if case_id in one]
        asked = min(needed, default=opened)
        answer = _first_after(asked, decided[case_id] + written[case_id])
        if answer is not None:
            waits.append((day, answer - asked))
    return waits


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
            _by_people(Message.conversation_id).where(
                Message.conversation_id.in_(select(Escalation.conversation_id).where(mine))
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


def _first_of(session: Session, table: Any, *conditions: Any) -> dict[int, datetime]:
    wanted = (
        select(table.case_id, func.min(table.created_at))
        .join(Case, Case.id == table.case_id)
        .where(*conditions)
        .group_by(table.case_id)
    )
    return {one[0]: one[1] for one in session.execute(wanted)}


def _by_people(subject: Any) -> Any:
    return select(subject, Message.created_at).where(
        Message.author == "agent", Message.audience == "customer"
    )


def _moments(rows: Iterable[Any]) -> defaultdict[Any, list[datetime]]:
    found: defaultdict[Any, list[datetime]] = defaultdict(list)
    for subject, moment in rows:
        found[subject].append(moment)
    return found


def _first_after(asked: datetime, moments: list[datetime]) -> datetime | None:
    return min((one for one in moments if one >= asked), default=None)

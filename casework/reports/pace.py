"""How fast it goes: from the question to a person's first answer, and from opening to the end."""

from collections import defaultdict
from datetime import date, datetime

from sqlalchemy import case as sql_case
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.cases.case import Case
from casework.cases.log import ENDS_CASE, Entry
from casework.reports.answers import conversation_waits, first_answers
from casework.reports.period import Period, week_of
from casework.reports.report import Report, middle, ninetieth


def pace(session: Session, period: Period, now: datetime) -> Report:
    """Count and time, by week of asking, the cases opened and the persons asked for in the period.

    A case's clock starts when it first needs a person: when it was handed over or evidence came,
    whichever was first, else when it was opened. Waits without an answer yet are in no figure.
    """
    opened: dict[date, int] = defaultdict(int)
    days: dict[date, list[float]] = defaultdict(list)
    hours: dict[date, list[float]] = defaultdict(list)
    for asked_on, ended_on in _lives(session, period):
        opened[week_of(asked_on)] += 1
        if ended_on is not None:
            days[week_of(asked_on)].append((ended_on - asked_on).days)
    waits = first_answers(session, period) + conversation_waits(session, period)
    for asked_on, waited in waits:
        hours[week_of(asked_on)].append(waited.total_seconds() / 3600)
    return Report(
        name="pace",
        title="Time to first answer and to resolution",
        explanation=(
            "Hours from needing a person to that person's first answer, and days from opening to "
            "the end, by the week it was asked in; what is still unanswered or open is not in the "
            "times."
        ),
        columns=(
            "Week of", "Cases opened", "First answers", "Hours to first answer, median",
            "Hours to first answer, 90 percent within", "Cases ended", "Days to the end, median",
            "Days to the end, 90 percent within",
        ),
        rows=tuple(
            (
                week, opened[week],
                len(hours[week]), middle(hours[week]), ninetieth(hours[week]),
                len(days[week]), middle(days[week]), ninetieth(days[week]),
            )
            for week in period.weeks
        ),
        unit="cases",
    )  # fmt: skip


def _lives(session: Session, period: Period) -> list[tuple[date, date | None]]:
    """The day each case of the period was opened, and the day it ended, None while it is open."""
    ended = sql_case((Case.state == "closed", func.max(Entry.day)))
    wanted = (
        select(Case.requested_on, ended)
        .outerjoin(Entry, (Entry.case_id == Case.id) & Entry.kind.in_(ENDS_CASE))
        .where(Case.requested_on.between(period.first, period.last))
        .group_by(Case.id, Case.requested_on, Case.state)
    )
    return [(one[0], one[1]) for one in session.execute(wanted)]

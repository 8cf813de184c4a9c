"""Where the shop stands now: open, waiting, due, overdue."""

from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from casework.queue.rows import QueueRow
from casework.queue.table import OURS, THEIRS, TO_CLOSE
from casework.reports.period import Period
from casework.reports.report import Report


def standing(session: Session, period: Period, now: datetime) -> Report:
    """Count the stored queue as of ``now``; the period plays no part."""
    today, is_case = period.day(now), QueueRow.case_id.is_not(None)
    wanted = {
        "Open cases": is_case,
        "Open cases that wait for us": is_case & (QueueRow.turn == OURS),
        "Open cases that only wait to be closed": is_case & (QueueRow.turn == TO_CLOSE),
        "Open cases that wait for the customer": is_case & (QueueRow.turn == THEIRS),
        "Open cases with something due today": is_case & (QueueRow.due_on == today),
        "Open cases with something overdue": is_case & (QueueRow.due_on < today),
        "Conversations that wait for a person": QueueRow.needs == "handoff",
        "Conversations with a person in them": QueueRow.needs == "live",
    }
    counted = session.execute(select(*map(_count, wanted.values()))).one()
    return Report(
        name="standing",
        title="Open, waiting, due, overdue",
        explanation="What is open at this moment, whatever the period.",
        columns=("What", "Number"),
        rows=tuple(zip(wanted, counted, strict=True)),
        unit="cases and conversations",
    )


def _count(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

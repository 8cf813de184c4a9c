"""How cases ended, by what they were about."""

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import case as sql_case
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.cases.case import Case
from casework.cases.log import ENDS_CASE, Entry
from casework.reports.period import Period
from casework.reports.report import Report, share

_ENDED = {
    "refund_paid": "Refund paid",
    "replacement_sent": "Replacement sent",
    "redelivery_started": "Sent again",
    "address_corrected": "Details corrected",
    "order_cancelled": "Order canceled",
    "rejected": "Rejected",
    "withdrawn": "Withdrawn by the customer",
    "closed": "Closed with a reason",
    "open": "Still open",
}


def outcomes(session: Session, period: Period, now: datetime) -> Report:
    """Count the cases opened in the period by situation and by how they ended last."""
    counted: Counter[tuple[str, str]] = Counter()
    for situation, state, kind, canceled, rejected, count in session.execute(_grouped(period)):
        counted[situation, _ended(state, kind, canceled, rejected)] += count
    sums: Counter[str] = Counter()
    for (situation, _), count in counted.items():
        sums[situation] += count
    return Report(
        name="outcomes",
        title="Outcomes by situation",
        explanation=(
            "How the cases opened in the period ended, or that they are still open; the share is "
            "of all cases about the same."
        ),
        columns=("Situation", "How it ended", "Cases", "Share, percent"),
        rows=tuple(
            (situation, said, counted[situation, ended], share(counted[situation, ended], whole))
            for situation, whole in sorted(sums.items(), key=lambda one: (-one[1], one[0]))
            for ended, said in _ENDED.items()
            if counted[situation, ended]
        ),
        unit="cases",
    )


def _grouped(period: Period) -> Any:
    rejects = (Entry.kind == "seller_decided") & (
        Entry.data["seller_decision"].as_string() == "reject"
    )
    lives = (
        select(
            Case.situation,
            Case.state,
            func.max(sql_case((Entry.kind.in_(ENDS_CASE), Entry.id))).label("last"),
            _ever(Entry.kind == "order_cancelled").label("canceled"),
            _ever(rejects).label("rejected"),
        )
        .join(Entry, Entry.case_id == Case.id)
        .where(Case.requested_on.between(period.first, period.last))
        .group_by(Case.id, Case.situation, Case.state)
        .subquery()
    )
    of = (lives.c.situation, lives.c.state, Entry.kind, lives.c.canceled, lives.c.rejected)
    joined = lives.outerjoin(Entry, Entry.id == lives.c.last)
    return select(*of, func.count()).select_from(joined).group_by(*of)


def _ever(condition: Any) -> Any:
    return func.max(sql_case((condition, 1), else_=0))


def _ended(state: str, kind: str | None, canceled: int, rejected: int) -> str:
    """How it ended; the refund of a canceled order is part of the cancellation."""
    if state == "open":
        return "open"
    if canceled and kind in ("refund_paid", "closed"):
        return "order_cancelled"
    return "rejected" if rejected and kind == "closed" else str(kind)

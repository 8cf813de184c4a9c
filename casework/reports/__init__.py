"""Reports: what the stored cases, logs and conversations add up to over a period.

A small file a report: ``standing``, ``pace``, ``outcomes``, ``by_itself``, ``left``. Each takes an
open session, the ``Period`` and this moment, and returns a ``Report``; none writes anything, and
none asks the policy: what was stored when it happened is counted, so years of cases stay readable.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from casework.reports.by_itself import by_itself
from casework.reports.left import left
from casework.reports.outcomes import outcomes
from casework.reports.pace import pace
from casework.reports.period import Period
from casework.reports.report import Cell, Report
from casework.reports.standing import standing

__all__ = ["REPORTS", "Cell", "Period", "Report"]

REPORTS: Mapping[str, Callable[[Session, Period, datetime], Report]] = {
    "standing": standing,
    "pace": pace,
    "outcomes": outcomes,
    "by_itself": by_itself,
    "left": left,
}

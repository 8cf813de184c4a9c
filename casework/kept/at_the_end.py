"""How cases, escalations and orders stood at the end, as a conversation test asks for it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from casework.cases.case import Case, decision_of
from casework.kept.rows import Rows


def at_the_end(rows: Rows, mask: Callable[[str], str], today: date) -> dict[str, Any]:
    """The `database` of the test, as of its last day."""
    cases = rows.came_up()
    written: dict[str, Any] = {
        "cases": [_case(rows, case, mask, today) for case in cases] or "0",
        "escalations": str(len(rows.escalations)),
    }
    cancelled = {
        mask(case.order.number): "cancelled"
        for case in cases
        if "order_cancelled" in [entry.kind for entry in rows.entries(case)]
    }
    return written | ({"orders": cancelled} if cancelled else {})


def _case(rows: Rows, case: Case, mask: Callable[[str], str], today: date) -> dict[str, Any]:
    log = rows.entries(case)
    written: dict[str, Any] = {"situation": case.situation, "order": mask(case.order.number)}
    # Where a person went on with it, how it stands by now is not how it stood then.
    if len(log) == len(case.log):
        decision = decision_of(case, None, today)
        written["outcome"] = str(decision.outcome)
        if decision.remedy:
            written["remedy"] = str(decision.remedy)
        written["state"] = case.state
    if len(case.lines) < len(case.order.lines):
        written["items"] = [str(line.position) for line in case.lines]
    return written | {"log": [entry.kind for entry in log]}

"""Obligations: what either side still has to do, by when, and what is done already."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.cases.log import Entry
from policy_core import Decision

# Evidence is not in it: while the policy asks for some, what was sent is not enough.
DONE_BY = {
    "prepaid_label": "label_sent",
    "refund": "refund_paid",
    "redelivery": "redelivery_started",
    "replacement": "replacement_sent",
    "return_goods": "return_in_transit",
}


@dataclass(frozen=True)
class Obligation:
    """One thing a party (seller or customer) has to do.

    ``due`` is None until the clock runs; ``after`` says what it then waits for. ``status`` is
    waiting, running, overdue or done; ``done_on`` is the day it was done.
    """

    party: str
    action: str
    due: date | None
    after: str | None
    status: str
    done_on: date | None = None

    @property
    def was_late(self) -> bool:
        """Whether it was done after its day."""
        return bool(self.due and self.done_on and self.done_on > self.due)


def obligations_from(decision: Decision, log: Iterable[Entry], today: date) -> list[Obligation]:
    """Return the decision's obligations, those done by ``today`` marked with the day they were."""
    done = {entry.kind: entry.day for entry in log if entry.day <= today}
    return [_marked(promised, done) for promised in decision.as_dict()["obligations"]]


def _marked(promised: dict[str, Any], done: dict[str, date]) -> Obligation:
    done_on = done.get(DONE_BY.get(promised["action"], ""))
    due = promised["due"]
    return Obligation(
        party=promised["party"],
        action=promised["action"],
        due=date.fromisoformat(due) if due else None,
        after=promised["after"],
        status="done" if done_on else promised["status"],
        done_on=done_on,
    )

"""The order of the queue: a few stretches, each read from an index wherever a page begins.

Our turn comes first, then the customers', then what only waits to be closed. Within each: what is
overdue or due today by its day, what has no day, what is due later by its day; the longest waiting
first among equals.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from casework.queue.table import OURS, THEIRS, TO_CLOSE, QueueRow

_DUE, _NO_DAY, _LATER = range(3)
_TURNS = {"waiting": (OURS,), "unassigned": (OURS, TO_CLOSE), "to_close": (TO_CLOSE,)}


@dataclass(frozen=True)
class Place:
    """Where a row stands in the queue, whether it is still there or not."""

    turn: int
    due_on: date | None
    waiting_since: datetime
    subject: str

    def __str__(self) -> str:
        """The place as an address carries it."""
        return f"{self.turn}~{self.due_on or ''}~{self.waiting_since.isoformat()}~{self.subject}"

    @staticmethod
    def of(row: QueueRow) -> "Place":
        """Return the place of the row."""
        return Place(row.turn, row.due_on, row.waiting_since, row.subject)

    @staticmethod
    def read(text: str) -> "Place | None":
        """Return the place an address carries, or None where it carries none."""
        try:
            turn, due_on, since, subject = text.split("~", 3)
            moment = datetime.fromisoformat(since)
            day = date.fromisoformat(due_on) if due_on else None
            return Place(int(turn), day, moment, subject) if moment.tzinfo else None
        except ValueError:
            return None


@dataclass(frozen=True)
class Order:
    """The order of one view: ``by`` is the last day that counts as due in it."""

    turns: tuple[int, ...]
    by: date
    due_alone: bool = False

    def key(self, place: Place) -> tuple[Any, ...]:
        """Return what rows that were read already are sorted by."""
        day = place.due_on or date.min
        return place.turn, self._stretch(place), day, place.waiting_since, place.subject

    def read(
        self, session: Session, conditions: Sequence[Any], after: Place | None, limit: int
    ) -> list[QueueRow]:
        """Return at most so many rows that fulfil the conditions, from ``after`` on."""
        found: list[QueueRow] = []
        for wanted in self._stretches(after):
            rows = wanted.where(*conditions).order_by(
                QueueRow.due_on, QueueRow.waiting_since, QueueRow.subject
            )
            found += session.scalars(rows.limit(limit - len(found)))
            if len(found) == limit:
                break
        return found

    def conditions(self, rows: Any) -> list[Any]:
        """Return what makes a row of that table one of the view."""
        others = [turn for turn in (OURS, THEIRS, TO_CLOSE) if turn not in self.turns]
        # "Not in" is no key: the index is read in the order of the queue, and passes them over.
        turns = [rows.turn == self.turns[0]] if len(others) == 2 else []
        turns += [rows.turn.not_in(others)] if len(others) == 1 else []
        return [*turns, rows.due_on <= self.by] if self.due_alone else turns

    def _stretches(self, after: Place | None) -> Iterator[Any]:
        begins = (after.turn, self._stretch(after)) if after else (OURS, _DUE)
        within = {
            _DUE: QueueRow.due_on <= self.by,
            _NO_DAY: QueueRow.due_on.is_(None),
            _LATER: QueueRow.due_on > self.by,
        }
        for turn in self.turns:
            for stretch in (_DUE,) if self.due_alone else within:
                wanted = select(QueueRow).where(QueueRow.turn == turn, within[stretch])
                if after and (turn, stretch) == begins:
                    wanted = wanted.where(_beyond(after))
                if (turn, stretch) >= begins:
                    yield wanted

    def _stretch(self, place: Place) -> int:
        if place.due_on is None:
            return _NO_DAY
        return _DUE if place.due_on <= self.by else _LATER


def order_of(view: str, today: date, soon: date) -> Order:
    """Return the order of a view; ``soon`` is the last day the view "due" shows."""
    due = view == "due"
    return Order(_TURNS.get(view, (OURS, THEIRS, TO_CLOSE)), soon if due else today, due)


def _beyond(place: Place) -> Any:
    columns = (QueueRow.waiting_since, QueueRow.subject)
    values = (place.waiting_since, place.subject)
    if place.due_on is None:
        return tuple_(*columns) > values
    return tuple_(QueueRow.due_on, *columns) > (place.due_on, *values)

"""The queue: what waits for a person, overdue and longest waiting first, a page at a time."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import case as sql_case
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from casework.cases import Case, decision_after
from casework.log import ENDS_CASE, Entry
from casework.orders import normalise_order_number
from casework.queue_rows import QueueRow, keep_case_row

VIEWS = ("waiting", "mine", "unassigned", "due", "all")
PAGE = 50


@dataclass(frozen=True)
class Filters:
    """What of the queue is wanted.

    ``view``: waiting (needs a person), mine, unassigned, due (due by today or overdue) or all open.
    ``needs`` is what a person is needed for, as the rows have it; empty: whatever it is.
    ``words`` finds order and case numbers, e-mail addresses and words the customer used.
    """

    view: str = "waiting"
    situation: str = ""
    words: str = ""
    needs: str = ""


def page(
    session: Session, filters: Filters, *, login: str, today: date, offset: int = 0
) -> list[QueueRow]:
    """Return a page of rows: overdue first, then due, then the longest waiting."""
    overdue_first = sql_case((QueueRow.due_on < today, 0), (QueueRow.due_on == today, 1), else_=2)
    wanted = _wanted(select(QueueRow), filters, login, today)
    ordered = wanted.order_by(overdue_first, QueueRow.waiting_since, QueueRow.subject)
    return list(session.scalars(ordered.offset(offset).limit(PAGE)))


def count(session: Session, filters: Filters, *, login: str, today: date) -> int:
    """Return how many rows the filters leave."""
    wanted = _wanted(select(func.count()).select_from(QueueRow), filters, login, today)
    found: int = session.scalar(wanted)
    return found


def assign(session: Session, subject: str, login: str | None, *, expected: str | None) -> bool:
    """Give a row to an agent (None: to nobody) if ``expected`` still has it; False otherwise."""
    had = QueueRow.assignee.is_(None) if expected is None else QueueRow.assignee == expected
    change = update(QueueRow).where(QueueRow.subject == subject, had).values(assignee=login)
    return bool(session.execute(change).rowcount == 1)


def fill(session: Session) -> None:
    """Make the rows of a database that has open cases and no queue yet."""
    if session.scalars(select(QueueRow.subject).limit(1)).first() is None:
        rebuild(session)


def rebuild(session: Session) -> int:
    """Make every case's row anew from its log, keeping who has it; returns how many."""
    assignees = dict(
        session.execute(select(QueueRow.subject, QueueRow.assignee)).all()  # type: ignore[arg-type]
    )
    session.execute(delete(QueueRow).where(QueueRow.case_id.is_not(None)))
    session.expire_all()
    count = 0
    for case in session.scalars(select(Case).where(Case.state == "open").order_by(Case.id)):
        _replay(session, case)
        row: QueueRow | None = session.get(QueueRow, case.number)
        if row is not None:
            row.assignee = assignees.get(case.number)
            count += 1
    session.flush()
    return count


def _replay(session: Session, case: Case) -> None:
    log, state = list(case.log), "open"
    for place, entry in enumerate(log):
        decision = decision_after(_Past(case, log[:place], state), entry)  # type: ignore[arg-type]
        if entry.kind in ENDS_CASE or entry.kind == "reopened":
            state = "open" if entry.kind == "reopened" else "closed"
        past = _Past(case, log[: place + 1], state)
        keep_case_row(session, past, entry, decision)  # type: ignore[arg-type]


class _Past:
    """A case as it stood earlier in its log."""

    def __init__(self, case: Case, log: list[Entry], state: str) -> None:
        self._case, self.log, self.state = case, log, state

    def __getattr__(self, name: str) -> object:
        return getattr(self._case, name)


def _wanted(query, filters: Filters, login: str, today: date):  # type: ignore[no-untyped-def]
    if filters.view == "mine":
        query = query.where(QueueRow.assignee == login)
    elif filters.view == "due":
        query = query.where(QueueRow.due_on <= today)
    elif filters.view != "all":
        query = query.where(QueueRow.needs.is_not(None))
        if filters.view == "unassigned":
            query = query.where(QueueRow.assignee.is_(None))
    if filters.situation:
        query = query.where(QueueRow.situation == filters.situation)
    if filters.needs:
        query = query.where(QueueRow.needs == filters.needs)
    words = " ".join(filters.words.casefold().split())
    return query.where(_found(words)) if words else query


def _found(words: str):  # type: ignore[no-untyped-def]
    order = normalise_order_number(words)
    plain = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    either = [
        QueueRow.email.like(f"{plain}%", escape="\\"),
        QueueRow.words.like(f"%{plain}%", escape="\\"),
        QueueRow.case_number == _case_number(words),
    ]
    return or_(*either, QueueRow.order_number == order) if order else or_(*either)


def _case_number(words: str) -> str:
    plain = "".join(sign for sign in words.upper() if sign.isalnum()).removeprefix("AOPR")
    return f"AOP-R-{plain[:4]}-{plain[4:]}"

"""Making the stored queue anew from what it is a view of: logs, conversations and messages."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from casework.cases.case import Case, decision_of
from casework.cases.log import ENDS_CASE, Entry
from casework.cases.writing import standing_after
from casework.conversations.conversation import Conversation
from casework.orders.known import OrderThen, known_order
from casework.queue.rows import QueueRow, keep_case_row, keep_conversation_row


def fill(session: Session) -> None:
    """Make the rows of a database that has open cases and no queue yet."""
    if session.scalars(select(QueueRow.subject).limit(1)).first() is None:
        rebuild(session)


def rebuild(session: Session) -> int:
    """Make every row anew; who has a case is kept, the log does not say. Returns how many."""
    had = select(QueueRow.subject, QueueRow.assignee).where(QueueRow.case_id.is_not(None))
    assignees = dict(session.execute(had).all())  # type: ignore[arg-type]
    session.execute(delete(QueueRow))
    session.expire_all()
    count = 0
    for case in session.scalars(select(Case).where(Case.state == "open").order_by(Case.id)):
        _replay(session, case)
        row: QueueRow | None = session.get(QueueRow, case.number)
        if row is not None:
            row.assignee = assignees.get(case.number)
            count += 1
    with_people = select(Conversation.id).where(Conversation.handler != "assistant")
    for conversation_id in session.scalars(with_people.order_by(Conversation.id)).all():
        keep_conversation_row(session, conversation_id)
        count += 1
    session.flush()
    return count


def _replay(session: Session, case: Case) -> None:
    log, state = list(case.log), "open"
    for place, entry in enumerate(log):
        if entry.kind in ENDS_CASE or entry.kind == "reopened":
            state = "open" if entry.kind == "reopened" else "closed"
        past = _Past(case, log[: place + 1], state)
        decision = decision_of(past, None, entry.day)  # type: ignore[arg-type]
        now = standing_after(past, entry, decision)  # type: ignore[arg-type]
        keep_case_row(session, now, entry)


class _Past:
    """A case as it stood earlier in its log, and its order as the log knew it then."""

    def __init__(self, case: Case, log: list[Entry], state: str) -> None:
        known = known_order(log)
        self.order = OrderThen(case.order, known) if known else case.order
        self._case, self.log, self.state = case, log, state

    def __getattr__(self, name: str) -> object:
        return getattr(self._case, name)

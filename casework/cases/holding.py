"""Holding what is about to be written: a case, its order, and the conversation that hears of it.

Everybody holds conversations before orders before cases, until the transaction ends.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.case import Case
from casework.cases.reading_place import where_customer_reads
from casework.conversations.conversation import hold_conversation
from casework.orders.order import Order
from casework.storage.tables import kept_meanwhile

_HELD = "cases held"
_OF_ORDER = [column.key for column in Order.__table__.columns]


def hold_case(session: Session, case: Case) -> str:
    """Read the case anew and hold it until the transaction ends: its writers take turns.

    So do those of the order's other cases: together they may not refund more than it cost. Returns
    the conversation that is to hear of the case; it is held as well.
    """
    hold_cases(session, [case])
    return str(kept_meanwhile(session, _HELD)[case.number])


def hold_cases(session: Session, cases: Iterable[Case]) -> None:
    """Hold all of these as `hold_case` does one."""
    held = kept_meanwhile(session, _HELD)
    free = [case for case in cases if case.number not in held]
    if not free:
        return
    heard_in = {case.number: where_customer_reads(session, case) for case in free}
    # One that is opened again is put in the queue with what was said where it was opened.
    opened_in = {case.conversation_id for case in free if case.state == "closed"}
    for conversation_id in sorted(opened_in.union(heard_in.values())):
        hold_conversation(session, conversation_id, free[0].created_at)
    hold_rows(session, free)
    held.update(heard_in)


def hold_rows(session: Session, cases: Sequence[Case]) -> None:
    """Hold the rows of the cases and of their orders, and read them anew."""
    for order in sorted({case.order for case in cases}, key=lambda order: int(order.id)):
        hold_order(session, order)
    wanted = select(Case.id).where(Case.id.in_({case.id for case in cases})).order_by(Case.id)
    session.execute(wanted.with_for_update(key_share=True))
    for case in cases:
        session.refresh(case, ["state", "log"])


def hold_order(session: Session, order: Order) -> None:
    """Hold the order's row, and read it anew; its key stays, so that others may refer to it."""
    wanted = select(Order.id).where(Order.id == order.id)
    session.execute(wanted.with_for_update(key_share=True))
    session.refresh(order, _OF_ORDER)

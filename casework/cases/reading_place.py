"""Where a customer reads about their case: the conversation they were in last."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.cases.case import Case
from casework.conversations.conversation import Message
from casework.orders.verification import VerificationAttempt


def where_customer_reads(session: Session, case: Case) -> str:
    """Return the conversation that is to hear of the case.

    It is the one the customer wrote in last, of those that opened the case or proved its order;
    where they wrote in none, the one that opened it.
    """
    proved = select(VerificationAttempt.conversation_id).where(
        VerificationAttempt.order_id == case.order_id, VerificationAttempt.succeeded
    )
    latest = (
        select(Message.conversation_id)
        .where(
            Message.author == "customer",
            (Message.conversation_id == case.conversation_id) | Message.conversation_id.in_(proved),
        )
        .group_by(Message.conversation_id)
        .order_by(func.max(Message.id).desc())
        .limit(1)
    )
    found: str | None = session.scalars(latest).first()
    return found or case.conversation_id

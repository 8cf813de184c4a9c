"""Verification: who may hear about an order.

Order number plus the e-mail address or ZIP code on the order. An unknown order and a wrong proof
look the same. A conversation has a fixed number of failures; after them it is locked for good.
"""

import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, bindparam, func, select
from sqlalchemy.orm import Session, relationship

from casework.conversations import hold_conversation
from casework.orders import Order, find_order
from casework.queue_table import keep_orders
from casework.tables import AppendOnly, Base, Mapped, Moment

MAX_FAILURES = 5

_EMAIL = re.compile(r"[^\s<>()\[\]\"',;:]+@[^\s<>()\[\]\"',;:]+")


class VerificationAttempt(AppendOnly, Base):
    """One attempt in a conversation; it has an order only where the proof was right.

    ``proved_by``: what the right proof was, email or zip.
    """

    __tablename__ = "verification_attempts"

    id: Mapped[int] = Column(Integer, primary_key=True)
    conversation_id: Mapped[str] = Column(
        ForeignKey("conversations.id"), nullable=False, index=True
    )
    succeeded: Mapped[bool] = Column(Boolean, nullable=False)
    order_id: Mapped[int | None] = Column(ForeignKey("orders.id"), index=True)
    created_at: Mapped[datetime] = Column(Moment, nullable=False)
    proved_by: Mapped[str | None] = Column(String(10))
    order: Mapped[Order | None] = relationship("Order", lazy="joined")


# A message asks this several times. The session finds the orders again, as long as they are kept:
# it alone forgets what nobody holds.
_KEPT = "orders proved"
_PROVED = (
    select(VerificationAttempt.order_id)
    .where(
        VerificationAttempt.conversation_id == bindparam("conversation"),
        VerificationAttempt.succeeded,
    )
    .order_by(VerificationAttempt.id.desc())
)


@dataclass(frozen=True)
class Verification:
    """What came of an attempt.

    ``status`` is ``verified``, ``failed`` or ``locked``; ``order`` is set only when verified.
    """

    status: str
    order: Order | None
    attempts_left: int


def normalise_email(text: str) -> str | None:
    """Return the e-mail address in what a person typed, in lower case, or None."""
    found = _EMAIL.search(unicodedata.normalize("NFKC", text))
    return found.group().strip(".!?*").casefold() if found else None


def normalise_zip(text: str) -> str | None:
    """Return the five-digit ZIP code in what a person typed (ZIP+4 too), or None."""
    digits = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", text))
    return digits[:5] if len(digits) in (5, 9) else None


def verify(
    session: Session, conversation_id: str, order_number: str, proof: str, now: datetime
) -> Verification:
    """Check ``proof`` (e-mail address or ZIP code) against the order, and keep the attempt.

    The last failure that is allowed answers ``locked`` at once; after it the right proof is refused
    too. A success gives no failures back.
    """
    hold_conversation(session, conversation_id, now)
    failures = _failures(session, conversation_id)
    if failures >= MAX_FAILURES:
        return Verification("locked", None, 0)
    order = find_order(session, order_number)
    proved_by = _proved_by(order, proof)
    proved = order if proved_by else None
    session.add(
        VerificationAttempt(
            conversation_id=conversation_id,
            succeeded=proved is not None,
            order=proved,
            proved_by=proved_by,
            created_at=now,
        )
    )
    session.flush()
    if proved is not None:
        keep_orders(session, conversation_id, verified_orders(session, conversation_id))
        return Verification("verified", proved, MAX_FAILURES - failures)
    left = MAX_FAILURES - failures - 1
    return Verification("failed" if left else "locked", None, left)


def verified_orders(session: Session, conversation_id: str) -> list[Order]:
    """Return the orders verified in the conversation, the one verified last first."""
    proved = dict.fromkeys(session.scalars(_PROVED, {"conversation": conversation_id}))
    orders = [session.get(Order, order_id) for order_id in proved]
    session.info.setdefault(_KEPT, set()).update(orders)
    return orders


def verified_order(session: Session, conversation_id: str) -> Order | None:
    """Return the order that was verified last in the conversation, or None."""
    return next(iter(verified_orders(session, conversation_id)), None)


def _failures(session: Session, conversation_id: str) -> int:
    count: int = session.scalar(
        select(func.count())
        .select_from(VerificationAttempt)
        .where(
            VerificationAttempt.conversation_id == conversation_id,
            VerificationAttempt.succeeded.is_(False),
        )
    )
    return count


def _proved_by(order: Order | None, proof: str) -> str | None:
    email, zip_code = normalise_email(proof), normalise_zip(proof)
    on_email = normalise_email(order.email) if order else None
    on_zip = normalise_zip(order.zip) if order else None
    if _same(email, on_email):
        return "email"
    return "zip" if email is None and _same(zip_code, on_zip) else None


def _same(given: str | None, known: str | None) -> bool:
    matches = hmac.compare_digest((given or "").encode(), (known or "?").encode())
    return matches and given is not None and known is not None

"""Verification: who may hear about an order.

Order number plus the e-mail address or ZIP code on the order. An unknown order and a wrong proof
look the same, and cost the same: as many queries, and no row of the order is loaded before it is
proved. A conversation has a fixed number of failures; after them it is locked for good. What counts
across conversations is in ``casework.orders.guessing``.
"""

import hmac
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    bindparam,
    func,
    select,
)
from sqlalchemy.orm import Session, relationship

from casework.conversations.conversation import hold_conversation
from casework.orders.guessing import (
    ALL_ORDERS,
    DAY,
    ONE_ORDER,
    ZIP_FAILURES,
    Guesses,
    take_turns,
    wait_after,
)
from casework.orders.order import Order, normalise_order_number
from casework.queue.table import keep_orders
from casework.storage.tables import AppendOnly, Base, Mapped, Moment, kept_meanwhile, rows_of

MAX_FAILURES = 5

_EMAIL = re.compile(r"[^\s<>()\[\]\"',;:]+@[^\s<>()\[\]\"',;:]+")


class VerificationAttempt(AppendOnly, Base):
    """One attempt in a conversation; it has an order only where the proof was right.

    ``proved_by``: what the right proof was, email or zip. ``number``: the order number that was
    typed; ``network``: where it came from (the conversation itself, where that is not known).
    """

    __tablename__ = "verification_attempts"
    __table_args__ = (
        Index("ix_verification_attempts_number", "number", "created_at"),
        Index("ix_verification_attempts_network", "network", "created_at"),
    )

    id: Mapped[int] = Column(Integer, primary_key=True)
    conversation_id: Mapped[str] = Column(
        ForeignKey("conversations.id"), nullable=False, index=True
    )
    succeeded: Mapped[bool] = Column(Boolean, nullable=False)
    order_id: Mapped[int | None] = Column(ForeignKey("orders.id"), index=True)
    created_at: Mapped[datetime] = Column(Moment, nullable=False)
    proved_by: Mapped[str | None] = Column(String(10))
    number: Mapped[str | None] = Column(String(20))
    network: Mapped[str | None] = Column(String(255))
    order: Mapped[Order | None] = relationship("Order", lazy="joined")


_PROVED_HERE = "orders proved"
_ATTEMPTS = VerificationAttempt.__table__.c
_PROVED = (
    select(_ATTEMPTS.order_id)
    .where(_ATTEMPTS.conversation_id == bindparam("conversation"), _ATTEMPTS.succeeded)
    .order_by(_ATTEMPTS.id.desc())
)


@dataclass(frozen=True)
class Verification:
    """What came of an attempt.

    ``status`` is ``verified``, ``failed``, ``locked`` or ``paused``; ``order`` is set only when
    verified. ``paused``: nothing was looked at, and the next proof is in ``wait_minutes``.
    ``needs_email``: a ZIP code was not looked at, because this number takes e-mail addresses only.
    """

    status: str
    order: Order | None
    attempts_left: int
    wait_minutes: int = 0
    needs_email: bool = False


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
    too. A success gives no failures back. What is not looked at is not kept, and counts nowhere.
    """
    conversation = hold_conversation(session, conversation_id, now)
    failures = _failures(session, conversation_id)
    if failures >= MAX_FAILURES:
        return Verification("locked", None, 0)
    number = normalise_order_number(order_number) or ""
    network = conversation.network or conversation_id
    take_turns(session, network, number)
    wait = _wait(session, network, number, now)
    if wait > timedelta():
        minutes = -(-wait // timedelta(minutes=1))
        return Verification("paused", None, MAX_FAILURES - failures, wait_minutes=minutes)
    by_email = normalise_email(proof) is not None
    at_number = VerificationAttempt.number == number
    in_all = _guesses(session, now, at_number).failures
    if in_all >= ZIP_FAILURES and not by_email:
        return Verification("failed", None, MAX_FAILURES - failures, needs_email=True)
    order_id, proved_by = _proved(session, number, proof)
    session.add(
        VerificationAttempt(
            conversation_id=conversation_id,
            succeeded=order_id is not None,
            order_id=order_id,
            proved_by=proved_by,
            number=number,
            network=network,
            created_at=now,
        )
    )
    session.flush()
    kept_meanwhile(session, _PROVED_HERE).clear()
    if order_id is not None:
        proved = verified_orders(session, conversation_id)
        keep_orders(session, conversation_id, proved)
        return Verification("verified", proved[0], MAX_FAILURES - failures)
    left = MAX_FAILURES - failures - 1
    return Verification("failed" if left else "locked", None, left)


def verified_orders(session: Session, conversation_id: str) -> list[Order]:
    """Return the orders verified in the conversation, the one verified last first."""
    # A message asks this four to seven times.
    kept = kept_meanwhile(session, _PROVED_HERE)
    if conversation_id not in kept:
        proved = rows_of(session, Order, _PROVED, conversation=conversation_id)
        kept[conversation_id] = list(dict.fromkeys(proved))
    return list(kept[conversation_id])


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


def _wait(session: Session, network: str, number: str, now: datetime) -> timedelta:
    """How long this network has to wait, for what it tried at this number and at all of them."""
    theirs = VerificationAttempt.network == network
    at_number = VerificationAttempt.number == number
    here = _guesses(session, now, theirs, at_number)
    everywhere = _guesses(session, now, theirs)
    return max(wait_after(ONE_ORDER, here, now), wait_after(ALL_ORDERS, everywhere, now))


def _guesses(session: Session, now: datetime, *which: Any) -> Guesses:
    """The failures within the day before ``now``, as the conditions say which."""
    wanted = select(func.count(), func.max(VerificationAttempt.created_at)).where(
        VerificationAttempt.succeeded.is_(False), VerificationAttempt.created_at > now - DAY, *which
    )
    count, last = session.execute(wanted).one()
    return Guesses(count, last)


def _proved(session: Session, number: str, proof: str) -> tuple[int | None, str | None]:
    """The order that the proof fits, by its id, and what the proof was; None twice if none."""
    wanted = select(Order.id, Order.email, Order.zip).where(Order.number == number)
    order_id, on_email, on_zip = session.execute(wanted).first() or (None, "", "")
    email, zip_code = normalise_email(proof), normalise_zip(proof)
    right_email = _same(email, normalise_email(on_email))
    right_zip = _same(zip_code, normalise_zip(on_zip))
    if right_email:
        return order_id, "email"
    return (order_id, "zip") if email is None and right_zip else (None, None)


def _same(given: str | None, known: str | None) -> bool:
    matches = hmac.compare_digest((given or "").encode(), (known or "?").encode())
    return matches and given is not None and known is not None

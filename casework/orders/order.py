"""Orders: what was sold, as the shop's record has it."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.orm import Session, relationship

from casework.storage.tables import Base, Mapped, Money
from policy_core.space import STATUSES

IDENTITY = ("email", "zip", "tracking")
ERASED_EMAIL = "erased-{}@invalid"

_LEAD_IN = re.compile(r"^(?:my|the|order|number|num|no|nr|id|aop)+")
_NUMBER = re.compile(r"[0-9]{4,12}")


class Order(Base):
    """An order: whose it is, where it stands, what it cost. Dates are the shop's calendar days."""

    __tablename__ = "orders"
    __table_args__ = (CheckConstraint(f"status IN {STATUSES}", name="status"),)

    id: Mapped[int] = Column(Integer, primary_key=True)
    number: Mapped[str] = Column(String(20), nullable=False, unique=True)
    email: Mapped[str] = Column(String(254), nullable=False)
    zip: Mapped[str] = Column(String(10), nullable=False)
    placed_on: Mapped[date] = Column(Date, nullable=False)
    ship_by: Mapped[date] = Column(Date, nullable=False)
    shipped_on: Mapped[date | None] = Column(Date)
    delivered_on: Mapped[date | None] = Column(Date)
    status: Mapped[str] = Column(String(20), nullable=False)
    carrier: Mapped[str | None] = Column(String(60))
    tracking: Mapped[str | None] = Column(String(60))
    total: Mapped[Decimal] = Column(Money, nullable=False)
    currency: Mapped[str] = Column(String(3), nullable=False, default="USD")
    lines: Mapped[list["OrderLine"]] = relationship(
        "OrderLine",
        order_by="OrderLine.position",
        back_populates="order",
        cascade="all, delete-orphan",
        lazy="selectin",
    )


Index("ix_orders_lower_email", func.lower(Order.email))


class OrderLine(Base):
    """One item of an order; ``unit_price`` in the order's currency."""

    __tablename__ = "order_lines"
    __table_args__ = (
        UniqueConstraint("order_id", "position"),
        CheckConstraint("quantity > 0", name="quantity"),
    )

    id: Mapped[int] = Column(Integer, primary_key=True)
    order_id: Mapped[int] = Column(ForeignKey("orders.id"), nullable=False)
    position: Mapped[int] = Column(Integer, nullable=False)
    sku: Mapped[str] = Column(String(40), nullable=False)
    title: Mapped[str] = Column(String(200), nullable=False)
    quantity: Mapped[int] = Column(Integer, nullable=False)
    unit_price: Mapped[Decimal] = Column(Money, nullable=False)
    order: Mapped[Order] = relationship("Order", back_populates="lines")

    @property
    def total(self) -> Decimal:
        """What this item cost: quantity times unit price."""
        return self.quantity * self.unit_price


def normalise_order_number(text: str) -> str | None:
    """Return the number in what a person typed ('#10482', 'aop 10482'), or None if it is none."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    compact = "".join(char for char in plain if char.isalnum())
    number = _LEAD_IN.sub("", compact)
    return number if _NUMBER.fullmatch(number) else None


def find_order(session: Session, number: str) -> Order | None:
    """Return the order with this number, however it was typed, or None."""
    wanted = normalise_order_number(number)
    if wanted is None:
        return None
    found: Order | None = session.scalars(select(Order).where(Order.number == wanted)).first()
    return found


def is_erased(order: Order) -> bool:
    """Whether the customer of this order was erased: it says no more whose it was."""
    before, after = ERASED_EMAIL.split("{}")
    return order.email.startswith(before) and order.email.endswith(after)


def still_known(order: Order, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return new values, without the identity where the order's was erased: it stays erased."""
    gone = IDENTITY if is_erased(order) else ()
    return {name: value for name, value in values.items() if name not in gone}


def order_facts(order: Order, today: date) -> dict[str, str]:
    """Return the policy facts of the record as it stood on ``today``.

    Keys: order_status, ship_by, order_total (US dollars), and shipped_on, delivered_on where they
    are known. What came after ``today`` had not happened yet, and the status is taken back to it.
    """
    facts = {
        "order_status": order.status,
        "ship_by": order.ship_by.isoformat(),
        "order_total": str(order.total),
    }
    if order.shipped_on and order.shipped_on > today:
        return facts | {"order_status": "processing"}
    if order.shipped_on:
        facts["shipped_on"] = order.shipped_on.isoformat()
    if order.delivered_on and order.delivered_on > today:
        return facts | {"order_status": "shipped"}
    if order.delivered_on:
        facts["delivered_on"] = order.delivered_on.isoformat()
    return facts

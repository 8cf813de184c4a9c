"""Whose data it is: everything the shop holds of one customer, found by their orders."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.cases.case import Case
from casework.cases.escalations import Escalation
from casework.errors import CaseworkError
from casework.evidence.evidence import Evidence
from casework.orders.order import Order, find_order
from casework.orders.verification import VerificationAttempt


@dataclass(frozen=True)
class Held:
    """Ids of the orders, cases and conversations concerned; all else hangs on these."""

    orders: Sequence[int] = field(default=())
    cases: Sequence[int] = field(default=())
    conversations: Sequence[str] = field(default=())

    def __bool__(self) -> bool:
        """Whether there is anything at all."""
        return bool(self.orders or self.cases or self.conversations)


def find_customer(session: Session, *, email: str = "", order_number: str = "") -> Held:
    """Return what is held of the customer with that e-mail address, or of that order, or both.

    An order's number stands for its customer: every order with the same address is theirs too.

    Raises:
        CaseworkError: there is no order of that number.
    """
    addresses = [email] if email else []
    if order_number:
        order = find_order(session, order_number)
        if order is None:
            raise CaseworkError(f"there is no order {order_number}")
        addresses.append(order.email)
    wanted = [address.strip().lower() for address in addresses]
    orders = list(session.scalars(select(Order.id).where(func.lower(Order.email).in_(wanted))))
    cases = list(session.scalars(select(Case.id).where(Case.order_id.in_(orders))))
    return Held(sorted(orders), sorted(cases), _conversations(session, orders, cases))


def open_cases(session: Session, held: Held) -> list[str]:
    """Return the numbers of the open cases of these orders, or opened in these conversations."""
    concerned = Case.order_id.in_(held.orders) | Case.conversation_id.in_(held.conversations)
    wanted = select(Case.number).where(Case.state == "open", concerned)
    return list(session.scalars(wanted.order_by(Case.id)))


def _conversations(session: Session, orders: Iterable[int], cases: Iterable[int]) -> list[str]:
    """Those that opened one of the cases, proved one of the orders, or brought something to it."""
    asked = (
        select(Case.conversation_id).where(Case.id.in_(cases)),
        select(VerificationAttempt.conversation_id).where(VerificationAttempt.order_id.in_(orders)),
        select(Evidence.conversation_id).where(Evidence.case_id.in_(cases)),
        select(Escalation.conversation_id).where(
            Escalation.order_id.in_(orders) | Escalation.case_id.in_(cases)
        ),
    )
    return sorted({found for wanted in asked for found in session.scalars(wanted)})

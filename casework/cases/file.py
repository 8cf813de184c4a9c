"""A case file: everything a person needs to decide a case, read in one go and nothing changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.cases.case import Case, case_facts, decision_of, obligations_of
from casework.cases.obligations import Obligation
from casework.evidence.evidence import Evidence, evidence_of
from casework.orders.order import Order
from casework.orders.verification import VerificationAttempt
from policy_core import Decision, Policy

_OTHERS_SHOWN = 20


@dataclass(frozen=True)
class Proof:
    """How and when a customer proved that the order is theirs; ``how`` is email, zip or None."""

    how: str | None
    at: datetime
    conversation_id: str


@dataclass(frozen=True)
class CaseFile:
    """A case with what belongs to it, as of one day.

    ``other_orders`` and ``other_cases`` are the same customer's, by the e-mail on the order.
    """

    case: Case
    facts: dict[str, Any]
    decision: Decision
    obligations: list[Obligation]
    evidence: list[Evidence]
    proofs: list[Proof]
    other_orders: list[Order]
    other_cases: list[Case]

    @property
    def order(self) -> Order:
        """The order the case is about."""
        return self.case.order


def case_file(session: Session, case: Case, policy: Policy, today: date) -> CaseFile:
    """Return the file of the case under ``policy`` as of ``today`` (the shop's day)."""
    orders = _orders_of(session, case.order.email)
    others = [order for order in orders if order.id != case.order_id]
    return CaseFile(
        case=case,
        facts=case_facts(case, today),
        decision=decision_of(case, policy, today),
        obligations=obligations_of(case, policy, today),
        evidence=evidence_of(session, case=case),
        proofs=_proofs(session, case.order),
        other_orders=others,
        other_cases=_cases_of(session, (order.id for order in orders), case),
    )


def _orders_of(session: Session, email: str) -> list[Order]:
    wanted = select(Order).where(func.lower(Order.email) == email.lower())
    return list(session.scalars(wanted.order_by(Order.id.desc()).limit(_OTHERS_SHOWN)))


def _cases_of(session: Session, order_ids: Iterable[int], case: Case) -> list[Case]:
    wanted = select(Case).where(Case.order_id.in_(list(order_ids)), Case.id != case.id)
    return list(session.scalars(wanted.order_by(Case.id.desc()).limit(_OTHERS_SHOWN)))


def _proofs(session: Session, order: Order) -> list[Proof]:
    attempts = session.scalars(
        select(VerificationAttempt)
        .where(VerificationAttempt.order_id == order.id, VerificationAttempt.succeeded)
        .order_by(VerificationAttempt.id.desc())
    )
    return [Proof(one.proved_by, one.created_at, one.conversation_id) for one in attempts]

"""Loading the sample orders.

Loading again moves the samples' dates along with today. A sample somebody has used (a case of a
customer's, an entry, evidence or escalation on a sample case) is left exactly as it is; a sample's
own prepared case is a prop, and is replaced together with its order.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from casework.cases.case import Case, case_lines, cases_of
from casework.cases.escalations import Escalation
from casework.cases.log import FROM_CUSTOMERS, Entry
from casework.cases.writing import open_case, record
from casework.evidence.evidence import Evidence
from casework.orders.order import Order, OrderLine, find_order
from casework.orders.sample_orders import Sample, SampleCase, sample_orders
from casework.queue.rows import QueueRow
from casework.shop import policy_in_force
from policy_core import Policy

_KEY = "sample:"


@dataclass
class Loaded:
    """Which samples were added, moved to today, already right, or left because they are in use."""

    added: list[str]
    moved: list[str]
    unchanged: list[str]
    in_use: list[str]


def load_samples(session: Session, now: datetime, policy: Policy | None = None) -> Loaded:
    """Load every sample order, dated from ``now`` in the shop's zone; repeatable."""
    policy = policy or policy_in_force()
    today = now.astimezone(policy.zone).date()
    loaded = Loaded([], [], [], [])
    for sample in sample_orders(policy):
        wanted = _fields(sample, today)
        order = find_order(session, sample.number)
        if order is None:
            order = Order(**wanted, lines=_lines(sample))
            session.add(order)
            loaded.added.append(sample.number)
        elif _is_current(session, order, wanted):
            loaded.unchanged.append(sample.number)
            continue
        elif _in_use(session, order):
            loaded.in_use.append(sample.number)
            continue
        else:
            _remove_cases(session, cases_of(session, order))
            for name, value in wanted.items():
                setattr(order, name, value)
            loaded.moved.append(sample.number)
        session.flush()
        if sample.case:
            _play(session, order, sample.case, now, policy)
    return loaded


def samples_table(policy: Policy | None = None) -> str:
    """Return the sample orders as a Markdown table."""
    rows = ["| order | e-mail | ZIP | try |", "|---|---|---|---|"]
    rows += [
        f"| {sample.number} | {sample.email} | {sample.zip} | {sample.story} |"
        for sample in sample_orders(policy or policy_in_force())
    ]
    return "\n".join(rows)


def _fields(sample: Sample, today: date) -> dict[str, object]:
    def day(offset: int | None) -> date | None:
        return None if offset is None else today + timedelta(days=offset)

    cancelled_later = sample.case and any(s.kind == "order_cancelled" for s in sample.case.steps)
    has_left = sample.shipped is not None
    return {
        "number": sample.number,
        "email": sample.email,
        "zip": sample.zip,
        "status": "processing" if cancelled_later else sample.status,
        "placed_on": day(sample.placed),
        "ship_by": day(sample.ship_by),
        "shipped_on": day(sample.shipped),
        "delivered_on": day(sample.delivered),
        "carrier": "UPS" if has_left else None,
        "tracking": f"1Z0A0B{sample.number}" if has_left else None,
        "total": sum((_price(goods) * count for goods, count in sample.goods), Decimal()),
        "currency": "USD",
    }


def _lines(sample: Sample) -> list[OrderLine]:
    return [
        OrderLine(
            position=position,
            sku=goods[0],
            title=goods[1],
            quantity=count,
            unit_price=_price(goods),
        )
        for position, (goods, count) in enumerate(sample.goods, start=1)
    ]


def _price(goods: tuple[str, str, str]) -> Decimal:
    return Decimal(goods[2])


def _play(session: Session, order: Order, plan: SampleCase, now: datetime, policy: Policy) -> None:
    def moment(day: int) -> datetime:
        local = now.astimezone(policy.zone)
        past = datetime.combine(local.date() + timedelta(days=day), time(12), tzinfo=policy.zone)
        return now if day == 0 else past

    case = open_case(
        session,
        order=order,
        situation=plan.situation,
        facts=plan.claims,
        conversation_id=f"sample-{order.number}",
        now=moment(plan.day),
        key=f"{_KEY}{order.number}:0",
    )
    for count, step in enumerate(plan.steps, start=1):
        record(
            session,
            case,
            step.kind,
            step.data,
            actor="customer" if step.kind in FROM_CUSTOMERS else "agent",
            now=moment(step.day),
            key=f"{_KEY}{order.number}:{count}",
        )


def _in_use(session: Session, order: Order) -> bool:
    cases = cases_of(session, order)
    if any(not entry.key.startswith(_KEY) for case in cases for entry in case.log):
        return True
    ids = [case.id for case in cases]
    used = [
        session.scalars(select(Evidence.id).where(Evidence.case_id.in_(ids))).first(),
        session.scalars(select(Escalation.id).where(Escalation.order_id == order.id)).first(),
    ]
    return any(one is not None for one in used)


def _is_current(session: Session, order: Order, wanted: dict[str, object]) -> bool:
    differing = [name for name, value in wanted.items() if getattr(order, name) != value]
    if differing != ["status"]:
        return not differing
    log = [entry.kind for case in cases_of(session, order) for entry in case.log]
    return "order_cancelled" in log


def _remove_cases(session: Session, cases: Iterable[Case]) -> None:
    # Below the ORM: it guards the log, and these entries tell of nothing that happened.
    for case in cases:
        session.execute(delete(Entry.__table__).where(Entry.__table__.c.case_id == case.id))
        session.execute(delete(QueueRow).where(QueueRow.case_id == case.id))
        session.execute(delete(case_lines).where(case_lines.c.case_id == case.id))
        session.execute(delete(Case.__table__).where(Case.__table__.c.id == case.id))
    session.expire_all()

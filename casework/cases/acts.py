"""Acts of the shop's people on a case: offered, shown beforehand, done once, told to the customer.

The desk, the API, webhooks and conversation tests all come through here, so that permissions,
keys, log entries and the customer's message are the same wherever an act comes from.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.case import Case, situation_of
from casework.cases.catalog import (
    CATALOG,
    GOODWILL,
    REOPEN,
    Act,
    OfferedAct,
    Situation,
    fee_is_open,
    refund_due,
)
from casework.cases.holding import hold_case
from casework.cases.obligations import obligations_from
from casework.cases.telling import Told, told_about
from casework.cases.writing import check_key, decision_after, new_entry, record
from casework.conversations.conversation import Message, add_message
from casework.errors import CaseworkError, FieldError
from casework.shop import day_of, policy_in_force
from policy_core import Policy

__all__ = ["OfferedAct", "Told", "offered", "perform", "preview"]

_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?")
_LONGEST = 1000


def offered(case: Case, *, role: str, policy: Policy, today: date) -> list[OfferedAct]:
    """Return what one of that role (agent or lead) may do to the case as of ``today``.

    Ordinary acts first, in the order in which a case goes; goodwill, for leads, after them.
    """
    now = situation_of(case, policy, today)
    return [
        OfferedAct(act.name, act.title, act.fields(now), goodwill)
        for act, goodwill in _allowed(now, role)
    ]


def preview(
    session: Session,
    case: Case,
    act: str,
    data: Mapping[str, Any],
    *,
    actor: str,
    role: str,
    now: datetime,
) -> Told:
    """Return what the customer will be told if the act is done; nothing is written.

    Raises:
        CaseworkError: the act is not allowed, or something it needs is missing or wrong.
    """
    return _prepared(case, act, data, actor, role, now, "preview")[2]


def perform(
    session: Session,
    case: Case,
    act: str,
    data: Mapping[str, Any],
    *,
    actor: str,
    role: str,
    now: datetime,
    key: str,
) -> Told:
    """Do the act: log it, and tell the customer where they read; a replay of ``key`` does nothing.

    Raises:
        CaseworkError: as for `preview`, or the key was used for something else.
    """
    heard_in = hold_case(session, case)
    before = check_key(session, key, case)
    if before is not None:
        if before.kind not in {one.kind for one in (*CATALOG, REOPEN) if one.name == act}:
            raise CaseworkError(f"key {key!r} was used for something else")
        return _told_before(session, case, key, before.day)
    kind, entry_data, told = _prepared(case, act, data, actor, role, now, key)
    record(session, case, kind, entry_data, actor=actor, now=now, key=key)
    add_message(
        session,
        heard_in,
        audience="customer",
        author="assistant",
        text=told.text,
        payload={"card": told.card} if told.card else None,
        now=now,
        key=key,
    )
    return told


def _allowed(now: Situation, role: str) -> list[tuple[Act, bool]]:
    if now.case.state == "closed":
        cancel = [act for act in CATALOG if act.name == "cancel_order" and act.when(now)]
        return [(act, False) for act in (*cancel, *([REOPEN] if role == "lead" else []))]
    acts = [(act, False) for act in CATALOG if act.when(now)]
    if role == "lead":
        acts += [(act, True) for act in GOODWILL if act.when(now)]
    return acts


def _prepared(
    case: Case,
    name: str,
    data: Mapping[str, Any],
    actor: str,
    role: str,
    moment: datetime,
    key: str,
) -> tuple[str, dict[str, Any], Told]:
    policy, today = policy_in_force(), day_of(moment)
    now = situation_of(case, policy, today)
    goodwill = bool(data.get("goodwill"))
    act = next(
        (one for one, beyond in _allowed(now, role) if (one.name, beyond) == (name, goodwill)), None
    )
    if act is None:
        raise CaseworkError(_why_not(now, name, goodwill, role))
    kept = _read(act, now, data)
    _check(now, act, kept, goodwill)
    if goodwill:
        kept["goodwill"] = True
    entry = new_entry(act.kind, kept, actor, moment, key)
    decision = decision_after(case, entry)
    told = told_about(
        act.kind,
        kept,
        case_number=case.number,
        order_number=case.order.number,
        decision=decision,
        obligations=obligations_from(decision, [*case.log, entry], today),
        policy=policy,
        today=today,
    )
    return act.kind, kept, told


def _read(act: Act, now: Situation, data: Mapping[str, Any]) -> dict[str, Any]:
    """The act's fields as given, each checked to be of its kind; others are refused."""
    fields = {one.name: one for one in act.fields(now)}
    unknown = [name for name in data if name not in fields and name != "goodwill"]
    if unknown:
        raise FieldError(f"{unknown[0]}: {act.name} has no such field")
    kept: dict[str, Any] = {}
    for name, one in fields.items():
        value = str(data.get(name) or "").strip()
        if not value:
            if one.required:
                raise FieldError(f"{one.label}: please fill this in")
            continue
        if len(value) > _LONGEST:
            raise FieldError(f"{one.label}: at most {_LONGEST} characters")
        if one.kind == "choice" and value not in dict(one.choices):
            raise FieldError(f"{one.label}: {value!r} is not a choice here")
        if one.kind == "amount":
            value = str(_amount(one.label, value))
        if one.kind == "percent" and not _PERCENT.fullmatch(value):
            raise FieldError(f"{one.label}: {value!r} is not a percentage such as 12.5")
        if one.kind == "date":
            value = _day(one.label, value, now.today)
        kept[name] = value
    return kept


def _check(now: Situation, act: Act, kept: dict[str, Any], goodwill: bool) -> None:
    """What the fields mean together: no less than the policy gives by right."""
    if kept.get("evidence") == "insufficient" and "reason" not in kept:
        raise FieldError("Reason: say what the evidence does not show; the customer reads it")
    if kept.get("seller_decision") == "reject":
        kept.pop("fee_percent", None)
        if "reason" not in kept:
            raise FieldError("Reason: say why it is rejected; the customer reads it")
    if kept.get("seller_decision") == "accept" and fee_is_open(now) and "fee_percent" not in kept:
        raise FieldError("Restocking fee: give a percentage; 0 keeps nothing")
    if "fee_percent" in kept:
        kept["fee_percent"] = _fee(now, kept["fee_percent"])
    if act.name == "record_refund":
        _check_refund(now, Decimal(kept["amount"]), goodwill)


def _fee(now: Situation, given: str) -> str:
    """The fee as the policy takes it; FieldError where it is none, or over the cap."""
    text = given.removesuffix("%").strip()
    try:
        allowed = 0 <= Decimal(text) <= now.fee_cap
    except InvalidOperation:
        allowed = False
    if not allowed:
        clause = now.policy.clause("restocking-fee")
        raise FieldError(
            f"Restocking fee: from 0 to {now.fee_cap} percent, by the policy (“{clause.title}”, "
            f"{clause.where}); {given!r} is not"
        )
    return f"{Decimal(text).normalize():f}"


def _check_refund(now: Situation, amount: Decimal, goodwill: bool) -> None:
    total, left = now.case.order.total, now.left_to_refund
    if amount > total:
        raise CaseworkError(f"Amount: the order cost ${total}; more than that cannot be refunded")
    if amount > left:
        raise CaseworkError(
            f"Amount: other cases of this order paid back ${total - left} of its ${total} already; "
            f"${left} is left"
        )
    due = refund_due(now)
    low = min(left, Decimal(str(now.decision.amounts.get("refund_min") or "0")))
    high = Decimal(str(now.decision.amounts.get("refund_max") or total))
    if amount < low:
        raise CaseworkError(
            f"Amount: ${low} is the customer's by right ({_clause(now)}); ${amount} would be less"
        )
    if amount > high and not goodwill:
        raise CaseworkError(
            f"Amount: the policy gives ${due or high} ({_clause(now)}); a lead can give more as "
            "goodwill"
        )


def _why_not(now: Situation, name: str, goodwill: bool, role: str) -> str:
    case = now.case
    if goodwill and role != "lead":
        return "Only a lead may go beyond the policy"
    if case.state == "closed":
        return f"Case {case.number} is closed; a lead can open it again"
    if name == "decide" and now.decision.outcome == "entitled":
        return f"This is the customer's by right ({_clause(now)}): there is nothing to decide"
    if name == "close":
        owed = next((one for one in now.obligations if one.party == "seller"), None)
        what = owed.action.replace("_", " ") if owed else "a decision"
        return f"The customer is still owed {what} ({_clause(now)}): the case cannot be closed"
    known = {one.name for one in (*CATALOG, REOPEN)}
    if name not in known:
        return f"{name!r} is not an act"
    return f"The policy does not allow this now ({_clause(now)})"


def _clause(now: Situation) -> str:
    clause = now.policy.clause(now.decision.clauses[0])
    return f"“{clause.title}”, {clause.where}"


def _amount(label: str, value: str) -> Decimal:
    try:
        amount = Decimal(value.replace(",", "").removeprefix("$"))
        cents = amount.quantize(Decimal("0.01"))  # an error where it has 27 digits and more
    except InvalidOperation:
        raise FieldError(f"{label}: {value!r} is not an amount such as 129.95") from None
    if not amount.is_finite() or amount <= 0 or cents != amount:
        raise FieldError(f"{label}: {value!r} is not an amount such as 129.95")
    return cents


def _day(label: str, value: str, today: date) -> str:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise FieldError(f"{label}: {value!r} is not a day written YYYY-MM-DD") from None
    if day > today:
        raise FieldError(f"{label}: {day} is still to come")
    return day.isoformat()


def _told_before(session: Session, case: Case, key: str, day: date) -> Told:
    said: Message | None = session.scalars(select(Message).where(Message.key == key)).first()
    decision = situation_of(case, policy_in_force(), day).decision
    payload = (said.payload or {}) if said else {}
    return Told(decision, said.text if said else "", payload.get("card"))

"""What is put in the outbox when a case changes, in the same transaction as the change.

Webhooks carry the case as the policy's words have it: no e-mail address, nothing anybody typed.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timezone
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.case import Case
from casework.cases.log import Entry
from casework.cases.obligations import Obligation, obligations_from
from casework.outgoing.channels import channels
from casework.outgoing.outbox import Notice, put
from casework.outgoing.words import Letter, decided_letter, opened_letter, overdue_letter
from casework.shop import day_of
from policy_core import Decision

# The others wait for the customer or for a person: nothing is decided yet.
_DECIDED = ("entitled", "declined", "not_available")
_TOLD_BY = ("case_opened", "case_decided")


def notice_opened(session: Session, case: Case, entry: Entry, decision: Decision) -> None:
    """Put the news that a case was opened on every channel that is on."""
    for channel in channels().on:
        _put(
            session,
            case,
            decision,
            channel=channel,
            kind="case_opened",
            key=f"case_opened:{case.number}",
            now=entry.created_at,
            letter=opened_letter,
        )


def notice_decided(session: Session, case: Case, entry: Entry, decision: Decision) -> None:
    """Put the news that a case is decided, where the channel was not told that very decision.

    Comparing with what was told, not with the decision before the entry, also finds what an order's
    own news decided, and tells a channel that was turned on later.
    """
    if case.state != "open" or decision.outcome not in _DECIDED:
        return
    for channel in channels().on:
        if _told(session, channel, case.number) == _essence(decision):
            continue
        _put(
            session,
            case,
            decision,
            channel=channel,
            kind="case_decided",
            key=f"case_decided:{case.number}:{entry.id}",
            now=entry.created_at,
            letter=decided_letter,
        )


def notice_promise(
    session: Session,
    case: Case,
    decision: Decision,
    owed: list[Obligation],
    *,
    channel: str,
    kind: str,
    due_on: date,
    now: datetime,
) -> None:
    """Put the news that a promise of the shop is due tomorrow or overdue.

    ``owed`` is what is still to be done of that day; where nothing is, the news has become untrue:
    it is kept as settled, so that it is not looked into again.
    """
    number, order, today = case.number, case.order.number, day_of(now)
    _put(
        session,
        case,
        decision,
        channel=channel,
        kind=kind,
        key=f"{kind}:{number}:{due_on}",
        now=now,
        due_on=due_on,
        actions=[one.action for one in owed],
        letter=lambda *_: overdue_letter(number, order, owed, today),
        settled=not owed,
    )


def _put(
    session: Session,
    case: Case,
    decision: Decision,
    *,
    channel: str,
    kind: str,
    key: str,
    now: datetime,
    letter: Callable[[str, str, Decision, date], Letter],
    due_on: date | None = None,
    actions: Iterable[str] = (),
    settled: bool = False,
) -> None:
    today = day_of(now)
    data: dict[str, Any] = {
        "case": case.number,
        "order": case.order.number,
        "situation": case.situation,
        **_essence(decision),
        "obligations": [_plain(one) for one in obligations_from(decision, case.log, today)],
    }
    if due_on:
        data |= {"due_on": due_on.isoformat(), "actions": list(actions)}
    payload: dict[str, Any] = {
        "type": _TYPES[kind],
        "timestamp": now.astimezone(timezone.utc).isoformat(),
        "data": data,
    }
    if channel == "email":
        payload["letter"] = letter(case.number, case.order.number, decision, today)
    notice = Notice(
        channel=channel,
        kind=kind,
        subject=case.number,
        due_on=due_on,
        key=key,
        payload=payload,
        created_at=now,
        next_try_at=None if settled else now,
        delivered_at=now if settled else None,
    )
    put(session, notice)


_TYPES = {
    "case_opened": "case.opened",
    "case_decided": "case.decided",
    "due_tomorrow": "case.due_tomorrow",
    "overdue": "case.overdue",
}


def _essence(decision: Decision) -> dict[str, Any]:
    """What makes a decision another one for those who are told."""
    return {
        "outcome": decision.outcome,
        "remedy": decision.remedy,
        "amounts": dict(decision.amounts or {}),
    }


def _told(session: Session, channel: str, number: str) -> dict[str, Any] | None:
    """What of a decision the channel was told last."""
    before = select(Notice.payload).where(
        Notice.subject == number, Notice.channel == channel, Notice.kind.in_(_TOLD_BY)
    )
    payload = session.scalars(before.order_by(Notice.id.desc()).limit(1)).first()
    if payload is None:
        return None
    return {name: payload["data"][name] for name in ("outcome", "remedy", "amounts")}


def _plain(one: Obligation) -> dict[str, Any]:
    return {
        "party": one.party,
        "action": one.action,
        "due": one.due.isoformat() if one.due else None,
        "after": one.after,
        "status": one.status,
        "done_on": one.done_on.isoformat() if one.done_on else None,
    }

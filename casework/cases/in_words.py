"""Decisions in the customer's words: the one place where a decision is put into text.

What the customer has a right to, by when and for how much, is said by the decision's own
explanation; here it is only put in order. Nothing is worked out a second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from casework.cases.obligations import Obligation
from policy_core import Decision, Policy

PROMISES = {
    "prepaid_label": "the prepaid return label",
    "refund": "your refund",
    "redelivery": "sending your order again",
    "replacement": "your replacement",
    "return_goods": "your return of the goods",
    "provide_evidence": "your pictures",
}

_TITLES = {
    "entitled": {
        "refund": "You get a refund",
        "replacement": "You get a replacement",
        "redelivery": "We send it again",
        "cancellation": "Your order is canceled",
    },
    "need_evidence": "Waiting for your pictures",
    "seller_decides": "A person decides",
    "dispute": "A person takes care of it",
    "declined": "Declined",
    "contact_us": "A person corrects it",
}


def money(amount: Decimal | str) -> str:
    """US dollars as a customer reads them: $1,234.50."""
    return f"${Decimal(amount):,.2f}"


def day(value: date | str) -> str:
    """A shop-local date as a customer reads it: Wednesday, March 18."""
    when = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{when:%A, %B} {when.day}"


def clock(moment: datetime) -> str:
    """A time of day as a customer reads it: 9:00 AM (PDT)."""
    return f"{moment.strftime('%I:%M %p').lstrip('0')} ({moment:%Z})"


def listed(parts: Sequence[str], word: str = "and") -> str:
    """Parts as a sentence has them: "a", "a and b", "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def bullets(parts: Iterable[str]) -> str:
    """Parts as a list, a line each."""
    return "\n".join(f"• {part}" for part in parts)


def goods(lines: Iterable[Any]) -> str:
    """Order lines in one phrase: "1 × desk lamp and 2 × toner"."""
    return listed([f"{line.quantity} × {line.title}" for line in lines])


def told(decision: Decision, obligations: Iterable[Obligation] = ()) -> list[str]:
    """What the decision gives and how it goes on, a sentence or two a step.

    What of the case's ``obligations`` is done or overdue is not promised again (`progress`).
    """
    past = _past(obligations)
    steps = decision.explanation
    return [str(step["text"]) for step in steps if step.get("promise") not in past]


def promised(decision: Decision, obligations: Iterable[Obligation] = ()) -> list[str]:
    """The decision's promises alone, each with its day or what it waits for; none of those past."""
    past = _past(obligations)
    promises = [step for step in decision.explanation if step.get("promise")]
    return [str(step["text"]) for step in promises if step["promise"] not in past]


def _past(obligations: Iterable[Obligation]) -> set[str]:
    return {one.action for one in obligations if one.status in ("done", "overdue")}


def done(obligations: Iterable[Obligation]) -> list[str]:
    """What of a case's promises is done."""
    return [
        f"Done on {day(one.done_on)}: {PROMISES[one.action]}."
        for one in obligations
        if one.status == "done" and one.done_on
    ]


def overdue(obligations: Iterable[Obligation]) -> list[str]:
    """Where the shop is late with a promise."""
    sorry = "We are late, and we are sorry."
    return [
        f"{_capital(PROMISES[one.action])} was due by {day(one.due)}. {sorry}"
        for one in obligations
        if one.status == "overdue" and one.party == "seller" and one.due
    ]


def progress(obligations: Sequence[Obligation]) -> list[str]:
    """Where the shop is late, and what of a case's promises is done."""
    return [*overdue(obligations), *done(obligations)]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def agreements(log: Iterable[Any]) -> list[str]:
    """What the shop's people and the customer agreed on in the chat about a case."""
    return [
        f"Agreed with {entry.data['with']} on {day(entry.day)}: {entry.data['agreed']}"
        for entry in log
        if entry.kind == "note" and entry.data.get("agreed")
    ]


def tips(decision: Decision) -> list[str]:
    """What would show what happened."""
    return [str(item["description"]) for item in decision.required_evidence]


def headline(decision: Decision) -> str:
    """A decision in a few words, as the card shows it."""
    title: Any = _TITLES.get(decision.outcome, "Your request")
    return str(
        title.get(decision.remedy, "The choice is yours") if isinstance(title, dict) else title
    )


def clause_line(policy: Policy, decision: Decision) -> str:
    """The clause a decision rests on first, by name and place."""
    clause = policy.clause(decision.clauses[0])
    return f"This follows “{clause.title}” in our Return & Refund Policy ({clause.where})."


def reasons(policy: Policy, decision: Decision) -> list[str]:
    """Why a decision came out as it did: each step, and the clause it rests on."""
    return [
        f"{step['text']} (“{policy.clause(step['clause']).title}”)" for step in decision.explanation
    ]


def card(
    policy: Policy, decision: Decision, number: str, obligations: Sequence[Obligation] = ()
) -> dict[str, Any]:
    """The decision as the website draws it, to keep and to print; what is done, as done."""
    clauses = [policy.clause(clause) for clause in decision.clauses]
    lines = [{"label": "What happens", "value": step} for step in told(decision, obligations)]
    lines += [{"label": "So far", "value": said} for said in progress(obligations)]
    lines += [{"label": "Please send", "value": tip} for tip in tips(decision)]
    return {
        "case_number": number,
        "title": headline(decision),
        "status": decision.outcome,
        "lines": lines,
        "clauses": [
            {"id": clause.id, "title": clause.title, "summary": clause.summary}
            for clause in clauses
        ],
        "contact": {"phone": policy.contact.phone, "email": policy.contact.email},
    }

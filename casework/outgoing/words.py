"""What an e-mail to a customer says: the words of the chat's card, and nothing anybody typed."""

from collections.abc import Iterable
from datetime import date
from typing import TypedDict

from casework.cases.in_words import bullets, headline, overdue, tips, told
from casework.cases.obligations import Obligation
from policy_core import Decision


class Letter(TypedDict):
    """An e-mail's subject line and its paragraphs, without greeting, link and phone."""

    subject: str
    paragraphs: list[str]


def opened_letter(number: str, order: str, decision: Decision, today: date) -> Letter:
    """Say that a case was opened, what it gives and how it goes on."""
    first = f"We have opened case {number} for your order {order}."
    return _letter(f"Your case {number}", first, decision, today)


def decided_letter(number: str, order: str, decision: Decision, today: date) -> Letter:
    """Say that a case was decided, what it gives and how it goes on."""
    first = f"There is news on case {number} for your order {order}: {headline(decision)}."
    return _letter(f"A decision on your case {number}", first, decision, today)


def overdue_letter(number: str, order: str, late: Iterable[Obligation], today: date) -> Letter:
    """Say what was promised by when and is late, and that we are sorry."""
    first = f"This is about case {number} for your order {order}."
    return {
        "subject": f"We are late with your case {number}",
        "paragraphs": [first, *overdue(late), _as_of(today)],
    }


def _letter(subject: str, first: str, decision: Decision, today: date) -> Letter:
    paragraphs = [first, bullets(told(decision))]
    if wanted := tips(decision):
        paragraphs.append("Please send:\n" + bullets(wanted))
    return {"subject": subject, "paragraphs": [*paragraphs, _as_of(today)]}


def _as_of(today: date) -> str:
    # It may arrive days later, when a mail server was down, and must be true even then.
    return f"This is how it stood on {today:%B} {today.day}, {today.year}."

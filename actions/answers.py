"""What a customer's message says in answer to the question that is open, and beside it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from actions.turn import Turn
from casework.cases import find_case
from casework.evidence import evidence_of
from casework.orders import Order, normalise_order_number

YES = frozenset({"affirm"})
NO = frozenset({"deny"})
CANNOT = frozenset({"deny", "cannot_provide", "postpone"})

_CASE_NUMBER = re.compile(r"\bAOP-?R-?[A-Z0-9]{4}-?[A-Z0-9]{4}\b", re.I)
_ZIP = re.compile(r"\d{5}(?:[- ]?\d{4})?")
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
_EVERYTHING = re.compile(r"\b(all|both|everything|whole|entire|every|each)\b", re.I)
_LATER = re.compile(r"\blater\b|\bnot (?:right )?now\b|\btomorrow\b|\btonight\b", re.I)
_REMEDIES = ("refund", "replacement", "redelivery")
_REMEDY_WORDS = {
    "refund": re.compile(r"\b(refund|money|reimburse)", re.I),
    "replacement": re.compile(r"\b(replac|new one|another one|swap|exchange)", re.I),
    "redelivery": re.compile(r"\b(again|re-?send|re-?deliver|re-?ship)", re.I),
}
_NOT_WANTED = re.compile(
    r"\b(?:not|no|don'?t (?:want|need)|instead of|rather than)\s+(?:(?:a|an|the|my|any)\s+)?[\w-]+"
    r"(?:\s+back)?",
    re.I,
)
_SAYS_YES = re.compile(r"^\W*(yes|yep|yeah|yup|sure|ok|okay|go ahead|do it|please do)\b", re.I)
_SAYS_NO = re.compile(r"^\W*(no|nope|nah|not yet|don'?t)\b", re.I)
_ARRIVED = re.compile(r"\b(arriv|deliver|came|come|got|received?|turned up|showed up)", re.I)
_WORD = re.compile(r"[a-z0-9]+")
_SMALL = frozenset(
    {"the", "a", "an", "of", "and", "with", "my", "one", "is", "it", "that", "in", "to", "for", "i"}
)


def read_details(turn: Turn, requested: str | None) -> dict[str, Any]:
    """The claims a message makes whatever was asked: order number, proof, remedy.

    A bare ZIP in answer to "e-mail or ZIP" is a ZIP even where it looks like an order number.
    """
    found: dict[str, Any] = {}
    zips, emails = turn.entities("zip"), turn.entities("email")
    numbers = turn.entities("order_number")
    if requested == "proof" and _ZIP.fullmatch(turn.text):
        zips, numbers = [turn.text], []
    elif requested == "order_number" and not numbers and normalise_order_number(turn.text):
        numbers, zips = [turn.text], []
    if numbers:
        number = normalise_order_number(numbers[-1])
        if number:
            found["order_number"] = number
    if emails or zips:
        found["proof"] = (emails or zips)[-1]
    named = _CASE_NUMBER.search(turn.text)
    if named and (case := find_case(turn.session, named.group())):
        found["case_number"] = case.number
    remedies = [value for value in turn.entities("remedy") if value in _REMEDIES]
    if len(remedies) == 1:
        found["remedy"] = remedies[0]
    return found


def read_answer(turn: Turn, requested: str | None, order: Order | None) -> dict[str, Any]:
    """What the message says in answer to the requested slot; empty where it does not answer."""
    reader = _READERS.get(requested or "")
    return reader(turn, order) if reader else {}


def _read_proof(turn: Turn, order: Order | None) -> dict[str, Any]:
    if turn.intent in CANNOT or " " in turn.text.strip():
        return {}
    return {"proof": turn.text} if "@" in turn.text or any(c.isdigit() for c in turn.text) else {}


def _read_items(turn: Turn, order: Order | None) -> dict[str, Any]:
    positions = items_named(turn.text, order) if order else []
    return {"items": positions} if positions else {}


def items_named(text: str, order: Order) -> list[int]:
    """The positions of the order's lines that a text names; all of them for "both", "all"."""
    positions = [line.position for line in order.lines]
    lowered = text.casefold()
    titled = [line.position for line in order.lines if line.title.casefold() in lowered]
    named = titled or _named_by_words(text, order)
    if named:
        return named
    return positions if _EVERYTHING.search(text) else _numbered(text, positions)


def _named_by_words(text: str, order: Order) -> list[int]:
    """Lines that share words with the text; "the gray chair" is not the black one."""
    said = _words(text)
    shared_by_all = set.intersection(*(_words(line.title) for line in order.lines))
    matched = {line.position: (_words(line.title) - shared_by_all) & said for line in order.lines}
    return [
        position
        for position, words in matched.items()
        if words and not any(words < others for others in matched.values())
    ]


def items_told(story: str | None, order: Order) -> list[int] | None:
    """The lines that the first message about the matter already names; None where it does not."""
    if not story or len(order.lines) < 2:
        return None
    named = _named_by_words(_NOT_WANTED.sub(" ", story), order)
    if not named and re.search(r"\b(everything|all of (?:it|them))\b", story, re.I):
        named = [line.position for line in order.lines]
    return named or None


def arrival_told(turn: Turn) -> str | None:
    """The day a message says the goods arrived; None where it names no day, or one to come."""
    dates = turn.entities("date")
    if len(dates) != 1 or not _ARRIVED.search(turn.text):
        return None
    return dates[0] if date.fromisoformat(dates[0]) <= turn.today else None


def says_yes_or_no(text: str) -> bool:
    """Whether a message begins with a plain yes or no."""
    return bool(_SAYS_YES.search(text) or _SAYS_NO.search(text))


def _words(text: str) -> set[str]:
    return {word.rstrip("s") for word in _WORD.findall(text.casefold())} - _SMALL


def _numbered(text: str, positions: list[int]) -> list[int]:
    lowered = text.casefold()
    chosen = [number for word, number in _ORDINALS.items() if re.search(rf"\b{word}\b", lowered)]
    chosen += [int(digits) for digits in re.findall(r"\b\d{1,2}\b", lowered)]
    resolved = [positions[-1] if number == -1 else number for number in chosen]
    return sorted({number for number in resolved if number in positions})


def _read_delivered_on(turn: Turn, order: Order | None) -> dict[str, Any]:
    dates = turn.entities("date")
    if not dates or order is None:
        return {}
    day = date.fromisoformat(dates[-1])
    if day > turn.today:
        turn.say("utter_date_in_future", day=f"{day:%B} {day.day}")
    elif day < order.placed_on:
        turn.say("utter_date_before_order", day=f"{day:%B} {day.day}", order=order.number)
    else:
        return {"delivered_on": day.isoformat()}
    return {"delivered_on": None}


def _read_remedy(turn: Turn, order: Order | None) -> dict[str, Any]:
    wanted = _NOT_WANTED.sub(" ", turn.text)
    named = [remedy for remedy, words in _REMEDY_WORDS.items() if words.search(wanted)]
    return {"remedy": named[0]} if len(named) == 1 else {}


def _read_evidence(turn: Turn, order: Order | None) -> dict[str, Any]:
    if turn.intent in CANNOT or _LATER.search(turn.text):
        return {"evidence": "later" if _LATER.search(turn.text) else "none"}
    if turn.intent == "evidence_sent" and not _has_sent(turn):
        turn.say("utter_no_evidence_yet")
        return {"evidence": "promised"}
    if turn.intent in YES or turn.intent == "evidence_sent" or turn.entities("evidence"):
        # Said twice and still not here: go on without, they can follow later.
        return {"evidence": "later" if turn.slot("evidence") == "promised" else "promised"}
    return {}


def _has_sent(turn: Turn) -> bool:
    return bool(evidence_of(turn.session, conversation_id=turn.conversation_id))


def _read_description(turn: Turn, order: Order | None) -> dict[str, Any]:
    bare = turn.intent in (YES | NO) and len(turn.text.split()) < 3
    return {} if bare or len(turn.text) < 3 else {"description": turn.text}


def _read_confirm(turn: Turn, order: Order | None) -> dict[str, Any]:
    if order and turn.slot("items"):
        others = _named_by_words(_NOT_WANTED.sub(" ", turn.text), order)
        if others and others != turn.slot("items"):
            return {"items": others, "confirm": None}
    if turn.intent in NO or _SAYS_NO.search(turn.text):
        return {"confirm": False}
    return {"confirm": True} if turn.intent in YES or _SAYS_YES.search(turn.text) else {}


_READERS = {
    "proof": _read_proof,
    "items": _read_items,
    "delivered_on": _read_delivered_on,
    "remedy": _read_remedy,
    "evidence": _read_evidence,
    "description": _read_description,
    "confirm": _read_confirm,
}

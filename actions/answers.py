"""What a customer's message says in answer to the question that is open."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from actions.matters import REMEDIES_OF
from actions.naming import denies_the_items, items_instead, items_named, place_named
from actions.turn import Turn
from actions.wishes import remedy_choices, remedy_wished, wished
from actions.withdrawal import WITHDRAWAL
from actions.wording import (
    asks,
    asks_for_a_deed,
    begins_with_yes,
    cancels_the_order,
    denies,
    goes_on_after_yes,
    has_letter,
    is_forwarded,
    is_yes,
    leaves_it_to_us,
    makes_a_condition,
    puts_off_yes,
    says_no,
    says_yes,
    sends_it,
    yes_before_more,
)
from casework.cases.case import find_case
from casework.orders.order import Order

YES = frozenset({"affirm"})
NO = frozenset({"deny"})
# A message that is likely one of these is no yes, whatever it begins with: "ok forget it".
AGAINST = ("stop", "postpone", "goodbye", "deny", "repeat", "ask_why", "help", "withdraw_request")
CANNOT = frozenset({"deny", "cannot_provide", "postpone"})

_CASE_NUMBER = re.compile(r"\bAOP-?R-?[A-Z0-9]{4}-?[A-Z0-9]{4}\b", re.I)
_LATER = re.compile(r"\blater\b|\bnot (?:right )?now\b|\btomorrow\b|\btonight\b", re.I)
_ARRIVED = re.compile(r"\b(arriv|deliver|came|come|got|received?|turned up|showed up)", re.I)
_DIGIT = re.compile(r"\d")
_WORDS_OF_A_LETTER = 40
_WORDS_OF_A_PROMISED_LETTER = 10
_WORDS_OF_A_YES, _WORDS_OF_A_BARE_YES = 6, 3
_MORE_LIKELY_THAN_NOT, _A_SIGN = 0.5, 0.1


@dataclass(frozen=True)
class Answer:
    """What a message says in answer to a question: claims, and what has to be said about them.

    `remark` is a response and its values, for an answer that cannot be right as it stands.
    """

    claims: dict[str, Any] = field(default_factory=dict)
    remark: tuple[str, dict[str, Any]] | None = None

    def __bool__(self) -> bool:
        return bool(self.claims or self.remark)


def case_named(turn: Turn) -> str | None:
    """The number of the case that the message names, if there is such a case."""
    named = _CASE_NUMBER.search(turn.text)
    case = find_case(turn.session, named.group()) if named else None
    return case.number if case else None


def read_answer(turn: Turn, question: str | None, order: Order | None) -> Answer:
    """What the message says in answer to the open question; empty where it does not answer.

    Nothing is said or set. Order number and proof are not read here but in `actions.identity`.
    """
    reader = _READERS.get(question or "")
    return reader(turn, order) if reader else Answer()


def _read_items(turn: Turn, order: Order | None) -> Answer:
    positions = items_named(turn.text, order) if order else []
    return Answer({"items": positions} if positions else {})


def arrival_told(turn: Turn) -> str | None:
    """The day a message says the goods arrived; None where it names no day, or one to come."""
    dates = turn.entities("date")
    if len(dates) != 1 or not _ARRIVED.search(turn.text):
        return None
    return dates[0] if date.fromisoformat(dates[0]) <= turn.today else None


def _read_delivered_on(turn: Turn, order: Order | None) -> Answer:
    dates = turn.entities("date")
    if not dates or order is None:
        return Answer()
    day = date.fromisoformat(dates[-1])
    said = f"{day:%B} {day.day}"
    if day > turn.today:
        return Answer(remark=("utter_date_in_future", {"day": said}))
    if day < order.placed_on:
        return Answer(remark=("utter_date_before_order", {"day": said, "order": order.number}))
    return Answer({"delivered_on": day.isoformat()})


def _read_remedy(turn: Turn, order: Order | None) -> Answer:
    named, gives = remedy_wished(turn), REMEDIES_OF.get(turn.slot("matter"), ())
    place = place_named(turn.text, len(gives))
    if named is None and place is not None:
        named = gives[place]
    return Answer({"remedy": named} if named else {})


def _read_evidence(turn: Turn, order: Order | None) -> Answer:
    promised = turn.slot("evidence") == "letter" and not _LATER.search(turn.text)
    long_enough = len(turn.text.split()) >= _WORDS_OF_A_PROMISED_LETTER
    if is_pasted(turn.text) or (promised and long_enough):
        return Answer({"evidence": "pasted"})
    later = _LATER.search(turn.text) and _is_put_off(turn)
    if turn.intent in CANNOT or later:
        return Answer({"evidence": "later" if later else "none"})
    if turn.intent == "evidence_sent" and not _has_sent(turn):
        return Answer({"evidence": "promised"}, ("utter_no_evidence_yet", {}))
    if "document" in turn.entities("evidence") or has_letter(turn.text):
        return Answer({"evidence": "letter"})
    if turn.intent in YES or turn.intent == "evidence_sent" or turn.entities("evidence"):
        # Said twice and still not here: go on without, they can follow later.
        return Answer({"evidence": "later" if turn.slot("evidence") == "promised" else "promised"})
    return Answer()


def _is_put_off(turn: Turn) -> bool:
    """Whether "later" is said of what is asked for, not "trash is picked up tomorrow"."""
    briefly = len(turn.text.split()) <= _WORDS_OF_A_BARE_YES
    return briefly or sum(turn.likely.get(intent, 0.0) for intent in CANNOT) > _A_SIGN


def is_pasted(text: str) -> bool:
    """Whether a message is somebody else's writing, pasted: a forwarded e-mail, a carrier's notice.

    Example: "From: UPS\nSubject: Delivery exception\nYour package 1Z… could not be delivered".
    """
    return is_forwarded(text) or len(text.split()) >= _WORDS_OF_A_LETTER


def _has_sent(turn: Turn) -> bool:
    return bool(turn.records.loose_evidence)


def _read_description(turn: Turn, order: Order | None) -> Answer:
    bare = turn.intent in (YES | NO) and len(turn.text.split()) < 3
    return Answer({} if bare or len(turn.text) < 3 else {"description": turn.text})


def _read_confirm(turn: Turn, order: Order | None) -> Answer:
    asked = asks(turn.text) and not asks_for_a_deed(turn.text)
    others = None if asked else items_instead(turn, order)
    if others or (not asked and denies_the_items(turn, order)):
        return Answer({"items": others, "confirm": None})
    wish = remedy_wished(turn)
    if wish and wish != wished(turn) and wish in remedy_choices(turn):
        return Answer({"remedy": wish, "confirm": None})
    agrees_anyway = turn.slot("matter") == "cancel" and cancels_the_order(turn.text)
    if not agrees_anyway and (turn.intent in NO or says_no(turn.text)):
        return Answer({"confirm": False})
    return Answer({"confirm": True} if agrees_anyway or _agrees(turn, wish) else {})


def _agrees(turn: Turn, wish: str | None) -> bool:
    """A yes writes: it is nothing else, or what it says besides leaves nothing open."""
    matter, text = turn.slot("matter"), turn.text
    if matter == WITHDRAWAL and sends_it(text):
        return False
    if is_yes(text):
        return True
    if sum(turn.likely.get(intent, 0.0) for intent in AGAINST) > _MORE_LIKELY_THAN_NOT:
        return False
    if puts_off_yes(text) or makes_a_condition(text) or leaves_it_to_us(text):
        return False
    if matter == "wrong_information" and _DIGIT.search(text) and not begins_with_yes(text):
        # "It is apartment 4C, go ahead": what comes before the yes belongs on the list first.
        return turn.intent in YES and len(text.split()) <= _WORDS_OF_A_BARE_YES
    briefly = turn.intent in YES and len(text.split()) <= _WORDS_OF_A_YES
    # "Yes we got it, it is broken" is no yes to the list.
    agrees = turn.likely.get("affirm", 0.0) > _A_SIGN or goes_on_after_yes(text)
    wants = sum(turn.likely.get(intent, 0.0) for intent in ("want_remedy", "affirm", "inform"))
    asks_for_it = wish is not None and wish == wished(turn) and wants > _MORE_LIKELY_THAN_NOT
    plainly = yes_before_more(text) or (says_yes(text) and agrees)
    return briefly or plainly or (asks_for_it and not denies(text))


_READERS = {
    "items": _read_items,
    "delivered_on": _read_delivered_on,
    "remedy": _read_remedy,
    "evidence": _read_evidence,
    "description": _read_description,
    "confirm": _read_confirm,
}

"""What a customer's message says in answer to the question that is open."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from actions.matters import REMEDIES_OF
from actions.turn import Turn
from actions.wording import (
    begins_with_yes,
    cancels_the_order,
    denies,
    has_letter,
    is_forwarded,
    leaves_it_to_us,
    makes_a_condition,
    says_no,
    says_yes,
    yes_before_more,
)
from casework.cases.case import Case, case_facts, find_case
from casework.orders.order import Order

YES = frozenset({"affirm"})
NO = frozenset({"deny"})
CANNOT = frozenset({"deny", "cannot_provide", "postpone"})

_CASE_NUMBER = re.compile(r"\bAOP-?R-?[A-Z0-9]{4}-?[A-Z0-9]{4}\b", re.I)
_PLACE = re.compile(
    r"^\W*(?:(?:the|number|no|option|ok|okay|do|lets|let's)\W+)*"
    r"(?P<place>first|second|third|last|both|either|all|[123])\b"
    r"(?:\W+(?:one|thing|things|of|them|matter|option|first|please|pls|thanks))*\W*$",
    re.I,
)
_PLACES = {"first": 0, "1": 0, "both": 0, "either": 0, "all": 0, "second": 1, "2": 1, "third": 2,
           "3": 2, "last": -1}  # fmt: skip
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
_EVERYTHING = re.compile(r"\b(all|both|everything|whole|entire|every|each)\b", re.I)
_LATER = re.compile(r"\blater\b|\bnot (?:right )?now\b|\btomorrow\b|\btonight\b", re.I)
_REMEDIES = ("refund", "replacement", "redelivery")
_REMEDY_WORDS = {
    "refund": re.compile(r"\b(refund|money|cash\b|reimburse)", re.I),
    "replacement": re.compile(
        r"\b(replac|new one|another one|working one|one that works|swap|exchange|"
        r"(?:send|ship)(?:ing)? (?:me |us |out )?(?:a new|another)\b)",
        re.I,
    ),
    "redelivery": re.compile(
        r"\b(again|once more|(second|another) time|re-?send|re-?deliver|re-?ship)", re.I
    ),
}
# Named, but not asked for: "forget the refund", "it says replacement", "I never said yes to one".
_NOT_WANTED = re.compile(
    r"\b(?:not|no|isn'?t|aren'?t|wasn'?t|instead of|rather than|forget|it says|remove|drop|without|"
    r"(?:do|did)(?: not|n'?t) (?:want|need|elect|wish|ask|request|accept|require)(?: for| to)?|"
    r"take(?= (?:\w+ )+off\b)|(?:declined?|refused?|rejected?)(?: to accept)?|"
    r"(?:didn'?t|did not|never) (?:\w+ ){1,2}(?:to|for)|you (?:put|wrote|said))\s+"
    r"(?:(?:a|an|the|my|any|about)\s+)*[\w-]+(?:\s+back)?",
    re.I,
)
_INSTEAD = re.compile(r"([^.!?;]*)\binstead\b(?! of)", re.I)
_ON_SECOND_THOUGHT = re.compile(
    r"\b(?:actually|nah|wait|instead|rather|on second thou?ght|changed? my mind|make (?:it|that)|"
    r"no,|forget)\b",
    re.I,
)
_TO_CHANGE = re.compile(r"\b(?:chang|switch|never (?:said|asked)|not (?:a|the) )", re.I)
# Where the matter gives the one and not the other, both words mean the same.
_IN_OTHER_WORDS = {"replacement": "redelivery", "redelivery": "replacement"}
_MEANT = re.compile(r"\b(?:meant?|sorry|wrong|instead|only|just)\b|^\W*no\b", re.I)
_ARRIVED = re.compile(r"\b(arriv|deliver|came|come|got|received?|turned up|showed up)", re.I)
_DIGIT = re.compile(r"\d")
_WORDS_OF_A_LETTER = 40
_WORDS_OF_A_PROMISED_LETTER = 10
_WORDS_OF_A_YES, _WORDS_OF_A_BARE_YES = 6, 3
_MORE_LIKELY_THAN_NOT = 0.5
_WORD = re.compile(r"[a-z0-9]+")
_SMALL = frozenset(
    {"the", "a", "an", "of", "and", "with", "my", "one", "is", "it", "that", "in", "to", "for", "i"}
)


@dataclass(frozen=True)
class Answer:
    """What a message says in answer to a question: claims, and what has to be said about them.

    `remark` is a response and its values, for an answer that cannot be right as it stands.
    """

    claims: dict[str, Any] = field(default_factory=dict)
    remark: tuple[str, dict[str, Any]] | None = None

    def __bool__(self) -> bool:
        return bool(self.claims or self.remark)


def read_wish(turn: Turn) -> dict[str, Any]:
    """What the customer would like, where the message plainly names one remedy."""
    named = [value for value in turn.entities("remedy") if value in _REMEDIES]
    in_words = remedy_in_words(turn.text)
    if len(named) != 1 or (in_words is None and _is_not_wanted(turn.text, named[0])):
        return {}
    return {"remedy": in_terms_of(turn.slot("matter"), in_words or named[0])}


def _is_not_wanted(text: str, remedy: str) -> bool:
    """Whether all that the text says of the remedy is that it is not wanted."""
    words = _REMEDY_WORDS[remedy]
    return bool(words.search(text)) and not words.search(_NOT_WANTED.sub(" ", text))


def remedy_wished(turn: Turn) -> str | None:
    """The one remedy the message speaks of in any words, as the matter in hand calls it."""
    named = read_wish(turn).get("remedy") or remedy_in_words(turn.text)
    return in_terms_of(turn.slot("matter"), named)


def in_terms_of(matter: str | None, remedy: str | None) -> str | None:
    """A remedy by the matter's name for it: a destroyed parcel is not replaced but sent again."""
    gives, other = REMEDIES_OF.get(matter or "", ()), _IN_OTHER_WORDS.get(remedy or "")
    return other if remedy not in gives and other in gives else remedy


def changes_mind(text: str) -> bool:
    """Whether a message says that what was asked for before is not wanted any more."""
    return bool(_ON_SECOND_THOUGHT.search(text) or _TO_CHANGE.search(text))


def another_remedy(turn: Turn, case: Case) -> str | None:
    """The remedy a message asks for in place of the case's own; None where it asks for none."""
    wish = in_terms_of(case.situation, remedy_wished(turn))
    asked = case_facts(case, turn.today).get("remedy")
    choices = choices_in(case.situation)
    return wish if len(choices) > 1 and wish in choices and wish != asked else None


def wished(turn: Turn) -> str | None:
    """The remedy asked for so far; where none was named, the only one the matter gives."""
    gives = REMEDIES_OF.get(turn.slot("matter"), ())
    only: str | None = gives[0] if len(gives) == 1 else None
    return turn.slot("remedy") or only


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
    said = words_of(text)
    shared_by_all = set.intersection(*(words_of(line.title) for line in order.lines))
    matched = {line.position: (words_of(line.title) - shared_by_all) & said for line in order.lines}
    return [
        position
        for position, words in matched.items()
        if words and not any(words < others for others in matched.values())
    ]


def items_told(story: str | None, order: Order) -> list[int] | None:
    """The lines that a story already names; None where it names none."""
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


def words_of(text: str) -> set[str]:
    """The words of a text that tell things apart, each in one form."""
    return {word.rstrip("s") for word in _WORD.findall(text.casefold())} - _SMALL


def _numbered(text: str, positions: list[int]) -> list[int]:
    lowered = text.casefold()
    chosen = [number for word, number in _ORDINALS.items() if re.search(rf"\b{word}\b", lowered)]
    chosen += [int(digits) for digits in re.findall(r"\b\d{1,2}\b", lowered)]
    resolved = [positions[-1] if number == -1 else number for number in chosen]
    return sorted({number for number in resolved if number in positions})


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


def place_named(text: str, among: int) -> int | None:
    """The place that a text names among so many: "the second one", "2", "both" (the first)."""
    named = _PLACE.match(text)
    if named is None or not among:
        return None
    place = _PLACES[named["place"].lower()]
    return place % among if place < among else None


def remedy_in_words(text: str) -> str | None:
    """The one remedy that a text asks for, where remedies are what it is about; else None.

    Of several the one "instead", or the one after a second thought: "… actually no, the cash".
    """
    wanted = _NOT_WANTED.sub(" ", text)
    instead = _INSTEAD.search(wanted)
    for part in (wanted, instead[1] if instead else "", _ON_SECOND_THOUGHT.split(wanted)[-1]):
        named = [remedy for remedy, words in _REMEDY_WORDS.items() if words.search(part)]
        if len(named) == 1:
            return named[0]
    return None


def _read_evidence(turn: Turn, order: Order | None) -> Answer:
    promised = turn.slot("evidence") == "letter" and not _LATER.search(turn.text)
    long_enough = len(turn.text.split()) >= _WORDS_OF_A_PROMISED_LETTER
    if is_pasted(turn.text) or (promised and long_enough):
        return Answer({"evidence": "pasted"})
    if turn.intent in CANNOT or _LATER.search(turn.text):
        return Answer({"evidence": "later" if _LATER.search(turn.text) else "none"})
    if turn.intent == "evidence_sent" and not _has_sent(turn):
        return Answer({"evidence": "promised"}, ("utter_no_evidence_yet", {}))
    if "document" in turn.entities("evidence") or has_letter(turn.text):
        return Answer({"evidence": "letter"})
    if turn.intent in YES or turn.intent == "evidence_sent" or turn.entities("evidence"):
        # Said twice and still not here: go on without, they can follow later.
        return Answer({"evidence": "later" if turn.slot("evidence") == "promised" else "promised"})
    return Answer()


def chooses_before_more(text: str) -> bool:
    """Whether the first sentence only names a remedy, and more follows: "refund. how long …"."""
    first, *more = re.split(r"[.!;]+\s+", text.strip(), maxsplit=1)
    only_that = len(first.split()) <= _WORDS_OF_A_BARE_YES and remedy_in_words(first) is not None
    return bool(more) and only_that


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
    others = items_instead(turn, order)
    if others or _denies_the_items(turn, order):
        return Answer({"items": others, "confirm": None})
    wish = remedy_wished(turn)
    if wish and wish != wished(turn) and wish in remedy_choices(turn):
        return Answer({"remedy": wish, "confirm": None})
    if turn.intent in NO or says_no(turn.text):
        return Answer({"confirm": False})
    return Answer({"confirm": True} if _agrees(turn, wish) else {})


def _agrees(turn: Turn, wish: str | None) -> bool:
    """A yes writes: many words must begin or end with one, or ask for just what is listed."""
    if turn.slot("matter") == "cancel" and cancels_the_order(turn.text):
        return True
    tells_it = turn.slot("matter") == "wrong_information" and _DIGIT.search(turn.text)
    if tells_it and not begins_with_yes(turn.text):
        # "It is apartment 4C, go ahead": what comes before the yes belongs on the list first.
        return turn.intent in YES and len(turn.text.split()) <= _WORDS_OF_A_BARE_YES
    open_still = makes_a_condition(turn.text) or leaves_it_to_us(turn.text)
    briefly = turn.intent in YES and len(turn.text.split()) <= _WORDS_OF_A_YES and not open_still
    wants = sum(turn.likely.get(intent, 0.0) for intent in ("want_remedy", "affirm", "inform"))
    asks_for_it = wish is not None and wish == wished(turn) and wants > _MORE_LIKELY_THAN_NOT
    plainly = says_yes(turn.text) or yes_before_more(turn.text)
    return briefly or plainly or (asks_for_it and not denies(turn.text) and not open_still)


def remedy_choices(turn: Turn) -> tuple[str, ...]:
    """The remedies a customer may name in the matter in hand."""
    return choices_in(str(turn.slot("matter")))


def choices_in(situation: str) -> tuple[str, ...]:
    """The remedies a customer may name: of damaged goods any, which a person then decides."""
    return _REMEDIES if situation == "damaged" else REMEDIES_OF.get(situation, ())


def items_instead(turn: Turn, order: Order | None) -> list[int] | None:
    """The lines a message names instead of those the matter is about; None where it names none."""
    if order is None or not turn.slot("items"):
        return None
    named = _named_by_words(_NOT_WANTED.sub(" ", turn.text), order)
    if _MEANT.search(turn.text):
        # "I meant the lamp, the chair is fine": what it was about before is not what is meant.
        named = [place for place in named if place not in turn.slot("items")] or named
    return named if named and named != turn.slot("items") else None


def _denies_the_items(turn: Turn, order: Order | None) -> bool:
    """Whether a message says that it is not about the lines it was taken to be about."""
    if order is None or not turn.slot("items"):
        return False
    denied = " ".join(part.group() for part in _NOT_WANTED.finditer(turn.text))
    return set(turn.slot("items")) <= set(_named_by_words(denied, order))


_READERS = {
    "items": _read_items,
    "delivered_on": _read_delivered_on,
    "remedy": _read_remedy,
    "evidence": _read_evidence,
    "description": _read_description,
    "confirm": _read_confirm,
}

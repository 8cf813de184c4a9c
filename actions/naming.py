"""Which of an order's lines, or of several things on offer, a message names."""

from __future__ import annotations

import re

from actions.turn import Turn
from actions.wishes import NOT_WANTED
from casework.orders.order import Order

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
_MEANT = re.compile(r"\b(?:meant?|sorry|wrong|instead|only|just)\b|^\W*no\b", re.I)
_ALSO = re.compile(r"\b(?:too|also|as well|plus|in addition)\b", re.I)
_SPARED = re.compile(
    r"\b(?:the |my )?[\w-]+(?: [\w-]+)?,? (?:is|are|was|were)"
    r"(?:n't|nt\b| not\b| (?:all )?(?:fine|ok|okay|good|right)\b)"
    r"|\btake (?:the |my )?[\w-]+(?: [\w-]+)? off\b",
    re.I,
)
_WORD = re.compile(r"[a-z0-9]+")
_SMALL = frozenset(
    {"the", "a", "an", "of", "and", "with", "my", "one", "is", "it", "that", "in", "to", "for", "i"}
)


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
    named = _named_by_words(_meant_in(story), order)
    if not named and re.search(r"\b(everything|all of (?:it|them))\b", story, re.I):
        named = [line.position for line in order.lines]
    return named or None


def items_instead(turn: Turn, order: Order | None) -> list[int] | None:
    """The lines a message names instead of those the matter is about; None where it names none."""
    if order is None or not turn.slot("items"):
        return None
    before, named = turn.slot("items"), _named_by_words(_meant_in(turn.text), order)
    spared = _named_by_words(" ".join(part.group() for part in _SPARED.finditer(turn.text)), order)
    if named and _ALSO.search(turn.text):
        named = sorted({*before, *named})
    elif not named:
        # "The paper is fine": the rest of what it was about stays.
        named = [place for place in before if place not in spared] if spared else []
    elif _MEANT.search(turn.text):
        # "I meant the lamp, the chair is fine": what it was about before is not what is meant.
        named = [place for place in named if place not in before] or named
    return named if named and named != before else None


def with_those_before(turn: Turn, named: list[int] | None) -> list[int] | None:
    """The lines a message names, and those named before where it adds to them: "the lamp, too"."""
    before = turn.slot("items")
    return sorted({*before, *named}) if named and before and _ALSO.search(turn.text) else named


def _meant_in(text: str) -> str:
    """A text without what it says is not wanted, or is as it should be."""
    return _SPARED.sub(" ", NOT_WANTED.sub(" ", text))


def denies_the_items(turn: Turn, order: Order | None) -> bool:
    """Whether a message says that it is not about the lines it was taken to be about."""
    if order is None or not turn.slot("items"):
        return False
    denied = " ".join(part.group() for part in NOT_WANTED.finditer(turn.text))
    return set(turn.slot("items")) <= set(_named_by_words(denied, order))


def words_of(text: str) -> set[str]:
    """The words of a text that tell things apart, each in one form."""
    return {word.rstrip("s") for word in _WORD.findall(text.casefold())} - _SMALL


def _numbered(text: str, positions: list[int]) -> list[int]:
    lowered = text.casefold()
    chosen = [number for word, number in _ORDINALS.items() if re.search(rf"\b{word}\b", lowered)]
    chosen += [int(digits) for digits in re.findall(r"\b\d{1,2}\b", lowered)]
    resolved = [positions[-1] if number == -1 else number for number in chosen]
    return sorted({number for number in resolved if number in positions})


def place_named(text: str, among: int) -> int | None:
    """The place that a text names among so many: "the second one", "2", "both" (the first)."""
    named = _PLACE.match(text)
    if named is None or not among:
        return None
    place = _PLACES[named["place"].lower()]
    return place % among if place < among else None

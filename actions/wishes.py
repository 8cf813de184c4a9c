"""What a customer would like to have: which remedy a message asks for, of those it names."""

from __future__ import annotations

import re
from typing import Any

from actions.matters import REMEDIES_OF
from actions.turn import Turn
from actions.wording import plain, without_fallbacks, without_questions
from casework.cases.case import Case, case_facts

_REMEDIES = ("refund", "replacement", "redelivery")
_REMEDY_WORDS = {
    "refund": re.compile(r"\b(refund|money|cash\b|reimburse)", re.I),
    "replacement": re.compile(
        r"\b(replac|new one|"
        r"another one\b(?! (?:i|we|is|was|that|which|has|of|came|arrived|with)\b)|"
        r"working one|one that works|swap|exchange|"
        r"(?:a|my) new (?:chair|desk|lamp|printer|shredder|cabinet|item|product|set|box|unit)\b|"
        r"(?:send|ship)(?:ing)? (?:me |us |out )?(?:a new|another)\b)",
        re.I,
    ),
    "redelivery": re.compile(
        r"\b(?:send|ship|deliver|mail|sent|shipped|delivered)\b.{0,30}"
        r"\b(?:again|agian|once more|(?:second|another) time)\b|\bre-?(?:send|deliver|ship)",
        re.I,
    ),
}
_INSTEAD = re.compile(r"([^.!?;]*)\binstead\b(?! of)", re.I)
_ON_SECOND_THOUGHT = re.compile(
    r"\b(?:actually|nah|wait|instead|rather|on second thou?ght|changed? my mind|make (?:it|that)|"
    r"no,|forget)\b",
    re.I,
)
_KEEPS = re.compile(r"\b(?:keep|leave|stay with|stick with|as it (?:was|is))\b", re.I)
# Where the matter gives the one and not the other, both words mean the same.
_IN_OTHER_WORDS = {"replacement": "redelivery", "redelivery": "replacement"}
# Named, but not asked for: "forget the refund", "it says replacement", "I never said yes to one".
NOT_WANTED = re.compile(
    r"\b(?:not|no|isn'?t|aren'?t|wasn'?t|instead of|than|forget|it(?: still)? says|remove|drop|"
    r"without|"
    r"(?:do|did)(?: not|n'?t) (?:want|need|elect|wish|ask|request|accept|require)(?: for| to)?|"
    r"take(?= (?:\w+ )+off\b)|(?:declined?|refused?|rejected?)(?: to accept)?|"
    r"(?:didn'?t|did not|never) (?:\w+ ){1,2}(?:to|for)|you (?:put|wrote|said))\s+"
    r"(?:(?:a|an|the|my|any|about)\s+)*[\w-]+(?:\s+back)?",
    re.I,
)
_WORDS_OF_A_WISH = 3


def read_wish(turn: Turn) -> dict[str, Any]:
    """What the customer would like, where the message names one remedy plainly and asks nothing."""
    text = without_fallbacks(without_questions(turn.text))
    named = [value for value in turn.entities("remedy") if value in _REMEDIES]
    in_words = remedy_in_words(text)
    if len(named) != 1 or (in_words is None and not _is_wanted(turn.text, text, named[0])):
        return {}
    return {"remedy": in_terms_of(turn.slot("matter"), in_words or named[0])}


def _is_wanted(text: str, told: str, remedy: str) -> bool:
    """Whether the text says more of the remedy than to ask about it or to decline it."""
    words = _REMEDY_WORDS[remedy]
    return not words.search(text) or bool(words.search(NOT_WANTED.sub(" ", told)))


def remedy_wished(turn: Turn) -> str | None:
    """The one remedy the message speaks of in any words, as the matter in hand calls it."""
    named = read_wish(turn).get("remedy") or remedy_in_words(turn.text)
    return in_terms_of(turn.slot("matter"), named)


def in_terms_of(matter: str | None, remedy: str | None) -> str | None:
    """A remedy by the matter's name for it: a destroyed parcel is not replaced but sent again."""
    gives, other = REMEDIES_OF.get(matter or "", ()), _IN_OTHER_WORDS.get(remedy or "")
    return other if remedy not in gives and other in gives else remedy


def another_remedy(turn: Turn, case: Case) -> str | None:
    """The remedy a message asks for in place of the case's own; None where it asks for none."""
    wish = in_terms_of(case.situation, remedy_wished(turn))
    asked = case_facts(case, turn.today).get("remedy")
    choices = choices_in(case.situation)
    return wish if len(choices) > 1 and wish in choices and wish != asked else None


def changes_mind(text: str) -> bool:
    """Whether a message has the marks of a second thought: "I would rather", "forget the lamp"."""
    return bool(_ON_SECOND_THOUGHT.search(plain(text)))


def keeps_remedy(turn: Turn, case: Case) -> bool:
    """Whether a message says that the case's remedy is to stay: "keep the refund as it was"."""
    wish = in_terms_of(case.situation, remedy_wished(turn))
    stays = wish is not None and wish == case_facts(case, turn.today).get("remedy")
    return stays and bool(_KEEPS.search(turn.text))


def wished(turn: Turn) -> str | None:
    """The remedy asked for so far; where none was named, the only one the matter gives."""
    gives = REMEDIES_OF.get(turn.slot("matter"), ())
    only: str | None = gives[0] if len(gives) == 1 else None
    return turn.slot("remedy") or only


def remedy_choices(turn: Turn) -> tuple[str, ...]:
    """The remedies a customer may name in the matter in hand."""
    return choices_in(str(turn.slot("matter")))


def choices_in(situation: str) -> tuple[str, ...]:
    """The remedies a customer may name: of damaged goods any, which a person then decides."""
    return _REMEDIES if situation == "damaged" else REMEDIES_OF.get(situation, ())


def remedy_in_words(text: str) -> str | None:
    """The one remedy that a text asks for, where remedies are what it is about; else None.

    Of several the one "instead", or the one after a second thought: "… actually no, the cash".
    """
    wanted = NOT_WANTED.sub(" ", without_fallbacks(plain(text)))
    instead = _INSTEAD.search(wanted)
    for part in (wanted, instead[1] if instead else "", _ON_SECOND_THOUGHT.split(wanted)[-1]):
        named = [remedy for remedy, words in _REMEDY_WORDS.items() if words.search(part)]
        if len(named) == 1:
            return named[0]
    return None


def chooses_before_more(text: str) -> bool:
    """Whether the first sentence only names a remedy, and more follows: "refund. how long …"."""
    first, *more = re.split(r"[.!;]+\s+", text.strip(), maxsplit=1)
    only_that = len(first.split()) <= _WORDS_OF_A_WISH and remedy_in_words(first) is not None
    return bool(more) and only_that

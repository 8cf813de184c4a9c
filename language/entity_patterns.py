"""What the spaCy pipeline looks for: token patterns and phrases for spaCy's entity ruler.

The ruler takes the longest match first, so a number in context ("zip code 98101") wins over the
bare number.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from language.vocabulary import phrases_of, products

Pattern = dict[str, Any]
Token = dict[str, Any]

_MONTH = {
    "LOWER": {
        "REGEX": r"^(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|"
        r"sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?)\.?$"
    }
}
_DAY = {"LOWER": {"REGEX": r"^([12]?\d|3[01])(st|nd|rd|th)?$"}}
_ORDINAL = {"LOWER": {"REGEX": r"^([12]?\d|3[01])(st|nd|rd|th)$"}}
_YEAR = {"TEXT": {"REGEX": r"^20\d\d$"}}
_WEEKDAY = {
    "LOWER": {
        "REGEX": r"^(mon(day)?|tue(s(day)?)?|wed(nesday)?|thu(r(s(day)?)?)?|fri(day)?|"
        r"sat(urday)?|sun(day)?)\.?$"
    }
}
_CLEAR_WEEKDAY = {
    "LOWER": {"REGEX": r"^((mon|tues|wednes|thurs|fri|satur|sun)day|tues?|thu(rs?)?|fri)$"}
}
"""Without "sat", "sun", "wed" and "mon", which alone are other words."""

_ORDINAL_WORDS = (
    r"first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|"
    r"thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth"
)
_NAMED_DAY = {"LOWER": {"REGEX": rf"^(([12]?\d|3[01])(st|nd|rd|th)?|{_ORDINAL_WORDS})$"}}
_UNIT = {"LOWER": {"REGEX": r"^(days?|weeks?|wks?|fortnights?|months?|years?|yrs?|hours?|hrs?)$"}}
_COUNT = {
    "LOWER": {
        "REGEX": r"^(\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
        r"thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|couple)$"
    }
}
_COMMA = {"TEXT": ",", "OP": "?"}
_DASH = {"TEXT": "-"}
_NUMBER_WORD: Token = {
    "LOWER": {"IN": ["number", "num", "no", "no.", "nr", "id", "#", ":", "is", "."]}
}
_STATE = {
    "TEXT": {
        "REGEX": r"^(A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|"
        r"O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY])$"
    }
}


def _words(*words: str) -> list[Token]:
    return [{"LOWER": word} for word in words]


def _regex(pattern: str) -> Token:
    return {"LOWER": {"REGEX": pattern}}


def _order_numbers() -> list[list[Token]]:
    digits = _regex(r"^\d{4,8}$")
    sign = {"TEXT": "#", "OP": "?"}
    return [
        [_regex(r"^\d{5}$")],
        [_regex(r"^#?(order|ordr|purchase|aop|no|nr)?[#:.-]*\d{5}$")],
        [_regex(r"^((order|ordr|purchase|aop)[#:.-]*|#)\d{4,8}$")],
        [{"TEXT": "#"}, digits],
        [{"TEXT": "#"}, _regex(r"^aop-?\d{4,8}$")],
        [_regex(r"^aop-?$"), {**_DASH, "OP": "?"}, sign, digits],
        [_regex(r"^(order|ordr|oder|purchase|ord)$"), {**_NUMBER_WORD, "OP": "*"}, digits],
        [_regex(r"^(order|purchase)$"), {**_NUMBER_WORD, "OP": "*"}, _regex(r"^#?aop-?\d{4,8}$")],
    ]


def _zips() -> list[list[Token]]:
    code = _regex(r"^\d{5}$")
    between = {"LOWER": {"REGEX": r"^([a-z'’]{1,12}|[:=])$"}, "OP": "?"}
    return [
        [_regex(r"^\d{5}-\d{4}$")],
        [code, _DASH, _regex(r"^\d{4}$")],
        [_regex(r"^(zip|zipcode|postcode|postal)$"), *([between] * 5), code],
        [_regex(r"^(zip|zipcode|postcode)[:=-]?\d{5}$")],
        [code, *_words("is", "my", "zip")],
        [code, *_words("is", "the", "zip")],
        [_STATE, _COMMA, code],
    ]


def _money() -> list[list[Token]]:
    amount = _regex(r"^\d[\d,]*(\.\d+)?$")
    return [
        [{"TEXT": "$"}, amount],
        [amount, {"TEXT": "$"}],
        [_regex(r"^us\$|usd$"), amount],
        [amount, _regex(r"^(dollars?|bucks?|usd)$")],
        [_regex(r"^(us)?\$\d[\d,]*(\.\d+)?$")],
    ]


def _dates() -> list[list[Token]]:
    part = _regex(r"^\d{1,2}$")
    ago = {"LOWER": {"IN": ["ago", "back", "earlier"]}}
    which = {"LOWER": {"IN": ["last", "this", "next", "past", "coming"]}}
    return [
        *(_words(*words.split()) for words in ("yesterday", "today", "tomorrow", "tonight")),
        *(_words("this", part_of_day) for part_of_day in ("morning", "afternoon", "evening")),
        _words("last", "night"),
        _words("day", "before", "yesterday"),
        _words("the", "day", "before", "yesterday"),
        _words("day", "after", "tomorrow"),
        [_COUNT, _UNIT, ago],
        [_COUNT, *_words("of"), _UNIT, ago],
        [*_words("a", "couple"), _UNIT, ago],
        [*_words("a", "couple", "of"), _UNIT, ago],
        [_CLEAR_WEEKDAY],
        [*_words("on"), _WEEKDAY],
        [which, _WEEKDAY],
        [_WEEKDAY, _COMMA, *_words("the"), _ORDINAL],
        [_WEEKDAY, _COMMA, _MONTH, _NAMED_DAY],
        # These name a sale, not a day; resolved to nothing, they are dropped.
        *(_words(*sale.split()) for sale in ("black friday", "cyber monday")),
        [*_words("this", "past"), _WEEKDAY],
        [_WEEKDAY, *_words("last", "week")],
        [_WEEKDAY, *_words("of", "last", "week")],
        [*_words("last", "week"), _WEEKDAY],
        [*_words("last", "week", "on"), _WEEKDAY],
        [*_words("the"), _ORDINAL],
        [*_words("on", "the"), _ORDINAL],
        [_MONTH, _NAMED_DAY],
        [_MONTH, *_words("the"), _NAMED_DAY],
        [_MONTH, _DAY, _COMMA, _YEAR],
        [_DAY, _MONTH],
        [_NAMED_DAY, *_words("of"), _MONTH],
        [*_words("the"), _NAMED_DAY, *_words("of"), _MONTH],
        [_DAY, _MONTH, _COMMA, _YEAR],
        [_DAY, *_words("of"), _MONTH, _COMMA, _YEAR],
        [_regex(r"^\d{4}-\d{1,2}-\d{1,2}$")],
        [_regex(r"^20\d\d$"), _DASH, part, _DASH, part],
        [_regex(r"^\d{1,2}[/.]\d{1,2}([/.](20)?\d\d)$")],
        [_regex(r"^\d{1,2}/\d{1,2}$")],
        [part, _DASH, part, _DASH, _regex(r"^(20)?\d\d$")],
    ]


def _durations() -> list[list[Token]]:
    return [[_COUNT, _UNIT], [_COUNT, *_words("of"), _UNIT], [_COUNT, _DASH, _UNIT]]


def _phrases(label: str, phrases: Iterable[str]) -> list[Pattern]:
    return [{"label": label, "pattern": phrase} for phrase in phrases]


def _with_plurals(names: list[str]) -> list[str]:
    """Return the names and their plurals."""
    regular = [f"{name}es" if name[-1] in "xs" else f"{name}s" for name in names]
    return sorted({*names, *regular, "batteries", "mice"})


def entity_patterns() -> list[Pattern]:
    """Return all patterns in the entity ruler's format, in the order in which they are tried."""
    groups = {
        "order_number": _order_numbers(),
        "zip": _zips(),
        "email": [[{"LIKE_EMAIL": True}]],
        "money": _money(),
        "date": _dates(),
        "duration": _durations(),
    }
    patterns: list[Pattern] = [
        {"label": label, "pattern": pattern}
        for label, token_patterns in groups.items()
        for pattern in token_patterns
    ]
    patterns += _phrases("evidence", phrases_of("evidence"))
    patterns += _phrases("remedy", phrases_of("remedies"))
    return patterns + _phrases("product", _with_plurals(products()))

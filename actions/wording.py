"""How a message is worded, where words alone say it: a yes, a no, a question, a letter of others.

What a sentence means is learned (`language/`); here are only the few forms that must not be missed,
each with its examples in tests/actions/test_wording.py.
"""

from __future__ import annotations

import re

_QUOTES = str.maketrans("’‘`´", "''''")

_YES_FIRST = re.compile(
    r"^\W*(?:yes|yep|yeah|yup|sure|ok|okay|go ahead|go for it|do it|please do)\b"
    r"|^\W*(?:just )?go(?: (?:on|for it|ahead|then|please))*\W*$",
    re.I,
)
_YES_LAST = re.compile(r"\b(?:go ahead|go for it|yes please)\W*$", re.I)
# After a yes that comes first, these take it back; before one that comes last, more do.
_HOLDS_BACK = re.compile(
    r"\b(?:stop|wait|hold on|not yet|never mind|nevermind|unless|until|before|instead|do not)\b"
    r"|n't\b|\bdont\b",
    re.I,
)
_DENIES = re.compile(
    r"\b(?:not|never|no|nothing|without|before|until|unless|if|should|when|dont|didnt|doesnt|wont|"
    r"cant|isnt)\b|n't\b",
    re.I,
)
_NO_FIRST = re.compile(r"^\W*(?:no|nope|nah|not yet|don't|dont|do not)\b", re.I)
_CANCEL_FIRST = re.compile(r"^\W*(?:(?:ok|yes|just|please)\W+)*cancel\b", re.I)
_CANCEL_IT = re.compile(
    r"^\W*(?:(?:ok|okay|yes|yeah|just|then|so|please|pls)\W+)*cancel"
    r"(?:\W+(?:it|the|my|whole|entire|order|number|all|everything|please|pls|then|now|anyway|asap|"
    r"#?\d+))*\W*$",
    re.I,
)
_QUESTION_WORD = re.compile(
    r"^\W*(?:and |so |ok |but )*(?:how|what|when|who|why|where|which)\b", re.I
)
_TURNED_ROUND = re.compile(
    r"^\W*(?:and |so |ok |but )*(?:do(?! (?:it|that|this)\b)|does|did|can|could|is|are|am|was|will|"
    r"would|should)\s+"
    r"(?:i|you|u|ya|we|they|he|she|it|that|this|there|the|my|your|somebody|someone|anyone)\b",
    re.I,
)
_DEED = re.compile(r"^\W*(?:\w+\W+){0,2}(?:can|could|would|will|may)\s+(?:you|u|ya|i|we)\b", re.I)
_MAIL_FIELD = re.compile(r"(?:^|[\s>])(from|to|sent|date|subject|cc|fwd?)\s*:", re.I)
_FORWARDED = re.compile(
    r"begin forwarded message|-+ ?forwarded|\bdear (?:customer|sir|madam|valued|mr|ms)\b", re.I
)
_QUOTED = re.compile(r"[\"“](.+)[\"”]", re.S)
_REPORTED = re.compile(
    r"\b(?:wrote|sent|says?|said|text|e?-?mail|message|notice)\b[^.:]{0,20}:\s(.+)", re.I | re.S
)
_WORDS_OF_A_QUOTE, _WORDS_OF_A_REPORT = 6, 8
_LETTER = re.compile(
    r"\b(?:e-?mail|letter|notice|message|text|report|statement|paper)\b.*\b(?:from|by|of)\b", re.I
)


def plain(text: str) -> str:
    """The text with the apostrophes that keyboards have: phones type others."""
    return text.translate(_QUOTES)


def begins_with_yes(text: str) -> bool:
    """Whether a message begins with a plain yes, and does not take it back: "ok, wait"."""
    text = plain(text)
    return bool(_YES_FIRST.search(text)) and not _HOLDS_BACK.search(text)


def says_yes(text: str) -> bool:
    """Whether a message begins with a plain yes, or ends with "go ahead" and denies nothing."""
    ends_so = _YES_LAST.search(plain(text)) and not denies(text)
    return begins_with_yes(text) or bool(ends_so)


def says_no(text: str) -> bool:
    """Whether a message begins with a plain no."""
    return bool(_NO_FIRST.search(plain(text)))


def denies(text: str) -> bool:
    """Whether a message denies something or makes a condition."""
    return bool(_DENIES.search(plain(text)))


def says_cancel(text: str) -> bool:
    """Whether a message begins with the word to cancel, whatever is to be canceled."""
    return bool(_CANCEL_FIRST.search(plain(text)))


def cancels_the_order(text: str) -> bool:
    """Whether a message says to cancel the order; "cancel the cancellation" does not."""
    return bool(_CANCEL_IT.search(plain(text)))


def asks(text: str) -> bool:
    """Whether a message is worded as a question of any kind."""
    text = plain(text)
    return "?" in text or bool(_QUESTION_WORD.search(text) or _TURNED_ROUND.search(text))


def asks_to_know(text: str) -> bool:
    """Whether a message asks for an answer: by a question word first or a question mark last."""
    text = plain(text)
    return text.rstrip().endswith("?") or asks_what(text)


def asks_what(text: str) -> bool:
    """Whether a message begins with a question word."""
    return bool(_QUESTION_WORD.search(plain(text)))


def asks_for_a_deed(text: str) -> bool:
    """Whether a question is a request: "could you send another one?"."""
    return bool(_DEED.search(plain(text)))


def is_forwarded(text: str) -> bool:
    """Whether a message has the marks of one that was forwarded or quoted.

    Two fields of a mail's head, a form of address that companies use, or words in quotes.
    """
    if _FORWARDED.search(text) or len({m.lower() for m in _MAIL_FIELD.findall(text)}) > 1:
        return True
    quoted, reported = _QUOTED.search(text), _REPORTED.search(text)
    if quoted and len(quoted[1].split()) >= _WORDS_OF_A_QUOTE:
        return True
    return reported is not None and len(reported[1].split()) >= _WORDS_OF_A_REPORT


def has_letter(text: str) -> bool:
    """Whether a message says that there is a letter or message from somebody about it."""
    return bool(_LETTER.search(text)) and not denies(text)

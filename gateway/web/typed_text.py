"""What a customer types, made plain: text that can be shown and sent on, and never a command."""

from __future__ import annotations

import re
import unicodedata

MAX_CHARACTERS = 2000

# The slash Rasa reads as a command, and what is drawn or normalized like one.
SLASHES = "/\u2044\u2215\uff0f\u29f8\u27cb\u2571\u1735\u3033\u2cc6\U0001d23a\u0337\u0338"
_KEPT_CONTROLS = "\n\t"
_KEPT_FORMATS = "\u200c\u200d"  # joiners: emoji and several scripts need them


def plain_text(typed: str) -> str:
    """Make typed text safe to pass on: the same words, and no leading slash of any look.

    Control and invisible characters go, line ends become `\\n`, and whatever white space,
    invisible signs and slashes stand in front are taken off until a visible sign comes first.
    The result can be empty. Nothing else is altered: it is the customer's own text.
    """
    text = unicodedata.normalize("NFC", typed).replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(sign for sign in text if _visible(sign))
    start = 0
    while start < len(text) and _skipped_in_front(text[start]):
        start += 1
    return re.sub(r"\n{3,}", "\n\n", text[start:]).rstrip()


def _visible(sign: str) -> bool:
    category = unicodedata.category(sign)
    if category == "Cc":
        return sign in _KEPT_CONTROLS
    if category == "Cf":
        return sign in _KEPT_FORMATS
    return category != "Cs"


def _skipped_in_front(sign: str) -> bool:
    return (
        sign in SLASHES
        or sign.isspace()
        or unicodedata.category(sign) in {"Cf", "Cc", "Zs", "Zl", "Zp", "Mn", "Me"}
        or sign in "\u115f\u1160\u3164\uffa0\u2800"  # drawn as nothing
    )

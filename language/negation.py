"""Tells what the customer does not want or does not have."""

from __future__ import annotations

import re

from language.text import MASKED_NUMBER

_LITTLE = r"(?:(?:a|an|the|any|my|some|another|more|your)\s+)?"
_LISTED = r"(?:[\w-]+\s+(?:or|nor|and)\s+)?"
_NOT_WANTED = (
    r"(?:\bno|\bnot|\bnor|\bneither|\bwithout|\binstead of|\brather than|"
    r"\b(?:don'?t|do not|didn'?t|did not|doesn'?t) (?:want|need|ask for|mean)(?: to)?"
    r"(?: (?:be|get|have))?)"
)
_NOT_THERE = (
    r"(?:\b(?:don'?t|do not|haven'?t|have not|can'?t|cannot|can not|didn'?t|did not|couldn'?t|"
    r"won'?t|never|unable to)(?: \w+){0,3})"
)
_PATTERNS = {
    "remedy": re.compile(rf"{_NOT_WANTED}\s+{_LITTLE}{_LISTED}$"),
    "evidence": re.compile(rf"(?:{_NOT_WANTED}|{_NOT_THERE})\s+{_LITTLE}{_LISTED}$"),
}
_QUOTES = str.maketrans("’‘`", "'''")

_ACTS = {
    "cancel_order": r"cancel(?:ing|ling|lation)?",
    "return_unwanted_item": (
        r"return(?:ing)?|(?:send|sending|give|giving|take|ship) "
        r"(?:it|this|that|them|these|those|anything|(?:the|my) \w+) back"
    ),
    "correct_address": (
        r"address(?:es)? (?:corrected|changed|fixed)|(?:change|correct) (?:of|the|my) address"
    ),
    "withdraw_request": r"withdraw(?:ing|al)?",
    "want_remedy": r"refund(?:ing)?|replac(?:e|ing|ement)|exchang(?:e|ing)",
}
"""The acts that customers say they do not want, by the intent that wants them."""

_LEAD = r"(?:^|(?<=[,.;:!?])\s*|(?<=\bplease ))"
_FILLER = r"(?:(?:please|kindly|ok|okay|hey|hi|hello|just|so|and|but|no|actually|wait) )*"
_NO = (
    r"(?:(?:you )?(?:do not|don't|needn't|need not)|(?:there's |there is )?no need to|"
    r"i (?:do not|don't|didn't|did not) (?:want|need|wish|intend|mean|ask|plan)(?: you)?"
    r"(?: to)?|(?:we are|we're) not(?: asking| trying)?(?: you)?(?: to)?|"
    r"i(?:'m| am) not (?:asking|trying|looking|here)(?: you| for you)?(?: to)?|"
    r"not(?: asking| trying| looking| here)?(?: to)?)"
)
"""No bare "no": "no refund, no answer" says what is missing, not what is not wanted."""
_REST = r"[^,.;:!?]*?(?=[,.;:!?]|$|\b(?:but|just|only|i)\b)[,.;:!?]*"
_NEGATED_ACT = re.compile(
    rf"{_LEAD}{_FILLER}{_NO} (?:please |actually |even )?(?:a |any |the |my )?"
    rf"(?:{'|'.join(f'(?P<{intent}>{act})' for intent, act in _ACTS.items())})\b{_REST}"
)
_NEVER_SAID = re.compile(
    rf"{_LEAD}{_FILLER}(?:nobody|no one|i never|i (?:didn't|did not)|we never) "
    r"(?:said?|says|mention(?:ed)?|wrote|write|told you|tell you|talked about|spoke of)\b"
    r"(?! (?:so|yes|that it|it)\b)[^,.;:!?]*[,.;:!?]*"
)
"""What nobody said is not what is meant: "nobody said destroyed, it came broken"."""
_NOT_ABOUT = re.compile(
    rf"{_LEAD}{_FILLER}(?:(?:this|it|that)(?:'s| is) not|(?:this|it|that) isn't) about "
    r"[^,.;:!?]*[,.;:!?]*"
    rf"|{_LEAD}{_FILLER}(?:nothing(?:'s| is) wrong with (?:the|my) (?:address|order)|"
    r"(?:the|my) address is (?:fine|right|correct|ok(?:ay)?))[,.;:!?]*"
)
_NOT_SO = re.compile(
    rf"{_LEAD}{_FILLER}(?:(?:it|this|that)(?:'s| is| was)? )?(?:isn't|wasn't|not) "
    r"(?:a )?(?:broken|damaged|defective|faulty|destroyed|a return|return|refund|withdrawal)\b"
    r"(?! (?:anymore|any more))[^,.;:!?]*[,.;:!?]*"
)
_WHOSE = re.compile(
    r"\b(?:and )?(?:my |the )?(?:zip|postal)(?: code)? (?:is|on (?:it|the order) is)?\s*(?="
    + re.escape(MASKED_NUMBER)
    + ")"
)
"""The words around a ZIP code that only says whose order it is."""
_FEWEST_LEFT = 3


def is_negated(entity: str, text: str, start: int) -> bool:
    """Tell whether the words before `start` negate the entity that starts there.

    Only remedies ("no refund") and kinds of evidence ("I don't have photos") can be negated.
    """
    pattern = _PATTERNS.get(entity)
    before = text[:start].translate(_QUOTES).lower()
    return pattern is not None and bool(pattern.search(before))


def without_what_is_denied(text: str) -> str:
    """Return a readable text without what it says is not wanted or was not said, if more is said.

    Example:
        "don't cancel it, just change the address" gives "just change the address".
    """
    told = _WHOSE.sub(" ", _NOT_ABOUT.sub(" ", _NOT_SO.sub(" ", _NEVER_SAID.sub(" ", text))))
    left = " ".join(_NEGATED_ACT.sub(" ", told).split()).strip(" ,;:-")
    return left if len(left.split()) >= _FEWEST_LEFT else text


_NO_FAULT = re.compile(
    r"(?:\bnot|n't|\bnever|\bno|\bwithout)\s+(?:a |any |at all )?(?:really |actually )?"
    r"(?:damaged?|broken|defective|defects?|faulty|faults?|cracked|scratched|issues?|problems?)\b"
    r"|\bnothing(?:'s|\s+is|\s+was)?\s+(?:\w+\s+)?wrong\b"
    r"|(?<!n't )(?<!not )(?<!never )\bworks? (?:just |perfectly )?"
    r"(?:fine|well|great|perfectly|okay|as (?:advertised|described|expected|it should))\b"
    r"|\b(?:in (?:perfect|good|great|working)|perfect) (?:order|shape|condition)\b"
)
_OWN_CHOICE = re.compile(
    r"\b(?:changed? (?:my|our) mind|too (?:big|small|large|tall|wide|long|short|heavy|hard|soft)|"
    r"measured|by mistake)\b|(?:n't|\bnot) fit\b"
)


def denies_fault(text: str) -> bool:
    """Tell whether a readable text says that nothing is wrong with the goods."""
    return bool(_NO_FAULT.search(text))


def gives_own_reason(text: str) -> bool:
    """Tell whether a readable text says that the goods were the wrong choice."""
    return bool(_OWN_CHOICE.search(text))


def negated_intents(text: str) -> frozenset[str]:
    """Return the intents whose act a readable text says is not wanted ("please don't cancel")."""
    found = _NEGATED_ACT.finditer(text)
    return frozenset(
        intent for match in found for intent, act in match.groupdict().items() if act is not None
    )

"""Takes identity out of a sentence and leaves one that still reads as a customer would type it.

What can be told by its form is replaced: addresses, numbers, amounts, days, and names after words
that announce a name. A name in the middle of a sentence cannot be told; who labels it can.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import partial

READ = 2000
KEPT = 500

NAME = "Pat"
_CAPITAL = r"(?-i:[A-Z])[\w'-]+"
_SMALL_WORD = (
    r"(?:and|but|or|i|my|the|a|an|is|was|not|on|in|for|with|to|it|you|we|order|because|so|please)\b"
)
_NAME = rf"(?!{_SMALL_WORD})[a-z][\w'-]*(?:\s+(?!{_SMALL_WORD})[a-z][\w'-]*)?"
_NOT_STREET = r"(?!(?:the|a|an|on|in|of|to|my|is|was|i|it|days?|weeks?|months?|hours?|times?)\b)"
_STREET = (
    r"street|str|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|place|pl|circle|"
    r"terrace|parkway|pkwy|highway|hwy|way"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"

# In this order: what is longer and surer first. Group 1, where there is one, stays.
_FORMS = [
    (r"\b(?:https?://|www\.)\S+", "www.example.com"),
    (r"\S+@\S+\.\w+", "pat@example.com"),
    (r"\baop-?r-?[a-z0-9]{4}-?[a-z0-9]{4}\b", "AOP-R-2345-6789"),
    (r"\b1z[a-z0-9]{8,}\b", "1Z999AA10123456784"),
    (r"\b\d{4}-\d{1,2}-\d{1,2}\b|\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b", "March 3"),
    (rf"\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s+\d{{4}}\b)?", "March 3"),
    (rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?!\w)(?:,?\s+\d{{4}}\b)?", "March 3"),
    (r"(?:us)?\$\s?\d[\d,]*(?:\.\d+)?", "$25"),
    (r"\b\d[\d,]*(?:\.\d+)?\s?(?:dollars|bucks|usd)\b", "25 dollars"),
    (r"\b\d(?:[ -]?\d){11,}\b", "1Z999AA10123456784"),
    (r"(?<!\w)(?:\+?1[-. ]?)?\(?\d{3}\)?[-. ]?\d{3}[-. ]?\d{4}\b", "213-555-0142"),
    (r"\b\d{3}[-.]\d{4}\b", "555-0142"),
    (rf"\b\d{{1,6}}\s+(?:{_NOT_STREET}[\w.'-]+\s+){{1,3}}(?:{_STREET})\b\.?", "12 Main Street"),
    (r"\b((?:apt|apartment|unit|suite|ste)\.?\s*#?\s*)\d+[a-z]?\b", "4"),
    (r"\b(zip(?:\s?code)?(?:\s+is)?[\s:#]*)\d{5}(?:-\d{4})?\b", "90210"),
    (r"\b\d{5}-\d{4}\b", "90210"),
    (r"\b((?-i:[A-Z]{2}),?\s+)\d{5}\b", "90210"),
    (r"\b(?=[a-z0-9-]*\d{4})[a-z0-9-]{6,}\b", "10482"),
    (r"\b\d{4,}\b", "10482"),
    (rf"\b(names?(?:'s|\s+is|\s+of|:)\s+|call me\s+|ask for\s+){_NAME}", NAME),
    (rf"\b((?:this is|i am|i'm)\s+){_CAPITAL}\s+{_CAPITAL}", NAME),
    (rf"\b((?:this is|i am|i'm)\s+){_CAPITAL}(?=\s*(?:[,.!]|and\b|from\b|$))", NAME),
    (rf"\b((?:mr|mrs|ms|miss|dr)\.?\s+){_CAPITAL}(?:\s+{_CAPITAL})?", NAME),
    (rf"^((?:hi|hello|hey|dear)\s+){_CAPITAL}(?=,)", NAME),
    (
        rf"\b((?:wife|husband|partner|son|daughter|boss|assistant|colleague|recipient),?\s+)"
        rf"{_CAPITAL}(?:\s+{_CAPITAL})?",
        NAME,
    ),
    (
        r"\b((?:thanks|thank you|regards|sincerely|best|cheers)[\s,.!-]+)"
        rf"{_CAPITAL}(?:\s+{_CAPITAL})?(?=\W*$)",
        NAME,
    ),
]  # fmt: skip
_RULES = [(re.compile(form, re.IGNORECASE), neutral) for form, neutral in _FORMS]
# Digits put in are hidden from the rules that follow; typed text never holds these letters.
_HIDDEN = str.maketrans({str(digit): chr(0xE000 + digit) for digit in range(10)})
_SHOWN = {0xE000 + digit: str(digit) for digit in range(10)}
_QUOTES = str.maketrans("‘’‛`´“”", "'''''\"\"")
_DETAIL_WORDS = {
    "order", "number", "no", "case", "claim", "zip", "code", "email", "mail", "e", "phone", "name",
    "address", "it", "its", "is", "s", "i", "m", "me", "my", "the", "this", "that", "and", "or",
    "here", "at", "on", "for",
}  # fmt: skip


def _on_one_line(text: str) -> str:
    plain = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in text)
    line = " ".join(plain.translate(_QUOTES).split())
    # Never half a word: half an address would not be known for one.
    return line if len(line) <= READ else line[:READ].rpartition(" ")[0]


def _replaced(text: str, known: Iterable[str], neutral: Callable[[str], str]) -> str:
    """Return the text with all that identifies replaced by what ``neutral`` makes of the usual."""
    rules = [
        *_RULES,
        *((re.compile(rf"\b{re.escape(one)}\b", re.IGNORECASE), NAME) for one in known),
    ]
    for rule, usual in rules:
        put = neutral(usual).translate(_HIDDEN)
        text = rule.sub(partial(_kept_and, put), text)
    return text.translate(_SHOWN)


def _kept_and(put: str, match: re.Match[str]) -> str:
    return (match[1] if match.lastindex else "") + put


def masked(text: str, known: Iterable[str] = ()) -> str:
    """Return the text on one line without identity, at most `KEPT` characters, cut at a word.

    ``known`` are names that this customer is known to bear, such as those in their address.
    """
    whole = _replaced(_on_one_line(text), known, lambda usual: usual)
    return whole if len(whole) <= KEPT else whole[:KEPT].rpartition(" ")[0] or whole[:KEPT]


def says_something(text: str) -> bool:
    """Tell whether a text has two words or more beside numbers, addresses and what names them."""
    bare = _replaced(_on_one_line(text), (), lambda usual: " ")
    words = re.findall(r"[^\W\d_]+", bare.lower())
    return len([word for word in words if word not in _DETAIL_WORDS]) > 1


def names_in(address: str) -> list[str]:
    """Return the words of an e-mail address's first part that may be somebody's name."""
    return re.findall(r"[a-z]{4,}", address.partition("@")[0].lower()) if "@" in address else []

"""How a message is worded, where words alone say it: a yes, a no, a question, a letter of others.

What a sentence means is learned (`language/`); here are only the few forms that must not be missed,
each with its examples in tests/actions/test_wording.py.
"""

from __future__ import annotations

import re

_QUOTES = str.maketrans("’‘`´", "''''")

_YES_FIRST = re.compile(
    r"^\W*(?:yes|yep|yeah|yup|ya|yea|sure|ok|okay|go ahead|go for it|do it|please do)\b"
    r"|^\W*(?:just )?go(?: (?:on|for it|ahead|then|please))*\W*$",
    re.I,
)
# "I have to send it in" is no "send it in".
_SENDS = re.compile(r"\b(?:send|submit|file|put) (?:it|that|this)\b", re.I)
_NOT_NOW = re.compile(
    r"\b(?:when|once|after|only|except|must|told|tomorrow|later|minute|think|thinking|call|first\W*$|today|bye)\b"
    r"|\bforget\b|\bleave it\b|\bcancel (?:that|this)\b|\bchanged? my mind\b|\bsecond thoughts?\b",
    re.I,
)
_YES_AND = re.compile(
    r"^\W*(?:yes|yep|yeah|yup|ya|yea|sure|ok|okay)\W+(?:and|also|plus|go|do|please|then)\b", re.I
)
_YES_LAST = re.compile(
    r"\b(?:go ahead|go for it|yes please)\W*$"
    r"|(?:^|[.,;:!]\s*|\b(?:please|just|now|then|ok|okay)\s+)"
    r"(?:send|submit|file|put) (?:it|that|this|(?:the|my) (?:request|form))"
    r"(?: (?:off|in|through|now|please|then))*\W*$",
    re.I,
)
# "That's not an answer, but ok go": what comes before is put aside.
_YES_AFTER_ALL = re.compile(
    r"\b(?:but|anyway|whatever|fine|then|ok(?:ay)?)\W+(?:(?:ok(?:ay)?|just|please|yes)\W+)*"
    r"(?:yes|go|go ahead|go for it|do it|send it)\W*$",
    re.I,
)
_A_YES = (
    r"(?:yes|yep|yeah|yup|ya|yea|ye|sure|do (?:it|that)|go(?: (?:on|ahead|for it))?|proceed|agreed|"
    r"confirmed?|"
    r"(?:send|submit|file|put|pass) (?:it|that|this)(?: (?:off|in|through|on))?)"
)
_POLITE = (
    r"(?:ok(?:ay)?|fine|good|great|perfect|all ?right|very well|please|pls|kindly|then|now|"
    r"and|thanks|thank you|thank u|just|so)"
)
_BARE_YES = re.compile(
    rf"^\W*(?:{_POLITE}\W+)*{_A_YES}(?:\W+(?:{_A_YES}|{_POLITE}|very much|a lot))*\W*$", re.I
)
_WITH_ITS_END = re.compile(r"[^.!?;\n]+[.!?;\n]*\s*")
_SENTENCE = re.compile(r"[.!?;\n]+\s+")
# After a yes that comes first, these take it back; before one that comes last, more do.
_HOLDS_BACK = re.compile(
    r"\b(?:stop|wait|hold on|not yet|never mind|nevermind|unless|until|before|instead|do not)\b"
    r"|n't\b|\bdont\b",
    re.I,
)
_ONLY_IF = re.compile(r"\b(?:only if|unless|as long as|so long as|provided|on condition)\b", re.I)
_IF = re.compile(r"\bif\b", re.I)
# "Yes. But can I still get another one?": the answer comes before the yes.
_BUT_FIRST = re.compile(r"(?:^|[.!;\n])\s*but\b[^.!;\n]*\?", re.I)
_LEFT_TO_US = re.compile(
    r"\b(?:whatever|what|whichever) (?:(?:do )?you|u) (?:think|like|prefer|want|say)\b"
    r"|\bup to you\b|\byou (?:choose|decide|pick)\b",
    re.I,
)
_TAKES_BACK = re.compile(
    r"\b(?:stop|wait|hold on|not yet|never ?mind|instead|no|wrong|"
    r"cancel (?:it|that|this)|(?:that|this|it)(?:'s| is) not|"
    r"(?:do not|don'?t) (?:send|go|do|file|submit)(?: it)?)\b",
    re.I,
)
# "Ok so e-mail or only here", "yes if it is free": no yes to what stands there.
_LEAVES_OPEN = re.compile(
    r"\b(?:or|if|no|not|provided|as long as|whatever (?:you|u))\b|^\W*(?:ya|yea|yeah) right\W*$"
    r"|^\W*(?:ok|okay|sure)\W+(?:so|but|and)\b(?!\W+(?:yes|go|do|please|then|there|also)\b)",
    re.I,
)
_DENIES = re.compile(
    r"\b(?:not|never|no|nothing|without|before|until|unless|if|should|when|dont|didnt|doesnt|wont|"
    r"cant|isnt)\b|n't\b",
    re.I,
)
_NO_FIRST = re.compile(
    r"^\W*(?!no (?:problem|need|rush|worries)\b)(?:no|nope|nah|not yet|don't|dont|do not)\b", re.I
)
_CANCEL_FIRST = re.compile(r"^\W*(?:(?:ok|yes|just|please)\W+)*cancel\b", re.I)
_CANCEL_IT = re.compile(
    r"^\W*(?:(?:ok|okay|yes|yeah|no|just|then|so|please|pls)\W+)*cancel"
    r"(?:\W+(?:it|the|my|whole|entire|order|number|all|everything|please|pls|then|now|anyway|asap|"
    r"#?\d+))*\W*$",
    re.I,
)
_OPENS = r"^\W*(?:(?:and|so|ok|but|actually|hey|hm+|well|wait|sorry|please|also|no|what)\W+)*"
_QUESTION_WORD = re.compile(rf"{_OPENS}(?:how|what|when|who|why|where|which)\b", re.I)
_TURNED_ROUND = re.compile(
    rf"{_OPENS}(?:do(?! (?:it|that|this)\b)|does|did|can|could|is|are|am|was|will|would|should)\s+"
    r"(?:i|you|u|ya|we|they|he|she|it|that|this|there|the|my|your|somebody|someone|anyone)\b",
    re.I,
)
_ASKS_INSIDE = re.compile(
    r"\b(?:why|when|how)\s+(?:is|was|are|were|do|does|did|has|have|can|will|would)\b"
    r"|\bwhether\b|\b(?:asked|asking)\W+(?:why|when|how|if|what|where|who)\b"
    r"|\b(?:want|wanna|like|need) (?:to )?know\b|\bwonder(?:ing)?\b",
    re.I,
)
_DEED = re.compile(
    r"(?:^|[,.;!]\s)\W*(?!(?:how|what|when|who|why|where|which)\b)(?:\w+\W+){0,2}"
    r"(?:can|could|would|will|may)\s+(?:you|u|ya|i|we|someone|somebody)\b"
    r"(?!\W+(?:please\W+)?(?:ask|tell|explain|say|let me know|check|see))",
    re.I,
)
_PERSON = re.compile(
    r"\b(?:get me|give me|i (?:want|need)|let me (?:talk|speak)|talk|speak|connect me|transfer me|"
    r"put me through)\b[^.!?;]{0,20}"
    r"\b(?:human|person|agent|representative|rep|manager|supervisor)\b"
    r"|\b(?:can|could|may|would) (?:a |an? actual |a real |some ?)(?:human|person|agent|body|one)\b"
    r".{0,15}\b(?:help|talk|speak|take over)\b",
    re.I,
)
_TO_NOTE = re.compile(
    r"\b(?:tell|let|inform)\s+(?:the |that |your )?"
    r"(?:person|agent|team|colleagues?|people|them|him|her|whoever)\b.{0,40}\b(?:know|that|it'?s|its|i|my|we|our|the)\b"
    r"|^\W*(?:(?:and|also|please|just|ok|can you|could you)\W+)*(?:add|note|put|write|mention)\b"
    r"(?!\W+(?:it|that|this|me|us)\W*(?:in|through|off|to|with)?\W*$)"
    r".{0,20}\b(?:that|down|on there|on it|as well|too|it'?s|its|is)\b"
    r"|\b(?:make a note|for the record|for the file|make sure (?:the person|they) gets?)\b",
    re.I,
)
_FALLBACK = re.compile(
    r"\bif (?:they|you|it|that|this|the shop|she|he|somebody)\b.{0,30}"
    r"\b(?:no|refuse[sd]?|declines?d?|rejects?|turns?|won'?t|wont|can'?t|cant|cannot|not|impossible)\b"
    r"|\bif not\b|\bfailing (?:that|this)\b|\bas a fallback\b|\bsecond choice\b",
    re.I,
)
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
    open_still = _HOLDS_BACK.search(text) or _LEAVES_OPEN.search(text)
    return bool(_YES_FIRST.search(text)) and not open_still


def says_yes(text: str) -> bool:
    """Whether a message begins or ends with a plain yes ("go ahead", "but ok go"), or is one."""
    text = plain(text)
    ends_so = _YES_LAST.search(text) and not denies(text)
    return begins_with_yes(text) or bool(
        ends_so or _YES_AFTER_ALL.search(text) or _BARE_YES.search(text)
    )


def is_yes(text: str) -> bool:
    """Whether a message is a yes and nothing else: "very well, yes, go ahead, and thank you"."""
    return "?" not in text and bool(_BARE_YES.search(plain(text).strip()))


def sends_it(text: str) -> bool:
    """Whether a message says to send it: a yes to a request, the opposite to its withdrawal."""
    return bool(_SENDS.search(text))


def puts_off_yes(text: str) -> bool:
    """Whether a message says that its yes is for later, for a part, or somebody else's to give."""
    return bool(_NOT_NOW.search(plain(without_questions(text))))


def goes_on_after_yes(text: str) -> bool:
    """Whether a yes is joined to what follows: "yes, and then there is 20177"."""
    return bool(_YES_AND.search(plain(text)))


def yes_before_more(text: str) -> bool:
    """Whether one of several sentences is a yes and nothing else: "yeah do it. who decides?"."""
    sentences = _WITH_ITS_END.findall(plain(text).strip())
    agreed = [one for one in sentences if _BARE_YES.search(one) and "?" not in one]
    rest = " ".join(one for one in sentences if one not in agreed)
    taken_back = _TAKES_BACK.search(rest) or _ONLY_IF.search(rest) or asks_before_yes(text)
    return bool(agreed and rest) and not taken_back and not says_no(text)


def asks_before_yes(text: str) -> bool:
    """Whether a sentence asks with a but, whatever was agreed to: "Yes. But is it free?"."""
    return bool(_BUT_FIRST.search(plain(text)))


def says_no(text: str) -> bool:
    """Whether a message begins with a plain no."""
    return bool(_NO_FIRST.search(plain(text)))


def more_than_no(text: str) -> bool:
    """Whether a message that begins with a no goes on with another sentence."""
    return says_no(text) and len([one for one in _SENTENCE.split(plain(text).strip()) if one]) > 1


def wants_person(text: str) -> bool:
    """Whether a sentence of the message plainly demands a person, whatever else is said."""
    sentences = _SENTENCE.split(plain(text))
    return any(_PERSON.search(one) and not denies(one) and not asks_what(one) for one in sentences)


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
    sentences = _SENTENCE.split(plain(text))
    asked = any(_QUESTION_WORD.search(one) or _TURNED_ROUND.search(one) for one in sentences)
    return asked or "?" in text or bool(_ASKS_INSIDE.search(text))


def leaves_it_to_us(text: str) -> bool:
    """Whether a message leaves the choice to the shop: "whatever you think"."""
    return bool(_LEFT_TO_US.search(plain(text)))


def makes_a_condition(text: str) -> bool:
    """Whether a message agrees on a condition: "yes but only if I get all of it back"."""
    text = plain(text)
    return bool(_ONLY_IF.search(text) or (_YES_FIRST.search(text) and _IF.search(text)))


def asks_to_note(text: str) -> bool:
    """Whether a message wants something passed on or put down: "tell the person it is unopened"."""
    return bool(_TO_NOTE.search(plain(text))) and not asks_what(text)


def is_fallback(text: str) -> bool:
    """Whether a sentence says what is wanted if something else is not to be had."""
    return bool(_FALLBACK.search(plain(text))) and not asks(text)


def without_fallbacks(text: str) -> str:
    """The sentences of a message that say what is wanted first."""
    sentences = _WITH_ITS_END.findall(text)
    return "".join(one for one in sentences if not is_fallback(one))


def without_questions(text: str) -> str:
    """The sentences of a message that do not ask; "could you send a new one?" is a request."""
    sentences = _WITH_ITS_END.findall(text)
    return "".join(one for one in sentences if not asks(one) or asks_for_a_deed(one))


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

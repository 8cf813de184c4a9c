"""What a reply asks, read as a customer reads it: by its words, and by what is still open."""

from __future__ import annotations

import re

from tests.conversations.transcript import Reply

# The assistant's slots that hold the name of the open question, whichever of them there is.
OPEN_QUESTION = ("question", "requested_slot")
FACTS = ("order_number", "proof", "items", "delivered_on", "remedy", "evidence", "description")
# Questions that are open for no fact: a yes to the list, something offered, what it is all about.
CONFIRM, OFFER, WHAT = "confirm", "offer", "what"

_CUES = {
    "order_number": r"order number",
    "proof": r"zip code|e-mail address or",
    "items": r"which (one|item|of (them|these|the items))\b[^?.]*(about|is it)",
    "delivered_on": r"what day|which day|when did (it|you|the)",
    "remedy": r"which would you like|what would you like|would you rather",
    "evidence": r"picture button|need to see|do you have (that|this)|show us|paste its text",
    "description": r"what went wrong\?|what should the (delivery )?details be|how should (it|the)",
    CONFIRM: r"shall i (go ahead|send|withdraw)|what should be different|is (that|this) right\?",
    OFFER: r"shall i help you|shall we|would you like (me|us) to|if one of these fits",
    WHAT: r"which( of these)? is it\?|(?<!see )(?<!us )what happened|in other words"
    r"|which one shall we settle",
}
_NOT_UNDERSTOOD = re.compile(
    r"not sure (i understood|what you)|not understand|in other words|outside what i can help"
    r"|which( of these)? is it\?|what happened with your order|i would like to know whether",
    re.I,
)


def asked(reply: Reply) -> str | None:
    """The name of the question a customer sees: one of `FACTS` or of the three others, or None."""
    text = reply.text.casefold()
    ends = {
        name: max(found.end() for found in re.finditer(cue, text))
        for name, cue in _CUES.items()
        if re.search(cue, text)
    }
    if "order_number" in ends:
        ends.pop("proof", None)  # asked for in the same breath
    still_open = _open_question(reply)
    if still_open and (still_open in ends or not ends):
        return still_open
    return max(ends, key=lambda name: ends[name]) if ends else None


def asks_for_both(reply: Reply) -> bool:
    """Whether the order number and the proof are asked for together."""
    text = reply.text.casefold()
    return bool(re.search(_CUES["order_number"], text) and re.search(_CUES["proof"], text))


def has_no_bearing(reply: Reply) -> bool:
    """Whether the reply has nothing to do with what was said: not understood, or nothing at all."""
    return not reply.messages or bool(_NOT_UNDERSTOOD.search(reply.text))


def _open_question(reply: Reply) -> str | None:
    for slot in OPEN_QUESTION:
        if reply.slots.get(slot) in (*FACTS, CONFIRM):
            return str(reply.slots[slot])
    return None

"""What was not understood, guessed or corrected is noted for training, without identity.

Only the actions see what a sentence was taken for. What is noted never changes the turn.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

from actions.matters import matter_for, matter_of_intent
from actions.moves import Move
from actions.turn import SET_BY_COMPONENTS, Event, Turn
from casework.training.masking import names_in, says_something
from casework.training.unclear import note

logger = logging.getLogger(__name__)

LOW_CONFIDENCE = 0.55
"""Below it a guess is noted although it was followed; config.yml says when it is not followed."""

CORRECTED_WITHIN = 60.0
"""Seconds from a message to the one that corrects it."""

_NOT_TYPED = frozenset({"handed_back"})
# A no to these questions is an answer.
_YES_OR_NO = frozenset({"confirm", "evidence"})
# Answered in one's own words, or with who one is.
_OWN_WORDS = frozenset({"description"})
_WHO_ONE_IS = frozenset({"order_number", "proof"})
_A_BARE_NAME = 3
_MEANT = re.compile(
    r"^\W*(?:no\b.*\b(?:mean|meant)\b|i (?:mean|meant)\b|that'?s (?:not (?:what|it)\b|wrong)|"
    r"not what i\b|wrong\W*$)",
    re.I,
)


def note_unclear(turn: Turn, move: Move) -> None:
    """Note the turn's message, or the one before it that this one corrects; never fails a turn.

    To be called once the message has been answered; `move` is what it was read as.
    """
    try:
        with turn.session.begin_nested():
            _note_this(turn, move)
            _note_the_one_before(turn)
    except Exception:
        logger.warning("a misunderstanding was not noted", exc_info=True)


def _note_this(turn: Turn, move: Move) -> None:
    if turn.intent == "several_matters" or not _is_typed(turn, turn.message):
        return
    if move.name == "unclear" and not _may_be_a_name(turn):
        _keep(turn, turn.message, "not_understood")
    elif not _was_asked(turn) and _is_low(turn.message):
        # An open question says what an answer means, not the intent.
        _keep(turn, turn.message, "low_confidence")


def _note_the_one_before(turn: Turn) -> None:
    messages = [place for place, e in enumerate(turn.tracker.events) if e.get("event") == "user"]
    if len(messages) < 2:
        return
    events = turn.tracker.events
    before, this = (events[place] for place in messages[-2:])
    taken_for = _matter_opened(events, messages[-2], messages[-1])
    soon = float(this.get("timestamp") or 0) - float(before.get("timestamp") or 0)
    if taken_for is None or soon > CORRECTED_WITHIN or not _corrects(turn, taken_for):
        return
    heard = before.get("parse_data") or {}
    noted = _is_low(heard) and not _as_of(events[: messages[-2]], "question")
    if not noted and _is_typed(turn, heard):
        _keep(turn, heard, "corrected")


def _matter_opened(events: Sequence[Event], message: int, following: int) -> str | None:
    """The matter that a message's own intent opened, None where it opened none."""
    heard = events[message].get("parse_data") or {}
    meant = matter_of_intent(str((heard.get("intent") or {}).get("name") or ""))
    before = _as_of(events[:message], "matter")
    after = _as_of(events[:following], "matter")
    return meant.name if meant and meant.name == after != before else None


def _as_of(events: Sequence[Event], slot: str) -> Any:
    """What a slot was last set to."""
    for event in reversed(events):
        if event.get("event") == "slot" and event.get("name") == slot:
            return event.get("value")
    return None


def _was_asked(turn: Turn) -> bool:
    """Whether a question of a matter was open when the message came."""
    return bool(turn.slots.get("question"))


def _corrects(turn: Turn, taken_for: str) -> bool:
    """Whether this message says that the one before was taken for the wrong matter."""
    if _MEANT.search(turn.text):
        return True
    requested = turn.slots.get("question")
    if not requested or turn.slots.get("matter") != taken_for:
        return False
    if turn.intent in ("deny", "stop"):
        return requested not in _YES_OR_NO
    other = matter_for(turn.text, turn.intent)
    return other is not None and other.name != taken_for and requested not in _OWN_WORDS


def _is_typed(turn: Turn, message: Mapping[str, Any]) -> bool:
    """Whether a customer's own words say something: no button, no event, no bare detail."""
    text = str(message.get("text") or "").strip()
    if (message.get("intent") or {}).get("name") in _NOT_TYPED or matter_for(text, None):
        return False
    said = [e.get("data") or {} for e in turn.tracker.events if e.get("event") == "bot"]
    titles = {str(b.get("title")) for data in said for b in data.get("buttons") or []}
    return text not in titles and says_something(text)


def _may_be_a_name(turn: Turn) -> bool:
    """Whether a few words answer the question who one is."""
    asked = turn.slots.get("question") in _WHO_ONE_IS
    return asked and len(turn.text.split()) <= _A_BARE_NAME


def _best(message: Mapping[str, Any]) -> tuple[str, float]:
    """The likeliest intent that can be learned, its topic with it, and how sure it is."""
    ranking = message.get("intent_ranking") or [message.get("intent") or {}]
    best: Mapping[str, Any] = next(
        (one for one in ranking if one.get("name") not in SET_BY_COMPONENTS), {}
    )
    name = str(best.get("name") or "")
    if name == "ask_policy":
        selected = (message.get("response_selector") or {}).get("ask_policy") or {}
        name = str((selected.get("response") or {}).get("intent_response_key") or name)
    return name, float(best.get("confidence") or 0.0)


def _is_low(message: Mapping[str, Any]) -> bool:
    fell_back = (message.get("intent") or {}).get("name") == "nlu_fallback"
    return fell_back or _best(message)[1] < LOW_CONFIDENCE


def _keep(turn: Turn, message: Mapping[str, Any], why: str) -> None:
    guessed, confidence = _best(message)
    note(
        turn.session,
        text=str(message.get("text") or ""),
        guessed=guessed,
        confidence=confidence,
        why=why,
        today=turn.today,
        known=names_in(str(turn.slot("proof") or "")),
    )

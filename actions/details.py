"""What a message tells of the matter in hand beside the open question; it is never asked again.

"Can you send me another one?" at the question for pictures names the remedy; an e-mail pasted
before anybody asked for proof is evidence all the same.
"""

from __future__ import annotations

import re
from typing import Any

from actions.answers import Answer
from actions.identity import Identity
from actions.in_hand import go_on, take_in, tell_more
from actions.moves import Move
from actions.naming import items_told, with_those_before
from actions.replies import REMEDIES
from actions.scene import Scene
from actions.standing import standing
from actions.turn import Turn
from actions.wishes import remedy_choices, remedy_wished, wished
from actions.wording import asks_for_a_deed, asks_to_know, has_letter, is_forwarded
from casework.cases.in_words import listed, tips
from casework.orders.order import Order

# Questions whose answers are the customer's own words: all that is said there is an answer.
_OWN_WORDS = frozenset({"description"})
# There a paper is read as an answer, or nobody knows yet what it would show.
_BEFORE_EVIDENCE = frozenset({"order_number", "proof", "evidence"})
_TELLS = re.compile(
    r"\b(?:i|i'?m|i'?ve|my|we|our|it|its|it'?s|they|he|she|was|were|had|has|been|also|too)\b", re.I
)
# "I also want to change my password" tells nothing of the matter.
_WANTS = re.compile(r"\b(?:want|need|would like|how do i|help me)\b", re.I)
_WORDS_OF_A_DETAIL = 5
# So many words tell more than a wish.
_WORDS_OF_A_TALE = 12


def details(turn: Turn, question: str | None, order: Order | None) -> dict[str, Any]:
    """The claims that the message makes beside the open question; empty where it makes none."""
    if question is None or question in _OWN_WORDS:
        return {}
    found: dict[str, Any] = {}
    if question not in _BEFORE_EVIDENCE:
        paper = is_forwarded(turn.text), has_letter(turn.text)
        if any(paper) and _proof_helps(turn):
            found["evidence"] = "pasted" if paper[0] else "letter"
    if found.get("evidence") == "pasted":
        return found
    asks = asks_to_know(turn.text) and not asks_for_a_deed(turn.text)
    if question not in ("remedy", "confirm") and not asks:
        wish = remedy_wished(turn)
        if wish and wish != wished(turn) and wish in remedy_choices(turn):
            found["remedy"] = wish
    if question not in ("items", "confirm") and order is not None:
        named = with_those_before(turn, items_told(turn.text, order))
        if named and named != turn.slot("items"):
            found["items"] = named
    return found


def _proof_helps(turn: Turn) -> bool:
    """Whether the policy decides the matter by what shows it."""
    decision = standing(turn).decision
    return decision is not None and bool(tips(decision))


def tells_more(turn: Turn) -> bool:
    """Whether the message is worded as one that tells something, and in more than a few words."""
    words = len(turn.text.split())
    if words < _WORDS_OF_A_DETAIL or asks_to_know(turn.text) or not _TELLS.search(turn.text):
        return False
    return words >= _WORDS_OF_A_TALE or not _WANTS.search(turn.text)


def take_details(turn: Turn, scene: Scene, move: Move, said: Answer, identity: Identity) -> None:
    """Take them in, say what was understood, and come back to the open question."""
    claims: dict[str, Any] = move.about or {}
    take_in(turn, Answer(claims), identity)
    if claims.get("evidence") != "pasted":
        tell_more(turn)
    # At the list the words come onto it, and all of it is read out.
    on_the_list = scene.question == "confirm" and "added" in turn.changed
    if claims or not on_the_list:
        _say_what_was_noted(turn, scene, claims)
    go_on(turn, again=not on_the_list)


def _say_what_was_noted(turn: Turn, scene: Scene, claims: dict[str, Any]) -> None:
    points = []
    if "remedy" in claims:
        points.append(f"you would like {REMEDIES[claims['remedy']]}")
    if "items" in claims and scene.order is not None:
        titles = [line.title for line in scene.order.lines if line.position in claims["items"]]
        points.append(f"it is about the {listed(titles)}")
    if points:
        turn.say("utter_noted_details", points=listed(points))
    if "evidence" in claims:
        pasted = claims["evidence"] == "pasted"
        turn.say("utter_noted_pasted" if pasted else "utter_noted_letter")
    elif not points:
        turn.say("utter_noted_words")

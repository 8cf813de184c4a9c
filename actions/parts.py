"""A message part by part: what it answers first, what it tells, what it asks.

"Yes, send it. When is the money in my bank?" is two messages in one: each part is understood on its
own (`parts`, made by the language model's classifier), read in the conversation as it then is, and
carried out; the reply asks for the next message once, at its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actions.answers import read_answer
from actions.heard import PLAIN, SURE, WORDS_OF_A_DETAIL
from actions.identity import Identity
from actions.matters import MATTERS, STATUS_MATTERS, Matter
from actions.reading import read
from actions.scene import Scene
from actions.turn import Turn
from actions.withdrawal import WITHDRAWAL
from actions.wording import (
    asks,
    asks_before_yes,
    asks_for_a_deed,
    asks_to_note,
    is_fallback,
    is_yes,
    says_no,
    says_yes,
    yes_before_more,
)

DOES = frozenset(
    {"answer", "correct", "tell", "accept", "refuse", "choose", "begin", "look_up", "add",
     "choose_anew", "send_evidence", "ask_person", "stop"}
)  # fmt: skip
"""Moves that do something: besides a question they are carried out."""

QUESTIONS = frozenset({"ask_about", "ask_policy", "ask_why"})
"""Moves that only ask: besides something done they are answered."""

_MOST, _WORDS_OF_AN_ANSWER = 2, 2
_AT_LEAST, _SURELY = 0.5, 0.8
_LIKE_A_QUESTION = ("ask_about_this", "ask_policy")
# What asks of the matters themselves asks for a deed: "can I cancel it".
_WANTS = frozenset(
    {"want_remedy", "cancel_order", "request_human", "withdraw_request", "stop", "repeat", "help"}
)
_MERE_TALK = frozenset(
    {"complain", "repeat", "ask_why", "thank", "greet", "goodbye", "help", "affirm", "deny", "stop"}
)


@dataclass(frozen=True)
class Part:
    """A part of a message: where it begins, a turn of its own, and whether it only asks."""

    start: int
    turn: Turn
    asks: bool


def parts_of(turn: Turn, scene: Scene, identity: Identity) -> list[Part]:
    """The parts of a message that are read one by one, in their order; none: it is read whole.

    It is read whole where nothing is on the table yet, and where it neither asks something beside
    what it tells, nor goes on after a plain yes or no.
    """
    pieces = turn.message.get("parts") or []
    on_the_table = scene.question or scene.offers or scene.case is not None
    if len(pieces) < 2 or not on_the_table or turn.intent == "several_matters":
        return []
    turns = [_turn(turn, [piece]) for piece in pieces]
    asks_there = [_asks(part) for part in turns]
    for place, part in enumerate(turns[:-1]):
        # "If they say no, I take the money" asks nothing.
        leads_on = is_fallback(part.text) and not asks_there[place + 1]
        asks_there[place] = asks_there[place] and not leads_on
    asked = [piece for piece, asks_here in zip(pieces, asks_there, strict=True) if asks_here]
    told = [piece for piece in pieces if piece not in asked]
    questions = _questions(turn, scene, asked)
    if not told and len(questions) < len(asked[:_MOST]):
        # "And that date is when exactly, my last day?" is one question.
        return []
    found = [*_doings(turn, scene, told, identity, beside=bool(asked)), *questions]
    return sorted(found, key=lambda part: part.start) if questions or not asked else []


def asked_in(turn: Turn) -> list[Turn]:
    """The parts of a message that only ask, each as a turn of its own."""
    pieces = turn.message.get("parts") or []
    parts = [_turn(turn, [piece]) for piece in pieces]
    return [part for part in parts if _asks(part)] if len(parts) > 1 else []


def _questions(turn: Turn, scene: Scene, asked: list[Mapping[str, Any]]) -> list[Part]:
    found = [Part(int(piece["start"]), _turn(turn, [piece]), asks=True) for piece in asked[:_MOST]]
    return [part for part in found if _is_question(part.turn, scene)]


def _doings(
    turn: Turn,
    scene: Scene,
    told: list[Mapping[str, Any]],
    identity: Identity,
    *,
    beside: bool,
) -> list[Part]:
    """What is told: all of it as one part, or the answer it opens with and what comes after."""
    if not told:
        return []
    whole = Part(int(told[0]["start"]), _turn(turn, told), asks=False)
    if _opens(turn, scene, told):
        first = Part(whole.start, _turn(turn, told[:1]), asks=False)
        return [first, Part(int(told[1]["start"]), _turn(turn, told[1:]), asks=False)]
    if not beside or not _leaves_no_doubt(turn, whole.turn, scene):
        return []
    return [whole] if _does(whole.turn, scene, identity) or _is_news(whole.turn, scene) else []


def _turn(turn: Turn, pieces: list[Mapping[str, Any]]) -> Turn:
    """The turn with these pieces of its message as the whole of it."""
    text = str(turn.message.get("text") or "")
    spans = _joined(turn, pieces)
    words = " ".join(_with_its_mark(text, *span) for span in spans)
    entities = [
        one
        for one in turn.message.get("entities") or []
        if any(start <= int(one.get("start", -1)) < end for start, end in spans)
    ]
    ranking = _mean([piece["intent_ranking"] for piece in pieces])
    number = f"{turn.message.get('message_id') or turn.now.isoformat()}-{spans[0][0]}"
    return turn.of(
        {
            "text": words,
            "intent": ranking[0],
            "intent_ranking": ranking,
            "response_selector": {
                intent: selected
                for piece in pieces
                for intent, selected in piece["response_selector"].items()
            },
            "entities": entities,
            "message_id": number,
        }
    )


def _joined(turn: Turn, pieces: list[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """Where the pieces stand in the text; what follows on in it is not torn apart."""
    all_of_it = turn.message["parts"]
    spans: list[tuple[int, int]] = []
    for before, piece in zip([None, *all_of_it], all_of_it, strict=False):
        if piece in pieces and before in pieces:
            spans[-1] = (spans[-1][0], int(piece["end"]))
        elif piece in pieces:
            spans.append((int(piece["start"]), int(piece["end"])))
    return spans


def _with_its_mark(text: str, start: int, end: int) -> str:
    return text[start:end] + (text[end : end + 1] if text[end : end + 1] in ".?!" else "")


def _mean(rankings: list[list[Mapping[str, Any]]]) -> list[dict[str, Any]]:
    shares: dict[str, float] = {}
    for ranking in rankings:
        for one in ranking:
            share = float(one["confidence"]) / len(rankings)
            shares[str(one["name"])] = shares.get(str(one["name"]), 0.0) + share
    ordered = sorted(shares.items(), key=lambda one: -one[1])
    return [{"name": name, "confidence": share} for name, share in ordered]


def _asks(part: Turn) -> bool:
    """Whether a part only asks, by its wording or by what it is like."""
    likely = part.likely
    if sum(likely.get(intent, 0.0) for intent in _LIKE_A_QUESTION) >= _SURELY:
        return True
    wants = sum(likely.get(intent, 0.0) for intent in _WANTS)
    return asks(part.text) and not asks_for_a_deed(part.text) and wants < _AT_LEAST


def _opens(turn: Turn, scene: Scene, told: list[Mapping[str, Any]]) -> bool:
    """Whether the first part is a plain no, or a short answer, and more is told after it."""
    if len(told) < 2 or told[0] is not turn.message["parts"][0]:
        return False
    first, rest = _turn(turn, told[:1]), _turn(turn, told[1:])
    if scene.question == "evidence":
        return len(first.text.split()) <= _WORDS_OF_AN_ANSWER
    if scene.question == "confirm" and is_yes(first.text):
        return is_fallback(rest.text) or asks_to_note(rest.text)
    if not says_no(first.text) or len(first.text.split()) > WORDS_OF_A_DETAIL:
        return False
    # "No, the paper is fine, only the lamp is broken" corrects the list, and is read whole.
    at_the_list = scene.question == "confirm" and scene.matter is not MATTERS[WITHDRAWAL]
    said = read_answer(turn, scene.question, scene.order).claims if at_the_list else {}
    return said in ({}, {"confirm": False})


def _leaves_no_doubt(turn: Turn, part: Turn, scene: Scene) -> bool:
    """Whether a yes or no beside a question is meant as one.

    After "fine" and, at the list, "no, hold on" the question comes first: what is there stands.
    """
    agrees = is_yes(part.text) or yes_before_more(part.text)
    briefly = len(part.text.split()) <= WORDS_OF_A_DETAIL
    if scene.question == "confirm":
        said = read_answer(part, scene.question, scene.order).claims.get("confirm")
        if said:
            return agrees and not asks_before_yes(turn.text)
        return not (said is False and briefly)
    if scene.offer is None or scene.offer.get("on") == "no" or not briefly:
        return True
    return agrees or not (says_yes(part.text) or part.intent == "affirm")


def _does(part: Turn, scene: Scene, identity: Identity) -> bool:
    move, _ = read(part, scene, identity)
    if move.name in ("accept", "refuse") and not scene.offers:
        return False
    # "Do I keep the box? Trash is picked up tomorrow" puts no picture off.
    return move.name in DOES and move.score >= (SURE if scene.question == "evidence" else PLAIN)


def _is_news(part: Turn, scene: Scene) -> bool:
    """Whether it tells more of what an open case is about, and goes to it."""
    has_case = scene.matter is None and scene.case is not None and scene.case.state == "open"
    talk = sum(part.likely.get(intent, 0.0) for intent in _MERE_TALK)
    return has_case and len(part.text.split()) >= WORDS_OF_A_DETAIL and talk < _AT_LEAST


def _is_question(part: Turn, scene: Scene) -> bool:
    move, _ = read(part, scene, Identity())
    looks = isinstance(move.about, Matter) and move.about.name in STATUS_MATTERS
    return move.name in QUESTIONS or (looks and scene.question is None)

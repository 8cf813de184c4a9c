"""The reading step: what a message does here, of the moves that are possible now.

Each reader proposes moves with a score from 0 to 1; the best is taken. A score rests on how likely
the sentence has an intent (trained), and on what only the conversation knows: what was asked and
offered last, what is on record, which claims the message makes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from actions.answers import Answer, read_answer
from actions.details import details
from actions.heard import CERTAIN, IN_PASSING, LEAST, SURE, WEAK, WORDS_OF_A_DETAIL, Heard
from actions.identity import Identity
from actions.moves import Move
from actions.reading_cases import changes_case, sends_evidence
from actions.reading_matters import begins, looks_up
from actions.reading_questions import asks_anything, asks_of_case, asks_of_request
from actions.reading_replies import declines_it, tells_beside, to_offers, to_question
from actions.scene import Scene
from actions.turn import Turn
from actions.wording import leaves_it_to_us, wants_person

# Intents that are the same move wherever they are said.
ALWAYS = {
    "request_human": "ask_person",
    "stop": "stop",
    "start_over": "start_over",
    "repeat": "repeat",
    "help": "help",
    "greet": "greet",
    "thank": "thank",
    "goodbye": "goodbye",
    "bot_challenge": "bot_challenge",
    "ask_why": "ask_why",
    "out_of_scope": "out_of_scope",
    "complain": "complain",
    "want_remedy": "want_remedy",
    "other_language": "in_other_language",
    "postpone": "put_off",
}
# In a matter, what answers its question or tells of it is no wish, anger or delay at large.
GIVES_WAY = frozenset({"want_remedy", "complain", "put_off"})


WORDS_OF_A_STOP = 12


def read(turn: Turn, scene: Scene, identity: Identity) -> tuple[Move, Answer]:
    """The likeliest move, and what the message says in answer to the open question."""
    answer = read_answer(turn, scene.question, scene.order)
    heard = Heard(turn, scene, identity, answer, details(turn, scene.question, scene.order))
    found = [move for reader in READERS for move in reader(heard)]
    best = max(found, key=lambda move: move.score, default=Move("unclear", 0.0))
    return (best if best.score >= LEAST else Move("unclear", LEAST)), answer


def _always(heard: Heard) -> Iterator[Move]:
    for intent, name in ALWAYS.items():
        if (heard.answer or heard.details) and name in GIVES_WAY:
            continue
        if name == "put_off" and heard.asks:
            continue
        # A hello or a thank you in a long message is not what it is about.
        longest = {"greet": 8, "thank": 14, "goodbye": 14}.get(name)
        in_passing = longest is not None and heard.words > longest
        yield Move(name, heard.likely(intent) * (IN_PASSING if in_passing else 1.0))
    if heard.scene.question in ("remedy", "confirm") and leaves_it_to_us(heard.turn.text):
        yield Move("unclear", CERTAIN)
    in_short = heard.scene.question and heard.words <= WORDS_OF_A_DETAIL
    if in_short or heard.likely("out_of_scope") < WEAK:
        # What is like nothing that was learned is not understood, rather than none of our business.
        yield Move("unclear", heard.likely("out_of_scope") + 0.01)
    briefly = heard.words <= WORDS_OF_A_STOP
    if heard.scene.question == "confirm" and briefly and not _has_open_case(heard.scene):
        # Nothing was sent yet: what is taken back is what stands on the list.
        yield Move("stop", heard.likely("withdraw_request") * (not heard.asks_to_know))
    if heard.scene.question == "confirm" and not heard.asks:
        ends = max(heard.likely_in_part(intent) for intent in ("stop", "withdraw_request"))
        corrects = heard.answer.claims.keys() & {"items", "remedy"}
        takes_back = ends > SURE and not corrects and not _has_open_case(heard.scene)
        yield Move("stop", CERTAIN + 0.03 if takes_back else 0.0)
    if wants_person(heard.turn.text):
        yield Move("ask_person", CERTAIN + 0.5)
    if heard.turn.intent == "handed_back":
        yield Move("handed_back", CERTAIN + 1)
    if heard.scene.question is None and not heard.scene.offers:
        # Nothing is on the table: what is agreed to or refused is asked for.
        case_stands = heard.scene.case is not None and heard.asks
        agrees = Move("ask_about", 0.0, "verdict") if case_stands else Move("accept", 0.0)
        yield replace(agrees, score=heard.likely("affirm", "deny" if case_stands else ""))
        yield Move("refuse", heard.likely("deny") - 0.01)


def _has_open_case(scene: Scene) -> bool:
    return scene.case is not None and scene.case.state == "open"


READERS = (
    _always,
    declines_it,
    to_offers,
    to_question,
    tells_beside,
    begins,
    looks_up,
    asks_anything,
    asks_of_request,
    asks_of_case,
    changes_case,
    sends_evidence,
)

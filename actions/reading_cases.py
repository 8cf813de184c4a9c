"""Readers of what is done to an open case: something added, another remedy, files, a withdrawal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from actions.heard import CERTAIN, LEAST, WORDS_OF_A_DETAIL, Heard
from actions.matters import MATTERS
from actions.moves import Move
from actions.wishes import (
    another_remedy,
    changes_mind,
    choices_in,
    keeps_remedy,
    remedy_wished,
)
from actions.wording import asks_for_a_deed, asks_to_note, is_fallback
from casework.cases.case import Case

CAN_BE_CANCELED = frozenset({"processing", "unfulfillable", None})
# The words that the assistant itself asks for.
_WITHDRAW = re.compile(r"^\W*(?:please\W+)?withdraw\b(?!.*\b(?:not|don't)\b)", re.I)
_KEEPS_IT = re.compile(r"\bkeep(?:ing)? (?:it|the|my|them)\b", re.I)
_LOOK_AGAIN = re.compile(
    r"\b(?:reconsider\w*|(?:decision |it |this |that )(?:be |get )?review\w*|"
    r"looked? at (?:it |this |that |my \w+ )?(?:once )?(?:again|more)|"
    r"another look|second look|appeal)\b",
    re.I,
)
_PHONE = re.compile(r"\d(?:\W?\d){6,}")
_CALLS_IT_ORDER = re.compile(r"\border\b", re.I)


def changes_case(heard: Heard) -> Iterator[Move]:
    """More words, another remedy or an end for the open case, where no matter is in hand."""
    scene, turn = heard.scene, heard.turn
    if scene.matter is not None or scene.case is None:
        return
    if _LOOK_AGAIN.search(turn.text):
        yield Move("ask_person", CERTAIN + 0.04)
    if scene.case.state != "open":
        return
    if is_fallback(turn.text) or asks_to_note(turn.text):
        yield Move("add", CERTAIN + 0.03)
    if not heard.asks_to_know:
        yield from _chooses_anew(heard, scene.case)
    of_order = _CALLS_IT_ORDER.search(turn.text) and scene.case.situation != "cancel"
    if scene.status not in CAN_BE_CANCELED and not heard.asks_to_know and not of_order:
        # The order cannot be canceled any more: what is to be canceled is the request.
        yield Move("begin", heard.likely("cancel_order") + 0.02, MATTERS["withdrawal"])
    if not scene.offers and not heard.asks:
        is_detail = heard.words >= WORDS_OF_A_DETAIL or bool(_PHONE.search(turn.text))
        spoken_of = scene.case_was_told and is_detail
        yield Move("add", max(LEAST, heard.likely("inform")) if spoken_of else 0.0)
        withdraws = 1.0 if _WITHDRAW.search(turn.text) else heard.likely("withdraw_request")
        if spoken_of and _KEEPS_IT.search(turn.text):
            # "Never mind, I want to keep it": what was asked for is to end.
            withdraws = max(withdraws, heard.likely("stop"))
        yield Move("begin", min(withdraws, CERTAIN) + 0.01, MATTERS["withdrawal"])


def _chooses_anew(heard: Heard, case: Case) -> Iterator[Move]:
    """Another remedy than the one the open case asks for."""
    if keeps_remedy(heard.turn, case):
        yield Move("add", CERTAIN + 0.02)
        return
    wish = another_remedy(heard.turn, case)
    if wish is not None:
        # "Can you do a refund instead?" asks for it, whatever rule it sounds like.
        text = heard.turn.text
        plainly = changes_mind(text) and (asks_for_a_deed(text) or not heard.asks)
        likely = CERTAIN if plainly else heard.likely("want_remedy")
        yield Move("choose_anew", likely + 0.02, wish)
    elif remedy_wished(heard.turn) and len(choices_in(case.situation)) < 2:
        # Nothing to choose here: what is wished for goes to the person.
        yield Move("add", heard.likely("want_remedy", "inform") + 0.02)


def sends_evidence(heard: Heard) -> Iterator[Move]:
    """Files that lie there unbound, or word of them."""
    loose = heard.turn.records.loose_evidence
    if heard.scene.matter is not None:
        if loose:
            yield Move("answer", heard.likely("evidence_sent") + 0.02)
        return
    if loose:
        yield Move("send_evidence", heard.likely("evidence_sent") + 0.02)
    if not heard.identity.given:
        yield Move("send_evidence", heard.likely("evidence_sent", "inform" if loose else ""))

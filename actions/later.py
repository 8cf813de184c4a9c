"""What comes after a case is open: files, and more of the story."""

from __future__ import annotations

from actions.answers import is_pasted
from actions.matters import WHAT_HAPPENED, buttons
from actions.scene import Scene
from actions.settle import answer_case, note_told
from actions.turn import Turn
from casework.cases.case import Case
from casework.people.duty import expectation


def take_evidence(turn: Turn, scene: Scene) -> bool:
    """Bind what the website stored to the case that waits for it; say where nothing has arrived.

    False where the files were spoken of before and it is still not known what they are about.
    """
    if not turn.records.loose_evidence:
        turn.say("utter_no_evidence_yet")
    elif scene.case is not None and scene.case.state == "open":
        _attach(turn, scene.case)
    elif turn.just_said("utter_evidence_kept"):
        return False
    else:
        turn.say("utter_evidence_kept", buttons=buttons(WHAT_HAPPENED))
    return True


def add_to_case(turn: Turn, scene: Scene) -> None:
    """Keep what the customer adds: pasted paper as evidence, their own words as a note."""
    case = scene.case
    if case is None:
        raise LookupError("there is no case to add to")
    if is_pasted(turn.text):
        turn.records.keep_pasted(turn.text, turn.now, turn.message_key)
        _attach(turn, case)
        return
    note_told(turn, case, turn.text)
    turn.set(case_number=case.number, misses=None)
    turn.say("utter_added_to_case", case=case.number, when=expectation(turn.now))
    if turn.records.loose_evidence:
        _attach(turn, case)


def _attach(turn: Turn, case: Case) -> None:
    turn.records.attach_evidence(case, turn.now)
    turn.say("utter_evidence_attached", case=case.number)
    answer_case(turn, case)

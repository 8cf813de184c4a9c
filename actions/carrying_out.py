"""How each move is carried out: one function a move, all of the same form."""

from __future__ import annotations

from collections.abc import Callable

from actions import human, talk
from actions.answers import Answer
from actions.details import take_details, tells_more
from actions.identity import Identity
from actions.in_hand import begin, begin_offered, go_on, leave, take_in, tell_more
from actions.later import add_to_case, take_evidence
from actions.matters import MATTERS
from actions.moves import Move
from actions.offering import offer_waiting
from actions.parts import asked_in
from actions.scene import Scene
from actions.several import note_beside_a_yes, note_several
from actions.subject import answer_about
from actions.topics import answer_topic
from actions.turn import Turn

TOLD_WITH = frozenset({"items", "delivered_on", "remedy"})
"""Questions whose answers may tell more: "send it again, but I am at a new place now"."""
MERE_ANSWERS = ("want_remedy", "affirm", "deny", "cannot_provide", "inform")
HALF = 0.5

Carry = Callable[[Turn, Scene, Move, Answer, Identity], None]
"""What is handed: the message, its scene, its move, what it answers, and whose order it names."""


def _answer(turn: Turn, scene: Scene, move: Move, said: Answer, identity: Identity) -> None:
    take_in(turn, said, identity)
    confirmed = bool(said.claims.get("confirm"))
    if confirmed:
        note_beside_a_yes(turn, scene)
    elif scene.question in TOLD_WITH and tells_more(turn) and not _only_chooses(turn):
        tell_more(turn)
    go_on(turn)


def _only_chooses(turn: Turn) -> bool:
    """Whether a message is like a mere answer, however many words it has."""
    return max(turn.likely.get(intent, 0.0) for intent in MERE_ANSWERS) >= HALF


def _correct(turn: Turn, scene: Scene, move: Move, said: Answer, identity: Identity) -> None:
    # The no in "no, it is order 10482" is none to the list.
    kept = {name: value for name, value in said.claims.items() if name != "confirm"}
    take_in(turn, Answer(kept, said.remark), identity)
    go_on(turn)


def _begin(turn: Turn, scene: Scene, move: Move, said: Answer, identity: Identity) -> None:
    if scene.matter is move.about:
        tell_more(turn)
        take_in(turn, said, identity)
        go_on(turn)
        return
    begin(turn, move.about)
    _answer_beside(turn)
    go_on(turn)


def _answer_beside(turn: Turn) -> None:
    """A question about the policy in a message that begins a matter is answered, too."""
    for part in asked_in(turn):
        topic = part.topic("ask_policy")
        if part.likely.get("ask_policy", 0.0) >= HALF and topic != turn.slot("matter"):
            answer_topic(part, topic)
            return


def _begin_several(turn: Turn, scene: Scene, move: Move, said: Answer, identity: Identity) -> None:
    if note_several(turn, scene):
        return
    if scene.matter is None:
        talk.not_understood(turn, scene)
        return
    take_in(turn, said, identity)
    if "waiting" not in turn.changed:
        tell_more(turn)
    go_on(turn, again=not (said or identity.given or "added" in turn.changed))


def _look_up(turn: Turn, scene: Scene, move: Move, said: Answer, identity: Identity) -> None:
    begin(turn, move.about or MATTERS["record"])
    _answer_beside(turn)
    go_on(turn)


def _send_evidence(turn: Turn, scene: Scene, move: Move, said: Answer, identity: Identity) -> None:
    if not take_evidence(turn, scene):
        _look_up(turn, scene, move, said, identity)


def _accept(turn: Turn, scene: Scene, move: Move, said: Answer, identity: Identity) -> None:
    if not scene.offers:
        if scene.question:
            talk.not_understood(turn, scene)
            go_on(turn, again=True)
        else:
            talk.agree(turn, scene)
        return
    place = int(move.about or 0)
    taken = dict(scene.offers[place])
    if taken.get("on") == "no":
        taken["description"] = f"{taken['description']} “{turn.text}”"
    others = [one for one in scene.offers if one is not scene.offers[place]]
    waiting = turn.slot("waiting") or []
    begin_offered(turn, taken, [*(others if _were_mentioned(scene) else []), *waiting])
    note_beside_a_yes(turn, scene)
    go_on(turn)


def _were_mentioned(scene: Scene) -> bool:
    """Whether the customer brought these matters up, rather than the assistant as a choice."""
    return all(one.get("mentioned") for one in scene.offers)


def _stop(turn: Turn, scene: Scene, move: Move, said: Answer, identity: Identity) -> None:
    if scene.matter is not None and scene.case is not None and scene.case.state == "open":
        turn.say("utter_stopped_beside_case", case=scene.case.number)
    elif scene.matter is not None:
        turn.say("utter_stopped")
    elif scene.case is not None and scene.case_was_told and scene.case.state == "open":
        turn.say("utter_case_goes_on", case=scene.case.number)
    else:
        turn.say("utter_anything_else")
    leave(turn)
    offer_waiting(turn)


def _start_over(turn: Turn, scene: Scene, move: Move, said: Answer, identity: Identity) -> None:
    leave(turn)
    turn.set(order_number=None, proof=None, explanation=None, case_number=None, topic=None,
             waiting=None)  # fmt: skip
    turn.say("utter_started_over")


def _refuse(turn: Turn, scene: Scene, move: Move, said: Answer, identity: Identity) -> None:
    if scene.question:
        talk.not_understood(turn, scene)
        go_on(turn, again=True)
    else:
        talk.refuse(turn, scene)


def _unclear(turn: Turn, scene: Scene, move: Move, said: Answer, identity: Identity) -> None:
    talk.not_understood(turn, scene)
    talk.come_back(turn)


def _choose_anew(turn: Turn, scene: Scene, move: Move, said: Answer, identity: Identity) -> None:
    if scene.case is None:
        raise LookupError("there is no case to change")
    human.ask_for_remedy(turn, scene.case, str(move.about))


def _then_back(do: Callable[[Turn, Scene, Move], None]) -> Carry:
    """Something said in between: afterwards the open question, or the offer, stands again."""

    def carry(turn: Turn, scene: Scene, move: Move, said: Answer, identity: Identity) -> None:
        do(turn, scene, move)
        talk.come_back(turn)

    return carry


def _only(do: Callable[[Turn, Scene], None]) -> Carry:
    """Something after which nothing is asked again."""

    def carry(turn: Turn, scene: Scene, move: Move, said: Answer, identity: Identity) -> None:
        do(turn, scene)

    return carry


CARRY_OUT: dict[str, Carry] = {
    "answer": _answer,
    "correct": _correct,
    "tell": take_details,
    "accept": _accept,
    "refuse": _refuse,
    "choose": _accept,
    "begin": _begin,
    "begin_several": _begin_several,
    "look_up": _look_up,
    "add": _only(add_to_case),
    "choose_anew": _choose_anew,
    "send_evidence": _send_evidence,
    "ask_about": _then_back(lambda turn, scene, move: answer_about(turn, scene, move.about)),
    "ask_why": _then_back(lambda turn, scene, move: talk.answer_why(turn, scene)),
    "ask_policy": _then_back(lambda turn, scene, move: answer_topic(turn, move.about)),
    "ask_person": _only(human.get_human),
    "stop": _stop,
    "start_over": _start_over,
    "repeat": _then_back(lambda turn, scene, move: talk.repeat(turn, scene)),
    "help": _then_back(lambda turn, scene, move: talk.help_out(turn, scene)),
    "greet": _then_back(lambda turn, scene, move: talk.greet(turn, scene)),
    "thank": _then_back(lambda turn, scene, move: turn.say("utter_thank")),
    "goodbye": _only(talk.say_goodbye),
    "bot_challenge": _then_back(lambda turn, scene, move: turn.say("utter_bot_challenge")),
    "complain": _then_back(lambda turn, scene, move: talk.ask_what_happened(turn, scene)),
    "want_remedy": _then_back(lambda turn, scene, move: talk.ask_what_happened(turn, scene)),
    "in_other_language": _then_back(lambda turn, scene, move: talk.say_foreign(turn)),
    "out_of_scope": _then_back(lambda turn, scene, move: turn.say("utter_out_of_scope")),
    "put_off": _then_back(lambda turn, scene, move: talk.put_off(turn, scene)),
    "handed_back": _only(human.go_on_from_person),
    "unclear": _unclear,
}

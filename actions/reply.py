"""The one action: a message is read in its conversation, and its move is carried out.

It is the edge everything stands on: one database transaction a message, and where anything fails,
the customer is told plainly and given the contact; nothing is half written.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import human, talk
from actions.answers import Answer, case_named
from actions.details import take_details, tells_more
from actions.heard import LEAST
from actions.identity import Identity, note_identity
from actions.in_hand import begin, begin_offered, go_on, leave, take_in, tell_more
from actions.later import add_to_case, take_evidence
from actions.matters import MATTERS
from actions.moves import Move
from actions.noting import Run, noted
from actions.offering import offer_waiting
from actions.parts import DOES, Part, asked_in, parts_of
from actions.reading import read
from actions.scene import Scene, scene_of
from actions.several import note_beside_a_yes, note_several
from actions.subject import answer_about
from actions.topics import answer_topic
from actions.turn import Event, Turn, contact_sentence, open_database
from actions.unclear import note_unclear
from actions.wording import more_than_no
from casework.orders.verification import Verification
from casework.shop import policy_in_force

logger = logging.getLogger(__name__)


class Reply(Action):  # type: ignore[misc]
    """Answers every message."""

    def name(self) -> str:
        """The name domain.yml lists."""
        return "action_reply"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Mapping[str, Any]
    ) -> list[Event]:
        """Answer in one transaction; a failure is told to the customer and logged by id."""
        with noted(self.name(), tracker) as ran:
            return self._answered(dispatcher, tracker, ran)

    def _answered(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, ran: Run
    ) -> list[Event]:
        policy = policy_in_force()
        try:
            with open_database().begin() as session:
                now = datetime.now(policy.zone)
                turn = Turn(tracker, dispatcher, session, policy, now, dict(tracker.slots))
                move = answer(turn)
                ran.move = move.name
                note_unclear(turn, move)
                return turn.events()
        except Exception:
            logger.exception("%s failed", self.name())
            dispatcher.messages.clear()
            dispatcher.utter_message(response="utter_trouble", contact=contact_sentence(policy))
            return _leave_as_it_was(tracker)


def _leave_as_it_was(tracker: Tracker) -> list[Event]:
    """Nothing was written: a yes tries the same matter again, with all that was said before."""
    matter, question = tracker.get_slot("matter"), tracker.get_slot("question")
    if matter is None or question == "confirm":
        return []
    return [SlotSet("offer", [{"matter": matter}]), SlotSet("question", None)]


def answer(turn: Turn) -> Move:
    """Read the message, and carry out its move; the move, for whoever wants to know."""
    identity = note_identity(turn)
    if number := case_named(turn):
        turn.set(case_number=number)
    scene = scene_of(turn)
    refused = identity.result is not None and identity.result.status != "verified"
    if parts := [] if refused else parts_of(turn, scene, identity):
        return _answer_parts(turn, parts, identity)
    move, said = read(turn, scene, identity)
    if scene.offers and move.name not in ("refuse", "accept", "choose") and more_than_no(turn.text):
        # "No, thank you. When will it ship?": what was offered is off the table, too.
        turn.set(offer=None, remedy=None)
    if identity.result is not None and refused:
        _not_verified(turn, move, identity.result)
    else:
        CARRY_OUT[move.name](turn, scene, move, said, identity)
    return move


def _answer_parts(turn: Turn, parts: list[Part], identity: Identity) -> Move:
    """Answer part by part, and ask for the next message once; the move of what was done, if any."""
    replies = turn.dispatcher.messages
    prompt: list[dict[str, Any]] = []
    asked: str | None = None
    done: Move | None = None
    for part in parts:
        scene = scene_of(part.turn)
        move, said = read(part.turn, scene, Identity() if part.asks else identity)
        if not part.asks and move.name not in DOES:
            # What goes on after a yes or no, or beside a question, is kept with an open case.
            if scene.case is None or scene.case.state != "open" or scene.matter is not None:
                continue
            move = Move("add", LEAST)
        CARRY_OUT[move.name](part.turn, scene, move, said, identity)
        asks_now = replies[part.turn.prompt_at :] if part.turn.prompt_at is not None else []
        del replies[len(replies) - len(asks_now) :]
        if not (part.asks and prompt) or turn.slot("question") != asked:
            prompt, asked = asks_now, turn.slot("question")
        done = move if done is None or not part.asks else done
    once = [one for place, one in enumerate(replies) if one not in replies[:place]]
    replies[:] = [*once, *prompt]
    return done or Move("unclear", 0.0)


def _not_verified(turn: Turn, move: Move, result: Verification) -> None:
    """Both claims are kept, either may be corrected; after too many only a person helps."""
    if move.name in ("begin", "look_up"):
        begin(turn, move.about or MATTERS["record"])
    if result.status in ("locked", "paused"):
        leave(turn)
        turn.set(order_number=None, proof=None)
        minutes = result.wait_minutes
        wait = f"{minutes} minutes" if minutes > 1 else "a minute"
        turn.say("utter_paused" if result.status == "paused" else "utter_locked", wait=wait)
        return
    number, proof = turn.slot("order_number"), turn.slot("proof")
    turn.set(matter=turn.slot("matter") or "record", question="proof", offer=None)
    if result.needs_email:
        turn.set(proof=None)
        turn.say("utter_needs_email", order=number)
    else:
        turn.say("utter_not_verified", order=number, proof=proof)


TOLD_WITH = frozenset({"items", "delivered_on", "remedy"})
"""Questions whose answers may tell more: "send it again, but I am at a new place now"."""
MERE_ANSWERS = ("want_remedy", "affirm", "deny", "cannot_provide", "inform")
HALF = 0.5

Carry = Callable[[Turn, Scene, Move, Answer, Identity], None]


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

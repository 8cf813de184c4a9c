"""Handing over to a person, with everything known, so that nothing has to be told twice."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker

from actions.matters import MATTERS
from actions.replies import REMEDIES
from actions.scene import Scene
from actions.standing import WORDS_OF_A_STORY, standing
from actions.status import tell_case
from actions.turn import Turn
from casework.cases.case import Case, open_cases_of_conversation
from casework.cases.escalations import open_escalation
from casework.conversations.conversation import messages_after
from casework.conversations.handling import ask_for_person
from casework.orders.order import Order
from casework.people.duty import expectation
from policy_core import Decision


def get_human(turn: Turn, scene: Scene) -> None:
    """A person is wanted: hand over all that is known, say when one answers, give the phone."""
    now = standing(turn) if scene.matter and scene.order else None
    hand_over(
        turn,
        reason="customer_asked",
        order=scene.order,
        case=now.case if now and now.case else (scene.case if scene.matter is None else None),
        facts=now.facts if now else None,
        decision=now.decision if now else None,
    )
    case = scene.case if scene.matter is None else None
    if case is not None and case.state == "open" and len(turn.text.split()) >= WORDS_OF_A_STORY:
        # "Somebody ring me, 555-0148": it is asked later whether that was taken down.
        turn.records.note_words(case, turn.text, turn.now, turn.message_key)
    turn.set(misses=None)
    turn.say("utter_human", when=expectation(turn.now))
    if scene.matter is not None and scene.matter.name != "record":
        # What was said is kept: a "yes" goes on where the matter stood.
        _put_aside(turn, scene.matter.name)
        turn.say("utter_offer_to_go_on", about=scene.matter.about)
    elif scene.matter is not None:
        turn.set(matter=None, question=None)


def go_on_from_person(turn: Turn, scene: Scene) -> None:
    """A person has left the chat: tell where the request stands, and go on from there.

    What was under way before is offered, not asked.
    """
    open_now = open_cases_of_conversation(turn.session, turn.conversation_id)
    for case in open_now[:1]:
        tell_case(turn, case)
    begun = turn.slot("matter") or next(iter(one["matter"] for one in scene.offers), None)
    turn.set(misses=None)
    if begun:
        _put_aside(turn, begun)
        turn.say("utter_shall_we_go_on", about=MATTERS[begun].about)
    elif not open_now:
        turn.say("utter_anything_else")


def _put_aside(turn: Turn, matter: str) -> None:
    """Offer a matter instead of asking on: its claims stay, and a yes goes on with them."""
    turn.set(offer=[{"matter": matter}], question=None)


def hand_over(
    turn: Turn,
    *,
    reason: str,
    order: Order | None = None,
    case: Case | None = None,
    facts: dict[str, Any] | None = None,
    decision: Decision | None = None,
) -> None:
    """Open an escalation; the same message opens one only once.

    `reason` is `customer_asked`, `record_incomplete`, or the outcome that only a person may settle.
    """
    open_escalation(
        turn.session,
        conversation_id=turn.conversation_id,
        reason=reason,
        order=order,
        case=case,
        facts=facts,
        decision=decision.as_dict() if decision else None,
        promised=_promised(turn.tracker),
        transcript=None if _is_kept(turn) else transcript(turn.tracker),
        now=turn.now,
        key=f"{turn.message_key}:{reason}",
    )
    if case is None or reason == "customer_asked":
        ask_for_person(turn.session, turn.conversation_id, turn.now)


def ask_for_remedy(turn: Turn, case: Case, remedy: str) -> None:
    """Another remedy for the open case: noted, and a person changes it; nothing else is written."""
    turn.set(case_number=case.number, topic=None, misses=None)
    turn.records.note_words(case, turn.text, turn.now, turn.message_key)
    hand_over(turn, reason="remedy_asked", order=case.order, case=case)
    turn.say(
        "utter_remedy_asked",
        case=case.number,
        remedy=REMEDIES[remedy],
        when=expectation(turn.now),
    )


def _is_kept(turn: Turn) -> bool:
    """Whether the website keeps the whole conversation, which outlives Rasa's own memory."""
    return bool(messages_after(turn.session, turn.conversation_id, "customer"))


def transcript(tracker: Tracker) -> list[dict[str, Any]]:
    """The whole conversation: who said what when, with the quick replies that were offered."""
    said = []
    for event in tracker.events:
        if event.get("event") not in ("user", "bot") or not event.get("text"):
            continue
        offered = [reply["title"] for reply in (event.get("data") or {}).get("buttons") or []]
        said.append(
            {
                "who": "customer" if event["event"] == "user" else "assistant",
                "text": event["text"],
                "at": event.get("timestamp"),
                **({"offered": offered} if offered else {}),
            }
        )
    return said


def _promised(tracker: Tracker) -> list[str]:
    """What the assistant said about cases: replies that name an outcome."""
    outcomes = ("utter_entitled", "utter_need_evidence", "utter_seller_decides", "utter_dispute")
    return [
        str(event["text"])
        for event in tracker.events
        if event.get("event") == "bot"
        and str((event.get("metadata") or {}).get("utter_action")).removesuffix("_here") in outcomes
    ]

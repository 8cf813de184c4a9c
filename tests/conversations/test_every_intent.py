"""Every intent at each of the questions, and the same between matters.

Generated: the questions and the intents are those of the trained model. Whatever a customer says,
something is answered, and the reply ends with an open question or a clear end.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from actions.questions import QUESTIONS as ASKED
from tests.conversations import checks
from tests.conversations.schema import DEFAULT_TODAY, Conversation, Step
from tests.conversations.transcript import MismatchError, Reply, Transcript

WITHOUT_DATE = {"number": "10482", "delivered_on": None}


@dataclass(frozen=True)
class Question:
    """A question, what leads to it, and how it can be told from another, in full and in short."""

    slot: str
    said: tuple[str, ...]
    asked_by: tuple[str, ...]
    orders: tuple[dict[str, Any], ...] = ()


ORDER_NUMBER = ("What is your order number", "I need your order number")
PROOF = ("ZIP code on it?", "ZIP code on order")
CONFIRM = ("Shall I go ahead?", "Shall I send it in")

QUESTIONS = (
    Question("order_number", ("my chair arrived broken",), ORDER_NUMBER),
    Question("proof", ("my chair arrived broken, order 10482",), PROOF),
    Question(
        "items",
        ("something in order 10496 arrived broken, zip 07302",),
        ("Which one is it about?", "Which of the items"),
    ),
    Question(
        "delivered_on",
        ("my chair from order 10482 arrived broken, zip 94110",),
        ("What day did you get it?",),
        (WITHOUT_DATE,),
    ),
    Question("remedy", ("my parcel 10491 came back to you, zip 85004",), ("Which would you like",)),
    Question("evidence", ("my chair from order 10482 arrived broken, zip 94110",), ("picture",)),
    Question("description", ("wrong item, order 10482, 94110",), ("what went wrong",)),
    Question("confirm", ("cancel order 10480, zip 90012",), CONFIRM),
)

# What customers say for each intent. The intent is set, so that this tests the dialogue alone.
SAID = {
    "cancel_order": "cancel my order please",
    "ask_order_status": "where is my order",
    "report_damaged_item": "it came broken",
    "report_defective_item": "it stopped working",
    "return_unwanted_item": "i don't want it anymore",
    "correct_address": "the address is wrong",
    "report_returned_in_transit": "my parcel was sent back to you",
    "report_destroyed_in_transit": "the carrier destroyed my parcel",
    "report_other_problem": "you sent the wrong thing",
    "ask_case_status": "where is my refund",
    "withdraw_request": "withdraw my claim",
    "ask_policy": "is there a restocking fee",
    "request_human": "i want a person",
    "out_of_scope": "how do i change my password",
    "greet": "hello",
    "goodbye": "bye",
    "thank": "thanks",
    "affirm": "yes",
    "deny": "no",
    "inform": "it is the blue one",
    "stop": "never mind",
    "start_over": "start over",
    "help": "what can you do",
    "bot_challenge": "are you a robot",
    "ask_why": "why",
    "postpone": "later",
    "cannot_provide": "i don't have that",
    "want_remedy": "i want my money back",
    "complain": "this is outrageous",
    "repeat": "say that again",
    "evidence_sent": "i have uploaded the photos",
    "nlu_fallback": "blorf zzkp",
    "handed_back": "Kim has left.",
    "several_matters": "cancel it, and the other one came broken",
    "ask_about_this": "how much is it",
    "other_language": "hola, mi pedido no llegó",
}
# What may come at any question: it is answered, never taken for a wrong answer.
INTERRUPTS = {
    "ask_policy": "utter_policy_answer",
    "ask_why": "utter_why_",
    "request_human": "utter_human",
    "handed_back": "utter_shall_we_go_on",
    "help": "utter_help",
    "bot_challenge": "utter_bot_challenge",
    "greet": "utter_still_here",
    "thank": "utter_thank",
    "goodbye": "utter_goodbye",
    "repeat": "utter_explain_",
    "stop": "utter_stopped",
    "start_over": "utter_started_over",
    "out_of_scope": "utter_out_of_scope",
    "other_language": "utter_other_language/",
}
BETWEEN_MATTERS = {"ask_policy": "utter_ask_policy/", "greet": "utter_greet", "repeat": "",
                   "handed_back": "utter_anything_else", "stop": "utter_anything_else"}  # fmt: skip
RASAS_OWN = {"back", "restart", "session_start"}
NOT_UNDERSTOOD = "utter_default"


def a_conversation(name: str, orders: tuple[dict[str, Any], ...] = ()) -> Conversation:
    steps = (Step("user", "", 1),)
    return Conversation(name, Path(__file__), 1, DEFAULT_TODAY, orders, {}, steps)


def wrong_with(reply: Reply, *, at: str, intent: str) -> str | None:
    """What is wrong with the reply to an intent at a question (or at none)."""
    difference = checks.house_rules(reply)
    if difference:
        return difference
    if any(message.utter == NOT_UNDERSTOOD for message in reply.messages):
        return f"nothing was planned for this: {NOT_UNDERSTOOD}"
    answered_by = (INTERRUPTS if at else INTERRUPTS | BETWEEN_MATTERS).get(intent)
    if answered_by and not any((one.utter or "").startswith(answered_by) for one in reply.messages):
        return f"it must be answered by {answered_by}"
    open_question = reply.slots.get("question")
    if not open_question:
        return None
    asked_by = next(one.asked_by for one in QUESTIONS if one.slot == open_question)
    if open_question == "description" and reply.slots.get("matter") == "wrong_information":
        asked_by = ("What should the details be?", "What should the delivery details be?")
    last = next(message for message in reversed(reply.messages) if message.text)
    if any(checks.plain(one) in checks.plain(last.text) for one in asked_by):
        return None
    if open_question == "confirm" and last.utter == "utter_ask_what_to_change":
        return None
    if last.utter == "utter_offer_human":
        return None
    return f"the open question `{open_question}` is not asked at the end of the reply"


def test_every_intent_and_every_question_of_the_model_is_covered(stage: Any) -> None:
    domain = stage.assistant.domain
    assert set(domain.intents) - RASAS_OWN == set(SAID)
    assert {question.slot for question in QUESTIONS} == set(ASKED)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.slot)
def test_at_a_question(stage: Any, question: Question) -> None:
    failures = _failures(stage, question)
    assert not failures, "\n\n".join(failures)


def test_between_matters(stage: Any) -> None:
    failures = _failures(stage, Question("", ("hello",), ()))
    assert not failures, "\n\n".join(failures)


def _failures(stage: Any, question: Question) -> list[str]:
    conversation = a_conversation(f"at {question.slot or 'no question'}", question.orders)
    with stage.worlds.world_of(conversation) as world:
        return list(stage.run(_after_each_intent(stage.assistant, world, question)))


async def _after_each_intent(assistant: Any, world: Any, question: Question) -> list[str]:
    opening: list[tuple[str, Reply]] = []
    for said in question.said:
        opening.append((said, await assistant.say(world.conversation_id, said)))
    reached = opening[-1][1].slots.get("question") or ""
    assert reached == question.slot, _told(opening, f"`{question.slot}` was not asked for")
    remembered, saved = assistant.remembered(world.conversation_id), world.save()
    failures = []
    for intent, said in SAID.items():
        world.tick()
        reply = await assistant.say(world.conversation_id, said, as_intent=intent)
        difference = wrong_with(reply, at=question.slot, intent=intent)
        if difference:
            failures.append(_told([*opening, (said, reply)], f"{intent}: {difference}"))
        assistant.return_to(world.conversation_id, remembered)
        world.return_to(saved)
    return failures


def _told(turns: list[tuple[str, Reply]], message: str) -> str:
    transcript = Transcript("")
    for said, reply in turns:
        transcript.customer(said)
        transcript.assistant(reply)
    return str(MismatchError(transcript, "generated", message, turns[-1][1]))

"""At every question a customer may ask what comes of it: the answer is true of what is known."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conversations.test_every_intent import QUESTIONS, Question, a_conversation

ASKED = {
    "verdict": "is that a yes or a no?",
    "next": "what happens next?",
    "when": "when do I get it?",
    "amount": "how much do I get?",
    "who": "who decides that?",
}
# What is only true once it is sent or decided.
TOO_MUCH = {
    "utter_about_verdict_no",
    "utter_about_verdict_yes",
    "utter_about_verdict_open",
    "utter_about_when_person",
}
OF_A_VERIFIED_ORDER = [one for one in QUESTIONS if one.slot not in ("order_number", "proof")]


@pytest.mark.parametrize("aspect", ASKED)
@pytest.mark.parametrize("question", OF_A_VERIFIED_ORDER, ids=lambda one: one.slot)
def test_nothing_is_said_to_be_decided(stage: Any, question: Question, aspect: str) -> None:
    conversation = a_conversation(f"{aspect} at {question.slot}", question.orders)
    with stage.worlds.world_of(conversation) as world:
        for said in question.said:
            stage.run(stage.assistant.say(world.conversation_id, said))
        reply = stage.run(stage.assistant.say(world.conversation_id, ASKED[aspect]))
    said = [message.utter or "" for message in reply.messages]
    assert said[0].startswith("utter_about_"), reply
    assert TOO_MUCH.isdisjoint(said)
    assert reply.slots["question"] == question.slot

"""Questions about the policy in general, answered from the policy file, the clause named."""

from __future__ import annotations

from actions.turn import Turn
from casework.people.duty import expectation

ELSE = "contact"


def answer_topic(turn: Turn, name: str | None) -> None:
    """Give the topic's answer; outside a matter with what a customer may want next."""
    topic = turn.policy.topic(name if name and name in turn.policy.topics else ELSE)
    clause = turn.policy.clause(topic.clauses[0])
    # In the middle of a matter the answer offers nothing else to take up.
    in_between = turn.slot("matter") or turn.slot("offer")
    response = "utter_policy_answer" if in_between else f"utter_ask_policy/{topic.name}"
    turn.say(response, answer=topic.text, clause=clause.title, where=clause.where)
    if topic.name == ELSE:
        turn.say("utter_hours", when=expectation(turn.now))
    turn.set(topic=topic.name)

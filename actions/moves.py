"""The closed set of moves: everything a customer's message can do in a conversation.

A sentence taken alone is like an intent; what it does here is a move. `actions.reading` finds the
likeliest, `actions.reply` carries it out. Each has an example, which the tests play.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Move:
    """What one message does; `about` says of what: a matter, an aspect, a place among offers."""

    name: str
    score: float
    about: Any = None


@dataclass(frozen=True)
class Example:
    """A message that makes a move, and the last thing said before it."""

    after: str
    says: str


MOVES: dict[str, Example] = {
    # What is on the table.
    "answer": Example("What day did you get it?", "last tuesday"),
    "correct": Example("Here is what I will send in for you: … Shall I go ahead?", "its the lamp"),
    "accept": Example("You can have all of your money back. Shall I help you?", "refund me then"),
    "refuse": Example("You can have all of your money back. Shall I help you?", "leave it as is"),
    "choose": Example("That is two things. Which one first?", "the lamp"),
    # What comes new.
    "begin": Example("", "my chair arrived broken"),
    "begin_several": Example("", "the lamp is broken and the other box never came"),
    "look_up": Example("", "you owe me money for order 10508"),
    "add": Example("Your case number is … .", "oh and the armrest has a crack too"),
    "send_evidence": Example("Your case number is … .", "this is what i got"),
    # Questions.
    "ask_about": Example("Your case number is … .", "what happens next and when?"),
    "ask_why": Example("I am sorry, I cannot do that.", "says who"),
    "ask_policy": Example("", "is there a restocking fee"),
    # The talk itself.
    "ask_person": Example("", "let me talk to somebody"),
    "stop": Example("What is your order number?", "forget it"),
    "start_over": Example("What is your order number?", "start over"),
    "repeat": Example("What is your order number?", "come again?"),
    "help": Example("", "what can you do"),
    "greet": Example("", "hello"),
    "thank": Example("", "thanks"),
    "goodbye": Example("", "bye"),
    "bot_challenge": Example("", "are you a robot"),
    "complain": Example("", "worst shop ever"),
    "want_remedy": Example("", "i want my money back"),
    "in_other_language": Example("", "hola, mi pedido no llegó"),
    "out_of_scope": Example("", "how do i change my password"),
    "handed_back": Example("", "Kim has left. The automated assistant is answering again."),
    "unclear": Example("", "that thing from before"),
}  # fmt: skip

"""The closed set of moves: everything a customer's message can do in a conversation.

A sentence taken alone is like an intent; what it does here is a move. `actions.reading` finds the
likeliest, `actions.reply` carries it out.
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
    """A message that makes a move, and what the customer said before it, on the sample orders."""

    says: str
    after: tuple[str, ...] = ()


_CANCELING = ("cancel order 10480, zip 90012",)
_OFFERED = ("where is my order 10483, zip 78701",)
_TWO = "I want to cancel order 10480, and the chair from 10482 arrived broken"
_IN_A_CASE = (*_CANCELING, "yes go ahead")

MOVES: dict[str, Example] = {
    # What is on the table.
    "answer": Example("90012", after=("cancel order 10480",)),
    "correct": Example("no sorry, it is order 10482", after=_CANCELING),
    "tell": Example(
        "could you send another one instead",
        after=("my chair from order 10482 arrived broken, 94110",),
    ),
    "accept": Example("refund me then", after=_OFFERED),
    "refuse": Example("no thanks leave it as it is", after=_OFFERED),
    "choose": Example("the second one", after=(_TWO,)),
    # What comes new.
    "begin": Example("my chair arrived broken"),
    "begin_several": Example(_TWO),
    "look_up": Example("you owe me money for order 10508"),
    "add": Example(
        "one of the wheels is cracked, too",
        after=("my chair from order 10482 arrived broken, 94110", "later", "yes"),
    ),
    "choose_anew": Example(
        "i changed my mind, make it a refund",
        after=("the lamp from order 10490 flickers, 19103", "a replacement", "later", "yes"),
    ),
    "send_evidence": Example("i have uploaded the photos", after=_IN_A_CASE),
    # Questions.
    "ask_about": Example("what happens next and when?", after=_IN_A_CASE),
    "ask_why": Example("says who", after=("cancel order 10485, zip 80205",)),
    "ask_policy": Example("is there a restocking fee"),
    # The talk itself.
    "ask_person": Example("let me talk to somebody"),
    "stop": Example("forget it", after=("cancel order 10480",)),
    "start_over": Example("start over", after=("cancel order 10480",)),
    "repeat": Example("say that again please", after=("cancel order 10480",)),
    "help": Example("what can you do"),
    "greet": Example("hello"),
    "thank": Example("thanks"),
    "goodbye": Example("bye"),
    "bot_challenge": Example("are you a robot"),
    "complain": Example("you are the worst shop ever"),
    "want_remedy": Example("i want my money back"),
    "in_other_language": Example("hola, mi pedido no llegó"),
    "out_of_scope": Example("how do i change my password"),
    "handed_back": Example("Kim has left. The automated assistant is answering again."),
    "put_off": Example("not now, i will do that tomorrow", after=("cancel order 10480",)),
    "unclear": Example("the wotsit did the whatsit"),
}
"""Each move with an example; the tests play them all."""

"""How the policy's questions are asked, each with what helps a customer to answer it."""

from __future__ import annotations

import re
from collections.abc import Callable
from textwrap import shorten

from actions.matters import MATTERS, REMEDIES_OF, Matter, quick_reply
from actions.replies import REMEDIES, what_will_be_done
from actions.standing import (
    NEVER_CAME,
    Standing,
    chosen_lines,
    in_own_words,
    order_in_question,
    takes_correction,
)
from actions.turn import Turn
from actions.withdrawal import WITHDRAWAL, ask_to_withdraw
from casework.cases.in_words import bullets, listed, money, tips, told

LONGEST_SHOWN = 160
"""Characters of a customer's message that the list repeats."""

REMEDY_TITLES = {
    "refund": "A refund",
    "replacement": "A replacement",
    "redelivery": "Send it again",
}
# Where something went wrong, one word of regret comes first.
_REGRETTED = frozenset(
    {"damaged", "defective", "returned_in_transit", "destroyed_in_transit", "other"}
)
_WAITED_FOR = frozenset({"order_status", "case_status", "late_shipment"})
_UPSET = re.compile(
    r"!!|\b[A-Z]{4,} [A-Z]{2,}\b|\b(?:still|weeks?|months?|nothing|never|ridiculous|unacceptable)\b"
)


def question_name(turn: Turn, slot: str) -> str:
    """What the responses call the question for a slot: a correction is described, too."""
    corrects = slot == "description" and turn.slot("matter") == "wrong_information"
    return "correction" if corrects else slot


def explain_question(turn: Turn, slot: str) -> None:
    """Say what kind of answer the open question wants."""
    turn.say(f"utter_explain_{question_name(turn, slot)}")


def regret(turn: Turn, matter: Matter) -> None:
    """One short, true word of regret as a matter begins in which something went wrong."""
    if matter.name in _REGRETTED:
        turn.say(f"utter_regret_{matter.name}")
    elif matter.name in _WAITED_FOR and _UPSET.search(turn.text) and not order_in_question(turn):
        turn.say("utter_regret_waiting")


def ask(turn: Turn, now: Standing) -> None:
    """Ask the question in full."""
    turn.prompts()
    _ASKS[str(now.question)](turn, now)


def ask_again(turn: Turn, now: Standing) -> None:
    """Come back to the open question, in short: it was asked in full before."""
    question = str(now.question)
    turn.prompts()
    if question == "confirm" and turn.slot("matter") == WITHDRAWAL:
        ask(turn, now)
    elif question in ("items", "remedy"):
        turn.say(f"utter_again_{question}", buttons=_replies(turn, now))
    elif question == "evidence" and not turn.on_website:
        ask(turn, now)
    else:
        turn.say(f"utter_again_{question_name(turn, question)}", order=turn.slot("order_number"))


def _replies(turn: Turn, now: Standing) -> list[dict[str, str]]:
    if now.question == "items":
        return [quick_reply(title) for title in [*_titles(now), "All of them"]]
    return [quick_reply(REMEDY_TITLES[remedy]) for remedy in REMEDIES_OF[turn.slot("matter")]]


def _titles(now: Standing) -> list[str]:
    return [line.title for line in now.the_order.lines]


def _ask_order_number(turn: Turn, now: Standing) -> None:
    if turn.slot("proof"):
        turn.say("utter_ask_order_number_only")
    else:
        turn.say("utter_ask_order_number", about=MATTERS[turn.slot("matter")].about)


def _ask_proof(turn: Turn, now: Standing) -> None:
    turn.say("utter_ask_proof", order=turn.slot("order_number"))


def _ask_items(turn: Turn, now: Standing) -> None:
    order = now.the_order
    items = "\n".join(
        f"{line.position}. {line.title} ({line.quantity} × {money(line.unit_price)})"
        for line in order.lines
    )
    turn.say("utter_ask_items", order=order.number, items=items, buttons=_replies(turn, now))


def _ask_delivered_on(turn: Turn, now: Standing) -> None:
    turn.say("utter_ask_delivered_on", order=now.the_order.number)


def _ask_remedy(turn: Turn, now: Standing) -> None:
    choice = listed([REMEDIES[remedy] for remedy in REMEDIES_OF[turn.slot("matter")]], "or")
    turn.say("utter_ask_remedy", choice=choice, buttons=_replies(turn, now))


def _ask_evidence(turn: Turn, now: Standing) -> None:
    """Name the kinds the policy wants; never an obstacle: later is fine."""
    wanted = tips(now.the_decision)
    if turn.slot("evidence") == "letter":
        turn.say("utter_ask_to_paste")
        return
    if turn.slot("evidence") == "promised":
        turn.say("utter_waiting_for_pictures")
        return
    response = "utter_ask_evidence_here" if turn.on_website else "utter_ask_evidence"
    turn.say(response, tips=bullets(wanted))
    turn.show(ask_evidence={"situation": turn.slot("matter"), "tips": wanted})


def _ask_description(turn: Turn, now: Standing) -> None:
    """Ask for it in the customer's own words; for a correction say what the policy says of it."""
    why = " ".join(told(now.the_decision))
    corrects = question_name(turn, "description") == "correction"
    turn.say("utter_ask_correction" if corrects else "utter_ask_description", why=why)


def _ask_confirm(turn: Turn, now: Standing) -> None:
    """List what will be done and ask for a yes: nothing is written before it."""
    if turn.slot("confirm") is False:
        turn.say("utter_ask_what_to_change")
        return
    if turn.slot("matter") == WITHDRAWAL:
        ask_to_withdraw(turn, now.the_case)
        return
    turn.say("utter_ask_confirm", plan=request_listed(turn, now))


def request_listed(turn: Turn, now: Standing) -> str:
    """What will be sent in: the order, the request, what follows, and the customer's words."""
    lines = chosen_lines(turn, now.the_order)
    plan = what_will_be_done(
        turn.slot("matter"), now.the_decision, turn.slot("remedy"), now.the_order, lines
    )
    return "\n".join([plan, *_words_passed_on(turn, now)])


def _words_passed_on(turn: Turn, now: Standing) -> list[str]:
    """What a person is to read in the customer's words; a first story only where it decides."""
    decision, label = now.the_decision, "In your words"
    words = turn.slot("added") or ()
    if takes_correction(decision) or decision.outcome == "dispute":
        words = in_own_words(turn, turn.slot("matter"))
    if takes_correction(decision):
        label = "To be corrected, in your words"
    shown = []
    for one in words:
        said = shorten(one, LONGEST_SHOWN, placeholder=" …")
        if one.startswith(NEVER_CAME):
            shown.append(f"• {said}")
            continue
        shown.append(f"• {label}: “{said}”")
        label = "And then"
    return shown


_ASKS: dict[str, Callable[[Turn, Standing], None]] = {
    "order_number": _ask_order_number,
    "proof": _ask_proof,
    "items": _ask_items,
    "delivered_on": _ask_delivered_on,
    "remedy": _ask_remedy,
    "evidence": _ask_evidence,
    "description": _ask_description,
    "confirm": _ask_confirm,
}

QUESTIONS = tuple(_ASKS)
"""The claims that customers are asked for, by the name of their slot."""

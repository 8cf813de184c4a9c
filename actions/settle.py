"""The end of a matter: what was agreed is written down, and what happens now is said."""

from __future__ import annotations

from actions import human
from actions.answers import is_pasted
from actions.matters import MATTERS, REMEDIES_OF
from actions.offering import offer, offer_waiting
from actions.scene import Offer
from actions.standing import (
    OF_ONE_MATTER,
    Standing,
    chosen_lines,
    in_own_words,
    known_facts,
    takes_correction,
)
from actions.status import offer_of, tell_case, tell_order, tell_order_cases, tell_record
from actions.turn import Turn
from actions.wishes import changes_mind, choices_in, remedy_in_words
from actions.withdrawal import WITHDRAWAL, has_gone_too_far
from casework.cases.case import Case, case_facts, cases_of, decision_of
from casework.cases.in_words import bullets, card, clause_line, reasons, tips, told
from casework.cases.writing import open_case, record
from casework.orders.order import Order
from casework.people.duty import expectation
from policy_core import decide

# Facts of a case that the customer's request fixes; the rest is read off the order.
CLAIMS = ("remedy", "evidence", "delivered_on")


# Outcomes whose steps, dates and clause the website's card tells.
SAID_BY_CARD = frozenset({"entitled", "need_evidence", "seller_decides", "dispute"})


# What the carrier did to a parcel: the customer may have heard of it before the record shows it.
BY_CARRIER = frozenset({"returned_in_transit", "destroyed_in_transit"})


def settle(turn: Turn, now: Standing) -> None:
    """Write once what was confirmed; answer with the policy's outcome; then leave the matter."""
    matter = MATTERS[turn.slot("matter")]
    order = now.the_order
    turn.set(order_number=order.number)
    if matter.name == "order_status":
        tell_order(turn, order)
    elif matter.name == "case_status":
        tell_order_cases(turn, order)
        _pass_on_second_thought(turn, order)
    elif matter.name == "record":
        tell_record(turn, order)
        _pass_on_second_thought(turn, order)
    elif matter.name == WITHDRAWAL:
        _withdraw(turn, order, now.case)
    elif now.case is not None:
        _add_to(turn, now.case)
    else:
        _answer(turn, matter.name, now)
    _finish(turn)


def _pass_on_second_thought(turn: Turn, order: Order) -> None:
    """Another remedy wished for the order's open case, before it was known whose order it is."""
    story = turn.slot("story") or ""
    wish = turn.slot("remedy") or remedy_in_words(story)
    open_now = [case for case in cases_of(turn.session, order) if case.state == "open"]
    if wish is None or len(open_now) != 1 or not changes_mind(story):
        return
    case, asked = open_now[0], case_facts(open_now[0], turn.today).get("remedy")
    if wish != asked and wish in choices_in(case.situation) and len(choices_in(case.situation)) > 1:
        human.ask_for_remedy(turn, case, wish)


def _add_to(turn: Turn, case: Case) -> None:
    """The same was asked for before: it stays one request, and what is new is added to it."""
    if is_pasted(turn.text):
        turn.records.keep_pasted(turn.text, turn.now, turn.message_key)
    turn.records.attach_evidence(case, turn.now)
    _note_all_told(turn, case)
    turn.say("utter_case_exists", case=case.number)
    tell_case(turn, case)


def _answer(turn: Turn, situation: str, now: Standing) -> None:
    if now.record_incomplete:
        human.hand_over(turn, reason="record_incomplete", order=now.the_order, facts=now.facts)
        turn.say("utter_record_incomplete", order=now.the_order.number, when=expectation(turn.now))
        return
    gives_nothing = now.the_decision.outcome in ("not_available", "contact_us", "declined")
    if gives_nothing and not takes_correction(now.the_decision):
        answer_without_case(turn, now)
        return
    case = _open(turn, situation, now)
    if now.the_decision.outcome in ("dispute", "seller_decides", "contact_us"):
        human.hand_over(
            turn,
            reason=now.the_decision.outcome,
            order=now.the_order,
            case=case,
            facts=now.facts,
            decision=now.decision,
        )
    answer_case(turn, case)


def _open(turn: Turn, situation: str, now: Standing) -> Case:
    claims = {fact: now.facts[fact] for fact in CLAIMS if fact in now.facts}
    case = open_case(
        turn.session,
        order=now.the_order,
        situation=situation,
        facts=claims,
        line_ids=[line.id for line in chosen_lines(turn, now.the_order)],
        conversation_id=turn.conversation_id,
        now=turn.now,
        key=f"{turn.message_key}:{situation}",
    )
    turn.records.attach_evidence(case, turn.now)
    _note_all_told(turn, case)
    return case


def _note_all_told(turn: Turn, case: Case) -> None:
    if words := in_own_words(turn, case.situation):
        turn.records.note_words(case, "\n".join(words), turn.now, turn.message_key)


def _withdraw(turn: Turn, order: Order, case: Case | None) -> None:
    """End the case after a yes, keep it after a no; what went too far goes to a person."""
    if case is None:
        turn.say("utter_nothing_to_withdraw", order=order.number)
        return
    turn.set(case_number=case.number)
    if has_gone_too_far(case):
        human.hand_over(turn, reason="withdrawal_asked", order=order, case=case)
        turn.say("utter_withdrawal_too_late", case=case.number, when=expectation(turn.now))
        return
    if not turn.slot("confirm"):
        turn.say("utter_withdrawal_kept", case=case.number)
        return
    key = f"{turn.message_key}:withdrawn"
    record(turn.session, case, "withdrawn", {}, actor="customer", now=turn.now, key=key)
    turn.set(explanation=None)
    cancels = case.situation == "cancel"
    turn.say(
        "utter_withdrawn_cancellation" if cancels else "utter_withdrawn",
        case=case.number,
        order=order.number,
    )


def answer_case(turn: Turn, case: Case) -> None:
    """Tell what the policy gives for a case just opened or added to.

    On the website the card carries it, and the words only say what it is.
    """
    decision = decision_of(case, turn.policy, turn.today)
    turn.set(case_number=case.number, explanation=reasons(turn.policy, decision), topic=None)
    here = "_here" if turn.on_website and decision.outcome in SAID_BY_CARD else ""
    turn.say(
        f"utter_{decision.outcome}{here}",
        case=case.number,
        steps=bullets(told(decision)),
        clause=clause_line(turn.policy, decision),
        tips=bullets(tips(decision)),
        when=expectation(turn.now),
    )
    turn.show(card=card(turn.policy, decision, case.number))


def answer_without_case(turn: Turn, now: Standing) -> None:
    """Tell what cannot be done, why, and what can be done instead."""
    decision = now.the_decision
    turn.set(explanation=reasons(turn.policy, decision), topic=None)
    if by_right := _given_instead(turn, now):
        turn.set(offer=[by_right])
        return
    order, why = now.the_order.number, told(decision)
    if decision.outcome == "contact_us":
        turn.say("utter_only_by_phone", order=order, why=" ".join(why))
    elif now.facts["situation"] in BY_CARRIER and "other" in decision.alternatives:
        turn.say("utter_not_on_record", order=order, why=why[0])
    else:
        turn.say(f"utter_{decision.outcome}", order=order, why=" ".join(why))
    story, remedy = turn.slot("story"), turn.slot("remedy")
    offer(
        turn,
        [
            {"matter": name, "story": story, "remedy": remedy}
            for name in decision.alternatives
            if name in MATTERS
        ],
    )


def _given_instead(turn: Turn, now: Standing) -> Offer | None:
    """What the customer wished for, where another situation gives it by right."""
    wish = turn.slot("remedy")
    for name in now.the_decision.alternatives:
        facts = known_facts(turn, now.the_order, name)
        given = decide(facts, policy=turn.policy, today=turn.today)
        if given.outcome == "entitled" and wish in REMEDIES_OF.get(name, ()):
            return offer_of(turn, now.the_order, name)
    return None


def _finish(turn: Turn) -> None:
    """Clear what belonged to the matter; go on to a second one that was mentioned."""
    turn.set(**dict.fromkeys(OF_ONE_MATTER), matter=None, question=None, misses=None)
    offer_waiting(turn)

"""The end of a matter: write what was agreed, and say what happens now."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions import human
from actions.matters import MATTERS, buttons
from actions.standing import (
    OF_ONE_MATTER,
    Standing,
    chosen_lines,
    correction_told,
    standing,
    takes_correction,
    what_happened,
)
from actions.status import tell_case, tell_order, tell_order_cases
from actions.turn import AssistantAction, Event, Turn
from actions.withdrawal import WITHDRAWAL, has_gone_too_far
from casework.cases import Case, decision_of, open_case, record
from casework.duty import expectation
from casework.evidence import attach_evidence
from casework.in_words import bullets, card, clause_line, reasons, tips, told
from casework.orders import Order

# Facts of a case that the customer's request fixes; the rest is read off the order.
CLAIMS = ("remedy", "evidence", "delivered_on")


class SettleMatter(AssistantAction):
    """Everything that decides the matter is known: do it, and answer."""

    action_name = "action_settle_matter"

    def act(self, turn: Turn) -> list[Event]:
        """Write once what was confirmed; answer with the policy's outcome."""
        if turn.slot("matter") is None:
            return []
        matter = MATTERS[turn.slot("matter")]
        now = standing(turn)
        if now.order is None or now.question is not None:
            # The form was left before everything was known and confirmed: write nothing.
            return []
        turn.set(order_number=now.the_order.number)
        if matter.name == "order_status":
            tell_order(turn, now.order)
        elif matter.name == "case_status":
            tell_order_cases(turn, now.order)
        elif matter.name == WITHDRAWAL:
            _withdraw(turn, now.order, now.case)
        elif now.case is not None:
            attach_evidence(turn.session, now.case, turn.now, conversation_id=turn.conversation_id)
            turn.say("utter_case_exists", case=now.case.number)
            tell_case(turn, now.case)
        else:
            self._settle(turn, matter.name, now)
        _finish(turn)
        return []

    def _settle(self, turn: Turn, situation: str, now: Standing) -> None:
        if now.record_incomplete:
            human.hand_over(turn, reason="record_incomplete", order=now.the_order, facts=now.facts)
            turn.say("utter_record_incomplete", order=now.the_order.number)
            return
        gives_nothing = now.the_decision.outcome in ("not_available", "contact_us", "declined")
        if gives_nothing and not takes_correction(now.the_decision):
            answer_without_case(turn, situation, now)
            return
        case = _open(turn, situation, now)
        answer_case(turn, case)
        if now.the_decision.outcome in ("dispute", "seller_decides", "contact_us"):
            human.hand_over(
                turn,
                reason=now.the_decision.outcome,
                order=now.the_order,
                case=case,
                facts=now.facts,
                decision=now.decision,
            )

    def failed(self, tracker: Tracker) -> list[Event]:
        """Nothing was written: offer the same matter again, with all that was said."""
        return [SlotSet("offer", tracker.get_slot("matter")), SlotSet("confirm", None)]


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
    attach_evidence(turn.session, case, turn.now, conversation_id=turn.conversation_id)
    told = correction_told(turn) if situation == "wrong_information" else what_happened(turn)
    if told:
        record(
            turn.session,
            case,
            "note",
            {"text": told},
            actor="customer",
            now=turn.now,
            key=f"{turn.message_key}:description",
        )
    return case


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
    turn.say("utter_withdrawn", case=case.number)


def answer_case(turn: Turn, case: Case) -> None:
    """Tell what the policy gives for a case just opened: number, steps, cost, evidence, contact."""
    decision = decision_of(case, turn.policy, turn.today)
    turn.set(case_number=case.number, explanation=reasons(turn.policy, decision))
    turn.say(
        f"utter_{decision.outcome}",
        case=case.number,
        steps=bullets(told(decision)),
        clause=clause_line(turn.policy, decision),
        tips=bullets(tips(decision)),
    )
    turn.show(card=card(turn.policy, decision, case.number))


def answer_without_case(turn: Turn, situation: str, now: Standing) -> None:
    """Tell what cannot be done, why, and what can be done instead."""
    decision = now.the_decision
    turn.set(explanation=reasons(turn.policy, decision))
    by_phone = decision.outcome == "contact_us"
    response = "utter_only_by_phone" if by_phone else f"utter_{decision.outcome}"
    turn.say(response, order=now.the_order.number, why=" ".join(told(decision)))
    open_now = [name for name in decision.alternatives if name in MATTERS]
    if not open_now:
        return
    if len(open_now) == 1:
        turn.set(offer=open_now[0])
        turn.say("utter_offer_alternative", about=MATTERS[open_now[0]].about)
    else:
        turn.say("utter_alternatives", buttons=buttons(open_now))


def _finish(turn: Turn) -> None:
    """Clear what belonged to the matter; go on to a second one that was mentioned."""
    turn.set(**dict.fromkeys(OF_ONE_MATTER), matter=None, misses=None)
    offer_waiting(turn)


def offer_waiting(turn: Turn) -> None:
    """Come back to the matter that was mentioned beside the one before, if nothing is offered."""
    waiting = turn.slot("next_matter")
    if waiting and turn.slot("offer") is None:
        turn.set(offer=waiting[0]["matter"])
        turn.say("utter_offer_next", about=MATTERS[waiting[0]["matter"]].about)

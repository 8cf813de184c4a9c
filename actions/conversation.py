"""What is said between matters: policy questions, why, yes and no, stop, not understood."""

from __future__ import annotations

import re

from rasa_sdk.events import FollowupAction

from actions.answers import read_details
from actions.form import begin, leave, take_in, turn_to_mentioned
from actions.matters import MATTERS, WHAT_HAPPENED, Matter, buttons, matter_for, matter_of_intent
from actions.questions import explain_question, question_name
from actions.settle import answer_case, offer_waiting
from actions.turn import FORM, REQUESTED, AssistantAction, Event, Turn
from casework.cases import find_case, open_cases_of_conversation
from casework.evidence import attach_evidence, evidence_of
from casework.in_words import bullets
from casework.orders import normalise_order_number

_CANCEL_IT = re.compile(r"^\W*(?:please\s+)?cancel\b", re.I)
_PLACE = re.compile(
    r"^\W*(?:(?:the|number|no|option)\W+)*(?P<place>first|second|third|last|both|either|[123])\b"
    r"(?:\W+(?:one|thing|matter|option|first|please|pls|thanks))*\W*$",
    re.I,
)
_PLACES = {"first": 0, "1": 0, "both": 0, "either": 0, "second": 1, "2": 1, "third": 2, "3": 2}


class AnswerPolicyQuestion(AssistantAction):
    """A general question, answered from the policy file, the clause named."""

    action_name = "action_answer_policy_question"

    def act(self, turn: Turn) -> list[Event]:
        """Give the topic's answer."""
        selected = (turn.message.get("response_selector") or {}).get("ask_policy") or {}
        key = str((selected.get("response") or {}).get("intent_response_key") or "")
        name = key.partition("/")[2]
        topic = turn.policy.topic(name if name in turn.policy.topics else "contact")
        clause = turn.policy.clause(topic.clauses[0])
        # In the middle of a matter the answer offers nothing else to take up.
        response = "utter_policy_answer" if turn.in_form else f"utter_ask_policy/{topic.name}"
        turn.say(response, answer=topic.text, clause=clause.title, where=clause.where)
        return []


class AnswerOutOfScope(AssistantAction):
    """Not a matter of after-sales: say what is, and where to turn."""

    action_name = "action_answer_out_of_scope"

    def act(self, turn: Turn) -> list[Event]:
        """Give the contact; "2" after a question with quick replies is a choice."""
        matter = _chosen(turn)
        if matter:
            begin(turn, matter)
            return [FollowupAction(FORM)]
        turn.say("utter_out_of_scope")
        return []


class AnswerWhy(AssistantAction):
    """Why: of the open question, or of the last decision."""

    action_name = "action_answer_why"

    def act(self, turn: Turn) -> list[Event]:
        """Give the steps of the decision, or what the question is for."""
        requested = turn.slot(REQUESTED) if turn.in_form else None
        if requested:
            turn.say(f"utter_why_{question_name(turn, requested)}")
        elif turn.slot("explanation"):
            turn.say("utter_why", steps=bullets(turn.slot("explanation")))
        else:
            turn.say("utter_why_nothing")
        return []


class AnswerYes(AssistantAction):
    """A yes to what was offered with the last reply."""

    action_name = "action_answer_yes"

    def act(self, turn: Turn) -> list[Event]:
        """Take up the offer; without one, ask what to do."""
        offer = turn.slot("offer")
        if offer is None:
            turn.say("utter_how_can_i_help")
            return []
        turn_to_mentioned(turn, offer)
        turn.set(matter=offer, offer=None, misses=None)
        return [FollowupAction(FORM)]


class AnswerNo(AssistantAction):
    """A no to what was offered with the last reply."""

    action_name = "action_answer_no"

    def act(self, turn: Turn) -> list[Event]:
        """Drop the offer."""
        dropped = turn.slot("offer")
        turn.set(offer=None, next_matter=None)
        turn.say("utter_offer_dropped" if dropped else "utter_anything_else")
        return []


class AskWhatHappened(AssistantAction):
    """Money back, but no reason; or anger with none: ask, never guess."""

    action_name = "action_ask_what_happened"

    def act(self, turn: Turn) -> list[Event]:
        """Keep what was said, and offer the likeliest matters."""
        turn.set(**read_details(turn, None))
        response = "utter_sorry_to_hear" if turn.intent == "complain" else "utter_what_happened"
        turn.say(response, buttons=buttons(WHAT_HAPPENED))
        return []


class AskWhichFirst(AssistantAction):
    """Two matters in one message: ask which comes first, and keep the other."""

    action_name = "action_ask_which_first"

    def act(self, turn: Turn) -> list[Event]:
        """Offer both by title; in the middle of free text, hear it as the answer."""
        found = matters_in(turn)
        if turn.in_form and (turn.slot(REQUESTED) == "description" or len(found) < 2):
            take_in(turn, turn.slot(REQUESTED))
            return []
        if len(found) < 2:
            turn.say("utter_rephrase")
            return []
        first, second = found
        orders: list[str] | list[None] = _orders_in(turn)
        details = read_details(turn, None)
        if len(orders) == len(found):
            # Each matter has its own order, and is turned to with it.
            details.pop("order_number", None)
        else:
            orders = [None, None]
        turn.set(**details, offer=None)
        turn.say(
            "utter_which_first",
            first=first.about,
            second=second.about,
            buttons=buttons([first.name, second.name]),
        )
        # Whichever the customer takes up, the other one is offered when it is settled.
        pairs = zip(found, orders, strict=True)
        turn.set(next_matter=[{"matter": one.name, "order": order} for one, order in pairs])
        return []


def _orders_in(turn: Turn) -> list[str]:
    """The different order numbers of the message, in order of mention."""
    numbers = (normalise_order_number(number) for number in turn.entities("order_number"))
    return list(dict.fromkeys(number for number in numbers if number))


def matters_in(turn: Turn) -> list[Matter]:
    """The two matters of a message that holds several, in order of mention; else the likeliest."""
    ranked = [str(entry["name"]) for entry in turn.message.get("intent_ranking") or []]
    found = [matter_of_intent(name) for name in turn.entities("matter") or ranked]
    return [matter for matter in found if matter][:2]


class Clarify(AssistantAction):
    """Not sure what was meant: ask once with the two likeliest; then offer a person."""

    action_name = "action_clarify"

    def act(self, turn: Turn) -> list[Event]:
        """Offer the likeliest matters; the choice of an offered one always counts."""
        matter = _chosen(turn)
        if matter:
            begin(turn, matter)
            return [FollowupAction(FORM)]
        misses = int(turn.slot("misses") or 0) + 1
        turn.set(misses=misses, **read_details(turn, None))
        likely = matters_in(turn)
        if misses > 1:
            turn.say("utter_offer_human")
        elif likely:
            replies = buttons([matter.name for matter in likely])
            turn.say("utter_did_you_mean", buttons=replies)
        else:
            turn.say("utter_rephrase")
        return []


class NoteDetails(AssistantAction):
    """An order number or the like before any matter: keep it, and ask what it is about."""

    action_name = "action_note_details"

    def act(self, turn: Turn) -> list[Event]:
        """Keep the details for the matter that comes; a matter that was offered is taken up."""
        matter = _chosen(turn)
        if matter:
            begin(turn, matter)
            return [FollowupAction(FORM)]
        details = read_details(turn, None)
        turn.set(**details)
        if "remedy" in details:
            turn.say("utter_what_happened", buttons=buttons(WHAT_HAPPENED))
        else:
            turn.say("utter_details_noted" if details else "utter_how_can_i_help")
        return []


class TakeEvidence(AssistantAction):
    """Pictures arrived outside a matter: bind them to the case that waits for them."""

    action_name = "action_take_evidence"

    def act(self, turn: Turn) -> list[Event]:
        """Attach what the website stored; say honestly where nothing has arrived."""
        if not evidence_of(turn.session, conversation_id=turn.conversation_id):
            turn.say("utter_no_evidence_yet")
            return []
        spoken_of = find_case(turn.session, turn.slot("case_number") or "")
        waiting = open_cases_of_conversation(turn.session, turn.conversation_id)
        if spoken_of is not None and spoken_of.state == "open":
            waiting = [spoken_of]
        for waiting_case in waiting[:1]:
            attach_evidence(
                turn.session, waiting_case, turn.now, conversation_id=turn.conversation_id
            )
            turn.say("utter_evidence_attached", case=waiting_case.number)
            answer_case(turn, waiting_case)
        if not waiting:
            turn.say("utter_evidence_kept")
        return []


class Stop(AssistantAction):
    """The customer wants no more of this matter."""

    action_name = "action_stop"

    def act(self, turn: Turn) -> list[Event]:
        """Leave it, nothing was written; a matter that waits is offered.

        "Cancel it" after an order number means the order.
        """
        if not turn.in_form and turn.slot("order_number") and _CANCEL_IT.search(turn.text):
            begin(turn, MATTERS["cancel"])
            return [FollowupAction(FORM)]
        if not turn.in_form:
            turn.say("utter_anything_else")
            return leave(turn)
        waiting = turn.slot("next_matter")
        turn.say("utter_stopped")
        left = leave(turn)
        turn.set(next_matter=waiting)
        offer_waiting(turn)
        return left


class StartOver(AssistantAction):
    """Begin again from nothing; who is verified stays so."""

    action_name = "action_start_over"

    def act(self, turn: Turn) -> list[Event]:
        """Forget every claim."""
        left = leave(turn)
        turn.set(order_number=None, proof=None, explanation=None, case_number=None)
        turn.say("utter_started_over")
        return left


class Help(AssistantAction):
    """What the assistant can do."""

    action_name = "action_help"

    def act(self, turn: Turn) -> list[Event]:
        """List it, with the likeliest as quick replies outside a matter."""
        turn.say("utter_help", buttons=[] if turn.in_form else buttons(WHAT_HAPPENED))
        return []


class Repeat(AssistantAction):
    """Say the last thing again; in a matter the form asks its question again by itself."""

    action_name = "action_repeat"

    def act(self, turn: Turn) -> list[Event]:
        """Repeat the last reply, or what the open question wants."""
        if turn.in_form:
            explain_question(turn, turn.slot(REQUESTED))
            return []
        last = _last_reply(turn)
        if last is None:
            turn.say("utter_how_can_i_help")
        else:
            turn.say_text(last["text"], _titles(last))
        return []


def _last_reply(turn: Turn) -> Event | None:
    """The last message of the assistant that has words."""
    events = reversed(turn.tracker.events)
    return next((e for e in events if e.get("event") == "bot" and e.get("text")), None)


def _titles(reply: Event) -> list[str]:
    return [button["title"] for button in (reply.get("data") or {}).get("buttons") or []]


def _chosen(turn: Turn) -> Matter | None:
    """The matter whose quick reply was pressed, or named by its place ("the second one")."""
    matter = matter_for(turn.text, None)
    if matter:
        return matter
    named, last = _PLACE.match(turn.text), _last_reply(turn)
    titles = _titles(last) if last else []
    if named is None or not titles:
        return None
    place = _PLACES.get(named["place"].lower(), len(titles) - 1)
    return matter_for(titles[place], None) if place < len(titles) else None

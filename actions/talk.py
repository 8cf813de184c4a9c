"""What is said between matters: policy questions, why, yes and no, greetings, not understood."""

from __future__ import annotations

from actions.in_hand import go_on
from actions.matters import WHAT_HAPPENED, buttons
from actions.offering import offer_again, offer_waiting
from actions.questions import explain_question, question_name
from actions.scene import Scene
from actions.several import matters_in
from actions.turn import Turn
from actions.wishes import read_wish
from actions.wording import asks, leaves_it_to_us
from casework.cases.case import Case, decision_of
from casework.cases.in_words import bullets, reasons
from casework.people.duty import expectation

MISSES_BEFORE_A_PERSON = 2

# After these a no says that the customer sees it otherwise.
ANSWERS_OF_A_CASE = (
    "utter_case_seller_decides",
    "utter_case_declined",
    "utter_case_not_available",
    "utter_case_entitled",
    "utter_case_late",
    "utter_case_done",
    "utter_about_verdict_yes",
    "utter_about_verdict_open",
    "utter_about_verdict_no",
    "utter_about_amount",
    "utter_about_amount_range",
)


def come_back(turn: Turn) -> None:
    """After something in between: back to the open question, or to what is on offer."""
    if turn.slot("matter"):
        go_on(turn, again=True)
    else:
        offer_again(turn)


def answer_why(turn: Turn, scene: Scene) -> None:
    """Why: of the open question, or of the last decision."""
    if scene.question:
        turn.say(f"utter_why_{question_name(turn, scene.question)}")
    elif scene.case is not None:
        _why_of_case(turn, scene.case)
    elif turn.slot("explanation"):
        turn.say("utter_why", steps=bullets(turn.slot("explanation")))
    else:
        turn.say("utter_why_nothing")


def _why_of_case(turn: Turn, case: Case) -> None:
    decision = decision_of(case, turn.policy, turn.today)
    if decision.outcome == "declined":
        rules = [turn.policy.clause(clause).summary for clause in decision.clauses[:1]]
        turn.say("utter_why_declined", rules=" ".join(rules), case=case.number)
    else:
        turn.say("utter_why", steps=bullets(reasons(turn.policy, decision)))


def refuse(turn: Turn, scene: Scene) -> None:
    """A no to what was offered, or to nothing in particular."""
    declined = scene.offer
    turn.set(offer=None, remedy=None)
    if declined and declined.get("on") == "no":
        turn.say("utter_it_came")
    elif scene.offers:
        turn.say("utter_offer_dropped")
    elif scene.case is not None and turn.just_said(*ANSWERS_OF_A_CASE):
        turn.say("utter_seen_differently", case=scene.case.number)
    else:
        turn.say("utter_anything_else")
    offer_waiting(turn)


def agree(turn: Turn, scene: Scene) -> None:
    """A yes where nothing was offered."""
    turn.say("utter_anything_else" if scene.case else "utter_how_can_i_help")


def greet(turn: Turn, scene: Scene) -> None:
    """A hello at the beginning; later it asks whether anybody is there."""
    if scene.waits_for_person and not turn.just_said("utter_still_here_waiting"):
        turn.say("utter_still_here_waiting", when=expectation(turn.now))
    elif scene.matter or scene.offers or scene.case or scene.order or scene.waits_for_person:
        turn.say("utter_still_here")
    else:
        turn.say("utter_greet")


def say_goodbye(turn: Turn, scene: Scene) -> None:
    """A goodbye; what is not sent yet is said to be so, and not asked for any more."""
    turn.say("utter_goodbye_unsent" if scene.matter else "utter_goodbye")


def put_off(turn: Turn, scene: Scene) -> None:
    """Not now: what was begun stays, and is said not to be sent."""
    begun = scene.matter is not None or scene.offers
    turn.say("utter_no_hurry" if begun else "utter_anything_else")


def ask_what_happened(turn: Turn, scene: Scene) -> None:
    """Money back, but no reason; or anger with none: ask, never guess."""
    complains = turn.likely.get("complain", 0.0) > turn.likely.get("want_remedy", 0.0)
    turn.set(**read_wish(turn))
    asked_if_it_came = scene.offer is not None and scene.offer.get("on") == "no"
    if scene.matter is not None or (scene.offers and not asked_if_it_came):
        # It is known what it is about: what comes next is the open question, or the offer again.
        if complains:
            turn.say("utter_understand")
        return
    turn.set(story=turn.text)
    turn.say("utter_sorry_to_hear" if complains else "utter_what_happened",
             buttons=buttons(WHAT_HAPPENED))  # fmt: skip


def help_out(turn: Turn, scene: Scene) -> None:
    """What the assistant can do, with the likeliest as quick replies outside a matter."""
    turn.say("utter_help", buttons=[] if scene.matter else buttons(WHAT_HAPPENED))


def repeat(turn: Turn, scene: Scene) -> None:
    """The last reply again; of an open question rather what it wants."""
    if scene.question:
        explain_question(turn, scene.question)
        return
    last = turn.last_reply
    if last is None:
        turn.say("utter_how_can_i_help")
    else:
        turn.say_text(last["text"], turn.offered_titles)


def say_foreign(turn: Turn) -> None:
    """Another language than English: say so in that language, and give the phone."""
    language = turn.topic("other_language") or "spanish"
    turn.say(f"utter_other_language/{language}")


def not_understood(turn: Turn, scene: Scene) -> None:
    """Not sure what was meant: say what the open question wants, or ask with the likeliest.

    After two in a row a person is offered.
    """
    misses = int(turn.slot("misses") or 0) + 1
    turn.set(misses=misses)
    likely = [matter for matter, _ in matters_in(turn)]
    if misses >= MISSES_BEFORE_A_PERSON:
        turn.say("utter_offer_human")
    elif scene.question in ("remedy", "confirm") and leaves_it_to_us(turn.text):
        turn.say("utter_yours_to_choose")
    elif scene.order is not None and asks(turn.text):
        turn.say("utter_cannot_say")
    elif scene.question:
        explain_question(turn, scene.question)
    elif scene.case is not None:
        turn.say("utter_rephrase_case", case=scene.case.number)
    elif likely:
        turn.say("utter_did_you_mean", buttons=buttons([matter.name for matter in likely]))
    else:
        turn.say("utter_rephrase")

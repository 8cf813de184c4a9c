"""Readers of what answers: the open question, an offer, or a detail nobody asked for just now."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from actions.declining import declines, turned_up
from actions.details import tells_more
from actions.heard import CERTAIN, IN_PASSING, PLAIN, SURE, WEAK, WORDS_OF_A_DETAIL, Heard
from actions.matters import MATTERS, REMEDIES_OF, STATUS_MATTERS
from actions.moves import Move
from actions.offers import chosen_of, takes_up
from actions.standing import in_own_words
from actions.wishes import chooses_before_more, remedy_in_words, remedy_wished
from actions.withdrawal import WITHDRAWAL
from actions.wording import (
    asks_to_know,
    asks_to_note,
    asks_what,
    cancels_the_order,
    denies,
    is_fallback,
    more_than_no,
    says_no,
    says_yes,
    without_questions,
    yes_before_more,
)

# How sure an answer to a question is that the message plainly holds; the others by intent.
ANSWERS = {"items": SURE, "remedy": 0.85, "delivered_on": SURE, "description": WEAK}
SHORT_ANSWERS = frozenset(
    {"affirm", "deny", "inform", "postpone", "cannot_provide", "evidence_sent"}
)
WORDS_OF_A_LONG_NO = 5
_TO_ADD = re.compile(r"\b(?:add|note|mention|include|write|forgot|also|too)\b", re.I)
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d+")
# "No. Refer me to your staff": what follows the no is what it is about.
SAID_AFTER_A_NO = frozenset(
    {"request_human", "ask_order_status", "ask_case_status", "ask_policy", "ask_about_this"}
)
# What an answer in the customer's own words must not swallow, however it is worded.
CANNOT_TELL = frozenset({"affirm", "deny", "cannot_provide", "postpone"})


def declines_it(heard: Heard) -> Iterator[Move]:
    """The request in hand, or the one on offer, is said not to be wanted or needed."""
    scene, text = heard.scene, heard.turn.text
    at_the_list = scene.matter is not None and scene.question == "confirm"
    if at_the_list and scene.matter and declines(text, scene.matter):
        wants_another = heard.wants_another(scene.matter)
        yield Move("stop", 0.0 if wants_another else CERTAIN + 0.04)
    if scene.offer and declines(text, MATTERS[scene.offer["matter"]]):
        yield Move("refuse", CERTAIN + 0.04 if scene.offer.get("on") != "no" else 0.0)
    if scene.matter is None and not scene.offers and scene.case is None and turned_up(text):
        yield Move("stop", CERTAIN + 0.04)


def to_offers(heard: Heard) -> Iterator[Move]:
    """A yes or no to the one offer, or a choice among several, in whatever words."""
    offers, offer = heard.scene.offers, heard.scene.offer
    if offer is None:
        place = chosen_of(heard.turn, offers) if offers else None
        if place is not None:
            yield Move("choose", CERTAIN, place)
        elif offers and (heard.identity.given or says_yes(heard.turn.text)):
            yield Move("choose", PLAIN, 0)
        for place, one in enumerate(offers):
            intent = MATTERS[one["matter"]].intent
            yield Move("choose", heard.likely(intent or "") + 0.01, place)
        return
    yes, no = _leaning(heard, "affirm", says_yes), _leaning(heard, "deny", says_no)
    if offer.get("on") == "no":
        yes, no = no, yes
        if says_no(heard.turn.text):
            yes = CERTAIN + 0.01
        elif denies(heard.turn.text):
            yes = max(yes, heard.likely("report_other_problem", "ask_order_status") + 0.02)
    wish = remedy_wished(heard.turn)
    named = heard.likely(MATTERS[offer["matter"]].intent or "") + 0.01
    wanted = heard.likely("want_remedy") if takes_up(offer, "refund") else 0.0
    # "My order came this morning" speaks of what is asked, and is no "it never came".
    by_name = chosen_of(heard.turn, offers) == 0 and offer.get("on") != "no"
    spoken_of = SURE if by_name and not (heard.asks or denies(heard.turn.text)) else 0.0
    fits = SURE if wish and takes_up(offer, wish) and not heard.asks else 0.0
    if heard.asks_to_know or denies(heard.turn.text):
        named, wanted = 0.0, 0.0
    yield Move("accept", max(yes, named, wanted + 0.01, fits, spoken_of), 0)
    yield Move("refuse", max(no, heard.likely("stop") + 0.01))


def _leaning(heard: Heard, intent: str, says: Callable[[str], bool]) -> float:
    text = heard.turn.text
    plainly = says(text) and not heard.asks
    if says is says_yes and yes_before_more(text):
        plainly = True
    arrival_asked = heard.scene.offer is not None and heard.scene.offer.get("on") == "no"
    after = heard.likely(*SAID_AFTER_A_NO) > WEAK and not arrival_asked
    if says is says_no and more_than_no(text) and after:
        plainly = False
    if says is says_yes and heard.asks and not plainly:
        # "Ok, and how long does it take?" asks first.
        return heard.likely(intent) * IN_PASSING
    return max(heard.likely(intent), CERTAIN if plainly else 0.0)


def to_question(heard: Heard) -> Iterator[Move]:
    """An answer to the open question, or a correction of what was told before."""
    question, identity = heard.scene.question, heard.identity
    if question is None:
        return
    if identity.given and question in ("order_number", "proof"):
        yield Move("answer", SURE)
    elif identity.new:
        yield Move("correct", CERTAIN + 0.01 if identity.corrected else PLAIN)
    if heard.answer:
        yield Move("answer", _sureness(heard, question))


def tells_beside(heard: Heard) -> Iterator[Move]:
    """What nobody asked for just now, but tells of the matter in hand."""
    matter = heard.scene.matter
    # Of what is only looked up nothing is kept.
    if (
        matter is None
        or heard.scene.question is None
        or matter.name in STATUS_MATTERS | {WITHDRAWAL}
    ):
        return
    yield Move("tell", _clearness(heard), heard.details)


def _clearness(heard: Heard) -> float:
    claims = heard.details
    if claims.get("evidence") == "pasted":
        return CERTAIN + 0.02
    if _corrects_the_address(heard) and not _agrees_to_what_is_told(heard):
        return CERTAIN + 0.02
    passes_on = is_fallback(heard.turn.text) or asks_to_note(heard.turn.text)
    if passes_on and not heard.answer.claims.get("confirm"):
        return CERTAIN + 0.02
    if heard.answer.claims.get("confirm") is False and _adds(heard):
        return PLAIN
    if heard.answer:
        return 0.0
    if claims:
        return max(PLAIN, heard.likely("inform", "want_remedy"))
    if remedy_in_words(heard.turn.text) and not REMEDIES_OF.get(str(heard.turn.slot("matter"))):
        # Nothing to choose here: what is wished for goes to the person with the rest.
        return heard.likely("inform", "want_remedy") + 0.02
    only_a_number = not any(sign.isalpha() for sign in heard.turn.text)
    if heard.identity.given or only_a_number or asks_to_know(heard.turn.text):
        return 0.0
    if heard.turn.entities("email", "zip"):
        return CERTAIN
    # Whatever else it is like: in the middle of a matter it is told for its sake.
    beside = heard.likely("out_of_scope", "want_remedy", "complain")
    told = beside + 0.02 if tells_more(heard.turn) else 0.0
    return max(told, heard.likely("inform") + 0.02)


def _tells_the_address(heard: Heard) -> bool:
    """Whether the corrected address is in the message, whatever is asked with it."""
    corrects = heard.scene.matter is MATTERS["wrong_information"]
    return corrects and bool(_DIGIT.search(heard.turn.text)) and heard.words > WORDS_OF_A_DETAIL


def _names_another(heard: Heard) -> bool:
    """Whether a no goes on to what it is about: "no. just cancel the order"."""
    in_hand = heard.scene.matter.intent if heard.scene.matter else None
    others = {one.intent for one in MATTERS.values() if one.intent and one.goods} | {"cancel_order"}
    return more_than_no(heard.turn.text) and heard.likely(*(others - {in_hand})) > WEAK


def _adds(heard: Heard) -> bool:
    """Whether a no to the list tells what is to be on it, or what is wrong with it."""
    told = heard.likely("inform", *(f"report_{one}_item" for one in ("damaged", "defective")))
    says_what = told > WEAK or bool(_TO_ADD.search(heard.turn.text))
    return says_what and heard.words > WORDS_OF_A_LONG_NO and not heard.asks_to_know


def _corrects_the_address(heard: Heard) -> bool:
    """Whether, with a corrected address on the list, more of it is told: "no wait, it is 4C"."""
    at_the_list = heard.scene.matter is MATTERS["wrong_information"]
    told = without_questions(heard.turn.text)
    for number in heard.turn.entities("order_number"):
        told = told.replace(number, "")
    tells = _DIGIT.search(told) and len(told.split()) >= WORDS_OF_A_DETAIL
    listed = heard.scene.question == "confirm" and not heard.identity.new
    ends = heard.likely("cancel_order", "stop") > WEAK
    return bool(at_the_list and listed and tells and not ends)


def _agrees_to_what_is_told(heard: Heard) -> bool:
    """Whether a yes only repeats numbers that are on the list: "yes go ahead with apt 4"."""
    listed = " ".join(in_own_words(heard.turn, "wrong_information"))
    repeats = set(_NUMBER.findall(heard.turn.text)) <= set(_NUMBER.findall(listed))
    return bool(heard.answer.claims.get("confirm")) and repeats


def _sureness(heard: Heard, question: str) -> float:
    claims = heard.answer.claims
    if question == "confirm":
        if claims.get("confirm") is None:
            if "items" in claims:
                return CERTAIN + 0.01
            return SURE * (IN_PASSING if heard.asks_to_know else 1.0)
        if claims["confirm"] and heard.scene.matter is MATTERS["cancel"]:
            agrees = _leaning(heard, "", cancels_the_order)
            return max(_leaning(heard, "affirm", says_yes), agrees)
        if claims["confirm"]:
            named = remedy_in_words(heard.turn.text) and not heard.asks
            return max(_leaning(heard, "affirm", says_yes), SURE if named else 0.0)
        # "No, wait. Add that …" is more than a no.
        goes_on = _adds(heard) or _names_another(heard)
        return WEAK if goes_on else _leaning(heard, "deny", says_no)
    if question == "evidence":
        if claims.get("evidence") in ("pasted", "letter"):
            return SURE
        at_hand = says_yes(heard.turn.text) or heard.turn.entities("evidence")
        return max(PLAIN if at_hand and not heard.asks else WEAK, heard.likely(*SHORT_ANSWERS))
    if question == "description" and heard.likely(*CANNOT_TELL) > WEAK:
        return 0.0 if heard.words <= WORDS_OF_A_DETAIL else WEAK
    if question == "remedy" and chooses_before_more(heard.turn.text):
        return CERTAIN + 0.03
    if question == "description" and _tells_the_address(heard):
        return CERTAIN + 0.03
    # "how much is it to send it again?" asks, and chooses nothing.
    asked = heard.asks_to_know if question == "remedy" else asks_what(heard.turn.text)
    return ANSWERS[question] * (IN_PASSING if asked else 1.0)

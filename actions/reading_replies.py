"""Readers of what answers: the open question, an offer, or a detail nobody asked for just now."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from actions.answers import read_wish, remedy_in_words
from actions.details import tells_more
from actions.heard import CERTAIN, IN_PASSING, PLAIN, SURE, WEAK, WORDS_OF_A_DETAIL, Heard
from actions.matters import MATTERS, REMEDIES_OF, STATUS_MATTERS
from actions.moves import Move
from actions.offers import chosen_of, takes_up
from actions.withdrawal import WITHDRAWAL
from actions.wording import asks_to_know, asks_what, cancels_the_order, says_no, says_yes

# How sure an answer to a question is that the message plainly holds; the others by intent.
ANSWERS = {"items": SURE, "remedy": 0.85, "delivered_on": SURE, "description": WEAK}
SHORT_ANSWERS = frozenset(
    {"affirm", "deny", "inform", "postpone", "cannot_provide", "evidence_sent"}
)
# What an answer in the customer's own words must not swallow, however it is worded.
CANNOT_TELL = frozenset({"affirm", "deny", "cannot_provide", "postpone"})


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
    wish = read_wish(heard.turn).get("remedy") or remedy_in_words(heard.turn.text)
    named = heard.likely(MATTERS[offer["matter"]].intent or "") + 0.01
    wanted = heard.likely("want_remedy") if takes_up(offer, "refund") else 0.0
    # "My order came this morning" speaks of what is asked, and is no "it never came".
    by_name = chosen_of(heard.turn, offers) == 0 and offer.get("on") != "no"
    spoken_of = SURE if by_name and not heard.asks else 0.0
    fits = SURE if wish and takes_up(offer, wish) and not heard.asks else 0.0
    yield Move("accept", max(yes, named, wanted + 0.01, fits, spoken_of), 0)
    yield Move("refuse", max(no, heard.likely("stop") + 0.01))


def _leaning(heard: Heard, intent: str, says: Callable[[str], bool]) -> float:
    plainly = says(heard.turn.text) and not heard.asks
    return max(heard.likely(intent), CERTAIN if plainly else 0.0)


def to_question(heard: Heard) -> Iterator[Move]:
    """An answer to the open question, or a correction of what was told before."""
    question, identity = heard.scene.question, heard.identity
    if question is None:
        return
    if identity.given:
        is_answer = question in ("order_number", "proof")
        corrects = CERTAIN + 0.01 if identity.corrected else PLAIN
        yield Move("answer" if is_answer else "correct", SURE if is_answer else corrects)
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
    told = heard.likely("out_of_scope") + 0.02 if tells_more(heard.turn) else 0.0
    return max(told, heard.likely("inform") + 0.02)


def _sureness(heard: Heard, question: str) -> float:
    claims = heard.answer.claims
    if question == "confirm":
        if claims.get("confirm") is None:
            return SURE
        if claims["confirm"] and heard.scene.matter is MATTERS["cancel"]:
            agrees = _leaning(heard, "", cancels_the_order)
            return max(_leaning(heard, "affirm", says_yes), agrees)
        if claims["confirm"]:
            named = remedy_in_words(heard.turn.text) and not heard.asks
            return max(_leaning(heard, "affirm", says_yes), SURE if named else 0.0)
        return _leaning(heard, "deny", says_no)
    if question == "evidence":
        if claims.get("evidence") in ("pasted", "letter"):
            return SURE
        at_hand = says_yes(heard.turn.text) or heard.turn.entities("evidence")
        return max(PLAIN if at_hand and not heard.asks else WEAK, heard.likely(*SHORT_ANSWERS))
    if question == "description" and heard.likely(*CANNOT_TELL) > WEAK:
        return 0.0 if heard.words <= WORDS_OF_A_DETAIL else WEAK
    # "how long till it is sent again?" asks, and chooses nothing.
    return ANSWERS[question] * (IN_PASSING if asks_what(heard.turn.text) else 1.0)

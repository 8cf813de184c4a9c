"""Whose order it is: the order number and the e-mail address or ZIP code, each read in its place.

A bare number belongs to what is missing. An order number is replaced only by words that replace
it, or by a number that is a known order of the same customer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from actions.standing import order_in_question
from actions.turn import Turn
from actions.wording import begins_with_yes
from casework.orders.order import find_order, normalise_order_number
from casework.orders.verification import Verification, normalise_email

_ZIP = re.compile(r"\d{5}(?:[- ]?\d{4})?")
_CALLED_ORDER = re.compile(
    r"(?:\border|\bord|\bpo|\bnumber|\bno\.?|\bnr\.?|#|\baop)\W*"
    r"(?:(?:number|num|no|nr|id|is|was|called)\b\W*)*$",
    re.I,
)
_REPLACES = re.compile(
    r"\b(?:mean|meant|actually|instead|sorry|oops|wrong|mistake|typo|correct|should be|other)\b",
    re.I,
)
# From here on two numbers look like one with a slip in it: a digit wrong, or two in turn.
_A_SLIP = 0.8
# With words that say so, they need not look so much alike.
_ALIKE = 0.6
_WORDS_OF_A_BARE_NUMBER = 2
_A_PAIR = 2
_MINE = re.compile(r"\bmine is\b|\bno,? that'?s\b", re.I)
_OF_AN_ADDRESS = re.compile(
    r"\b(?:zip|postal|address|street|st|ave(?:nue)?|road|lane|suite|apt|unit)\b", re.I
)
_END_OF_ADDRESS = re.compile(r"(?<![\w@.-])@?((?:[a-z0-9-]+\.)+[a-z]{2,})\b")


@dataclass(frozen=True)
class Identity:
    """What a message says of whose order it is, and what came of it.

    `given` names the claims the message makes (`order_number`, `proof`); `new` those that were not
    made before, `corrected` those that replace an earlier one. `result` is None where nothing was
    tried.
    """

    given: frozenset[str] = frozenset()
    new: frozenset[str] = frozenset()
    corrected: frozenset[str] = frozenset()
    result: Verification | None = None


def note_identity(turn: Turn) -> Identity:
    """Take in what the message says of order number and proof, and verify what is new."""
    claims = _claims(turn)
    known = order_in_question(turn)
    if known is not None and "order_number" not in claims:
        # It is known whose order it is: an address named besides proves nothing new.
        claims.pop("proof", None)
    if _says_awaited_yes(turn):
        # "Yes, and then there is 20177": the number belongs to what comes after the yes.
        claims.pop("order_number", None)
    before = {name: turn.slot(name) for name in claims}
    new = frozenset(name for name, value in claims.items() if before[name] != value)
    corrected = frozenset(name for name in new if before[name] is not None)
    number = claims.get("order_number")
    turn.set(**claims)
    if number and known is not None and number != known.number and "proof" not in claims:
        _keep_proof_that_fits(turn, number)
    result = _verified(turn) if new else None
    return Identity(frozenset(claims), new, corrected, result)


def turn_to_order(turn: Turn, number: str) -> None:
    """Turn to another order that was named, and try what was given as proof on it, too."""
    if number == turn.slot("order_number"):
        return
    turn.set(order_number=number)
    result = _verified(turn)
    if result is not None and result.status != "verified":
        turn.set(proof=None)


def _says_awaited_yes(turn: Turn) -> bool:
    offers = turn.slot("offer") or []
    awaited = turn.slot("question") == "confirm" or len(offers) == 1
    # "Sorry, I meant order 10483, go ahead" names another order for what comes after the yes.
    return awaited and begins_with_yes(turn.text) and not _REPLACES.search(turn.text)


def _verified(turn: Turn) -> Verification | None:
    number, proof = turn.slot("order_number"), turn.slot("proof")
    if not (number and proof) or order_in_question(turn) is not None:
        return None
    return turn.records.verify(number, proof, turn.now)


def _missing(turn: Turn) -> frozenset[str]:
    """What is still needed to know whose order it is; both, after they did not fit each other."""
    if order_in_question(turn) is not None:
        return frozenset()
    claimed = {name for name in ("order_number", "proof") if turn.slot(name)}
    return frozenset({"order_number", "proof"} - claimed) or frozenset({"order_number", "proof"})


def _claims(turn: Turn) -> dict[str, str]:
    called, bare = _numbers(turn)
    emails, zips = turn.entities("email"), turn.entities("zip")
    found: dict[str, str] = {}
    if len({*called, *bare}) > 1:
        called, bare = _of_several(turn, called, bare, proof_given=bool(emails or zips))
    if called:
        found["order_number"] = called[-1]
    if emails or zips:
        found["proof"] = (emails or zips)[-1]
    elif mended := _address_mended(turn):
        found["proof"] = mended
    missing = _missing(turn)
    for number in bare:
        name = _place_of(turn, number, missing - found.keys())
        if name:
            found[name] = number
    return found


def _of_several(
    turn: Turn, called: list[str], bare: list[str], *, proof_given: bool
) -> tuple[list[str], list[str]]:
    """Which of several numbers counts: the one called an order's; the other may be the ZIP code.

    With several matters each has its own (`actions.several`).
    """
    if turn.intent == "several_matters":
        return [], []
    asked_who = turn.slot("question") in ("order_number", "proof") and not proof_given
    if asked_who and len(called) == len(bare) == 1:
        return called, bare
    if _REPLACES.search(turn.text) or _MINE.search(turn.text):
        # "Order 10487, no, that is my wife's, mine is 10489": the last one counts.
        last = max([*called, *bare], key=turn.text.rfind)
        return [last], []
    if not called and not proof_given and len(bare) == len(set(bare)) == _A_PAIR:
        number, proof = bare
        if _ZIP.fullmatch(proof) and find_order(turn.session, proof) is None:
            # "10491 came back? 85004": the second is no order, so it is what proves the first.
            return [number], [proof]
    return called[-1:] or bare[:1], []


def _address_mended(turn: Turn) -> str | None:
    """The address that did not fit, with the end that the message gives: "sorry, example.com"."""
    name, _, end = str(turn.slot("proof") or "").partition("@")
    given = _END_OF_ADDRESS.findall(turn.text.lower()) if end else []
    if turn.slot("question") != "proof" or len(given) != 1:
        return None
    alike = SequenceMatcher(None, given[0], end.lower()).ratio()
    return f"{name}@{given[0]}" if _ALIKE <= alike < 1 else None


def _numbers(turn: Turn) -> tuple[list[str], list[str]]:
    """The numbers that the message calls order numbers, and those it just gives."""
    called: list[str] = []
    bare: list[str] = []
    for entity in turn.message.get("entities") or []:
        number = normalise_order_number(str(entity.get("value")))
        if entity.get("entity") != "order_number" or not number:
            continue
        before = turn.text[: int(entity.get("start") or 0)]
        (called if _CALLED_ORDER.search(before) or _has_lead_in(turn, entity) else bare).append(
            number
        )
    if not called and not bare and (typed := normalise_order_number(turn.text)):
        bare.append(typed)
    return called, bare


def _has_lead_in(turn: Turn, entity: dict[str, object]) -> bool:
    """Whether the number itself is written as an order's: "AOP10482", "#10482"."""
    start, end = int(str(entity.get("start") or 0)), int(str(entity.get("end") or 0))
    return not turn.text[start:end].strip()[:1].isdigit()


def _place_of(turn: Turn, number: str, missing: frozenset[str]) -> str | None:
    """The claim that a bare number makes, None where it makes none."""
    if number in (turn.slot("order_number"), turn.slot("proof")):
        return None
    could_be_zip = bool(_ZIP.fullmatch(number))
    replaces = bool(_REPLACES.search(turn.text))
    if missing == {"order_number", "proof"} and turn.slot("order_number"):
        return _closest(turn, number) if could_be_zip else "order_number"
    if missing == {"proof"}:
        mends_number = replaces and _alike(turn, number, "order_number") >= _ALIKE
        return "proof" if could_be_zip and not mends_number else "order_number"
    if missing:
        return "order_number"
    if turn.slot("matter") == "wrong_information" or _OF_AN_ADDRESS.search(turn.text):
        return None
    stands_alone = bool(turn.slot("matter")) and len(turn.text.split()) <= _WORDS_OF_A_BARE_NUMBER
    if not stands_alone or turn.slot("confirm") is False or _is_another_of_theirs(turn, number):
        return "order_number"
    return None


def _closest(turn: Turn, number: str) -> str:
    """Which of two claims that did not fit a corrected number looks like."""
    alike = {slot: _alike(turn, number, slot) for slot in ("order_number", "proof")}
    best = max(alike, key=lambda slot: alike[slot])
    return best if alike[best] >= _A_SLIP else "proof"


def _alike(turn: Turn, number: str, slot: str) -> float:
    return SequenceMatcher(None, number, str(turn.slot(slot) or "")).ratio()


def _is_another_of_theirs(turn: Turn, number: str) -> bool:
    order = find_order(turn.session, number)
    return order is not None and normalise_email(order.email) in _proved_addresses(turn)


def _proved_addresses(turn: Turn) -> set[str | None]:
    """The e-mail addresses on the orders that were proved to be the customer's."""
    return {normalise_email(order.email) for order in turn.records.verified}


def _keep_proof_that_fits(turn: Turn, number: str) -> None:
    """Another order was named: the e-mail address that proved one counts if it is on that, too.

    An address that proved nothing is not compared with other orders here: that would be a guess
    nobody counts. A ZIP code is shared by many, so it is asked for again; so is what does not fit.
    """
    proof = turn.slot("proof")
    address = normalise_email(proof) if proof else None
    other = find_order(turn.session, number) if address in _proved_addresses(turn) else None
    if other is None or address is None or address != normalise_email(other.email):
        turn.set(proof=None)

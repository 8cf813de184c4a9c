"""Several matters in one message: each is settled, offered next, or left for a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actions.in_hand import tell_more
from actions.matters import MATTERS, SAME_STORY, STATUS_MATTERS, Matter, buttons, matter_of_intent
from actions.scene import Offer, Scene
from actions.standing import known_facts
from actions.turn import Turn
from actions.withdrawal import WITHDRAWAL
from actions.wording import yes_before_more
from casework.cases.in_words import listed
from casework.orders.order import normalise_order_number
from policy_core import decide

MOST = 3
_COUNTS = {2: "two", 3: "three"}
_SURELY = 0.5
_JOINT_AT_THE_END = re.compile(r"[\s,;]+(?:and|but|also|plus)\W*$", re.I)
_WORDS_OF_ANOTHER = 5
_GOES_ON = re.compile(r"\b(?:but|and|only|note)\b", re.I)


def note_several(turn: Turn, scene: Scene) -> bool:
    """Take down the matters of a message; True where the customer now has to say which is first.

    In the middle of one of them the others wait; otherwise they are put to the customer.
    """
    offers = _offers(turn, matters_in(turn))
    in_hand = scene.matter
    if in_hand is not None and in_hand.name != "record":
        others = [
            one
            for one in offers
            if one["matter"] != in_hand.name and (one["order"] or _may_be(turn, scene, one))
        ]
        _let_wait(turn, others)
        return False
    if len(offers) < 2:
        return False
    turn.set(offer=offers, waiting=None)
    tie = is_tie(turn)
    turn.say(
        "utter_which_is_meant" if tie else "utter_which_first",
        count=_COUNTS[len(offers)],
        matters=listed([MATTERS[one["matter"]].about for one in offers], "or" if tie else "and"),
        buttons=buttons([one["matter"] for one in offers]),
    )
    return True


def _may_be(turn: Turn, scene: Scene, offer: Offer) -> bool:
    """Whether the record leaves it open: what was delivered was not destroyed on its way."""
    name = offer["matter"]
    if scene.order is None or name in STATUS_MATTERS or name == WITHDRAWAL:
        return True
    facts = known_facts(turn, scene.order, name)
    return decide(facts, policy=turn.policy, today=turn.today).outcome != "not_available"


def note_beside_a_yes(turn: Turn, scene: Scene) -> None:
    """What a yes goes on with: another matter waits ("yes, and 20177 came back to you").

    The rest of one story is kept with it ("yes, but to the new address").
    """
    in_hand = turn.slot("matter")
    beside = [
        matter
        for intent, share in turn.likely.items()
        if share >= _SURELY and (matter := matter_of_intent(intent)) and matter.name != in_hand
        if matter.name not in STATUS_MATTERS or turn.entities("order_number")
    ]
    if len(turn.text.split()) < _WORDS_OF_ANOTHER:
        return
    if not beside or frozenset({beside[0].name, in_hand}) in SAME_STORY:
        if beside or yes_before_more(turn.text) or _GOES_ON.search(turn.text):
            tell_more(turn)
        return
    numbers = turn.entities("order_number")
    order = normalise_order_number(numbers[-1]) if numbers else None
    _let_wait(turn, [{"matter": beside[0].name, "story": turn.text, "order": order}])


def _let_wait(turn: Turn, others: list[Offer]) -> None:
    waiting = turn.slot("waiting") or []
    known = {one["matter"] for one in waiting}
    new = [one for one in others if one["matter"] not in known]
    if new:
        turn.set(waiting=[*waiting, *new])
        turn.say("utter_waits", matters=listed([MATTERS[one["matter"]].about for one in new]))


def _offers(turn: Turn, matters: list[tuple[Matter, str]]) -> list[Offer]:
    """Each matter with its own part of the story, and its own order where each names one."""
    numbers = (normalise_order_number(number) for number in turn.entities("order_number"))
    orders = list(dict.fromkeys(number for number in numbers if number))
    each_its_own, tie = len(orders) == len(matters), is_tie(turn)
    if each_its_own:
        # Not one order of all: each matter is turned to with its own.
        turn.set(order_number=turn.slots.get("order_number"))
    return [
        {
            "matter": matter.name,
            "story": told or None,
            "order": orders[place] if each_its_own else None,
            "mentioned": not tie,
        }
        for place, (matter, told) in enumerate(matters)
    ]


def _marked(turn: Turn) -> list[Mapping[str, Any]]:
    """The matters that a component marked in the message."""
    return [e for e in turn.message.get("entities") or [] if e.get("entity") == "matter"]


def is_tie(turn: Turn) -> bool:
    """Whether the message may be read as either of two matters, rather than holding both."""
    marked = _marked(turn)
    return len({(one.get("start"), one.get("end")) for one in marked}) < len(marked)


def matters_in(turn: Turn) -> list[tuple[Matter, str]]:
    """The matters of a message that holds several, each once, with the words that tell of it.

    They stand in order of mention; where no component marked any, the likeliest two of the ranking.
    """
    named = [(str(one["value"]), str(one.get("clause") or "")) for one in _marked(turn)]
    found: dict[str, tuple[Matter, str]] = {}
    for intent, told in named or [(intent, "") for intent in turn.likely]:
        matter = matter_of_intent(intent)
        if matter and matter.name not in found:
            found[matter.name] = (matter, _JOINT_AT_THE_END.sub("", told))
    return list(found.values())[: MOST if named else 2]

"""Which of the matters on offer a customer means, and which remedies each of them gives."""

from __future__ import annotations

from collections.abc import Sequence

from actions.matters import MATTERS, REMEDIES_OF, matter_for
from actions.naming import place_named, words_of
from actions.scene import Offer
from actions.turn import Turn
from casework.orders.order import normalise_order_number


def takes_up(offer: Offer, remedy: str) -> bool:
    """Whether asking for that remedy takes the offer up."""
    return remedy in REMEDIES_OF.get(offer["matter"], ())


def chosen_of(turn: Turn, offers: Sequence[Offer]) -> int | None:
    """The place of the offer that the message names: by title, place, order or its own words.

    "Both" begins with the first; None where it names none of them, or more than one.
    """
    titled = matter_for(turn.text, None)
    by_title = [place for place, one in enumerate(offers) if titled is MATTERS[one["matter"]]]
    if by_title:
        return by_title[0]
    place = place_named(turn.text, len(offers))
    if place is not None:
        return place
    numbers = {normalise_order_number(number) for number in turn.entities("order_number")}
    by_order = [place for place, one in enumerate(offers) if one.get("order") in numbers - {None}]
    return by_order[0] if len(by_order) == 1 else _by_words(turn.text, offers)


def _by_words(text: str, offers: Sequence[Offer]) -> int | None:
    """The one offer whose part of the story shares words with the text that no other has."""
    stories = [
        words_of(f"{one.get('story') or ''} {MATTERS[one['matter']].about}") for one in offers
    ]
    said = words_of(text)
    shared = set.intersection(*stories) if len(stories) > 1 else set()
    hits = [place for place, story in enumerate(stories) if (story - shared) & said]
    return hits[0] if len(hits) == 1 else None

"""What is on the table when a message comes: the question, the offers, what was spoken of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from actions.matters import MATTERS, Matter
from actions.standing import order_in_question
from actions.turn import Turn
from casework.cases.case import Case, cases_of, find_case, open_cases_of_conversation
from casework.conversations.conversation import Conversation
from casework.orders.order import Order, order_facts

Offer = dict[str, Any]
"""A matter put to the customer: `matter`, and where they are known its `order`, the `story` told of
it, the `remedy` it gives, a `description` to keep. `on: "no"`: a no takes it up ("did it arrive?").
"""


@dataclass(frozen=True)
class Scene:
    """The conversation as the message finds it.

    `question` is the claim asked for last, of the `matter` in hand; a matter without a question was
    put aside and is on offer. `offers` were put to the customer last: one is taken or refused, of
    several one is chosen. `order` is verified. `case` is the one last spoken of, or the newest open
    one of the conversation or the order, which may not have been told of yet. `topic` is the policy
    topic answered last.
    """

    matter: Matter | None
    question: str | None
    offers: tuple[Offer, ...]
    order: Order | None
    status: str | None
    case: Case | None
    case_was_told: bool
    order_has_no_case: bool
    topic: str | None
    waits_for_person: bool

    @property
    def offer(self) -> Offer | None:
        """The one offer that a yes takes up."""
        return self.offers[0] if len(self.offers) == 1 else None


def scene_of(turn: Turn) -> Scene:
    """Read the scene from what the conversation holds and what the shop's records show now."""
    order = order_in_question(turn)
    its_cases = cases_of(turn.session, order) if order else []
    return Scene(
        matter=MATTERS.get(turn.slot("matter") or "") if turn.slot("question") else None,
        question=turn.slot("question") if turn.slot("matter") else None,
        offers=tuple(turn.slot("offer") or ()),
        order=order,
        status=order_facts(order, turn.today)["order_status"] if order else None,
        case=_case_spoken_of(turn, its_cases),
        case_was_told=bool(turn.slot("case_number")),
        order_has_no_case=order is not None and not its_cases,
        topic=turn.slot("topic"),
        waits_for_person=waits_for_person(turn),
    )


def _case_spoken_of(turn: Turn, of_order: list[Case]) -> Case | None:
    """The case last spoken of, or the newest open one of this conversation or of the order.

    Only of an order verified here, or opened here: a case number alone proves nothing.
    """
    number = turn.slot("case_number")
    named = find_case(turn.session, number) if number else None
    if named is not None and may_hear_of(turn, named):
        return named
    opened_here = open_cases_of_conversation(turn.session, turn.conversation_id)
    return next((case for case in [*opened_here, *of_order] if case.state == "open"), None)


def may_hear_of(turn: Turn, case: Case) -> bool:
    """Whether the customer has proved that the case's order is theirs."""
    return case.order_id in {order.id for order in turn.records.verified}


def waits_for_person(turn: Turn) -> bool:
    """Whether the conversation has been handed over and nobody has taken it up yet."""
    found: Conversation | None = turn.session.get(Conversation, turn.conversation_id)
    return found is not None and found.handler == "waiting"

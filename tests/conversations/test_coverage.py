"""The conversations together show what the product promises: every kind, situation and outcome."""

from __future__ import annotations

from itertools import chain

from tests.conversations.schema import Conversation
from tests.conversations.stage import FOLDER, conversations

KINDS = {
    "cancellations",
    "corrections",
    "digressions",
    "everyday",
    "disambiguation",
    "guards",
    "handoff",
    "happy_paths",
    "invalid_input",
    "negations",
    "policy_questions",
    "repeats",
    "whole_life",
    "withdrawals",
}
# A correction of the address is the one thing the shop settles by phone alone, without a case.
SITUATIONS = {
    "cancel",
    "late_shipment",
    "out_of_stock",
    "damaged",
    "defective",
    "remorse",
    "returned_in_transit",
    "destroyed_in_transit",
    "other",
}
OUTCOMES = {"need_evidence", "entitled", "seller_decides", "declined", "dispute"}
REMEDIES = {"refund", "replacement", "redelivery"}

ALL = conversations()


def test_every_kind_of_conversation_is_there_and_there_are_enough() -> None:
    assert {one.path.relative_to(FOLDER).parts[0] for one in ALL} == KINDS
    assert len(ALL) >= 60


def test_every_situation_outcome_and_remedy_stands_in_the_database_once() -> None:
    cases = list(chain.from_iterable(_cases(one) for one in ALL))
    assert {case.get("situation") for case in cases} >= SITUATIONS
    assert {case.get("outcome") for case in cases} >= OUTCOMES
    assert {case.get("remedy") for case in cases} >= REMEDIES


def _cases(conversation: Conversation) -> list[dict[str, str]]:
    found = (step.value.get("cases") for step in conversation.steps if step.kind == "database")
    return [case for cases in found if isinstance(cases, tuple) for case in cases]

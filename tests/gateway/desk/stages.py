"""For each act, a case that stands where the act is due, and what the act needs there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from casework.shop import day_of
from gateway.web.running import now
from tests.gateway.desk.agent import DeskAgent
from tests.gateway.desk.conftest import Asker

Step = tuple[str, Mapping[str, str]]

WHY = {"reason": "You waited long."}
JUDGE: Step = ("judge_evidence", {"evidence": "compelling"})
ACCEPT: Step = ("decide", {"seller_decision": "accept"})
TAKE_BACK: Step = ("decide", {"seller_decision": "accept", "fee_percent": "20"})
REJECT: Step = ("decide", {"seller_decision": "reject", **WHY})
LABEL: Step = ("record_label", {"label": "1Z999"})
TRANSIT: Step = ("record_return_in_transit", {"return_in_transit_on": day_of(now()).isoformat()})
TRACKING = {"tracking": "1Z777"}
GOODWILL = {"goodwill": "yes"}


@dataclass(frozen=True)
class Stage:
    """A case that was asked for so, after these steps, and the act that is due; whose it is."""

    situation: str
    act: str
    data: Mapping[str, str]
    before: tuple[Step, ...] = ()
    like: str = "10482"
    evidence: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)
    roles: tuple[str, ...] = ("agent", "lead")

    def reach(self, asked: Asker, agent: DeskAgent) -> str:
        """Open the case and do the steps; returns its number."""
        number = asked(self.situation, like=self.like, evidence=self.evidence, **self.facts)
        for act, data in self.before:
            done = agent.act(number, act, **data)
            assert done.status_code == 303, done.text
        return number


def _proved(situation: str, remedy: str, act: str, data: Mapping[str, str], *more: Step) -> Stage:
    before = (JUDGE, *more) if act != "judge_evidence" else ()
    return Stage(situation, act, data, before, evidence=True, facts={"remedy": remedy})


def _goodwill(act: str, data: Mapping[str, str]) -> Stage:
    return Stage("remorse", act, {**data, **WHY, **GOODWILL}, (REJECT,), roles=("lead",))


STAGES = {
    "judge_evidence": _proved("damaged", "refund", *JUDGE),
    "decide": Stage("remorse", *TAKE_BACK),
    "record_label": _proved("damaged", "refund", *LABEL),
    "record_return_in_transit": _proved("damaged", "refund", *TRANSIT, LABEL),
    "record_refund": _proved(
        "damaged", "refund", "record_refund", {"amount": "189.00"}, LABEL, TRANSIT
    ),
    "record_redelivery": Stage(
        "returned_in_transit", "record_redelivery", TRACKING,
        like="10491", facts={"remedy": "redelivery"},
    ),
    "record_replacement": _proved(
        "defective", "replacement", "record_replacement", TRACKING, LABEL, TRANSIT
    ),
    "correct_address": Stage(
        "wrong_information", "correct_address", {"correction": "12 Elm Street"}, like="10497"
    ),
    "cancel_order": Stage("cancel", "cancel_order", {}, (ACCEPT,), like="10480"),
    "close": Stage("other", "close", WHY),
    "reopen": Stage("other", "reopen", WHY, (("close", WHY),), roles=("lead",)),
    "goodwill refund": _goodwill("record_refund", {"amount": "40.00"}),
    "goodwill replacement": _goodwill("record_replacement", TRACKING),
    "goodwill redelivery": _goodwill("record_redelivery", TRACKING),
}  # fmt: skip

"""What the shop's people can do to a case: each act, when the policy allows it, what it needs.

Whether an act would change anything is asked of the policy, not worked out here: evidence can be
judged where compelling evidence would change the decision, and so on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from casework.cases.obligations import DONE_BY, Obligation
from policy_core import Decision, InputError, Policy, decide

if TYPE_CHECKING:
    from casework.cases.case import Case

_SETTLED = ("dispute", "declined", "contact_us", "not_available")
REASON = "Reason, in words the customer reads"


@dataclass(frozen=True)
class Field:
    """One thing an act needs to know.

    ``kind``: choice, text, long_text, percent (0 to the cap), amount (US dollars) or date;
    ``choices`` are (value, label); ``value`` is filled in beforehand.
    """

    name: str
    label: str
    kind: str = "text"
    required: bool = True
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    value: str = ""


@dataclass(frozen=True)
class OfferedAct:
    """An act the case allows now; ``goodwill`` goes beyond what the policy gives."""

    name: str
    title: str
    fields: tuple[Field, ...] = ()
    goodwill: bool = False


@dataclass(frozen=True)
class Situation:
    """Where a case stands when an act is asked for (``casework.cases.case.situation_of``).

    ``order_status`` is the order's own as of ``today``, whatever the case takes of it.
    """

    case: "Case"
    order_status: str
    policy: Policy
    today: date
    facts: Mapping[str, Any]
    decision: Decision
    obligations: list[Obligation]

    def with_facts(self, **more: str | None) -> Decision | None:
        """The decision if these facts were known too; None where they contradict the others."""
        try:
            return decide({**self.facts, **more}, policy=self.policy, today=self.today)
        except InputError:
            return None

    def changes(self, **more: str) -> bool:
        """Whether these facts would lead to another decision."""
        then = self.with_facts(**more)
        return then is not None and (then.outcome, then.remedy, then.clauses) != (
            self.decision.outcome, self.decision.remedy, self.decision.clauses,
        )  # fmt: skip

    def owed(self, action: str) -> Obligation | None:
        """What either side still has to do under that name, or None."""
        found = (one for one in self.obligations if one.action == action)
        return next((one for one in found if one.status != "done"), None)

    def owed_now(self, action: str) -> bool:
        """Whether that is to be done now, and waits for nothing."""
        promised = self.owed(action)
        return promised is not None and promised.status in ("running", "overdue")

    def to_do(self, action: str) -> bool:
        """Whether that is to be done now, or may be done anew: the case was opened again since."""
        return self.owed_now(action) or self._was_reopened_after(action)

    def _was_reopened_after(self, action: str) -> bool:
        kinds = [entry.kind for entry in self.case.log]
        promised = any(one.action == action for one in self.obligations)
        if not promised or DONE_BY[action] not in kinds:
            return False
        return "reopened" in kinds[-kinds[::-1].index(DONE_BY[action]) :]

    @property
    def fee_is_void(self) -> bool:
        """Whether the fee was agreed on under an older policy and is over what is allowed now."""
        fee = self.facts.get("fee_percent")
        return fee is not None and Decimal(fee) > self.fee_cap

    @property
    def fee_cap(self) -> Decimal:
        """The highest restocking fee, in percent of the order's total."""
        return Decimal(str(self.policy.number("restocking_fee_percent_max")))

    @property
    def left_to_refund(self) -> Decimal:
        """What other cases of the order left of its total."""
        total: Decimal = self.case.order.total
        return total - self.case.refunded_elsewhere()

    def logged(self, kind: str) -> bool:
        """Whether the log holds an entry of the kind."""
        return any(entry.kind == kind for entry in self.case.log)


@dataclass(frozen=True)
class Act:
    """One act of the catalog; ``kind`` is the log entry it writes."""

    name: str
    title: str
    kind: str
    when: Callable[[Situation], bool]
    fields: Callable[[Situation], tuple[Field, ...]] = field(default=lambda _: ())


def _can_judge(now: Situation) -> bool:
    if now.decision.outcome == "declined":
        return False
    return now.facts.get("evidence") in ("submitted", "insufficient") and now.changes(
        evidence="compelling"
    )


def decision_choices(now: Situation) -> tuple[tuple[str, str], ...]:
    """What the seller can still decide: accept, reject, both or nothing."""
    choices = (("accept", "Accept"), ("reject", "Reject"))
    if now.fee_is_void and now.decision.outcome == "seller_decides":
        return choices
    if now.facts.get("seller_decision"):
        return ()
    return tuple((value, label) for value, label in choices if now.changes(seller_decision=value))


def fee_is_open(now: Situation) -> bool:
    """Whether accepting lets the shop keep a fee, and how much is not said yet."""
    accepted = now.with_facts(seller_decision="accept", fee_percent=None)
    fee = accepted.amounts.get("fee_max") if accepted else None
    return fee is not None and (now.facts.get("fee_percent") is None or now.fee_is_void)


def _decide_fields(now: Situation) -> tuple[Field, ...]:
    fields = [Field("seller_decision", "Decision", "choice", choices=decision_choices(now))]
    if fee_is_open(now):
        fields.append(
            Field(
                "fee_percent",
                "Restocking fee, percent of the order total",
                "percent",
                required=False,
                hint=f"Needed to accept: 0 to {now.fee_cap}. 0 keeps nothing.",
            )
        )
    return (*fields, Field("reason", REASON, "long_text", required=False,
                           hint="Needed to reject."))  # fmt: skip


def refund_due(now: Situation) -> str:
    """The refund the decision fixes, as a decimal string; empty where it fixes none."""
    amounts = now.decision.amounts
    low, high = amounts.get("refund_min"), amounts.get("refund_max")
    return str(high) if high is not None and low == high else ""


def _refund_fields(now: Situation) -> tuple[Field, ...]:
    return (Field("amount", "Amount paid, US dollars", "amount", value=refund_due(now)),)


def _is_dispute(now: Situation) -> bool:
    return now.decision.outcome == "dispute"


def _can_cancel(now: Situation) -> bool:
    may = now.decision.outcome == "entitled" and now.order_status in (
        "processing",
        "unfulfillable",
    )
    return may and not now.logged("order_cancelled")


def owes_nothing(now: Situation) -> bool:
    """Whether nobody waits for a decision or for anything the policy gives by right."""
    if now.decision.outcome == "entitled":
        paid_already = now.owed_now("refund") and now.left_to_refund == 0
        return paid_already or all_is_done(now)
    open_promise = any(one.party == "seller" and one.status != "done" for one in now.obligations)
    return now.decision.outcome in _SETTLED and not open_promise


def all_is_done(now: Situation) -> bool:
    """Whether what is the customer's by right was done, and the case opened again since."""
    ours = [one.status == "done" for one in now.obligations if one.party == "seller"]
    return now.decision.outcome == "entitled" and bool(ours) and all(ours)


TRACKING = Field("tracking", "Tracking number")
JUDGEMENTS = (
    ("compelling", "Yes, it shows what happened"),
    ("insufficient", "No, not clearly enough"),
)

CATALOG = (
    Act(
        "judge_evidence",
        "Judge the evidence",
        "evidence_judged",
        _can_judge,
        lambda now: (
            Field("evidence", "Does it show what happened?", "choice", choices=JUDGEMENTS),
            Field("reason", REASON, "long_text", required=False,
                  hint="Needed where it is not enough: say what is missing."),
        ),
    ),
    Act(
        "decide",
        "Accept or reject",
        "seller_decided",
        lambda now: bool(decision_choices(now)),
        _decide_fields,
    ),
    # Before the refund, which ends the case: what is paid back must not be sent.
    Act("cancel_order", "Order canceled in the shop's system", "order_cancelled", _can_cancel),
    Act(
        "record_label",
        "Prepaid label sent",
        "label_sent",
        lambda now: now.owed_now("prepaid_label"),
        lambda now: (Field("label", "Tracking number or file of the label"),),
    ),
    Act(
        "record_return_in_transit",
        "The return is on its way",
        "return_in_transit",
        lambda now: now.owed_now("return_goods") or (
            now.owed("return_goods") is not None and now.logged("label_sent")
        ),
        lambda now: (
            Field("return_in_transit_on", "Since which day", "date",
                  value=now.today.isoformat()),
        ),
    ),
    Act("record_refund", "Refund paid", "refund_paid",
        lambda now: now.to_do("refund") or _is_dispute(now), _refund_fields),
    Act("record_redelivery", "Sent again", "redelivery_started",
        lambda now: now.to_do("redelivery") or _is_dispute(now), lambda now: (TRACKING,)),
    Act("record_replacement", "Replacement sent", "replacement_sent",
        lambda now: now.to_do("replacement") or _is_dispute(now), lambda now: (TRACKING,)),
    Act("correct_address", "Address corrected", "address_corrected",
        lambda now: now.case.situation == "wrong_information",
        lambda now: (Field("correction", "The details as they are now", "long_text"),)),
    Act("close", "Close the case", "closed", owes_nothing,
        lambda now: (Field("reason", "How it was settled, in words the customer reads",
                           "long_text"),)),
)  # fmt: skip

REOPEN = Act(
    "reopen", "Open it again", "reopened",
    lambda now: now.case.state == "closed",
    lambda now: (Field("reason", REASON, "long_text"),),
)  # fmt: skip


def _gives_nothing(now: Situation) -> bool:
    """Whether the policy gives nothing: goodwill then takes nobody's right away."""
    return now.decision.outcome in ("declined", "not_available", "contact_us")


def _may_give_more(now: Situation) -> bool:
    owed = now.decision.outcome == "entitled" and now.decision.amounts.get("refund_max") is not None
    return _gives_nothing(now) or owed


_COURTESY = Field("reason", "Why we go beyond the policy, in words the customer reads", "long_text")
GOODWILL = (
    Act(
        "record_refund",
        "Refund as goodwill",
        "refund_paid",
        _may_give_more,
        lambda now: (Field("amount", "Amount paid, US dollars", "amount"), _COURTESY),
    ),
    Act(
        "record_replacement",
        "Replacement as goodwill",
        "replacement_sent",
        _gives_nothing,
        lambda now: (TRACKING, _COURTESY),
    ),
    Act(
        "record_redelivery",
        "Redelivery as goodwill",
        "redelivery_started",
        _gives_nothing,
        lambda now: (TRACKING, _COURTESY),
    ),
)

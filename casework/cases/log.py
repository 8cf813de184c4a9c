"""A case's log: what happened, in order, never changed; and the policy facts it adds up to.

An entry's data names policy facts by the policy's own words (``remedy``, ``evidence``,
``seller_decision``, ``fee_percent``, ``return_in_transit_on``); anything else in it is for people.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Date, ForeignKey, Integer, String
from sqlalchemy.orm import relationship

from casework.errors import CaseworkError
from casework.storage.tables import AppendOnly, Base, Mapped, Moment

KINDS = (
    "opened",
    "remedy_chosen",
    "evidence_submitted",
    "evidence_judged",
    "seller_decided",
    "label_sent",
    "return_in_transit",
    "refund_paid",
    "redelivery_started",
    "replacement_sent",
    "order_cancelled",
    "corrected",
    "withdrawn",
    "address_corrected",
    "closed",
    "reopened",
    "note",
)
FROM_CUSTOMERS = frozenset({"opened", "remedy_chosen", "evidence_submitted", "withdrawn", "note"})
ENDS_CASE = frozenset(
    {
        "refund_paid",
        "redelivery_started",
        "replacement_sent",
        "address_corrected",
        "withdrawn",
        "closed",
    }
)
AFTER_THE_END = frozenset({"note", "order_cancelled", "reopened"})

_ACTOR = re.compile(r"(?P<role>customer|assistant|agent|system)(:.{1,60})?")
_NEEDS = {
    "remedy_chosen": "remedy",
    "evidence_judged": "evidence",
    "seller_decided": "seller_decision",
    "corrected": "facts",
}
_JUDGEMENTS = ("compelling", "insufficient")


class Entry(AppendOnly, Base):
    """One line of a case's log; ``day`` is the shop's calendar day of ``created_at``."""

    __tablename__ = "case_log"
    __table_args__ = (CheckConstraint(f"kind IN {KINDS}", name="kind"),)

    id: Mapped[int] = Column(Integer, primary_key=True)
    case_id: Mapped[int] = Column(ForeignKey("cases.id"), nullable=False, index=True)
    kind: Mapped[str] = Column(String(30), nullable=False)
    data: Mapped[dict[str, Any]] = Column(JSON, nullable=False)
    actor: Mapped[str] = Column(String(80), nullable=False)
    day: Mapped[date] = Column(Date, nullable=False)
    created_at: Mapped[datetime] = Column(Moment, nullable=False)
    key: Mapped[str] = Column(String(300), nullable=False, unique=True)
    case: Mapped[Any] = relationship("Case", back_populates="log")


def check_entry(kind: str, data: Mapping[str, Any], actor: str) -> None:
    """Refuse an entry of an unknown kind, without what it needs, or from one who may not write it.

    ``actor`` is customer, assistant, system or agent, and may go on with a name: ``agent:Ana``.
    Customers and the assistant may only ask; what the shop does and decides is the shop's to write.
    """
    role = _ACTOR.fullmatch(actor)
    if role is None:
        raise CaseworkError(f"actor: {actor!r} is not customer, assistant, system or agent")
    if kind not in KINDS:
        raise CaseworkError(f"kind: {kind!r} is not a kind of log entry")
    if role["role"] in ("customer", "assistant") and kind not in FROM_CUSTOMERS:
        raise CaseworkError(f"{kind}: only the shop's people or systems may record this")
    needed = _NEEDS.get(kind)
    if needed and not data.get(needed):
        raise CaseworkError(f"{kind}: {needed} is missing")
    if kind == "evidence_judged" and data["evidence"] not in _JUDGEMENTS:
        raise CaseworkError(f"{kind}: evidence is {' or '.join(_JUDGEMENTS)}")


def fold(entries: Iterable[Entry], until: date) -> dict[str, Any]:
    """Return the policy facts that the entries up to the day ``until`` add up to."""
    facts: dict[str, Any] = {}
    for entry in entries:
        if entry.day <= until:
            facts |= _facts_of(entry, facts)
    return facts


def _facts_of(entry: Entry, before: Mapping[str, Any]) -> dict[str, Any]:
    data = entry.data
    if entry.kind in ("opened", "corrected"):
        return dict(data["facts"])
    if entry.kind == "remedy_chosen":
        return {"remedy": data["remedy"]}
    if entry.kind == "evidence_submitted":
        return {} if before.get("evidence") == "compelling" else {"evidence": "submitted"}
    if entry.kind == "evidence_judged":
        return {"evidence": data["evidence"]}
    if entry.kind == "seller_decided":
        return {name: data[name] for name in ("seller_decision", "fee_percent") if name in data}
    if entry.kind == "reopened" and before.get("seller_decision") == "reject":
        return {"seller_decision": None, "fee_percent": None}  # looked at anew, and decided anew
    if entry.kind == "return_in_transit":
        return {"return_in_transit_on": data.get("return_in_transit_on") or entry.day.isoformat()}
    return {}

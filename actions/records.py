"""What the shop's records hold of a conversation: each thing is read once a message.

What a message writes itself goes through here, too, and is then read anew. One transaction a
message: nobody else's writes come in between.
"""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from sqlalchemy.orm import Session

from casework.cases.case import Case
from casework.cases.writing import record
from casework.evidence.evidence import Evidence, attach_evidence, evidence_of
from casework.evidence.pasted import keep_pasted
from casework.orders.order import Order
from casework.orders.verification import Verification, verified_orders, verify


class Records:
    """The records of one conversation, as one message sees them."""

    def __init__(self, session: Session, conversation_id: str) -> None:
        self._session = session
        self._conversation_id = conversation_id

    @property
    def verified(self) -> list[Order]:
        """The orders proved to be the customer's, the one verified last first."""
        return verified_orders(self._session, self._conversation_id)

    def verify(self, number: str, proof: str, now: datetime) -> Verification:
        """Try a proof on an order."""
        return verify(self._session, self._conversation_id, number, proof, now)

    @cached_property
    def loose_evidence(self) -> list[Evidence]:
        """The files of the conversation that belong to no case yet."""
        return evidence_of(self._session, conversation_id=self._conversation_id)

    def note_words(self, case: Case, text: str, now: datetime, key: str) -> None:
        """Keep the customer's own words in the case's log, for whoever works on it."""
        data = {"text": text}
        record(self._session, case, "note", data, actor="customer", now=now, key=f"{key}:told")

    def keep_pasted(self, text: str, now: datetime, key: str) -> None:
        """Keep a pasted text as loose evidence; a replay of `key` keeps one."""
        keep_pasted(self._session, self._conversation_id, text, now, key)
        self._read_anew()

    def attach_evidence(self, case: Case, now: datetime) -> None:
        """Bind the loose evidence to the case."""
        attach_evidence(self._session, case, now, conversation_id=self._conversation_id)
        self._read_anew()

    def _read_anew(self) -> None:
        vars(self).pop("loose_evidence", None)

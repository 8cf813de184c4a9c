from typing import Any

import pytest
from sqlalchemy.orm import Session

from casework.cases.case import Case, case_facts
from casework.cases.writing import open_case, record
from casework.errors import CaseworkError
from casework.evidence.evidence import Evidence, add_evidence, attach_evidence, evidence_of
from tests.casework.conftest import NOW, TODAY, MakeOrder


@pytest.fixture
def case(session: Session, make_order: MakeOrder) -> Case:
    return open_case(
        session, order=make_order(), situation="damaged", facts={"evidence": "none"},
        conversation_id="c", now=NOW, key="k",
    )  # fmt: skip


def send(session: Session, name: str, **more: Any) -> Evidence:
    values: dict[str, Any] = {
        "conversation_id": "c", "sha256": "0" * 64, "media_type": "image/jpeg", "size": 4321,
        "width": 800, "height": 600, "file_name": name, "now": NOW,
    } | more  # fmt: skip
    return add_evidence(session, **values)


def test_evidence_is_loose_until_it_is_attached(session: Session, case: Case) -> None:
    photo, paper = send(session, "a"), send(session, "b", media_type="application/pdf")
    assert evidence_of(session, conversation_id="c") == [photo, paper]
    entry = attach_evidence(session, case, NOW)
    assert entry is not None
    assert (entry.kind, entry.data) == (
        "evidence_submitted",
        {"evidence_ids": [photo.id, paper.id]},
    )
    assert evidence_of(session, conversation_id="c") == []
    assert evidence_of(session, case=case) == [photo, paper]
    assert case_facts(case, TODAY)["evidence"] == "submitted"


def test_nothing_to_attach_writes_nothing(session: Session, case: Case) -> None:
    assert attach_evidence(session, case, NOW) is None
    send(session, "a")
    attach_evidence(session, case, NOW)
    assert attach_evidence(session, case, NOW) is None
    assert [entry.kind for entry in case.log] == ["opened", "evidence_submitted"]


def test_more_evidence_is_a_further_entry(session: Session, case: Case) -> None:
    for name in ("a", "b"):
        send(session, name)
        attach_evidence(session, case, NOW)
    assert [entry.kind for entry in case.log].count("evidence_submitted") == 2


def test_evidence_from_a_later_conversation(session: Session, case: Case) -> None:
    send(session, "a", conversation_id="later")
    assert attach_evidence(session, case, NOW) is None
    assert attach_evidence(session, case, NOW, conversation_id="later") is not None
    assert len(evidence_of(session, case=case)) == 1


def test_an_upload_sent_twice_is_kept_once(session: Session) -> None:
    assert send(session, "a", key="u1") is send(session, "b", key="u1")
    assert len(evidence_of(session, conversation_id="c")) == 1


def test_a_closed_case_takes_no_evidence(session: Session, case: Case) -> None:
    record(session, case, "closed", actor="agent", now=NOW, key="end")
    photo = send(session, "a")
    with pytest.raises(CaseworkError, match="closed"):
        attach_evidence(session, case, NOW)
    assert photo.case_id is None

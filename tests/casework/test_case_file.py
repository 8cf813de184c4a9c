"""A case file: what a person sees of a case before deciding it."""

from sqlalchemy.orm import Session

from casework.cases.file import case_file
from casework.cases.writing import open_case
from casework.evidence.evidence import add_evidence, attach_evidence
from casework.orders.verification import verify
from casework.shop import policy_in_force
from tests.casework.conftest import NOW, TODAY, MakeOrder, Opener, judged


def file_of(session: Session, case):
    return case_file(session, case, policy_in_force(), TODAY)


def test_it_says_what_the_policy_decides_and_who_owes_what(session: Session, opened: Opener):
    case = opened()
    judged(session, case)
    file = file_of(session, case)
    assert file.decision.outcome == "entitled"
    assert [one.action for one in file.obligations] == ["prepaid_label", "return_goods", "refund"]
    assert file.facts["evidence"] == "compelling"


def test_it_says_how_the_customer_proved_the_order(session: Session, opened: Opener):
    case = opened()
    verify(session, "c", case.order.number, "90012", NOW)
    verify(session, "c", case.order.number, "PAT@example.com", NOW)
    verify(session, "stranger", case.order.number, "99999", NOW)
    assert [(one.how, one.conversation_id) for one in file_of(session, case).proofs] == [
        ("email", "c"),
        ("zip", "c"),
    ]


def test_it_knows_the_customers_other_orders_and_cases_only(
    session: Session, opened: Opener, make_order: MakeOrder
):
    case = opened()
    same = make_order("20002", email="PAT@Example.com")
    make_order("20003", email="somebody.else@example.com")
    other = open_case(
        session, order=same, situation="remorse", facts={}, conversation_id="d", now=NOW, key="o"
    )
    file = file_of(session, case)
    assert [order.number for order in file.other_orders] == ["20002"]
    assert [one.number for one in file.other_cases] == [other.number]


def test_it_holds_the_evidence(session: Session, opened: Opener):
    case = opened()
    add_evidence(
        session, conversation_id="c", sha256="0" * 64, media_type="image/jpeg", size=9,
        file_name="a.jpg", now=NOW,
    )  # fmt: skip
    attach_evidence(session, case, NOW)
    file = file_of(session, case)
    assert [one.file_name for one in file.evidence] == ["a.jpg"]

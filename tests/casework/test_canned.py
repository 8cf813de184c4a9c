"""Canned replies: filled from the case alone, offered only where nothing is missing."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from casework.canned.blanks import BLANKS, of_case, without_a_case
from casework.canned.replies import CannedReply, canned_replies, offered_replies, read
from casework.cases.case import Case
from casework.errors import CaseworkError
from casework.shop import policy_in_force
from tests.casework.conftest import NOW, Opener, judged, step


def offered(case: Case, later: timedelta = timedelta()) -> dict[str, str]:
    known = of_case(case, "Kim", policy_in_force(), NOW + later)
    return {one.title: one.text for one in offered_replies(known)}


def test_the_file_is_in_order() -> None:
    replies = canned_replies()
    assert len(replies) >= 12
    assert {name for one in replies for name in one.blanks} == set(BLANKS)


def test_no_number_date_or_amount_stands_in_the_file() -> None:
    for one in canned_replies():
        assert not re.search(r"[\d$%]", one.text), one.title


def test_without_a_case_only_what_needs_none(session: Session) -> None:
    known = without_a_case("Kim", policy_in_force(), NOW)
    found = {one.title: one.text for one in offered_replies(known)}
    assert set(found) == {"Hello", "Back on the next working day"}
    assert "this is Kim" in found["Hello"]
    # A Friday in working hours: the next working day is Monday.
    assert "Monday, March 16, at 9:00 AM (PDT)" in found["Back on the next working day"]


def test_a_damaged_order_from_evidence_to_the_refund(session: Session, opened: Opener) -> None:
    case = opened(facts={"remedy": "refund", "description": "wobblyquagga"})
    asked = offered(case)
    assert "A clear photo of the damage" in asked["A clearer picture, please"]
    assert "When the refund comes" not in asked
    assert "No more than this, and why" not in asked
    judged(session, case)
    promised = offered(case)
    assert "A clearer picture, please" not in promised
    assert "send it to you by Wednesday, March 18" in promised["The label is coming"]
    assert "When the refund comes" not in promised  # its clock does not run yet
    late = offered(case, timedelta(days=9))
    assert "The label is coming" not in late
    assert (
        "We promised the prepaid return label by Wednesday, March 18"
        in late["We are late, and sorry"]
    )
    step(session, case, "label_sent", {"label": "1Z999"})
    assert "on Friday, March 13 (1Z999)" in offered(case)["The label was sent"]
    step(session, case, "return_in_transit")
    refund = offered(case)
    assert "since Friday, March 13" in refund["Your return is on its way"]
    assert "is $80.00. We pay it by " in refund["When the refund comes"]
    step(session, case, "refund_paid", {"amount": "80.00"})
    paid = offered(case)
    assert "your refund of $80.00" in paid["The refund is paid"]
    assert "When the refund comes" not in paid
    every = [text for some in (asked, promised, late, refund, paid) for text in some.values()]
    assert not [text for text in every if "wobblyquagga" in text or "{" in text]


def test_no_more_than_the_policy_gives_names_its_clause(session: Session, opened: Opener) -> None:
    case = opened("remorse", facts={})
    assert "No more than this, and why" not in offered(case)
    step(session, case, "seller_decided", {"seller_decision": "reject"})
    text = offered(case)["No more than this, and why"]
    assert "“Returns of goods without a defect”" in text
    assert policy_in_force().contact.phone in text


def test_a_range_is_said_where_the_fee_is_open(session: Session, opened: Opener) -> None:
    case = opened("remorse", facts={})
    step(session, case, "seller_decided", {"seller_decision": "accept"})
    known = of_case(case, "Kim", policy_in_force(), NOW)
    assert known["refund"] == "from $52.00 to $80.00"


def test_the_carriers_paper_is_asked_for_where_the_policy_wants_it(
    session: Session, opened: Opener, make_order: object
) -> None:
    order = make_order("20009", status="shipped")  # type: ignore[operator]
    order.status = "destroyed"
    case = opened("destroyed_in_transit", order=order)
    assert "The carrier's message or report" in offered(case)["The carrier's paper, please"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("- {title: A, text: 'On {weekday}'}", r"'A' has the blank \{weekday\}, which nothing"),
        ("- {title: A, text: 'On {0}'}", r"blank \{0\}"),
        ("- {title: A, text: 'On {'}", "'A'"),
        ("- {title: A}", "a title and a text"),
        ("- {title: A, text: 5}", "are words"),
        ("- {title: A, text: x}\n- {title: A, text: y}", "twice"),
        ("title: A", "a list"),
        ("[", "replies.yml"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, content: str, why: str) -> None:
    file = tmp_path / "replies.yml"
    file.write_text(content)
    with pytest.raises(CaseworkError, match=why):
        read(file)


def test_a_case_whose_words_look_like_blanks_fills_nothing() -> None:
    reply = CannedReply("A", "Label {label}")
    assert reply.text.format_map({"label": "{phone}"}) == "Label {phone}"

"""How decisions read: days, money, lists and what a case's promises have come to."""

from datetime import date

import pytest

from actions.replies import refund_of
from casework.cases.in_words import card, day, goods, headline, listed, money, progress
from casework.cases.obligations import Obligation
from policy_core import decide, load_policy

RETURN = {
    "situation": "remorse",
    "requested_on": "2026-03-13",
    "order_status": "delivered",
    "delivered_on": "2026-03-09",
    "order_total": "33.33",
}


def test_days_and_money_read_as_people_say_them() -> None:
    assert day("2026-03-18") == "Wednesday, March 18"
    assert money("1234.5") == "$1,234.50"


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (list("abc"), "a, b and c")],
)
def test_lists_read_as_sentences(parts: list[str], sentence: str) -> None:
    assert listed(parts) == sentence


def test_no_goods_read_as_nothing() -> None:
    assert goods([]) == ""


def test_a_refund_whose_fee_is_open_is_a_range() -> None:
    today = date(2026, 3, 13)
    fee_open = decide({**RETURN, "seller_decision": "accept"}, today=today)
    fee_known = decide({**RETURN, "seller_decision": "accept", "fee_percent": "10"}, today=today)
    assert refund_of(fee_open) == "a refund between $21.67 and $33.33"
    assert refund_of(fee_known) == "a refund of $30.00"


def test_a_promise_is_told_as_done_or_as_late_and_a_running_one_not_at_all() -> None:
    due = date(2026, 3, 18)
    said = progress(
        [
            Obligation("seller", "prepaid_label", due, None, "done", date(2026, 3, 16)),
            Obligation("seller", "refund", due, None, "overdue"),
            Obligation("customer", "return_goods", due, None, "overdue"),
            Obligation("seller", "replacement", due, None, "running"),
        ]
    )
    assert said == [
        "Your refund was due by Wednesday, March 18. We are late, and we are sorry.",
        "Done on Monday, March 16: the prepaid return label.",
    ]


def test_the_card_names_every_clause_and_the_contact() -> None:
    policy = load_policy()
    decision = decide(RETURN, policy=policy, today=date(2026, 3, 13))
    drawn = card(policy, decision, "AOP-R-TEST")
    assert headline(decision) == "A person decides"
    assert [clause["id"] for clause in drawn["clauses"]] == decision.clauses
    assert drawn["contact"]["phone"] == policy.contact.phone

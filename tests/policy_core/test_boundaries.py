"""The days on which something changes, generated from the numbers in the file."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from policy_core import Policy, decide, load_policy
from policy_core.dates import add_business_days, federal_holidays, is_business_day

DELIVERED = date(2026, 3, 2)
REQUESTED = date(2026, 3, 13)
FRIDAY = date(2026, 3, 13)


def day(value: date) -> str:
    return value.isoformat()


@pytest.fixture(params=[1, 14, 30, 45], ids="window of {} days".format)
def with_window(request: pytest.FixtureRequest, edited) -> Policy:
    window = f"filing_window_days: {{value: {request.param}"
    return load_policy(edited(("filing_window_days: {value: 30", window)))


@pytest.mark.parametrize(
    ("situation", "remedy"),
    [("damaged", "refund"), ("defective", "refund"), ("defective", "replacement")],
)
@pytest.mark.parametrize("seller", [None, "accept", "reject"])
def test_the_filing_window(
    with_window: Policy, situation: str, remedy: str, seller: str | None
) -> None:
    window = with_window.days("filing_window_days")
    late = {None: "seller_decides", "accept": "entitled", "reject": "declined"}[seller]
    for passed, outcome in [(0, "entitled"), (window, "entitled"), (window + 1, late)]:
        facts = {
            "situation": situation,
            "requested_on": day(DELIVERED + timedelta(days=passed)),
            "order_status": "delivered",
            "delivered_on": day(DELIVERED),
            "remedy": remedy,
            "evidence": "compelling",
            "seller_decision": seller,
        }
        decision = decide(facts, policy=with_window)
        assert decision.outcome == outcome, passed
        assert (2 in decision.interpretations) == (passed > window)
        assert 1 in decision.interpretations


@pytest.mark.parametrize(("after", "late"), [(-1, False), (0, False), (1, True)])
def test_the_ship_by_day(policy: Policy, after: int, late: bool) -> None:
    facts = {
        "requested_on": day(REQUESTED),
        "order_status": "processing",
        "ship_by": day(REQUESTED - timedelta(days=after)),
        "order_total": "80.00",
    }
    cancel = decide({**facts, "situation": "cancel"}, policy=policy)
    asked = decide({**facts, "situation": "late_shipment"}, policy=policy)
    remorse = decide({**facts, "situation": "remorse"}, policy=policy)
    if late:
        assert (cancel.outcome, cancel.remedy) == ("entitled", "refund")
        assert cancel.clauses[0] == "late-shipment"
        assert 7 in cancel.interpretations
        assert (asked.outcome, asked.remedy) == ("entitled", "refund")
        assert remorse.alternatives == ["late_shipment", "cancel"]
    else:
        assert (cancel.outcome, cancel.remedy) == ("seller_decides", "cancellation")
        assert (asked.outcome, asked.alternatives) == ("not_available", ["cancel"])
        assert remorse.alternatives == ["cancel"]


@pytest.mark.parametrize(("after", "outcome"), [(0, "not_available"), (1, "seller_decides")])
@pytest.mark.parametrize("status", ["shipped", "delivered"])
def test_the_day_it_shipped(policy: Policy, after: int, outcome: str, status: str) -> None:
    facts = {
        "situation": "late_shipment",
        "requested_on": day(REQUESTED),
        "order_status": status,
        "ship_by": "2026-03-02",
        "shipped_on": day(date(2026, 3, 2) + timedelta(days=after)),
    }
    assert decide(facts, policy=policy).outcome == outcome


@pytest.mark.parametrize(
    ("situation", "remedy", "number", "status"),
    [
        ("returned_in_transit", "refund", "refund_business_days", "returned_to_sender"),
        ("returned_in_transit", "redelivery", "redelivery_business_days", "returned_to_sender"),
        ("destroyed_in_transit", "refund", "refund_business_days", "destroyed"),
        ("destroyed_in_transit", "redelivery", "redelivery_business_days", "destroyed"),
        ("out_of_stock", "refund", "refund_business_days", "unfulfillable"),
    ],
)
def test_an_obligation_is_overdue_on_the_day_after_it_is_due(
    policy: Policy, situation: str, remedy: str, number: str, status: str
) -> None:
    facts = {
        "situation": situation,
        "requested_on": day(REQUESTED),
        "order_status": status,
        "remedy": remedy,
        "evidence": "compelling",
    }
    due = add_business_days(REQUESTED, policy.days(number))
    for today, standing in [
        (REQUESTED, "running"),
        (due, "running"),
        (due + timedelta(days=1), "overdue"),
    ]:
        (owed,) = decide(facts, policy=policy, today=today).obligations
        assert owed == {
            "party": "seller",
            "action": remedy,
            "due": day(due),
            "after": None,
            "status": standing,
        }


def test_the_days_follow_the_numbers_in_the_file(edited) -> None:
    path = edited(
        ("label_business_days: {value: 3", "label_business_days: {value: 1"),
        ("refund_business_days: {value: 3", "refund_business_days: {value: 2"),
        ("redelivery_business_days: {value: 5", "redelivery_business_days: {value: 9"),
    )
    facts = {
        "situation": "defective",
        "requested_on": day(FRIDAY),
        "order_status": "delivered",
        "delivered_on": "2026-03-02",
        "return_in_transit_on": day(FRIDAY),
        "evidence": "compelling",
    }
    for remedy, due in [("refund", "2026-03-17"), ("replacement", "2026-03-26")]:
        decision = decide({**facts, "remedy": remedy}, policy=load_policy(path))
        dues = {owed["action"]: owed["due"] for owed in decision.obligations}
        assert dues == {"prepaid_label": "2026-03-16", "return_goods": None, remedy: due}


@pytest.mark.parametrize("percent", ["0", "12.5", "35", "100"])
def test_the_fee_follows_the_percentage_in_the_file(edited, percent: str) -> None:
    changed = load_policy(edited(('value: "35"', f'value: "{percent}"')))
    facts = {
        "situation": "remorse",
        "requested_on": day(REQUESTED),
        "order_status": "shipped",
        "order_total": "200.00",
    }
    fee = Decimal(200) * Decimal(percent) / 100
    decision = decide(facts, policy=changed)
    assert Decimal(decision.amounts["fee_max"]) == fee
    assert Decimal(decision.amounts["refund_min"]) == 200 - fee
    assert decision.amounts["refund_max"] == "200.00"


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2026-03-13", 3, "2026-03-18"),  # POLICY.md's own example
        ("2026-03-14", 3, "2026-03-18"),  # a Saturday: Monday is the first business day
        ("2026-03-15", 1, "2026-03-16"),
        ("2026-07-01", 3, "2026-07-07"),  # July 4 is a Saturday, observed on Friday July 3
        ("2026-01-16", 1, "2026-01-20"),  # Martin Luther King Day
        ("2026-11-25", 1, "2026-11-27"),  # Thanksgiving; the Friday after is no federal holiday
        ("2027-12-30", 1, "2028-01-03"),  # New Year's Day 2028 is observed on December 31, 2027
        ("2023-01-01", 1, "2023-01-03"),  # New Year's Day on a Sunday, observed on Monday
        ("2026-06-18", 1, "2026-06-22"),  # Juneteenth
        ("2026-03-13", 0, "2026-03-13"),
    ],
)
def test_business_days(start: str, count: int, due: str) -> None:
    assert add_business_days(date.fromisoformat(start), count) == date.fromisoformat(due)


def test_eleven_federal_holidays_each_year_and_nothing_else() -> None:
    for year in range(2022, 2041):
        observed = [day for day in federal_holidays(year) if day.weekday() < 5]
        assert 10 <= len(observed) <= 12, year
        assert not is_business_day(date(year, 12, 25))
    assert is_business_day(date(2026, 12, 24))  # Christmas Eve is no federal holiday by law


def test_a_negative_count_of_days_is_refused() -> None:
    with pytest.raises(ValueError, match="must not be negative"):
        add_business_days(FRIDAY, -1)

"""What holds for any dates and any money: never a fee over the cap, never a date before its
trigger, never a traceback.
"""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from policy_core import Decision, InputError, decide, load_policy
from policy_core.dates import add_business_days, is_business_day
from policy_core.facts import FACT_NAMES
from policy_core.money import fee, full_refund, refund_less_fee, share
from policy_core.reader import ASKED_FACTS
from policy_core.space import EVIDENCE, REMEDIES, SITUATIONS, STATUSES

POLICY = load_policy(on=date(2026, 6, 1))
CAP = Decimal(POLICY.number("restocking_fee_percent_max"))

days = st.dates(date(2025, 6, 1), date(2027, 6, 1)).map(date.isoformat)
cents = st.decimals(0, 100_000, places=2)
money = cents.map(str)
percents = st.decimals(0, 35, places=3)
CHOICES: dict[str, st.SearchStrategy[object]] = {
    "situation": st.sampled_from(SITUATIONS),
    "requested_on": days,
    "remedy": st.sampled_from(REMEDIES),
    "order_status": st.sampled_from(STATUSES),
    "ship_by": days,
    "shipped_on": days,
    "delivered_on": days,
    "return_in_transit_on": days,
    "order_total": money,
    "claim_total": money,
    "evidence": st.sampled_from(EVIDENCE),
    "seller_decision": st.sampled_from(["accept", "reject"]),
    "fee_percent": percents.map(str),
}
requests = st.fixed_dictionaries(
    {name: CHOICES[name] for name in ("situation", "requested_on")},
    optional={name: CHOICES[name] for name in FACT_NAMES[2:]},
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | days | money,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def decided(facts: dict[str, object], today: date) -> Decision | None:
    try:
        return decide(facts, policy=POLICY, today=today)
    except InputError as error:
        refusal = error
    assert "\n" not in str(refusal)
    assert all(field in str(refusal) for field in refusal.fields)
    return None


@settings(max_examples=750, deadline=None, derandomize=True)
@given(requests, st.dates(date(2025, 1, 1), date(2028, 1, 1)))
def test_any_facts(facts: dict[str, object], today: date) -> None:
    decision = decided(facts, today)
    if decision is None:
        return
    for owed in decision.obligations:
        if owed["due"] is None:
            assert owed["status"] != "overdue"
            continue
        due = date.fromisoformat(owed["due"])
        assert is_business_day(due)
        assert owed["due"] > facts["requested_on"]
        if owed["action"] != "prepaid_label" and decision.outcome == "entitled":
            waits = facts["situation"] in ("damaged", "defective", "remorse")
            assert not waits or owed["due"] > facts["return_in_transit_on"]
        assert owed["after"] is None
        assert (owed["status"] == "overdue") <= (today > due)
    amounts = {name: Decimal(value) for name, value in decision.amounts.items() if value}
    paid = Decimal(facts.get("claim_total", facts.get("order_total", "Infinity")))
    assert amounts.get("refund_max", 0) <= paid
    assert amounts.get("refund_min", 0) <= amounts.get("refund_max", 0)
    assert all(amount >= 0 for amount in amounts.values())
    if "fee_max" in amounts:
        assert amounts["fee_max"] * 100 <= Decimal(facts["order_total"]) * CAP
        assert amounts["refund_max"] - amounts["refund_min"] <= amounts["fee_max"]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(requests, st.data())
def test_a_fact_that_is_not_missing_never_changes_the_outcome(
    facts: dict[str, object], data: st.DataObject
) -> None:
    """Fill in everything that was unknown: only facts named in `missing` may have mattered."""
    today = date(2026, 6, 1)
    before = decided(facts, today)
    if before is None or before.outcome == "need_facts":
        return
    unknown = [name for name in ASKED_FACTS if name not in facts]
    if facts["situation"] == "damaged":  # an unstated wish is a refund (ruling 9)
        unknown = [name for name in unknown if name != "remedy"]
    told = {name: data.draw(CHOICES[name], label=name) for name in unknown}
    after = decided({**facts, **told}, today)
    assert after is None or after.outcome == before.outcome


@settings(max_examples=300, deadline=None, derandomize=True)
@given(requests)
def test_the_same_facts_give_the_same_decision(facts: dict[str, object]) -> None:
    today = date(2026, 6, 1)
    backwards = dict(reversed(list(facts.items())))
    first, second = decided(facts, today), decided(backwards, today)
    assert (first and first.as_dict()) == (second and second.as_dict())


@settings(max_examples=400, deadline=None, derandomize=True)
@given(
    st.dictionaries(st.sampled_from(FACT_NAMES) | st.text(max_size=8), anything, max_size=5)
    | anything
)
def test_junk_is_refused_in_one_line(junk: object) -> None:
    decided(junk, date(2026, 6, 1))  # type: ignore[arg-type]


@settings(deadline=None, derandomize=True)
@given(cents, cents, percents)
def test_a_fee_never_passes_the_cap_or_the_goods(
    total: Decimal, part: Decimal, percent: Decimal
) -> None:
    claim = min(total, part)
    highest = fee(total, claim, CAP)
    assert highest * 100 <= total * CAP
    assert highest <= claim
    open_fee = refund_less_fee(total, claim, percent=None, percent_max=CAP)
    known_fee = refund_less_fee(total, claim, percent=percent, percent_max=CAP)
    assert open_fee.refund_min <= known_fee.refund_min == known_fee.refund_max
    assert known_fee.refund_max <= open_fee.refund_max == claim
    assert known_fee.refund_min >= 0


@settings(deadline=None, derandomize=True)
@given(cents, percents)
def test_a_share_is_rounded_down_to_the_cent(total: Decimal, percent: Decimal) -> None:
    exact = total * percent / 100
    assert share(total, percent) <= exact < share(total, percent) + Decimal("0.01")


def test_money_of_the_ruling() -> None:
    assert share(Decimal("33.33"), Decimal(35)) == Decimal("11.66")


def test_amounts_are_left_out_where_they_are_not_known() -> None:
    nothing = {"refund_min": None, "refund_max": None, "fee_max": None}
    assert full_refund(None, None).as_dict() == nothing
    unknown = refund_less_fee(None, None, percent=None, percent_max=CAP)
    assert unknown.as_dict() == nothing
    part = refund_less_fee(None, Decimal(20), percent=None, percent_max=CAP)
    assert part.as_dict() == {**nothing, "refund_max": "20.00"}
    known_fee = refund_less_fee(None, Decimal(20), percent=Decimal(10), percent_max=CAP)
    assert known_fee.as_dict() == nothing


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.dates(date(1971, 1, 1), date(2199, 1, 1)), st.integers(1, 30))
def test_business_days_are_counted_one_by_one(start: date, count: int) -> None:
    due = add_business_days(start, count)
    between = [start + timedelta(days=n) for n in range(1, (due - start).days + 1)]
    assert sum(is_business_day(day) for day in between) == count
    assert is_business_day(due)

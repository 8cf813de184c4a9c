"""The decision contract, case by case, the way another program meets it."""

from datetime import date

import pytest

from policy_core import Policy, decide, load_policy

TODAY = date(2026, 3, 14)
CONTRACT = [
    "outcome", "remedy", "missing", "required_evidence", "obligations", "amounts", "clauses",
    "interpretations", "alternatives", "contact", "policy_version", "explanation",
]  # fmt: skip
PROCESSING = {"order_status": "processing"}
SHIPPED = {"order_status": "shipped"}
DELIVERED = {"order_status": "delivered", "delivered_on": "2026-03-02"}
LATE = {"order_status": "delivered", "delivered_on": "2026-01-05"}
BACK = {"order_status": "returned_to_sender"}
DESTROYED = {"order_status": "destroyed"}
NO_STOCK = {"order_status": "unfulfillable"}
CANCELLED = {"order_status": "cancelled"}
NOT_LATE = {**PROCESSING, "ship_by": "2026-03-20"}
OVERDUE = {**PROCESSING, "ship_by": "2026-03-12"}
YES, NO = {"seller_decision": "accept"}, {"seller_decision": "reject"}
NONE, SENT, PROVED, WEAK = (
    {"evidence": value} for value in ("none", "submitted", "compelling", "insufficient")
)
REFUND, REPLACEMENT, REDELIVERY = (
    {"remedy": value} for value in ("refund", "replacement", "redelivery")
)


def given(policy: Policy, situation: str, *facts: dict[str, str]):
    merged: dict[str, object] = {"situation": situation, "requested_on": "2026-03-13"}
    for each in facts:
        merged.update(each)
    return decide(merged, policy=policy, today=TODAY)


@pytest.mark.parametrize(
    ("situation", "facts", "outcome", "remedy"),
    [
        ("cancel", [NOT_LATE], "seller_decides", "cancellation"),
        ("cancel", [NOT_LATE, YES], "entitled", "cancellation"),
        ("cancel", [NOT_LATE, NO], "declined", None),
        ("cancel", [OVERDUE, NO], "entitled", "refund"),
        ("cancel", [NO_STOCK, NO], "entitled", "refund"),
        ("cancel", [PROCESSING, YES], "entitled", "cancellation"),
        ("late_shipment", [OVERDUE, REPLACEMENT], "entitled", "refund"),
        ("late_shipment", [NO_STOCK], "entitled", "refund"),
        ("out_of_stock", [NO_STOCK], "entitled", "refund"),
        ("damaged", [DELIVERED, PROVED], "entitled", "refund"),
        ("damaged", [DELIVERED, PROVED, NO], "entitled", "refund"),
        ("damaged", [DELIVERED, PROVED, REPLACEMENT], "seller_decides", "replacement"),
        ("damaged", [DELIVERED, PROVED, REPLACEMENT, YES], "entitled", "replacement"),
        ("damaged", [DELIVERED, PROVED, REPLACEMENT, NO], "entitled", "refund"),
        ("damaged", [DELIVERED, NONE], "need_evidence", "refund"),
        ("damaged", [DELIVERED, NONE, NO], "declined", None),
        ("damaged", [DELIVERED, SENT], "seller_decides", "refund"),
        ("damaged", [DELIVERED, SENT, YES], "seller_decides", "refund"),
        ("damaged", [DELIVERED, WEAK], "need_evidence", "refund"),
        ("damaged", [DELIVERED, WEAK, NO], "declined", None),
        ("damaged", [DELIVERED, WEAK, YES], "entitled", "refund"),
        ("damaged", [LATE], "seller_decides", "refund"),
        ("damaged", [LATE, NO, PROVED], "declined", None),
        ("damaged", [LATE, YES, PROVED], "entitled", "refund"),
        ("damaged", [LATE, YES, SENT], "seller_decides", "refund"),
        ("damaged", [LATE, YES, NONE], "need_evidence", "refund"),
        ("damaged", [LATE, YES, WEAK], "need_evidence", "refund"),
        ("defective", [DELIVERED, PROVED, REPLACEMENT], "entitled", "replacement"),
        ("defective", [DELIVERED, PROVED, REFUND], "entitled", "refund"),
        ("defective", [DELIVERED, PROVED, REDELIVERY], "seller_decides", "redelivery"),
        ("remorse", [DELIVERED], "seller_decides", "refund"),
        ("remorse", [LATE], "seller_decides", "refund"),
        ("remorse", [SHIPPED, YES], "entitled", "refund"),
        ("remorse", [LATE, NO], "declined", None),
        ("wrong_information", [PROCESSING], "contact_us", "correction"),
        ("wrong_information", [SHIPPED], "contact_us", "correction"),
        ("wrong_information", [BACK], "contact_us", "correction"),
        ("wrong_information", [DESTROYED], "contact_us", "correction"),
        ("returned_in_transit", [BACK, REFUND], "entitled", "refund"),
        ("returned_in_transit", [BACK, REDELIVERY], "entitled", "redelivery"),
        ("returned_in_transit", [BACK, REPLACEMENT], "seller_decides", "replacement"),
        ("destroyed_in_transit", [DESTROYED, PROVED, REFUND], "entitled", "refund"),
        ("destroyed_in_transit", [SHIPPED, PROVED, REDELIVERY], "entitled", "redelivery"),
        ("destroyed_in_transit", [DESTROYED, NONE], "need_evidence", None),
        ("destroyed_in_transit", [DESTROYED, SENT], "seller_decides", None),
        ("other", [], "dispute", None),
    ],
)
def test_outcomes(policy: Policy, situation: str, facts: list, outcome: str, remedy) -> None:
    decision = given(policy, situation, *facts)
    assert (decision.outcome, decision.remedy) == (outcome, remedy)
    assert decision.missing == []
    assert list(decision.as_dict()) == CONTRACT


@pytest.mark.parametrize(
    ("situation", "facts", "missing"),
    [
        ("cancel", [], ["order_status", "ship_by"]),
        ("cancel", [PROCESSING], ["ship_by"]),
        ("cancel", [PROCESSING, NO], ["ship_by"]),
        ("late_shipment", [], ["order_status", "ship_by", "shipped_on"]),
        ("late_shipment", [SHIPPED], ["ship_by", "shipped_on"]),
        ("late_shipment", [SHIPPED, {"ship_by": "2026-03-02"}], ["shipped_on"]),
        ("damaged", [], ["order_status", "delivered_on", "evidence"]),
        ("damaged", [DELIVERED], ["evidence"]),
        ("damaged", [{"delivered_on": "2026-03-02"}], ["evidence"]),
        ("damaged", [{"order_status": "delivered"}, SENT], []),
        ("damaged", [{"order_status": "delivered"}, PROVED], ["delivered_on"]),
        ("defective", [DELIVERED], ["remedy", "evidence"]),
        ("defective", [DELIVERED, PROVED], ["remedy"]),
        ("defective", [DELIVERED, NONE], []),
        ("remorse", [], ["order_status"]),
        ("remorse", [{"shipped_on": "2026-03-02"}, YES], ["order_status"]),
        ("wrong_information", [], ["order_status"]),
        ("returned_in_transit", [BACK], ["remedy"]),
        ("destroyed_in_transit", [DESTROYED], ["remedy", "evidence"]),
        ("other", [], []),
    ],
)
def test_only_decisive_facts_are_missing(policy: Policy, situation: str, facts, missing) -> None:
    decision = given(policy, situation, *facts)
    assert decision.missing == missing
    assert (decision.outcome == "need_facts") == bool(missing)


@pytest.mark.parametrize(
    ("situation", "facts", "alternatives"),
    [
        ("cancel", SHIPPED, ["remorse"]),
        ("cancel", DELIVERED, ["remorse"]),
        ("cancel", BACK, ["returned_in_transit"]),
        ("cancel", DESTROYED, ["destroyed_in_transit"]),
        ("cancel", CANCELLED, []),
        ("late_shipment", NOT_LATE, ["cancel"]),
        ("late_shipment", {**SHIPPED, "ship_by": "2026-03-02", "shipped_on": "2026-03-02"},
         ["remorse"]),
        ("out_of_stock", NOT_LATE, ["cancel"]),
        ("out_of_stock", OVERDUE, ["late_shipment", "cancel"]),
        ("damaged", SHIPPED, ["destroyed_in_transit", "other"]),
        ("damaged", NO_STOCK, ["out_of_stock"]),
        ("damaged", NOT_LATE, ["cancel", "other"]),
        ("remorse", NOT_LATE, ["cancel"]),
        ("remorse", PROCESSING, ["cancel"]),
        ("remorse", OVERDUE, ["late_shipment", "cancel"]),
        ("wrong_information", DELIVERED, ["other"]),
        ("wrong_information", CANCELLED, []),
        ("returned_in_transit", SHIPPED, ["other"]),
        ("destroyed_in_transit", DELIVERED, ["damaged", "other"]),
    ],
)  # fmt: skip
def test_what_is_open_instead(policy: Policy, situation: str, facts, alternatives) -> None:
    decision = given(policy, situation, facts)
    assert (decision.outcome, decision.alternatives) == ("not_available", alternatives)


def test_a_damaged_case_from_request_to_refund(policy: Policy) -> None:
    decision = given(policy, "damaged", DELIVERED, PROVED)
    assert decision.obligations == [
        {"party": "seller", "action": "prepaid_label", "due": "2026-03-18", "after": None,
         "status": "running"},
        {"party": "customer", "action": "return_goods", "due": None, "after": "prepaid label",
         "status": "waiting"},
        {"party": "seller", "action": "refund", "due": None, "after": "return in transit",
         "status": "waiting"},
    ]  # fmt: skip
    on_its_way = given(policy, "damaged", DELIVERED, PROVED, {"return_in_transit_on": "2026-03-20"})
    label, goods, refund = on_its_way.obligations
    assert refund == {"party": "seller", "action": "refund", "due": "2026-03-25", "after": None,
                      "status": "running"}  # fmt: skip
    assert (goods["after"], label["due"]) == (None, "2026-03-18")
    assert "label" not in " ".join(step["text"] for step in on_its_way.explanation)


def test_a_label_that_was_used_is_never_overdue(policy: Policy) -> None:
    facts = {
        "situation": "damaged",
        "requested_on": "2026-03-13",
        **DELIVERED,
        **PROVED,
    }
    waiting = decide(facts, policy=policy, today=date(2026, 4, 1))
    assert [owed["status"] for owed in waiting.obligations] == ["overdue", "waiting", "waiting"]
    facts["return_in_transit_on"] = "2026-03-31"
    used = decide(facts, policy=policy, today=date(2026, 4, 1))
    assert [owed["status"] for owed in used.obligations] == ["running", "running", "running"]


def test_goods_sent_back_before_the_request_are_not_due_before_it(policy: Policy) -> None:
    early = {"return_in_transit_on": "2026-03-05"}
    decision = given(policy, "remorse", DELIVERED, YES, early)
    assert decision.obligations[-1]["due"] == "2026-03-18"


@pytest.mark.parametrize(
    ("money", "amounts"),
    [
        ({"order_total": "33.33"}, ("21.67", "33.33", "11.66")),
        ({"order_total": "100.00", "claim_total": "20.00"}, ("0.00", "20.00", "20.00")),
        ({"order_total": "100.00", "claim_total": "60"}, ("25.00", "60.00", "35.00")),
        ({"order_total": "100", "fee_percent": "10"}, ("90.00", "90.00", "35.00")),
        ({"order_total": "100", "fee_percent": "0"}, ("100.00", "100.00", "35.00")),
        ({"claim_total": "20.00"}, (None, "20.00", None)),
        ({}, (None, None, None)),
    ],
)
@pytest.mark.parametrize("decided", [{}, YES], ids=["undecided", "accepted"])
def test_the_money_of_a_changed_mind(policy: Policy, money, amounts, decided) -> None:
    decision = given(policy, "remorse", SHIPPED, money, decided)
    assert tuple(decision.amounts.values()) == amounts
    assert list(decision.amounts) == ["refund_min", "refund_max", "fee_max"]


def test_a_refund_by_right_is_full(policy: Policy) -> None:
    decision = given(policy, "cancel", OVERDUE, {"order_total": "1250.5"})
    assert decision.amounts == {"refund_min": "1250.50", "refund_max": "1250.50", "fee_max": None}
    assert any("$1,250.50" in step["text"] for step in decision.explanation)


@pytest.mark.parametrize("situation", ["damaged", "defective", "destroyed_in_transit"])
def test_evidence_is_asked_for_until_it_is_there(policy: Policy, situation: str) -> None:
    status = DESTROYED if situation == "destroyed_in_transit" else DELIVERED
    for facts in ([], [NONE], [WEAK]):
        asked = given(policy, situation, status, REFUND, *facts).required_evidence
        assert asked
        assert all(set(kind) == {"kind", "description"} for kind in asked)
    for facts in ([SENT], [PROVED], [NONE, NO], [WEAK, YES]):
        assert given(policy, situation, status, REFUND, *facts).required_evidence == []
    assert given(policy, situation, CANCELLED).required_evidence == []


def test_no_evidence_is_asked_for_where_records_are_enough(policy: Policy) -> None:
    for situation in ("cancel", "late_shipment", "out_of_stock", "remorse", "other"):
        assert given(policy, situation).required_evidence == []
    assert given(policy, "returned_in_transit", BACK).required_evidence == []


def test_an_open_choice_is_left_to_the_customer(policy: Policy) -> None:
    """A yes settles the outcome before the customer has chosen: no remedy is made up."""
    decision = given(policy, "defective", DELIVERED, WEAK, YES)
    assert (decision.outcome, decision.remedy) == ("entitled", None)
    assert [owed["action"] for owed in decision.obligations] == ["prepaid_label", "return_goods"]
    assert any("a refund or a replacement" in step["text"] for step in decision.explanation)


def test_wrong_information_is_honest_about_parcels_that_left(policy: Policy) -> None:
    words = " ".join(
        step["text"] for step in given(policy, "wrong_information", SHIPPED).explanation
    )
    assert "may not reach the parcel" in words
    assert "comes back to us" in words
    assert policy.contact.phone in words


def test_a_configured_email_is_offered_beside_the_phone(edited) -> None:
    changed = load_policy(edited(("email: null", "email: help@shop.example")))
    decision = given(changed, "wrong_information", PROCESSING)
    assert decision.contact == {"phone": "1-213-737-9983", "email": "help@shop.example"}
    assert any("help@shop.example" in step["text"] for step in decision.explanation)


def test_decisions_share_nothing_that_could_be_changed(policy: Policy) -> None:
    first = given(policy, "damaged", DELIVERED)
    first.required_evidence[0]["description"] = "changed"
    first.clauses.append("changed")
    first.contact["phone"] = "changed"
    assert "changed" not in repr(given(policy, "damaged", DELIVERED))

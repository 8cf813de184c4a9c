"""Reading a policy file: what it gives, and what is said about one that is wrong."""

from datetime import date
from pathlib import Path

import pytest

from policy_core import Policy, PolicyError, load_policy
from policy_core.check import findings
from policy_core.reader import TOPICS
from policy_core.versions import POLICIES
from tests.policy_core.conftest import FIRST_VERSION

OTHER_SELLER = "Legendary" + "Solar"


def test_the_published_version_is_in_force_and_read_once() -> None:
    policy = load_policy(on=date(2026, 3, 1))
    assert (policy.version, policy.effective) == ("2026-01-01", date(2026, 1, 1))
    assert load_policy(on=date(2026, 3, 1)) is policy
    assert load_policy(FIRST_VERSION).version == policy.version


def test_before_the_first_version_it_is_the_first() -> None:
    assert load_policy(on=date(2020, 1, 1)).version == "2026-01-01"


def test_a_changed_file_is_read_again(edited) -> None:
    path = edited()
    assert load_policy(path).number("filing_window_days") == 30
    edited(("filing_window_days: {value: 30", "filing_window_days: {value: 140"))
    assert load_policy(path).number("filing_window_days") == 140


def test_summaries_and_topics_carry_the_numbers_of_the_file(edited) -> None:
    changed = load_policy(
        edited(
            ("filing_window_days: {value: 30", "filing_window_days: {value: 17"),
            ("phone: 1-213-737-9983", "phone: 1-800-555-0100"),
            ('value: "35"', 'value: "12.5"'),
        )
    )
    assert "17 days" in changed.clause("filing-window").summary
    assert "12.5%" in changed.topic("restocking_fee").text
    assert "1-800-555-0100" in changed.topic("contact").text
    assert "day 17 is in time" in changed.interpretations[1].reading
    told = repr([changed.clauses, changed.topics, changed.interpretations, changed.steps])
    assert "213-737" not in told
    assert "35%" not in told
    assert "30 days" not in told


def test_every_topic_answers_with_its_clauses(policy: Policy) -> None:
    assert tuple(policy.topics) == TOPICS
    for topic in policy.topics.values():
        assert topic.clauses
        assert topic.text.endswith(".")
        assert "{" not in topic.text


def test_without_an_email_every_answer_offers_the_phone_alone(policy: Policy) -> None:
    assert policy.contact.email is None
    assert policy.contact.reach == "call us at 1-213-737-9983"
    text = FIRST_VERSION.read_text()
    assert "@" not in text
    assert OTHER_SELLER not in text


def test_one_setting_configures_the_email(edited) -> None:
    contact = load_policy(edited(("email: null", "email: help@shop.example"))).contact
    assert contact.email == "help@shop.example"
    assert contact.reach == "call us at 1-213-737-9983 or write to help@shop.example"


def test_the_thirteen_rulings_and_own_readings_are_numbered_in_a_row(policy: Policy) -> None:
    assert list(policy.interpretations) == list(range(1, 23))


def test_what_is_not_there_is_named(policy: Policy) -> None:
    for ask in (policy.clause, policy.topic, policy.number):
        with pytest.raises(PolicyError, match="'nonsense'"):
            ask("nonsense")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("version:", "versoin:", "unknown key 'versoin'"),
        ("seller: AlliedOfficeProducts\n", "", "'seller' is missing"),
        ("effective: 2026-01-01", "effective: soon", "effective: must be a date"),
        ("America/Los_Angeles", "America/Nowhere", "zone: no such time zone"),
        ("America/Los_Angeles", "/etc/passwd", "zone: no such time zone"),
        ("phone: 1-213-737-9983", "phone: call me", "contact.phone: must be a phone number"),
        ("email: null", "email: somewhere", "contact.email: must be an e-mail address or null"),
        ("filing_window_days: {value: 30", "filing_window_days: {value: -1", "between 1 and"),
        ("filing_window_days: {value: 30", "filing_window_days: {value: thirty", "whole number"),
        ("filing_window_days: {value: 30", "filing_window_days: {value: true", "whole number"),
        ('value: "35"', 'value: "NaN"', "percentage from 0 to 100"),
        ('value: "35"', 'value: "135"', "percentage from 0 to 100"),
        ("wait: late}", "wait: overdue}", "unknown value 'overdue'"),
        ("wait: late}", "weather: fine}", "no such fact"),
        ("wait: late}", "wait: []}", "needs a value"),
        ("{order_status: processing, wait: late}", "{wait: late}", "needs order_status"),
        ("outcome: dispute", "outcome: shrug", "unknown outcome 'shrug'"),
        ("outcome: dispute", "outcome: need_facts", "unknown outcome 'need_facts'"),
        ("remedy: correction", "remedy: apology", "unknown remedy 'apology'"),
        ("steps: [came_back]", "steps: [came_home]", "unknown step 'came_home'"),
        ("obligations: [provide_evidence]", "obligations: [bring_cake]", "unknown obligation"),
        ("yields_to: [goods-late]", "yields_to: [goods-latest]", "which is no other rule"),
        ("yields_to: [remorse-late]", "yields_to: [remorse-undecided]", "which is no other rule"),
        ("id: goods-late\n", "id: remorse-late\n", "two rules are called 'remorse-late'"),
        ("alternatives: [remorse]", "alternatives: [sulking]", "unknown situation 'sulking'"),
        ("alternatives: [remorse]", "alternatives: [remorse, remorse]", "twice"),
        ("interpretations: [14]", "interpretations: [99]", "no interpretation 99"),
        ("clause: out-of-stock, facts", "clause: out-of-sorts, facts", "unknown clause"),
        ("{last_filing_day}", "{last_day}", "unknown placeholder {last_day}"),
        ("{last_filing_day}", "{last_filing_day!r}", "must be a plain name"),
        ("{last_filing_day}", "{last_filing_day", "expected '}'"),
        ("within: refund_business_days, from: requested_on", "within: refund_business_days",
         "'within' and 'from' belong together"),
        ("refund: full", "refund: half", "unknown refund 'half'"),
        ("approved_catch_all: true", "approved_catch_all: maybe", "true or false"),
        ("rules:\n", "rules: none\nrest:\n", "unknown key 'rest'"),
        ("  out_of_stock:\n    title: Ord", "  stock:\n    title: Ord", "unknown key 'stock'"),
        ("  other:\n    title", "  others:\n    title", "unknown key 'others'"),
        ("  damaged:\n    title: Goods", "  cancel:\n    title: Goods", "given twice"),
        ("zone: ", "zone: {", "is not YAML"),
        ("facts:\n", "facts: [\n", "is not YAML"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_its_place(edited, old: str, new: str, complaint: str) -> None:
    with pytest.raises(PolicyError) as caught:
        load_policy(edited((old, new)))
    assert complaint in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    "content",
    ["", "- a\n- b\n", "text", "[" * 200_000, "a: &a [*a]", "\x00", "!!python/object:x {}"],
)
def test_a_file_that_is_no_policy(tmp_path: Path, content: str) -> None:
    path = tmp_path / "policy.yml"
    path.write_text(content)
    with pytest.raises(PolicyError) as caught:
        load_policy(path)
    assert len(str(caught.value).splitlines()) == 1


def test_a_file_that_is_too_large_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "policy.yml"
    path.write_bytes(b"#" * 2_000_000)
    with pytest.raises(PolicyError, match="larger than"):
        load_policy(path)
    with pytest.raises(PolicyError, match="cannot read"):
        load_policy(tmp_path / "nowhere.yml")


def test_the_name_of_a_dated_file_is_its_day(edited) -> None:
    with pytest.raises(PolicyError, match="differ"):
        load_policy(edited(name="2026-02-01.yml"))


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("when: {order_status: [shipped, delivered]}\n    outcome: not_available\n"
         "    clause: cancel-before-shipment",
         "when: {order_status: shipped}\n    outcome: not_available\n"
         "    clause: cancel-before-shipment",
         "gap: cancel of an order that is delivered"),
        ("    yields_to: [remorse-late]\n", "", "overlap: remorse-undecided and remorse-late"),
        ("    refund: full\n\n  - id: cancel-shipped",
         "    refund: full\n    yields_to: [cancel-undecided]\n\n  - id: cancel-shipped",
         "all yield to one another"),
        ("yields_to: [goods-late-rejected]\n\n  # Damaged goods: what",
         "yields_to: [goods-late-rejected, goods-late]\n\n  # Damaged goods: what",
         "needless exception: goods-evidence-rejected need not yield to goods-late"),
        ("    approved_catch_all: true      # the policy itself is a catch-all here: any other "
         "circumstance\n", "", "catch-all: any-other-dispute has no conditions"),
        ("    when: {order_status: delivered, window: late, seller_decision: accept}\n  - step",
         "    when: {order_status: delivered, window: late, seller_decision: [accept, reject]}\n"
         "  - step",
         "needless context: late_accepted is never said where seller_decision is reject"),
        ("alternatives: [damaged, other]", "alternatives: [damaged, cancel, other]",
         "needless alternative: cancel is never open where destroyed-but-delivered speaks"),
    ],
)  # fmt: skip
def test_check_finds_what_is_wrong_with_an_example(edited, old: str, new: str, found: str) -> None:
    lines = list(findings(load_policy(edited((old, new)))))
    line = next(line for line in lines if found in line)
    assert "situation" in line
    assert "requested_on 20" in line


def test_check_finds_dead_rules_uncited_clauses_and_unused_entries(edited) -> None:
    dead = """
  - id: never
    situation: other
    when: {order_status: cancelled}
    outcome: dispute
    clause: own
    steps: [dispute]
    yields_to: [any-other-dispute]

topics:
"""
    lines = list(findings(load_policy(edited(("\ntopics:\n", dead)))))
    assert any(line.startswith("dead rule: never always yields") for line in lines)
    lines = list(
        findings(
            load_policy(
                edited(
                    ("    {clause: contact, facts", "    {clause: own, facts"),
                    ("steps: [remorse_rejected]", "steps: [late_declined]"),
                )
            )
        )
    )
    assert any(line.startswith("uncited clause: contact") for line in lines)
    assert any(line.startswith("unused step: remorse_rejected") for line in lines)
    lines = list(findings(load_policy(edited(("interpretations: [14]", "interpretations: [7]")))))
    assert any(line.startswith("unused interpretation: 14") for line in lines)


def test_published_versions_are_sound_and_named_by_their_day() -> None:
    files = sorted(POLICIES.iterdir())
    assert files
    for file in files:
        policy = load_policy(file)
        assert file.name == f"{policy.effective}.yml"
        assert list(findings(policy)) == []

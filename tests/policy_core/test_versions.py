"""Which version of the policy counts, and what a change means for a request made before it."""

from datetime import date
from pathlib import Path

import pytest
import time_machine

from policy_core import InputError, Policy, PolicyError, decide, load_policy, reader, versions

NEW_DAY = ("effective: 2026-01-01", "effective: 2026-06-01")
NEW_NAME = ('version: "2026-01-01"', 'version: "2026-06-01"')
DAMAGED = {
    "situation": "damaged",
    "requested_on": "2026-05-20",
    "order_status": "delivered",
    "delivered_on": "2026-05-01",
    "evidence": "compelling",
    "order_total": "80.00",
}
REMORSE = {
    "situation": "remorse",
    "requested_on": "2026-05-20",
    "order_status": "shipped",
    "order_total": "80.00",
}
TODAY = date(2026, 6, 10)


@pytest.fixture
def newer(edited):
    """A version in force from June 1, with something changed."""

    def make(*pairs: tuple[str, str]) -> Policy:
        return load_policy(edited(NEW_DAY, NEW_NAME, *pairs, name="2026-06-01.yml"))

    return make


SHORT_WINDOW = ("filing_window_days: {value: 30", "filing_window_days: {value: 14")
LONG_WINDOW = ("filing_window_days: {value: 30", "filing_window_days: {value: 60")
SLOW_LABEL = ("label_business_days: {value: 3", "label_business_days: {value: 9")
LOW_FEE = ('value: "35"', 'value: "20"')
HIGH_FEE = ('value: "35"', 'value: "50"')


def noted(decision) -> bool:
    return decision.clauses[0] == "terms-change" and 13 in decision.interpretations


def test_a_worse_version_goes_to_a_person_and_says_so(newer) -> None:
    decision = decide(DAMAGED, policy=newer(SHORT_WINDOW), today=TODAY)
    assert (decision.outcome, decision.remedy) == ("seller_decides", "refund")
    assert noted(decision)
    assert decision.explanation[0]["clause"] == "terms-change"
    assert decision.explanation[0]["facts"] == {"requested_on": "2026-05-20"}
    assert decision.obligations == []
    assert decision.policy_version == "2026-06-01"


def test_the_no_of_a_person_is_by_the_new_version_and_says_so(newer) -> None:
    facts = {**DAMAGED, "seller_decision": "reject"}
    decision = decide(facts, policy=newer(SHORT_WINDOW), today=TODAY)
    assert decision.outcome == "declined"
    assert noted(decision)


def test_a_yes_of_a_person_is_by_the_older_version_and_says_so(newer) -> None:
    facts = {**DAMAGED, "seller_decision": "accept"}
    decision = decide(facts, policy=newer(SLOW_LABEL), today=TODAY)
    assert decision.outcome == "entitled"
    assert decision.obligations[0]["due"] == "2026-05-26"  # Memorial Day is no business day
    assert noted(decision)
    assert decision.policy_version == "2026-01-01"


@pytest.mark.parametrize(
    ("change", "facts"),
    [
        (SLOW_LABEL, DAMAGED),
        (HIGH_FEE, REMORSE),
        (SHORT_WINDOW, {**DAMAGED, "evidence": "none"}),
    ],
)
def test_later_promises_and_higher_fees_are_worse_too(newer, change, facts) -> None:
    decision = decide(facts, policy=newer(change), today=TODAY)
    assert decision.outcome == "seller_decides"
    assert noted(decision)
    assert set(decision.amounts.values()) == {None}


@pytest.mark.parametrize("changes", [[], [LONG_WINDOW], [LOW_FEE]], ids=["same", "window", "fee"])
@pytest.mark.parametrize("facts", [DAMAGED, REMORSE], ids=["damaged", "remorse"])
def test_a_version_that_is_no_worse_simply_counts(newer, changes, facts) -> None:
    decision = decide(facts, policy=newer(*changes), today=TODAY)
    assert 13 not in decision.interpretations
    assert decision.policy_version == "2026-06-01"


def test_a_fee_that_is_over_the_new_cap_is_set_anew_by_a_person(newer) -> None:
    accepted = {**REMORSE, "seller_decision": "accept", "fee_percent": "35"}
    decision = decide(accepted, policy=newer(LOW_FEE), today=TODAY)
    assert decision.outcome == "seller_decides"
    assert noted(decision)
    assert decision.explanation[0]["facts"] == {"requested_on": "2026-05-20", "fee_percent": "35"}
    assert decision.amounts == {"refund_min": "64.00", "refund_max": "80.00", "fee_max": "16.00"}
    refused = {**accepted, "seller_decision": "reject"}
    assert decide(refused, policy=newer(LOW_FEE), today=TODAY).outcome == "declined"


@pytest.mark.parametrize(
    "change", [{"fee_percent": "36"}, {"requested_on": "2026-06-02", "fee_percent": "21"}]
)
def test_a_fee_that_no_version_allowed_is_an_error(newer, change) -> None:
    with pytest.raises(InputError, match="must not be over 20"):
        decide({**REMORSE, **change}, policy=newer(LOW_FEE), today=TODAY)


def test_a_request_under_the_new_version_is_not_compared(newer) -> None:
    facts = {**DAMAGED, "requested_on": "2026-06-01", "delivered_on": "2026-05-10"}
    decision = decide(facts, policy=newer(SHORT_WINDOW), today=TODAY)
    assert (decision.outcome, decision.clauses[0]) == ("seller_decides", "filing-window")
    assert 13 not in decision.interpretations


def test_a_request_before_the_first_version_is_not_compared(policy: Policy) -> None:
    facts = {**REMORSE, "requested_on": "2025-12-01"}
    assert 13 not in decide(facts, policy=policy, today=TODAY).interpretations


def test_while_facts_are_missing_they_are_asked_for_first(newer) -> None:
    facts = {**DAMAGED, "evidence": None}
    del facts["delivered_on"]
    decision = decide(facts, policy=newer(SHORT_WINDOW), today=TODAY)
    assert decision.outcome == "need_facts"


@pytest.fixture
def two_versions(newer, edited, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    newer(SHORT_WINDOW)
    edited(name="2026-01-01.yml")
    (tmp_path / "notes.yml").write_text("nothing to do with it")
    monkeypatch.setattr(versions, "POLICIES", tmp_path)


@pytest.mark.usefixtures("two_versions")
@pytest.mark.parametrize(
    ("day", "version"),
    [("2025-01-01", "2026-01-01"), ("2026-05-31", "2026-01-01"), ("2026-06-01", "2026-06-01")],
)
def test_the_version_in_force_on_the_day_of_the_decision(day: str, version: str) -> None:
    today = date.fromisoformat(day)
    assert load_policy(on=today).version == version
    assert decide({**REMORSE, "requested_on": day}, today=today).policy_version == version


@pytest.mark.usefixtures("two_versions")
@pytest.mark.parametrize(
    ("moment", "version"),
    [("2026-06-01T06:59:00Z", "2026-01-01"), ("2026-06-01T07:00:00Z", "2026-06-01")],
)
def test_a_new_version_starts_at_midnight_in_the_shops_zone(moment: str, version: str) -> None:
    with time_machine.travel(moment, tick=False):
        policy = load_policy()
        assert policy.version == version
        assert decide({**REMORSE, "requested_on": "2026-05-31"}).policy_version == version
        before = version == "2026-01-01"
        assert policy.today() == (date(2026, 5, 31) if before else date(2026, 6, 1))


def test_no_version_at_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(versions, "POLICIES", tmp_path)
    with pytest.raises(PolicyError, match="no policy"):
        load_policy()


def test_a_broken_file_is_read_once_until_it_changes(
    edited, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, read = edited(NEW_DAY), []
    file.write_text("clauses: [")

    def reading(path: Path) -> Policy:
        read.append(path)
        return reader.read_policy(path)

    monkeypatch.setattr(versions, "read_policy", reading)
    for _ in range(3):
        with pytest.raises(PolicyError, match="not YAML"):
            load_policy(file)
    assert read == [file]
    file.write_text(edited(name="good.yml").read_text())
    assert load_policy(file).version == "2026-01-01"


def test_what_could_not_be_opened_is_tried_again(edited, monkeypatch: pytest.MonkeyPatch) -> None:
    file = edited()

    def full(*_: object, **__: object) -> None:
        raise OSError(24, "Too many open files")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", full)
        with pytest.raises(PolicyError, match="Too many open files"):
            load_policy(file)
    assert load_policy(file).version == "2026-01-01"


def test_a_folder_that_cannot_be_listed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "policies").write_text("no folder")
    monkeypatch.setattr(versions, "POLICIES", tmp_path / "policies")
    with pytest.raises(PolicyError, match=r"cannot read .*Not a directory"):
        load_policy()

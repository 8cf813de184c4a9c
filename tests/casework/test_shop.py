"""The policy in force while its file is changed under the running process."""

import logging
from pathlib import Path

import pytest

from casework import shop
from casework.operating import readiness
from policy_core import PolicyError
from policy_core.versions import POLICIES


@pytest.fixture
def policy_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    published = next(iter(sorted(POLICIES.glob("*.yml"))))
    file = tmp_path / "policy.yml"
    file.write_text(published.read_text("utf-8"), "utf-8")
    monkeypatch.setenv("POLICY_FILE", str(file))
    monkeypatch.setattr(shop, "_last_read", {})
    monkeypatch.setattr(shop, "_complaints", set())
    return file


def test_a_file_that_breaks_leaves_the_last_one_in_force(
    policy_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    good = shop.policy_in_force()
    policy_file.write_text("clauses: [", "utf-8")
    with caplog.at_level(logging.ERROR):
        assert shop.policy_in_force() is good
        assert shop.policy_in_force() is good
    assert [one.message.split(":")[0] for one in caplog.records] == [
        "the policy cannot be read, the one before stays in force"
    ]
    assert readiness._policy() == "unreadable"


def test_a_better_file_is_in_force_at_once(policy_file: Path) -> None:
    before = shop.policy_in_force()
    text = policy_file.read_text("utf-8")
    policy_file.write_text("clauses: [", "utf-8")
    shop.policy_in_force()
    policy_file.write_text(text.replace("1-213-737-9983", "1-800-555-0100"), "utf-8")
    assert shop.policy_in_force().contact.phone == "1-800-555-0100" != before.contact.phone


def test_a_file_that_breaks_again_is_complained_of_again(
    policy_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    good = policy_file.read_text("utf-8")
    shop.policy_in_force()
    with caplog.at_level(logging.ERROR):
        for text in ("clauses: [", good, "clauses: ["):
            policy_file.write_text(text, "utf-8")
            shop.policy_in_force()
    assert len(caplog.records) == 2


def test_with_none_read_before_it_is_an_error(policy_file: Path) -> None:
    policy_file.write_text("clauses: [", "utf-8")
    with pytest.raises(PolicyError):
        shop.policy_in_force()

from pathlib import Path

import pytest

from policy_core import Policy, load_policy
from policy_core.engine import Rulebook, rulebook

FIRST_VERSION = Path(__file__).parents[2] / "policy_core" / "policies" / "2026-01-01.yml"


@pytest.fixture(scope="session")
def policy() -> Policy:
    return load_policy(FIRST_VERSION)


@pytest.fixture(scope="session")
def book(policy: Policy) -> Rulebook:
    return rulebook(policy)


@pytest.fixture
def edited(tmp_path):
    """A copy of the policy file with pieces of its text replaced."""

    def make(*pairs: tuple[str, str], name: str = "policy.yml") -> Path:
        text = FIRST_VERSION.read_text()
        for old, new in pairs:
            assert old in text, f"{old!r} is not in the policy file"
            text = text.replace(old, new)
        path = tmp_path / name
        path.write_text(text)
        return path

    return make

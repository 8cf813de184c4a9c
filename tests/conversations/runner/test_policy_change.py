"""A changed policy file differs in the named entries alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from tests.conversations.policy_change import changed, in_force

POLICY = {"version": "a", "numbers": {"window": 30, "rate": "35"}, "steps": [{"text": "b"}]}


@pytest.fixture
def original(tmp_path: Path) -> Path:
    path = tmp_path / "2025-01-01.yml"
    path.write_text(yaml.safe_dump(POLICY))
    return path


def test_entries_keep_their_type(original: Path, tmp_path: Path) -> None:
    asked = {"numbers.window": "14", "numbers.rate": "20", "steps.0.text": "c"}
    copy = changed(original, asked, tmp_path / "copy.yml")
    assert yaml.safe_load(copy.read_text()) == {
        "version": "a",
        "numbers": {"window": 14, "rate": "20"},
        "steps": [{"text": "c"}],
    }


def test_an_entry_that_is_not_there_is_named_with_the_nearest(
    original: Path, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=r"no `numbers.windw`.*did you mean `window`"):
        changed(original, {"numbers.windw": "14"}, tmp_path / "copy.yml")
    with pytest.raises(ValueError, match="whole section"):
        changed(original, {"numbers": "14"}, tmp_path / "copy.yml")


def test_the_file_in_force_is_the_last_one_that_has_begun(original: Path) -> None:
    later = original.with_name("2026-06-01.yml")
    later.write_text("")
    assert in_force(original.parent, date(2026, 6, 1)) == later
    assert in_force(original.parent, date(2026, 5, 31)) == original
    assert in_force(original.parent, date(2020, 1, 1)) == original

"""Where a backup looks for the assistant's memory."""

from pathlib import Path

import pytest

from casework.backup.places import places
from casework.errors import CaseworkError
from gateway.settings import PROJECT


def test_the_scaled_out_memory_is_found_where_rasa_looks_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RASA_ENDPOINTS", str(PROJECT / "deploy" / "endpoints.yml"))
    monkeypatch.setenv("DATABASE_PASSWORD", "x")
    found = places().databases["tracker"]
    assert (found.host, found.port, found.database) == ("postgresql", 5432, "tracker")


def test_a_memory_that_is_not_kept_cannot_be_backed_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "endpoints.yml").write_text("tracker_store: {type: in_memory}\n", "utf-8")
    monkeypatch.setenv("RASA_ENDPOINTS", str(tmp_path / "endpoints.yml"))
    with pytest.raises(CaseworkError, match="memory"):
        places()

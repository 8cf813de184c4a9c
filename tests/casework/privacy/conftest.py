from pathlib import Path

import pytest

from casework.storage.database import Database
from tests.casework.privacy.lives import Shop, make_shop


@pytest.fixture
def shop(database: Database, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """A shop without customers, and the settings that lead to it."""
    var = tmp_path / "var"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("GATEWAY_VAR", str(var))
    monkeypatch.delenv("RASA_ENDPOINTS", raising=False)
    monkeypatch.delenv("RETENTION_DAYS", raising=False)
    return make_shop(database, url, var)

"""What the environment sets, read when it is asked for."""

import os
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent.parent


def database_url() -> str:
    """Return ``DATABASE_URL``, or the SQLite file ``var/casework.db`` of the project."""
    return os.environ.get("DATABASE_URL") or f"sqlite:///{PROJECT_ROOT / 'var' / 'casework.db'}"


def policy_file() -> Path | None:
    """Return the policy file that ``POLICY_FILE`` names; None means the version in force."""
    named = os.environ.get("POLICY_FILE")
    return Path(named) if named else None

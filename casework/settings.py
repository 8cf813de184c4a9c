"""What the environment sets, read when it is asked for."""

import os
from pathlib import Path

from casework.errors import CaseworkError

PROJECT_ROOT = Path(__file__).resolve().parent.parent


def database_url() -> str:
    """Return ``DATABASE_URL``, or the SQLite file ``var/casework.db`` of the project."""
    return os.environ.get("DATABASE_URL") or f"sqlite:///{PROJECT_ROOT / 'var' / 'casework.db'}"


def policy_file() -> Path | None:
    """Return the policy file that ``POLICY_FILE`` names; None means the version in force."""
    named = os.environ.get("POLICY_FILE")
    return Path(named) if named else None


def support_hours() -> str:
    """Return when the shop's people work, ``SUPPORT_HOURS``, such as Mon-Fri 9:00-17:00."""
    return os.environ.get("SUPPORT_HOURS") or "Mon-Fri 9:00-17:00"


def support_closed() -> str:
    """Return further days on which they do not, ``SUPPORT_CLOSED``, such as 2026-12-24."""
    return os.environ.get("SUPPORT_CLOSED") or ""


def retention_days() -> str:
    """Return after how many days customers' data is erased, ``RETENTION_DAYS``; empty: never."""
    return os.environ.get("RETENTION_DAYS") or ""


def uploads_folder() -> Path:
    """Return where the gateway keeps pictures: ``uploads`` under ``GATEWAY_VAR`` (or ``var``)."""
    return _var() / "uploads"


def log_format() -> str:
    """Return how logs are written, ``LOG_FORMAT``: json (one object a line) or plain."""
    chosen = os.environ.get("LOG_FORMAT") or "plain"
    if chosen not in ("json", "plain"):
        raise CaseworkError(f"LOG_FORMAT: {chosen!r} is neither 'json' nor 'plain'")
    return chosen


def metrics_token() -> str:
    """Return the token that who reads /metrics must bear, ``METRICS_TOKEN``; empty: none."""
    return os.environ.get("METRICS_TOKEN", "")


def rasa_endpoints() -> Path:
    """Return the endpoints file Rasa runs with: ``RASA_ENDPOINTS``, or the last start's, or ours.

    The start command writes its own beside the uploads, with this installation's places.
    """
    named, started = os.environ.get("RASA_ENDPOINTS"), _var() / "endpoints.yml"
    if named:
        return Path(named)
    return started if started.is_file() else PROJECT_ROOT / "endpoints.yml"


def _var() -> Path:
    return Path(os.environ.get("GATEWAY_VAR") or PROJECT_ROOT / "var")


def out_webhook() -> tuple[str, str]:
    """Return ``OUT_WEBHOOK_URL`` and ``OUT_WEBHOOK_SECRET``; empty where they are not set."""
    return os.environ.get("OUT_WEBHOOK_URL", ""), os.environ.get("OUT_WEBHOOK_SECRET", "")


def out_mail() -> tuple[str, str, str]:
    """Return ``SMTP_URL``, ``MAIL_FROM`` and ``GATEWAY_PUBLIC_URL``; empty where not set."""
    names = ("SMTP_URL", "MAIL_FROM", "GATEWAY_PUBLIC_URL")
    server, sender, public = (os.environ.get(name, "") for name in names)
    return server, sender, public

"""The shop's policy, and what day it is there."""

import logging
from datetime import date, datetime, timezone
from pathlib import Path

from casework import settings
from policy_core import InputError, Policy, PolicyError, load_policy

logger = logging.getLogger(__name__)

_last_read: dict[Path | None, Policy] = {}
_complaints: set[str] = set()


def policy_in_force() -> Policy:
    """Return the policy of ``POLICY_FILE``, or the version in force today.

    A file that becomes unreadable while the process runs changes nothing: the last one that was
    read stays in force, the log says what is wrong, and so does ``/ready``.

    Raises:
        policy_core.InputError, policy_core.PolicyError: no policy could be read since the start.
    """
    file = settings.policy_file()
    try:
        _last_read[file] = load_policy(file)
        _complaints.clear()
    except (InputError, PolicyError) as wrong:
        if file not in _last_read:
            raise
        _complain(str(wrong))
    return _last_read[file]


def _complain(wrong: str) -> None:
    """Log it once until the file is mended: it is met at every message."""
    if wrong not in _complaints:
        _complaints.add(wrong)
        logger.error("the policy cannot be read, the one before stays in force: %s", wrong)


def now() -> datetime:
    """Return this moment, in UTC."""
    return datetime.now(timezone.utc)


def day_of(moment: datetime) -> date:
    """Return the shop's calendar day at ``moment`` (with a time zone)."""
    return moment.astimezone(policy_in_force().zone).date()

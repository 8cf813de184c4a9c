"""The shop's policy, and what day it is there."""

from datetime import date, datetime, timezone

from casework import settings
from policy_core import Policy, load_policy


def policy_in_force() -> Policy:
    """Return the policy of ``POLICY_FILE``, or the version in force today.

    Raises:
        policy_core.InputError: the file cannot be read as a policy.
    """
    return load_policy(settings.policy_file())


def now() -> datetime:
    """Return this moment, in UTC."""
    return datetime.now(timezone.utc)


def day_of(moment: datetime) -> date:
    """Return the shop's calendar day at ``moment`` (with a time zone)."""
    return moment.astimezone(policy_in_force().zone).date()

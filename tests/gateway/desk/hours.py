"""Working hours for tests: hours in which nobody is at work now."""

from datetime import timedelta

from casework.shop import day_of
from gateway.web.running import now


def closed_now() -> str:
    """SUPPORT_HOURS of a shop that opens on one weekday, three days from now."""
    return f"{day_of(now()) + timedelta(days=3):%a} 9:00-17:00"

"""Rate limits: settings of the operator, and an office behind one address gets in."""

import re
from pathlib import Path

import httpx
import pytest

from gateway.settings import SettingsError, read_settings
from gateway.web.limits import LIMITS, RateLimits, setting_of
from tests.gateway.site import running_site
from tests.gateway.visitor import Visitor


def chosen(**variables: str) -> RateLimits:
    return RateLimits(chosen=read_settings(variables).limits)


def used_up_after(limits: RateLimits, name: str, most: int = 100) -> int:
    """How many events a key gets at once."""
    for count in range(most):
        if limits.seconds_left(name, "somebody"):
            return count
        limits.count(name, "somebody")
    return most


def test_each_limit_is_a_setting_and_the_table_tells_its_default() -> None:
    table = Path("README.md").read_text(encoding="utf-8")
    rows = [line for line in table.splitlines() if line.startswith("| `LIMIT_")]
    told: dict[str, str] = {}
    for row in rows:
        names, _, defaults = row.strip("| ").split(" | ")
        told |= zip(re.findall("`(.+?)`", names), re.findall("`(.+?)`", defaults), strict=True)
    assert told == {setting_of(name): "; ".join(texts) for name, texts in LIMITS.items()}


def test_the_operator_sets_them() -> None:
    assert used_up_after(RateLimits(), "streams") == 60
    limits = chosen(LIMIT_STREAMS="3 per minute; 40 per hour", LIMIT_TYPING="off", LIMIT_API="")
    assert used_up_after(limits, "streams") == 3
    assert used_up_after(limits, "typing") == 100
    assert used_up_after(limits, "sessions-address") == 20


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("LIMIT_NOTHING", "5 per minute"),
        ("LIMIT_STREAMS", "often"),
        ("LIMIT_STREAMS", "0 per minute"),
        ("LIMIT_STREAMS", "5 per minute; "),
        ("LIMIT_STREAMS", "-5 per minute"),
    ],
)
def test_what_is_no_limit_is_named_at_the_start(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=name):
        chosen(**{name: text})


def test_twenty_customers_of_one_office_start_a_chat_and_write(tmp_path: Path) -> None:
    with running_site(tmp_path, rate_limits=True) as site:
        office = [Visitor(site.address) for _ in range(20)]
        assert {one.send("hello").status_code for one in office} == {204}
        assert httpx.get(f"{site.address}/chat", trust_env=False).status_code == 429
        assert office[0].client.get("/chat").status_code == 200  # whoever is in stays in
        for one in office:
            one.client.close()


def test_a_larger_office_is_the_operators_to_let_in(tmp_path: Path) -> None:
    limits = {"LIMIT_SESSIONS_ADDRESS": "25 per minute"}
    with running_site(tmp_path, rate_limits=True, limits=limits) as site:
        answers = [httpx.get(f"{site.address}/chat", trust_env=False) for _ in range(26)]
        assert [one.status_code for one in answers] == [200] * 25 + [429]

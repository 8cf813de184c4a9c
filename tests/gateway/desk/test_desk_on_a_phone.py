"""Agent and customer on phones 390 pixels wide: all of it fits, nothing is out of reach."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.gateway.desk.conftest import Asker
from tests.gateway.desk.test_impact import IN_FORCE, LOWER_FEE
from tests.gateway.desk.windows import (
    act,
    customer_page,
    handle,
    open_case_page,
    sign_in,
    write_to_customer,
)
from tests.gateway.site import Site
from tests.gateway.visitor import Visitor
from tests.gateway.watched import say, violations, watched

WIDTH = 390
OVER_THE_EDGE = """(width) => document.documentElement.scrollWidth > width"""
# WCAG 2.2: a finger needs 24 pixels.
SMALL = """() => [...document.querySelectorAll("button, summary")]
  .filter((one) => one.offsetParent && Math.min(one.offsetWidth, one.offsetHeight) < 24)
  .map((one) => one.outerHTML)"""


def fits(page: Page) -> bool:
    """Nothing wider than the phone, nothing too small for a finger, nothing axe objects to."""
    assert page.evaluate(SMALL) == []
    assert violations(page) == []
    return not page.evaluate(OVER_THE_EDGE, WIDTH)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_case_is_decided_and_talked_about_on_phones(
    browser: Browser, site: Site, visitor: Visitor, asked: Asker, scheme: str
) -> None:
    phone = {
        "viewport": {"width": WIDTH, "height": 844},
        "has_touch": True,
        "is_mobile": True,
        "color_scheme": scheme,
    }
    number = asked("remorse", remedy="refund")
    with (
        watched(browser, site.address, **phone) as customers,
        watched(browser, site.address, **phone) as agents,
    ):
        chat, desk = customer_page(site, visitor, customers), sign_in(site, agents, "kim")
        assert fits(desk)
        open_case_page(desk, number)
        assert fits(desk)
        act(desk, "Accept or reject", "Accept", Restocking_fee="20", reads="$151.20")
        expect(chat.get_by_role("article")).to_contain_text("$151.20")
        assert fits(chat)

        handle(desk, "Take over")
        expect(chat.get_by_text("Kim from our team is with you")).to_be_visible()
        say(chat, "A very long word: " + "x" * 300)
        expect(desk.get_by_role("log").get_by_text("A very long word")).to_be_visible()
        write_to_customer(desk, "Thank you. " + "y" * 300)
        expect(chat.get_by_text("Thank you. y")).to_be_visible()
        assert fits(chat)
        assert fits(desk)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_a_new_policy_would_change_is_read_on_a_phone(
    browser: Browser, site: Site, asked: Asker, tmp_path: Path, scheme: str
) -> None:
    number = asked("remorse")
    file = tmp_path / "new.yml"
    file.write_text(IN_FORCE.read_text("utf-8").replace(*LOWER_FEE), "utf-8")
    phone = {"viewport": {"width": WIDTH, "height": 844}, "color_scheme": scheme}
    with watched(browser, site.address, **phone) as agents:
        desk = sign_in(site, agents, "lena", "lead")
        desk.goto(f"{site.address}/desk/impact")
        desk.get_by_label("Policy file").set_input_files(file)
        desk.get_by_role("button", name="Compare").click()
        expect(desk.get_by_role("region", name=f"Case {number}")).to_contain_text("$18.90")
        assert fits(desk)

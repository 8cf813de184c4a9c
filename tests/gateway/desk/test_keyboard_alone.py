"""Without a mouse: an agent signs in, decides a case and talks with its customer by keys alone."""

from playwright.sync_api import Browser, Page, expect

from tests.gateway.desk.agent import PASSWORD, account
from tests.gateway.desk.conftest import Asker, case_of
from tests.gateway.desk.windows import CONFIRM, customer_page, question
from tests.gateway.site import Site
from tests.gateway.visitor import Visitor
from tests.gateway.watched import violations, watched

MANY = 80
# What the focused element is called, as it is read out.
FOCUSED = """() => {
  const one = document.activeElement;
  return [one.getAttribute("aria-label"), one.labels?.[0]?.innerText, one.innerText, one.value]
    .filter(Boolean).map((words) => words.trim())[0] || "";
}"""
RING = """() => {
  const style = getComputedStyle(document.activeElement);
  return document.activeElement.matches(":focus-visible") && style.outlineStyle !== "none";
}"""


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the element of that name has the focus; it is seen to have it."""
    passed = []
    for _ in range(MANY):
        page.keyboard.press("Tab")
        passed.append(page.evaluate(FOCUSED))
        if passed[-1] == name:
            assert page.evaluate(RING), f"no ring around {name}"
            return
    raise AssertionError(f"Tab does not come to {name}: {passed}")


def enter(page: Page) -> None:
    """Press Enter on what leads to another page, and wait until that one listens to keys."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def sign_in(desk: Page, site: Site) -> None:
    desk.goto(f"{site.address}/desk")
    expect(desk.get_by_label("Login")).to_be_focused()
    desk.keyboard.type("kim")
    tab_to(desk, "Password")
    desk.keyboard.type(PASSWORD)
    enter(desk)
    expect(desk.get_by_role("heading", name="Queue")).to_be_visible()


def test_an_agent_needs_no_mouse(
    browser: Browser, site: Site, visitor: Visitor, asked: Asker
) -> None:
    account(site, "kim")
    number = asked("remorse", remedy="refund")
    with watched(browser, site.address) as customers, watched(browser, site.address) as agents:
        chat, desk = customer_page(site, visitor, customers), agents.page()
        keys = desk.keyboard

        sign_in(desk, site)
        keys.press("/")
        keys.type(number)
        enter(desk)
        expect(desk.get_by_label("Order, case, e-mail or words")).to_have_value(number)
        expect(desk.locator("[data-row]")).to_have_count(1)
        keys.press("j")
        enter(desk)
        expect(question(desk)).to_have_text("Do we accept this request?")

        keys.press("d")
        tab_to(desk, "Accept")
        keys.press("Space")
        expect(desk.get_by_label("Accept", exact=True)).to_be_checked()
        tab_to(desk, "Restocking fee, percent of the order total")
        keys.type("20")
        expect(desk.locator(".preview")).to_contain_text("$151.20")
        tab_to(desk, CONFIRM)
        enter(desk)
        expect(chat.get_by_role("article")).to_contain_text("$151.20")
        expect(question(desk)).to_have_text("Is the return on its way to us?")
        assert case_of(site, number).log[-1].kind == "seller_decided"

        tab_to(desk, "Take over, hand back, pass on")
        keys.press("Enter")
        tab_to(desk, "Take over")
        enter(desk)
        expect(chat.get_by_text("Kim from our team is with you")).to_be_visible()
        expect(desk.get_by_text("Kim is writing with the customer.")).to_be_visible()
        keys.press("r")
        keys.type("Please pack it well.")
        tab_to(desk, "Send to the customer")
        keys.press("Enter")
        expect(chat.get_by_text("Please pack it well.")).to_be_visible()
        assert violations(desk) == []


def test_the_list_of_keys_gives_the_focus_back(browser: Browser, site: Site) -> None:
    account(site, "kim")
    with watched(browser, site.address) as agents:
        desk = agents.page()
        sign_in(desk, site)
        tab_to(desk, "Keyboard shortcuts")
        desk.keyboard.press("Enter")
        expect(desk.get_by_role("heading", name="Keyboard")).to_be_visible()
        desk.keyboard.press("Escape")
        expect(desk.get_by_role("heading", name="Keyboard")).to_be_hidden()
        expect(desk.get_by_role("button", name="Keyboard shortcuts")).to_be_focused()

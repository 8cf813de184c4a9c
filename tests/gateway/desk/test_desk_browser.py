"""Customer and agent, each in a real browser: a case from the queue to the customer's window."""

from playwright.sync_api import Browser, Page, expect

from tests.gateway.desk.conftest import Asker
from tests.gateway.desk.windows import CONFIRM, customer_page, handle, sign_in
from tests.gateway.site import Site
from tests.gateway.visitor import Visitor
from tests.gateway.watched import PHONE, follow, say, violations, watched


def test_a_return_is_accepted_with_a_fee_from_the_queue(
    browser: Browser, site: Site, visitor: Visitor, asked: Asker
) -> None:
    number = asked("remorse")
    with watched(browser, site.address) as customers, watched(browser, site.address) as agents:
        chat, desk = customer_page(site, visitor, customers), sign_in(site, agents, "kim")
        follow(desk, desk.get_by_role("link", name=number))
        expect(desk.get_by_role("heading", name="Do we accept this request?")).to_be_visible()
        assert violations(desk) == []
        desk.get_by_label("Accept", exact=True).check()
        desk.get_by_label("Restocking fee").fill("20")
        expect(desk.locator(".preview")).to_contain_text("$151.20")
        desk.get_by_label("Restocking fee").fill("10")
        expect(desk.locator(".preview")).to_contain_text("$170.10")
        shown = desk.locator(".as-read .bubble").inner_text()
        assert violations(desk) == []
        follow(desk, desk.get_by_role("button", name=CONFIRM))
        expect(chat.get_by_text("accepted your request")).to_be_visible()
        assert shown in [one.inner_text() for one in chat.locator(".bubble").all()]
        expect(chat.get_by_role("article")).to_contain_text("$170.10")
        expect(desk.get_by_role("heading", name="Is the return on its way to us?")).to_be_visible()


def test_a_live_chat_with_a_draft_that_survives_and_a_second_tab(
    browser: Browser, site: Site, visitor: Visitor, conversation: str
) -> None:
    with watched(browser, site.address) as customers, watched(browser, site.address) as agents:
        chat, desk = customer_page(site, visitor, customers), sign_in(site, agents, "kim")
        second = customers.page()
        second.goto(f"{site.address}/chat")
        desk.goto(f"{site.address}/desk/conversations/{conversation}")
        handle(desk, "Take over")
        for tab in (chat, second):
            expect(tab.get_by_text("Kim from our team is with you")).to_be_visible()
        draft = desk.get_by_label("Write to the customer")
        draft.fill("I am looking at it")
        say(chat, "Are you there?")
        expect(desk.get_by_role("log").get_by_text("Are you there?")).to_be_visible()
        expect(draft).to_have_value("I am looking at it")
        desk.reload()
        expect(desk.get_by_label("Write to the customer")).to_have_value("I am looking at it")
        assert violations(desk) == []
        desk.get_by_role("button", name="Send to the customer").click()
        for tab in (chat, second):
            expect(tab.get_by_text("I am looking at it")).to_be_visible()
        expect(desk.get_by_label("Write to the customer")).to_have_value("")


def test_the_queue_by_keys_keeps_focus_while_it_changes(
    browser: Browser, site: Site, asked: Asker
) -> None:
    first = asked("remorse")
    with watched(browser, site.address) as agents:
        desk = sign_in(site, agents, "kim")
        desk.goto(f"{site.address}/desk?words={first}")
        desk.keyboard.press("j")
        expect(desk.locator(f"#row-{first} > a")).to_be_focused()
        desk.goto(f"{site.address}/desk?view=all")
        desk.keyboard.press("j")
        before = desk.evaluate("document.activeElement.getAttribute('href')")
        asked("other")
        expect(desk.get_by_text("1 new in this view")).to_be_visible()
        assert desk.evaluate("document.activeElement.getAttribute('href')") == before
        desk.keyboard.press("?")
        expect(desk.get_by_role("heading", name="Keyboard")).to_be_visible()
        desk.keyboard.press("Escape")
        desk.keyboard.press("Enter")
        desk.wait_for_url("**/desk/c*/**")


def narrow(page: Page) -> bool:
    wide: int = page.evaluate("document.documentElement.scrollWidth")
    size = page.viewport_size
    return size is not None and wide <= size["width"] + 1


def test_the_desk_on_a_phone_and_for_everybody(
    browser: Browser, site: Site, asked: Asker, conversation: str
) -> None:
    number = asked("damaged", evidence=True, remedy="refund")
    for scheme in ("light", "dark"):
        options = {"viewport": PHONE, "color_scheme": scheme}
        with watched(browser, site.address, **options) as agents:
            agents.network_may_fail = True  # the sample's picture has no file
            page = agents.page()
            page.goto(f"{site.address}/desk/sign-in")
            assert violations(page) == []
            desk = sign_in(site, agents, "lena", "lead")
            for path in (
                "",
                "/audit",
                "/impact",
                f"/cases/{number}",
                f"/conversations/{conversation}",
            ):
                desk.goto(f"{site.address}/desk{path}")
                assert violations(desk) == [], path
                assert narrow(desk), path

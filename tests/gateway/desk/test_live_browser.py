"""Customer and agents in real browsers at once: typing, looking, canned replies, and the keys."""

import pytest
from playwright.sync_api import Browser, Page, expect

from casework.people.accounts import end_sessions, find_agent
from gateway.web.running import now
from tests.gateway.desk.agent import DeskAgent
from tests.gateway.desk.conftest import Asker
from tests.gateway.desk.test_desk_browser import narrow
from tests.gateway.desk.windows import customer_page, sign_in
from tests.gateway.site import Site
from tests.gateway.visitor import Visitor
from tests.gateway.watched import eventually, violations, watched

PHONE = {"width": 390, "height": 780}
HIDE = """hidden => {
  Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def composer(desk: Page):  # type: ignore[no-untyped-def]
    return desk.locator("#text")


def test_typing_is_shown_both_ways_and_a_note_is_not(
    browser: Browser, site: Site, visitor: Visitor, conversation: str, kim: DeskAgent
) -> None:
    kim.handle(conversation, "take_over")
    with watched(browser, site.address) as customers, watched(browser, site.address) as agents:
        chat, desk = customer_page(site, visitor, customers), sign_in(site, agents, "kim")
        desk.goto(f"{site.address}/desk/conversations/{conversation}")
        asked: list[str] = []
        for page in (chat, desk):
            page.on("request", lambda one: asked.append(f"{one.url} {one.post_data or ''}"))
        expect(chat.get_by_text("Kim from our team is with you")).to_be_visible()
        composer(desk).press_sequentially("Let me see", delay=30)
        expect(chat.get_by_text("Kim is typing")).to_be_visible()
        assert violations(chat) == []
        expect(chat.get_by_text("Kim is typing")).to_have_count(0)
        chat.get_by_label("Your message").press_sequentially("secretword", delay=30)
        expect(desk.get_by_text("The customer is typing")).to_be_visible()
        assert violations(desk) == []
        chat.evaluate(HIDE, True)
        told = [one for one in asked if "/typing" in one]
        assert any("/chat/typing" in one for one in told)
        assert any(f"/desk/conversations/{conversation}/typing" in one for one in told)
        assert not [one for one in asked if "secretword" in one or "Let me see" in one]
        chat.evaluate(HIDE, False)
        desk.get_by_role("radio", name="Private note").check()
        desk.wait_for_timeout(3100)
        composer(desk).press_sequentially("between us")
        desk.wait_for_timeout(500)
        assert [one for one in asked if "/typing" in one] == told
        expect(chat.locator("#typing")).to_have_text("")
        assert chat.locator("#typing").get_attribute("aria-live") == "off"


def test_a_page_that_was_hidden_shows_nobody_typing(
    browser: Browser, site: Site, visitor: Visitor, conversation: str, kim: DeskAgent
) -> None:
    kim.handle(conversation, "take_over")
    with watched(browser, site.address) as customers:
        chat = customer_page(site, visitor, customers)
        expect(chat.get_by_text("Kim from our team is with you")).to_be_visible()
        kim.post(f"/desk/conversations/{conversation}/typing")
        expect(chat.get_by_text("Kim is typing")).to_be_visible()
        chat.evaluate(HIDE, True)
        expect(chat.get_by_text("Kim is typing")).to_have_count(0)


def test_nobody_is_told_of_typing_while_the_assistant_answers(
    browser: Browser, site: Site, visitor: Visitor
) -> None:
    with watched(browser, site.address) as customers:
        chat = customer_page(site, visitor, customers)
        asked: list[str] = []
        chat.on("request", lambda one: asked.append(one.url))
        chat.get_by_label("Your message").press_sequentially("just me")
        chat.wait_for_timeout(300)
        assert not [one for one in asked if "/typing" in one]


def test_two_agents_see_each_other_on_a_case(browser: Browser, site: Site, asked: Asker) -> None:
    number = asked("other")
    with watched(browser, site.address) as first, watched(browser, site.address) as second:
        kim, lee = sign_in(site, first, "kim"), sign_in(site, second, "lee")
        kim.goto(f"{site.address}/desk/cases/{number}")
        lee.goto(f"{site.address}/desk?words={number}")
        expect(lee.get_by_text("Kim looking")).to_be_visible()
        assert violations(lee) == []
        lee.keyboard.press("j")
        lee.keyboard.press("o")
        expect(lee.get_by_text("Kim is looking at this, too")).to_be_visible()
        expect(kim.get_by_text("Lee is looking at this, too")).to_be_visible()
        assert violations(kim) == []
        lee.goto(f"{site.address}/desk")
        expect(kim.get_by_text("is looking at this, too")).to_have_count(0)


def test_a_canned_reply_by_keys_goes_into_the_draft_and_is_not_sent(
    browser: Browser, site: Site, visitor: Visitor, asked: Asker, conversation: str, kim: DeskAgent
) -> None:
    number = asked("remorse")
    kim.handle(conversation, "take_over")
    with watched(browser, site.address) as customers, watched(browser, site.address) as agents:
        chat, desk = customer_page(site, visitor, customers), sign_in(site, agents, "kim")
        desk.goto(f"{site.address}/desk/cases/{number}")
        desk.keyboard.press("r")
        expect(composer(desk)).to_be_focused()
        desk.keyboard.type("Dear Sam, ")
        desk.keyboard.press("Tab")  # to the replies
        desk.keyboard.press("c")
        expect(desk.locator("#canned button").first).to_be_focused()
        assert violations(desk) == []
        desk.keyboard.press("Tab")
        desk.keyboard.press("Enter")
        expect(composer(desk)).to_be_focused()
        text = composer(desk).input_value()
        assert text.startswith("Dear Sam, Thank you for telling us. I have case " + number)
        expect(desk.locator("#canned")).not_to_have_attribute("open", "")
        desk.reload()
        expect(composer(desk)).to_have_value(text)
        expect(chat.get_by_text("Thank you for telling us")).to_have_count(0)
        desk.get_by_role("button", name="Send to the customer").press("Enter")
        expect(chat.get_by_text(text)).to_be_visible()


def test_n_writes_a_private_note_and_keeps_it_one_over_a_reload(
    browser: Browser, site: Site, visitor: Visitor, conversation: str
) -> None:
    with watched(browser, site.address) as customers, watched(browser, site.address) as agents:
        chat, desk = customer_page(site, visitor, customers), sign_in(site, agents, "kim")
        desk.goto(f"{site.address}/desk/conversations/{conversation}")
        desk.keyboard.press("n")
        desk.keyboard.type("smells odd")
        desk.reload()
        expect(desk.get_by_role("radio", name="Private note")).to_be_checked()
        expect(composer(desk)).to_have_value("smells odd")
        assert violations(desk) == []
        desk.get_by_role("button", name="Keep as private note").press("Enter")
        expect(desk.get_by_role("log").get_by_text("smells odd")).to_be_visible()
        expect(desk.get_by_text("Only our team sees this")).to_be_visible()
        expect(composer(desk)).to_have_value("")
        desk.evaluate("document.activeElement.blur()")
        desk.keyboard.press("r")
        expect(desk.get_by_role("button", name="Send to the customer")).to_be_visible()
        desk.keyboard.press("?")
        expect(composer(desk)).to_have_value("?")  # typed, not taken for a key
        expect(chat.get_by_text("smells odd")).to_have_count(0)


def test_a_revoked_session_is_said_and_the_draft_kept(
    browser: Browser, site: Site, conversation: str
) -> None:
    with watched(browser, site.address) as agents:
        desk = sign_in(site, agents, "kim")
        desk.goto(f"{site.address}/desk/conversations/{conversation}")
        composer(desk).fill("half a thought")
        with site.database.begin() as session:
            agent = find_agent(session, "kim")
            assert agent
            end_sessions(session, agent, now())
        expect(desk.get_by_text("You are signed out")).to_be_visible()
        assert violations(desk) == []
        eventually(lambda: not site.gateway.wakeups._listening, desk)
        assert desk.evaluate("localStorage.length") > 0
        desk.get_by_role("link", name="sign in again").click()
        desk.get_by_label("Login").wait_for()


def test_a_row_is_taken_by_key_and_keys_are_listed_on_every_page(
    browser: Browser, site: Site, asked: Asker, conversation: str
) -> None:
    number = asked("remorse")
    with watched(browser, site.address) as agents:
        desk = sign_in(site, agents, "kim")
        desk.goto(f"{site.address}/desk?view=all&needs=decide&words={number}")
        desk.keyboard.press("j")
        desk.keyboard.press("a")
        expect(desk.get_by_text("It is yours.")).to_be_visible()
        expect(desk.locator(f"#row-{number} .badge")).to_have_text("kim")
        assert desk.evaluate("document.activeElement.getAttribute('href')").endswith(number)
        paths = ("", f"/cases/{number}", f"/conversations/{conversation}", "/reports")
        for path in paths:
            desk.goto(f"{site.address}/desk{path}")
            desk.keyboard.press("?")
            expect(desk.get_by_role("heading", name="Keyboard")).to_be_visible()
            expect(desk.get_by_text("Write a private note", exact=True).last).to_be_visible()
            assert violations(desk) == [], path
            desk.keyboard.press("Escape")
        desk.goto(f"{site.address}/desk/cases/{number}")
        desk.keyboard.press("d")
        expect(desk.locator("#question")).to_be_focused()


def test_notifications_are_asked_for_only_when_turned_on(
    browser: Browser, site: Site, asked: Asker
) -> None:
    with watched(browser, site.address, permissions=["notifications"]) as agents:
        agents.context.add_init_script("""
          window.shown = []; window.asked = 0;
          window.Notification = class { constructor(words) { window.shown.push(words); } };
          Notification.permission = localStorage.getItem("given") || "default";
          Notification.requestPermission = async () => {
            window.asked += 1; localStorage.setItem("given", "granted");
            return Notification.permission = "granted"; };""")
        desk = sign_in(site, agents, "kim")
        notify = desk.get_by_role("button", name="Notify me")
        expect(notify).to_have_attribute("aria-pressed", "false")
        assert desk.evaluate("window.asked") == 0
        notify.click()
        expect(notify).to_have_attribute("aria-pressed", "true")
        assert desk.evaluate("window.asked") == 1
        desk.goto(f"{site.address}/desk?view=all&words=zebrafinch")
        expect(notify).to_have_attribute("aria-pressed", "true")
        asked("other", description="zebrafinch")
        expect(desk).to_have_title("(1) Queue · AlliedOfficeProducts")
        asked("remorse", description="zebrafinch")
        expect(desk).to_have_title("(2) Queue · AlliedOfficeProducts")
        shown = desk.evaluate("window.shown")
        assert shown == ["1 new in this view", "2 new in this view"]
        desk.keyboard.press("Shift")
        expect(desk).to_have_title("Queue · AlliedOfficeProducts")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_live_desk_on_a_phone(
    browser: Browser, site: Site, asked: Asker, conversation: str, lena: DeskAgent, scheme: str
) -> None:
    number = asked("remorse")
    lena.handle(conversation, "take_over")
    options = {"viewport": PHONE, "color_scheme": scheme}
    with watched(browser, site.address, **options) as agents:
        desk = sign_in(site, agents, "kim")
        with lena.stream(conversation, number) as hers:
            next(hers)
            desk.goto(f"{site.address}/desk/cases/{number}")
            expect(desk.get_by_text("Lena is looking at this, too")).to_be_visible()
            desk.locator("#canned summary").click()
            desk.locator("#canned button").first.wait_for()
            desk.get_by_role("radio", name="Private note").check()
            assert violations(desk) == []
            assert narrow(desk)
            desk.goto(f"{site.address}/desk?words={number}")
            expect(desk.get_by_text("Lena looking")).to_be_visible()
            assert violations(desk) == []
            assert narrow(desk)

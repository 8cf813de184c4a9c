"""An agent hands back: the customer reads what was agreed, and the assistant answers again."""

import re

from playwright.sync_api import Browser, expect

from tests.gateway.desk.windows import customer_page, handle, sign_in, write_to_customer
from tests.gateway.site import Site
from tests.gateway.visitor import Visitor
from tests.gateway.watched import say, violations, watched

AGREED = "A new chair arrives by Friday."
SAID = re.compile(f"^What you agreed with Kim: {AGREED}")  # not the assistant's echo of it


def test_the_assistant_goes_on_after_the_agent(
    browser: Browser, site: Site, visitor: Visitor, conversation: str
) -> None:
    with watched(browser, site.address) as customers, watched(browser, site.address) as agents:
        agents.network_may_fail = True  # writing after handing back is refused
        chat, desk = customer_page(site, visitor, customers), sign_in(site, agents, "kim")
        second = customers.page()
        second.goto(f"{site.address}/chat")
        desk.goto(f"{site.address}/desk/conversations/{conversation}")

        handle(desk, "Take over")
        expect(chat.get_by_text("You are now writing with a person")).to_be_visible()
        say(second, "Is it you, Kim?")
        expect(desk.get_by_role("log").get_by_text("Is it you, Kim?")).to_be_visible()
        expect(chat.get_by_text("Is it you, Kim?")).to_be_visible()
        assert site.fake.heard == []
        write_to_customer(desk, "It is.")
        for tab in (chat, second):
            expect(tab.get_by_text("It is.", exact=True)).to_be_visible()

        handle(desk, "Hand back to the assistant", What_was_agreed=AGREED)
        for tab in (chat, second):
            notice = tab.get_by_role("log").get_by_text(SAID)
            expect(notice).to_contain_text("The automated assistant is answering again")
            expect(tab.locator("#state .handler")).to_have_count(0)
        say(chat, "And my other order?")
        for tab in (chat, second):
            expect(tab.get_by_text("You said: And my other order?")).to_be_visible()
        expect(desk.get_by_role("log").get_by_text("You said: And my other order?")).to_be_visible()
        assert violations(chat) == []

        write_to_customer(desk, "Still me.")
        expect(desk.get_by_text("Take over first")).to_be_visible()
        expect(chat.get_by_role("log")).not_to_contain_text("Still me.")

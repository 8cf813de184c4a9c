"""Nobody is at work: the customer who waits reads when somebody is back, and can call."""

import pytest
from playwright.sync_api import Browser, expect

from casework.conversations.handling import ask_for_person
from casework.people.duty import duty
from gateway.web.running import now
from tests.gateway.desk.hours import closed_now
from tests.gateway.desk.windows import customer_page, handle, sign_in
from tests.gateway.site import Site
from tests.gateway.visitor import Visitor
from tests.gateway.watched import violations, watched


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> str:
    """Nobody works now; returns the weekday on which somebody does."""
    monkeypatch.setenv("SUPPORT_HOURS", closed_now())
    assert not duty().on_duty(now())
    return f"{duty().back_at(now()):%A, %B}"


def test_who_waits_reads_when_somebody_is_back(
    browser: Browser, site: Site, visitor: Visitor, conversation: str, closed: str
) -> None:
    with watched(browser, site.address) as customers:
        chat = customer_page(site, visitor, customers)
        with site.database.begin() as session:
            ask_for_person(session, conversation, now())
        line = chat.locator("#state .handler")
        expect(line).to_contain_text("A person has been asked to join.")
        expect(line).to_contain_text(f"Our team is back on {closed}")
        expect(line).to_contain_text("at 9:00 AM")
        expect(chat.get_by_role("link", name="Call 1-213-737-9983")).to_be_visible()
        assert violations(chat) == []
        chat.reload()
        expect(line).to_contain_text(f"Our team is back on {closed}")


def test_who_is_left_for_later_reads_it_too(
    browser: Browser, site: Site, visitor: Visitor, conversation: str, closed: str
) -> None:
    with watched(browser, site.address) as customers, watched(browser, site.address) as agents:
        chat, desk = customer_page(site, visitor, customers), sign_in(site, agents, "kim")
        desk.goto(f"{site.address}/desk/conversations/{conversation}")
        handle(desk, "Take over")
        expect(chat.get_by_text("Kim from our team is with you")).to_be_visible()
        handle(desk, "Leave for later")
        expect(chat.get_by_text("Kim has left for now. You keep your place")).to_be_visible()
        expect(chat.locator("#state .handler")).to_contain_text(f"Our team is back on {closed}")

"""A session at the desk: its cookie, and that it is over everywhere when it is over."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect

from casework.conversations.conversation import add_message
from casework.people.accounts import deactivate, find_agent
from gateway.web.running import now
from tests.gateway.desk.agent import PASSWORD, DeskAgent, account
from tests.gateway.desk.conftest import Asker
from tests.gateway.desk.windows import sign_in
from tests.gateway.site import Site, running_site
from tests.gateway.watched import watched

PUBLIC = "https://help.example"
End = Callable[[Site, DeskAgent], None]


def by_sign_out(site: Site, agent: DeskAgent) -> None:
    assert agent.post("/desk/sign-out").status_code == 303


def by_deactivation(site: Site, agent: DeskAgent) -> None:
    with site.database.begin() as session:
        found = find_agent(session, agent.login)
        assert found
        deactivate(session, found, now())


ENDS = pytest.mark.parametrize("end", [by_sign_out, by_deactivation])


def test_over_https_the_cookie_is_this_hosts_alone(tmp_path: Path) -> None:
    with running_site(tmp_path, public_url=PUBLIC) as site:
        account(site, "kim")
        inside = f"http://127.0.0.1:{site.settings.port}"
        entered = httpx.post(
            f"{inside}/desk/sign-in",
            data={"login": "kim", "password": PASSWORD},
            headers={"Origin": PUBLIC, "Sec-Fetch-Site": "same-origin"},
            trust_env=False,
        )
        assert entered.status_code == 303
        cookie, *flags = entered.headers["set-cookie"].split("; ")
        assert cookie.startswith("__Host-desk=")
        assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= set(flags)
        assert not [flag for flag in flags if flag.startswith("Domain")]
        token = cookie.partition("=")[2]
        for name, status in (("__Host-desk", 200), ("desk", 303)):
            page = httpx.get(
                f"{inside}/desk", headers={"Cookie": f"{name}={token}"}, trust_env=False
            )
            assert page.status_code == status


@ENDS
def test_an_open_stream_ends_with_the_session(site: Site, conversation: str, end: End) -> None:
    agent = DeskAgent(site, f"leaver-{end.__name__.replace('_', '-')}")
    path = f"/desk/conversations/{conversation}/stream"
    with agent.client.stream("GET", path) as stream:
        lines = stream.iter_lines()
        assert "event: state" in lines  # everything up to now has been read
        end(site, agent)
        with site.database.begin() as session:
            add_message(
                session, conversation, audience="agents", author="agent",
                text="not for leavers", now=now(),
            )  # fmt: skip
        assert "not for leavers" not in "".join(lines)
    assert agent.client.get(path).status_code == 303
    assert agent.client.get(path, headers={"Accept": "text/event-stream"}).status_code == 401


def test_signing_out_in_one_tab_signs_out_the_others(
    browser: Browser, site: Site, conversation: str, asked: Asker
) -> None:
    number = asked("other")
    with watched(browser, site.address) as agents:
        agents.network_may_fail = True  # the other tabs are refused, as they should be
        queue = sign_in(site, agents, "kim")
        case, chat = agents.page(), agents.page()
        case.goto(f"{site.address}/desk/cases/{number}")
        chat.goto(f"{site.address}/desk/conversations/{conversation}")
        expect(chat.get_by_text("The assistant is answering.")).to_be_visible()
        leaving = agents.page()
        leaving.goto(f"{site.address}/desk/reports")
        leaving.get_by_role("button", name="Sign out").click()
        for tab in (leaving, queue, case, chat):
            sign_in_again = tab.get_by_role("heading", name="Sign in to the desk")
            told = sign_in_again.or_(tab.get_by_text("You are signed out"))
            expect(told.first).to_be_visible()


def test_who_asks_for_a_preview_after_the_end_is_told(
    browser: Browser, site: Site, asked: Asker, kim: DeskAgent
) -> None:
    number = asked("remorse")
    with watched(browser, site.address) as watch:
        desk = sign_in(site, watch, "kim")
        desk.goto(f"{site.address}/desk/cases/{number}")
        desk.get_by_label("Accept", exact=True).check()
        expect(
            desk.locator(".preview .bubble").or_(desk.locator(".preview .refused"))
        ).to_be_visible()
        watch.network_may_fail = True
        watch.context.clear_cookies()
        desk.get_by_label("Reason, in words").fill("Gladly.")
        told = desk.locator(".preview").get_by_role("alert")
        expect(told).to_contain_text("You are signed out")
        expect(desk.get_by_label("Reason, in words")).to_have_value("Gladly.")
        watch.wrong.clear()  # htmx says in the console what the page says to the agent

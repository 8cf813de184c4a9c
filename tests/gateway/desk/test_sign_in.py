"""Signing in to the desk: a session of its own that can be taken away."""

import httpx
import pytest

from casework.people.accounts import end_sessions, find_agent
from gateway.web.running import now
from tests.gateway.desk.agent import PASSWORD, DeskAgent
from tests.gateway.site import Site
from tests.gateway.visitor import Visitor

PAGES = [
    "/desk",
    "/desk/queue",
    "/desk/audit",
    "/desk/impact",
    "/desk/training",
    "/desk/training/learned.yml",
    "/desk/cases/AOP-R-2222-2222",
    "/desk/evidence/1",
    "/desk/conversations/x",
    "/desk/conversations/x/stream",
    "/desk/conversations/x/replies",
    "/desk/conversations/x/pictures/y",
]
POSTS = [
    "/desk/cases/x/assignee",
    "/desk/cases/x/preview",
    "/desk/cases/x/acts",
    "/desk/conversations/x/messages",
    "/desk/conversations/x/typing",
    "/desk/queue/x/assignee",
    "/desk/conversations/x/handling",
    "/desk/impact",
    "/desk/training/1",
    "/desk/sign-out",
]


@pytest.mark.parametrize("path", PAGES)
def test_nobody_sees_a_page_without_signing_in(visitor: Visitor, path: str) -> None:
    answer = visitor.client.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/desk/sign-in")
    assert visitor.client.get(path, headers={"HX-Request": "true"}).status_code == 401


@pytest.mark.parametrize("path", POSTS)
def test_nobody_changes_anything_without_signing_in(visitor: Visitor, path: str) -> None:
    assert visitor.client.post(path, headers=visitor.headers).status_code == 401


@pytest.mark.parametrize("path", POSTS)
def test_no_change_without_the_sessions_own_token(kim: DeskAgent, path: str) -> None:
    assert kim.client.post(path, headers=kim.headers).status_code == 403
    foreign = {"X-CSRF-Token": kim.csrf, "Origin": "https://evil.example"}
    assert kim.client.post(path, headers=foreign).status_code == 403


def test_a_customers_cookie_opens_no_desk_and_an_agents_no_chat(
    site: Site, visitor: Visitor, kim: DeskAgent
) -> None:
    chat = visitor.client.cookies["chat"]
    stranger = httpx.Client(base_url=site.address, cookies={"desk": chat}, trust_env=False)
    assert stranger.get("/desk").status_code == 303
    desk = kim.client.cookies["desk"]
    other = httpx.Client(base_url=site.address, cookies={"chat": desk}, trust_env=False)
    assert other.get("/chat/transcript").status_code == 401


def test_the_cookie_is_kept_from_scripts_and_other_sites(kim: DeskAgent) -> None:
    cookie = kim.sign_in(PASSWORD).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


@pytest.mark.parametrize(
    ("asked", "sent"),
    [("/desk/audit", "/desk/audit"), ("//evil.example", "/desk"), ("https://x.example", "/desk"),
     ("/desk.evil", "/desk"), ("/chat", "/desk")],
)  # fmt: skip
def test_it_goes_on_within_the_desk_only(kim: DeskAgent, asked: str, sent: str) -> None:
    assert kim.sign_in(PASSWORD, next=asked).headers["location"] == sent


def test_a_wrong_password_is_refused_without_saying_what_was_wrong(kim: DeskAgent) -> None:
    wrong = kim.sign_in("not the password")
    kim.login = "nobody"
    unknown = kim.sign_in(PASSWORD)
    assert wrong.status_code == unknown.status_code == 403
    assert wrong.text == unknown.text


def test_sessions_end_by_sign_out_and_by_revocation(site: Site, kim: DeskAgent) -> None:
    assert kim.post("/desk/sign-out").status_code == 303
    assert kim.client.get("/desk").status_code == 303
    again = DeskAgent(site, "kim")
    with site.database.begin() as session:
        agent = find_agent(session, "kim")
        assert agent
        end_sessions(session, agent, now())
    assert again.client.get("/desk").status_code == 303


def test_the_audit_log_is_for_leads(kim: DeskAgent, lena: DeskAgent) -> None:
    assert kim.client.get("/desk/audit").status_code == 403
    assert "signed in" in lena.page("/desk/audit")

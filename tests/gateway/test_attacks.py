"""Attacks on the web: each must come to nothing."""

import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import httpx
import pytest

from casework.cases.writing import open_case
from casework.orders.order import find_order
from casework.orders.verification import verify
from gateway.web.running import now
from gateway.web.secret_files import secret
from tests.gateway.site import Site, running_site
from tests.gateway.visitor import Visitor, error_of, shown

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><svg onload=alert(1)>"


@pytest.fixture(scope="module")
def strict_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("strict"), rate_limits=True) as site:
        yield site


def test_changes_from_another_origin_are_refused(site: Site, visitor: Visitor) -> None:
    data = {"id": "0123456789abcdef", "text": "I agree to everything"}
    foreign: list[dict[str, str]] = [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": site.address.replace("127.0.0.1", "127.0.0.1.evil.example")},
    ]
    for headers in foreign:
        answer = visitor.client.post(
            "/chat/messages", data=data, headers={"X-CSRF-Token": visitor.csrf, **headers}
        )
        assert answer.status_code == 403, headers
    for path in ("/chat/uploads", "/chat/end"):
        assert visitor.client.post(path, headers=foreign[0]).status_code == 403
    assert visitor.client.delete("/chat/uploads/x", headers=foreign[0]).status_code == 403
    assert site.fake.heard == []


def test_changes_without_the_sessions_token_are_refused(
    site: Site, visitor: Visitor, other: Visitor
) -> None:
    for token in ("", "0" * 64, other.csrf, "é"):
        visitor.csrf = token
        data = {"id": "0123456789abcdef", "text": "hi", "csrf": token}
        assert visitor.client.post("/chat/messages", data=data).status_code == 403
        assert visitor.client.post("/chat/end", data={"csrf": token}).status_code == 403
        assert visitor.client.post("/chat/uploads").status_code == 403
    assert site.fake.heard == []


def test_without_a_session_there_is_nothing(site: Site) -> None:
    for cookie in ("", "made-up", "x" * 5000):
        with httpx.Client(base_url=site.address, cookies={"chat": cookie}) as nobody:
            for path in ("stream", "transcript", "uploads/x", "case/AOP-R-2222-2222"):
                assert nobody.get(f"/chat/{path}").status_code == 401
            assert nobody.post("/chat/messages", data={"text": "hi"}).status_code == 401
            assert nobody.post("/chat/uploads").status_code == 401


def test_a_forgotten_session_is_over(visitor: Visitor) -> None:
    token = visitor.client.cookies["chat"]
    visitor.send("hello")
    visitor.wait_for("You said: hello")
    ended = visitor.client.post("/chat/end", data={"csrf": visitor.csrf})
    assert ended.headers["location"] == "/chat"
    visitor.client.cookies.set("chat", token)
    assert visitor.client.get("/chat/transcript").status_code == 401
    visitor.client.cookies.clear()
    assert len(shown(visitor.reload())) == 1


def test_the_cookie_is_out_of_scripts_reach(visitor: Visitor) -> None:
    visitor.client.cookies.clear()
    cookie = visitor.client.get("/chat").headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie


def test_over_https_the_cookie_serves_other_sites_pages(tmp_path: Path) -> None:
    public = "https://help.example"
    with running_site(tmp_path, public_url=public) as site:
        client = httpx.Client(base_url=f"http://127.0.0.1:{site.settings.port}")
        answer = client.get("/chat")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-chat=")
    for flag in ("Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/"):
        assert flag in cookie
    assert "strict-transport-security" in answer.headers


def test_cases_are_shown_to_who_proved_the_order_alone(
    site: Site, visitor: Visitor, other: Visitor
) -> None:
    theirs, mine = other.conversation(site.database), visitor.conversation(site.database)
    with site.database.begin() as session:
        order = find_order(session, "10482")
        assert order
        case = open_case(
            session,
            order=order,
            situation="damaged",
            facts={"evidence": "submitted"},
            conversation_id=theirs,
            now=now(),
            key=f"attack:{theirs}",
        )
    path = f"/chat/case/{case.number}"
    assert case.number in other.client.get(path).text
    refused = visitor.client.get(path)
    unknown = visitor.client.get("/chat/case/AOP-R-2222-2222")
    assert refused.status_code == unknown.status_code == 404
    assert refused.text == unknown.text
    with site.database.begin() as session:
        verify(session, mine, "10482", "dana.kim@example.com", now())
    assert visitor.client.get(path).status_code == 200


def test_path_names_lead_nowhere(visitor: Visitor) -> None:
    for path in (
        "/chat/uploads/..%2f..%2ftest.db",
        "/chat/uploads/%2e%2e/%2e%2e/test.db",
        "/static/..%2fapp.py",
        "/static/%2e%2e%2fapp.py",
        "/static/....//app.py",
        "/chat/case/..%2f..%2fetc%2fpasswd",
    ):
        assert visitor.client.get(path).status_code in {400, 404}, path


def test_other_bodies_are_kept_small(visitor: Visitor) -> None:
    assert visitor.send("x" * 200_000).status_code == 413
    data = {f"f{n}": "x" for n in range(2000)}
    assert visitor.send("hi", **data).status_code in {400, 413}


def test_script_in_every_field_stays_text(site: Site, visitor: Visitor) -> None:
    visitor.send(SCRIPT)
    events = visitor.wait_for("You said:")
    everything = visitor.reload() + "".join(event.data for event in events)
    assert "<script>alert" not in everything
    assert "<img src=x" not in everything
    assert "<svg onload" not in everything
    assert ("customer", SCRIPT) in visitor.messages()
    assert visitor.send("hi", client_id=SCRIPT).status_code == 400
    assert visitor.send(reply=SCRIPT).status_code == 409
    lost = visitor.client.get("/chat/case/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert "<script>alert" not in lost.text


def test_links_lead_only_where_they_say(visitor: Visitor) -> None:
    visitor.send("see https://shop.example/a?b=1&c=2, javascript:alert(1) or mail@x.example")
    html = visitor.wait_for("You said:")[-1].data
    assert '<a href="https://shop.example/a?b=1&amp;c=2" target="_blank" rel="noopener' in html
    assert 'href="javascript' not in html
    assert 'href="mailto:mail@x.example"' in html


def test_there_is_no_open_redirect(visitor: Visitor) -> None:
    for path in ("/chat?next=https://evil.example", "//evil.example/..", "/chat/end"):
        answer = visitor.client.get(path)
        assert "evil.example" not in answer.headers.get("location", "")


def test_every_answer_carries_the_headers(site: Site, visitor: Visitor) -> None:
    for path in ("/", "/chat", "/chat/transcript", "/embed.js", "/nothing", "/health"):
        headers = visitor.client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        framed = "frame-ancestors *" in policy
        assert framed == (path == "/chat"), path


def test_pages_hold_no_inline_script_or_style(visitor: Visitor) -> None:
    visitor.send("damaged")
    visitor.wait_for("order number")
    for path in ("/", "/chat"):
        html = visitor.client.get(path).text
        assert "<style" not in html
        assert " style=" not in html
        assert " onclick=" not in html
        assert "<script>" not in html


def test_two_hundred_messages_a_second_are_slowed_down(strict_site: Site) -> None:
    visitor = Visitor(strict_site.address)
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda n: visitor.send(f"flood {n}"), range(200)))
    taken = [answer for answer in answers if answer.status_code == 204]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(taken) + len(refused) == 200
    assert 1 <= len(taken) <= 30
    assert int(refused[0].headers["retry-after"]) >= 1
    assert "wait a moment" in error_of(refused[0])


def test_sessions_cannot_be_made_without_end(strict_site: Site) -> None:
    statuses = [httpx.get(f"{strict_site.address}/chat").status_code for _ in range(45)]
    assert statuses[0] == 200
    assert statuses[-1] == 429


def test_secrets_are_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    names = [f"key-{number}" for number in range(20)]
    with ThreadPoolExecutor(8) as pool:
        for name in names:
            made = set(pool.map(partial(secret, tmp_path), [name] * 8))
            assert len(made) == 1
            assert len(made.pop()) >= 43
    folder = tmp_path / "secrets"
    assert {stat.S_IMODE(one.stat().st_mode) for one in folder.iterdir()} == {0o600}
    assert sorted(os.listdir(folder)) == sorted(names)


def test_errors_tell_nothing_of_the_inside(site: Site, visitor: Visitor) -> None:
    for path in ("/nothing", "/chat/uploads/x", "/static/x.js"):
        text = visitor.client.get(path).text
        assert "Traceback" not in text
        assert "/site-packages/" not in text

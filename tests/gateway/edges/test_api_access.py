"""Who may use the API, and what it gives to nobody."""

import logging
from pathlib import Path

import pytest

from casework.api.clients import clients, revoke
from casework.cases.case import find_case
from casework.cases.writing import record
from casework.conversations.conversation import add_message
from gateway.web.running import now
from tests.gateway.edges.system import System, opened
from tests.gateway.site import Site, running_site

WORDS = "my neighbor Zebulon saw it"


def test_without_a_good_token_there_is_nothing(api_site: Site, erp: System) -> None:
    ended = System(api_site, "read")
    with api_site.database.begin() as session:
        revoke(session, ended.name, now())
    for headers in (
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": f"Basic {erp.token}"},
        {"Authorization": "Bearer aop_wrong"},
        {"Authorization": b"Bearer \xe9\xff".decode("latin-1").encode("latin-1")},
        {"Authorization": f"Bearer {erp.token}x"},
        {"Authorization": f"Bearer {'x' * 5000}"},
        {"Authorization": f"Bearer {ended.token}"},
    ):
        for method, path in (("GET", "/cases"), ("POST", "/cases/x/acts")):
            answer = erp.ask(path, method, headers)  # type: ignore[arg-type]
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"].startswith("Bearer")
    asked = erp.client.get("/api/v1/cases", params={"token": erp.token})
    assert asked.status_code == 401


def test_a_scope_allows_its_own_and_no_more(api_site: Site, number: str) -> None:
    reader, actor = System(api_site, "read"), System(api_site, "act")
    refused = reader.act(number, "decide", seller_decision="accept", fee_percent="0")
    assert refused.status_code == 403
    assert "insufficient_scope" in refused.headers["www-authenticate"]
    for path in ("", f"/{number}", f"/{number}/log", f"/{number}/acts", f"/{number}/obligations"):
        assert actor.ask(f"/cases{path}").status_code == 403
    assert actor.act(number, "decide", seller_decision="accept", fee_percent="0").is_success


def test_nobodys_words_come_out(api_site: Site, erp: System) -> None:
    number = opened(api_site, "damaged", description=WORDS, evidence="none")
    with api_site.database.begin() as session:
        case = find_case(session, number)
        assert case
        for actor in ("customer", "agent:kim"):
            record(session, case, "note", {"text": WORDS, "reason": WORDS},
                   actor=actor, now=now(), key=f"{number}-{actor}")  # fmt: skip
        record(session, case, "evidence_submitted", {"evidence_ids": [1], "reason": WORDS},
               actor="customer", now=now(), key=f"{number}-e")  # fmt: skip
        for audience, author in (("agents", "agent"), ("customer", "customer")):
            add_message(session, case.conversation_id, audience=audience, author=author,
                        text=WORDS, now=now())  # fmt: skip
        talked = case.conversation_id
    pages = [
        erp.ask(f"/cases/{number}{path}").text for path in ("", "/log", "/acts", "/obligations")
    ]
    pages.append(erp.ask("/cases", params={"limit": "100", "situation": "damaged"}).text)
    pages.append(erp.act(number, "judge_evidence", evidence="compelling").text)
    for secret in ("Zebulon", "zoe.private", "90210", talked):
        assert not any(secret in one for one in pages), secret


def test_the_token_is_written_nowhere(
    api_site: Site, erp: System, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        erp.get("/cases")
        erp.ask("/cases", headers={"Authorization": f"Bearer {erp.token}x"})
    assert erp.token not in "".join(
        one.getMessage() for one in caplog.records if not one.name.startswith(("httpx", "httpcore"))
    )
    files = [one for one in api_site.settings.var.rglob("*") if one.is_file()]
    assert files
    assert [one for one in files if erp.token.encode() in one.read_bytes()] == []
    with api_site.database.read() as session:
        assert next(one for one in clients(session) if one.name == erp.name).last_used_at


def test_a_client_that_asks_too_often_waits(tmp_path: Path) -> None:
    with running_site(tmp_path, rate_limits=True) as site:
        busy = System(site, "read")
        good = {"Authorization": "Bearer aop_wrong"}
        codes = [busy.ask("/cases", headers=good).status_code for _ in range(61)]
        assert codes == [401] * 60 + [429]
        refused = busy.ask("/cases", headers=good)
        assert int(refused.headers["retry-after"]) > 0
        assert busy.ask("/cases").status_code == 200

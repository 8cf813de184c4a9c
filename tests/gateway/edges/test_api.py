"""The API: as its description says, only for who may, the desk's own acts, and nobody's words."""

import json
import logging
import secrets
from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, RefResolver

from casework.acts import perform
from casework.api_clients import add_client, clients, revoke
from casework.audit import audit_entries
from casework.cases import Case, cases_of, find_case, open_case, record
from casework.conversations import add_message, messages_after
from casework.orders import Order, OrderLine, find_order
from gateway.edges import api
from gateway.web.running import now
from tests.gateway.site import Site, running_site

DESCRIPTION: dict[str, Any] = yaml.safe_load(
    Path(api.__file__).with_name("openapi.yml").read_text()
)
RESOLVER = RefResolver("", DESCRIPTION)
WORDS = "my neighbor Zebulon saw it"


class System:
    """One of the shop's systems, that finds every answer to be as described."""

    def __init__(self, site: Site, *scopes: str) -> None:
        self.name = f"s{secrets.token_hex(6)}"
        with site.database.begin() as session:
            self.token = add_client(session, name=self.name, scopes=scopes, now=now())[1]
        self.client = httpx.Client(base_url=site.address, trust_env=False, timeout=20)

    def ask(
        self, path: str, method: str = "GET", headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"} | (headers or {})
        answer = self.client.request(method, f"/api/v1{path}", headers=headers, **more)
        check(answer)
        return answer

    def get(self, path: str, **query: Any) -> Any:
        answer = self.ask(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def act(
        self, number: str, act: str, key: str | None = None, dry_run: bool = False, **data: str
    ) -> httpx.Response:
        headers = {} if dry_run else {"Idempotency-Key": key or secrets.token_hex(8)}
        body = {"act": act, "data": data} | ({"dry_run": True} if dry_run else {})
        return self.ask(f"/cases/{number}/acts", "POST", headers, json=body)


@lru_cache
def validator(path: str, method: str, status: str) -> Draft202012Validator:
    """What checks such an answer; KeyError where the description does not know it."""
    found = DESCRIPTION["paths"][path][method]["responses"][status]
    if "$ref" in found:
        found = RESOLVER.resolve(found["$ref"])[1]
    schema = found["content"]["application/json"]["schema"]
    return Draft202012Validator(schema, resolver=RESOLVER)


def check(answer: httpx.Response) -> None:
    assert answer.headers["content-type"] == "application/json"
    assert "set-cookie" not in answer.headers
    path, method = answer.request.url.path, answer.request.method.lower()
    parts = path.split("/")
    if len(parts) > 4:
        parts[4] = "{number}"
    validator("/".join(parts), method, str(answer.status_code)).validate(answer.json())


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("api")) as site:
        yield site


@pytest.fixture(scope="module")
def erp(shop: Site) -> System:
    return System(shop, "read", "act")


@pytest.fixture
def number(shop: Site) -> str:
    return opened(shop, "remorse")


def opened(site: Site, situation: str, **facts: str) -> str:
    """Open a case on a new order; returns its number."""
    with site.database.begin() as session:
        today = now().date()
        order = Order(
            number=str(secrets.randbelow(10**8) + 10**8), email="zoe.private@example.com",
            zip="90210", placed_on=today - timedelta(days=9), ship_by=today - timedelta(days=6),
            shipped_on=today - timedelta(days=7), delivered_on=today - timedelta(days=4),
            status="delivered", total=189, currency="USD",
            lines=[OrderLine(position=1, sku="A", title="Chair", quantity=1, unit_price=189)],
        )  # fmt: skip
        session.add(order)
        session.flush()
        name = f"c-{secrets.token_hex(8)}"
        return open_case(
            session, order=order, situation=situation, facts=facts, conversation_id=name,
            now=now(), key=name,
        ).number  # fmt: skip


def case_of(site: Site, number: str) -> Case:
    with site.database.read() as session:
        found = find_case(session, number)
        assert found
        return found


def sample(site: Site, order: str) -> str:
    with site.database.read() as session:
        found = find_order(session, order)
        assert found
        return cases_of(session, found)[0].number


def test_every_route_is_described_and_nothing_else(erp: System) -> None:
    served = {
        (route.path, method.lower())
        for route in api.ROUTES
        for method in (route.methods or set()) - {"HEAD"}
    }
    described = {
        (path, method)
        for path, item in DESCRIPTION["paths"].items()
        for method in item
        if method != "parameters"
    }
    assert served == described
    shown = erp.client.get("/api/v1/openapi.json")
    assert shown.json() == DESCRIPTION


def test_the_description_itself_is_sound() -> None:
    for name, schema in DESCRIPTION["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        for example in [schema["example"]] if "example" in schema else []:
            Draft202012Validator(schema, resolver=RESOLVER).validate(example), name
    asked = DESCRIPTION["paths"]["/api/v1/cases/{number}/acts"]["post"]["requestBody"]["content"]
    body = asked["application/json"]
    for example in body["examples"].values():
        Draft202012Validator(body["schema"], resolver=RESOLVER).validate(example["value"])
    ids = [item[one]["operationId"] for item in DESCRIPTION["paths"].values()
           for one in item if one != "parameters"]  # fmt: skip
    assert len(ids) == len(set(ids))


def test_every_sample_case_answers_as_described(erp: System) -> None:
    for case in erp.get("/cases")["cases"]:
        path = f"/cases/{case['number']}"
        full = erp.get(path)
        assert {name: full[name] for name in case} == case
        assert full["explanation"]
        assert full["lines"]
        owed = erp.get(f"{path}/obligations")["obligations"]
        assert case["next_due"] is None or case["next_due"] in owed
        assert erp.get(f"{path}/log")["entries"][0]["kind"] == "opened"
        for act in erp.get(f"{path}/acts")["acts"]:
            if not act["fields"]:
                assert erp.act(case["number"], act["name"], dry_run=True).status_code == 200


def test_without_a_good_token_there_is_nothing(shop: Site, erp: System) -> None:
    ended = System(shop, "read")
    with shop.database.begin() as session:
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


def test_a_scope_allows_its_own_and_no_more(shop: Site, number: str) -> None:
    reader, actor = System(shop, "read"), System(shop, "act")
    refused = reader.act(number, "decide", seller_decision="accept", fee_percent="0")
    assert refused.status_code == 403
    assert "insufficient_scope" in refused.headers["www-authenticate"]
    for path in ("", f"/{number}", f"/{number}/log", f"/{number}/acts", f"/{number}/obligations"):
        assert actor.ask(f"/cases{path}").status_code == 403
    assert actor.act(number, "decide", seller_decision="accept", fee_percent="0").is_success


def test_an_act_is_the_desks_own(shop: Site, erp: System, number: str) -> None:
    data = {"seller_decision": "accept", "fee_percent": "20"}
    other = opened(shop, "remorse")
    with shop.database.begin() as session:
        case = find_case(session, other)
        assert case
        perform(session, case, "decide", data,
                actor=f"system:{erp.name}", role="agent", now=now(), key=other)  # fmt: skip
    seen = erp.act(number, "decide", dry_run=True, **data).json()
    assert case_of(shop, number).log[-1].kind == "opened"
    done = erp.act(number, "decide", **data).json()
    assert done["told"] == seen["told"]
    assert done["case"]["decision"]["amounts"]["refund_max"] == "151.20"
    mine, theirs = case_of(shop, number), case_of(shop, other)
    assert [(one.kind, one.data, one.actor) for one in mine.log[1:]] == [
        (one.kind, one.data, one.actor) for one in theirs.log[1:]
    ]
    with shop.database.read() as session:
        said, plain = (
            messages_after(session, one.conversation_id, "customer")[-1] for one in (mine, theirs)
        )
        assert (said.text, (said.payload or {})["card"]) == tuple(done["told"].values())
        assert (said.author, said.audience) == (plain.author, plain.audience)
        assert said.text.replace(number, "") == plain.text.replace(other, "")
        noted = audit_entries(session)[0]
    assert (noted.actor, noted.act, noted.subject) == (f"system:{erp.name}", "decide", number)


def test_the_customers_page_is_woken(
    shop: Site, erp: System, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[str] = []
    monkeypatch.setattr(shop.gateway.wakeups, "wake", woken.append)
    erp.act(number, "decide", dry_run=True, seller_decision="accept", fee_percent="0")
    assert woken == []
    erp.act(number, "decide", seller_decision="accept", fee_percent="0")
    assert woken == [case_of(shop, number).conversation_id]


def test_the_same_key_answers_the_same_and_does_nothing(
    shop: Site, erp: System, number: str
) -> None:
    data = {"seller_decision": "reject", "reason": "It was used."}
    first = erp.act(number, "decide", "a-key-of-mine", **data)
    logged = len(case_of(shop, number).log)
    for _ in range(2):
        again = erp.act(number, "decide", "a-key-of-mine", **data)
        assert (again.status_code, again.json()) == (200, first.json())
    other = erp.act(number, "decide", "a-key-of-mine", **{**data, "reason": "Other"})
    assert other.status_code == 409
    assert "something else" in other.json()["error"]
    case = case_of(shop, number)
    assert len(case.log) == logged
    with shop.database.read() as session:
        assert len(messages_after(session, case.conversation_id, "customer")) == 1
        assert [one.subject for one in audit_entries(session)].count(number) == 1
    elsewhere = erp.act(opened(shop, "remorse"), "decide", "a-key-of-mine", **data)
    assert elsewhere.is_success


@pytest.mark.parametrize(
    ("act", "data", "status", "why"),
    [
        ("close", {"reason": "No."}, 409, "“"),
        ("record_label", {"label": "x"}, 409, "The policy does not allow this now (“"),
        ("record_refund", {"amount": "5", "reason": "x", "goodwill": "yes"}, 409, "Only a lead"),
        ("explode", {}, 409, "not an act"),
        ("decide", {"seller_decision": "accept"}, 422, "0 keeps nothing"),
        ("decide", {"seller_decision": "maybe"}, 422, "not a choice"),
        ("decide", {}, 422, "fill this in"),
        ("decide", {"seller_decision": "reject"}, 422, "customer reads it"),
        ("decide", {"seller_decision": "reject", "color": "red"}, 422, "color"),
    ],
)
def test_a_refused_act_says_why_and_changes_nothing(
    shop: Site, erp: System, number: str, act: str, data: dict[str, str], status: int, why: str
) -> None:
    for dry_run in (True, False):
        answer = erp.act(number, act, dry_run=dry_run, **data)
        assert answer.status_code == status, answer.text
        assert why in answer.json()["error"]
    assert len(case_of(shop, number).log) == 1


def test_pages_visit_each_case_once_though_new_ones_arrive(shop: Site, erp: System) -> None:
    seen: list[str] = []
    before = [one["number"] for one in erp.get("/cases", limit=100)["cases"]]
    query: dict[str, Any] = {"limit": 4}
    while True:
        found = erp.get("/cases", **query)
        seen += [one["number"] for one in found["cases"]]
        if len(seen) < 20:
            opened(shop, "other")
        if found["next"] is None:
            break
        query["cursor"] = found["next"]
    assert len(seen) == len(set(seen))
    assert seen[: len(before)] == before
    assert len(seen) > len(before)


def test_a_log_is_paged_by_entry(shop: Site, erp: System) -> None:
    path = f"/cases/{sample(shop, '10507')}/log"
    whole = erp.get(path)["entries"]
    kinds = ["opened", "evidence_submitted", "evidence_judged", "label_sent", "return_in_transit"]
    assert [one["kind"] for one in whole] == kinds
    first = erp.get(path, limit=3)
    rest = erp.get(path, limit=3, cursor=first["next"])
    assert first["entries"] + rest["entries"] == whole
    assert rest["next"] is None


def test_filters_leave_what_they_say(shop: Site, erp: System, number: str) -> None:
    order = case_of(shop, number).order.number
    assert [one["number"] for one in erp.get("/cases", order=f"#{order}")["cases"]] == [number]
    assert erp.get("/cases", order=order, state="closed")["cases"] == []
    found = erp.get("/cases", situation="remorse", state="open", limit=100)["cases"]
    assert {one["situation"] for one in found} == {"remorse"}
    later = (now() + timedelta(minutes=1)).isoformat()
    assert erp.get("/cases", updated_after=later)["cases"] == []


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"}, {"limit": "101"}, {"limit": "x"}, {"limit": "-1"}, {"limit": "٣"},
        {"cursor": "x"}, {"cursor": "é"}, {"cursor": "YWZ0ZXI6"}, {"cursor": "%00"},
        {"state": "lost"}, {"situation": "x"}, {"order": "x"}, {"order": "\x00"},
        {"updated_after": "yesterday"}, {"updated_after": "2026-03-13T10:00:00"},
        {"updated_after": "0001-01-01T00:00:00+14:00"}, {"updated_since": "2026"},
    ],
)  # fmt: skip
def test_a_query_that_cannot_be_read_is_refused(erp: System, query: dict[str, str]) -> None:
    assert erp.ask("/cases", params=query).status_code == 422


def test_unknown_things_are_not_there_in_json(erp: System) -> None:
    for path in ("", "/log", "/acts", "/obligations"):
        for number in ("AOP-R-0000-0000", "x", quote("\x00é/../", safe="")):
            answer = erp.client.get(
                f"/api/v1/cases/{number}{path}", headers={"Authorization": f"Bearer {erp.token}"}
            )
            assert answer.status_code == 404
            assert answer.json().keys() == {"error"}
    deleted = erp.client.delete("/api/v1/cases")
    assert (deleted.status_code, deleted.json().keys()) == (405, {"error"})


def test_nobodys_words_come_out(shop: Site, erp: System) -> None:
    number = opened(shop, "damaged", description=WORDS, evidence="none")
    with shop.database.begin() as session:
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
    shop: Site, erp: System, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        erp.get("/cases")
        erp.ask("/cases", headers={"Authorization": f"Bearer {erp.token}x"})
    assert erp.token not in "".join(
        one.getMessage() for one in caplog.records if not one.name.startswith(("httpx", "httpcore"))
    )
    for file in shop.settings.var.rglob("*"):
        assert not file.is_file() or erp.token.encode() not in file.read_bytes()
    with shop.database.read() as session:
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


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
NAMES = st.sampled_from(["decide", "close", "record_refund", "reopen"]) | st.text(max_size=6)
FIELDS = st.sampled_from(["seller_decision", "fee_percent", "reason", "amount", "goodwill"])
VALUES = st.sampled_from(["accept", "1e30", "36", "-1", "\x00", "\ud800"]) | ANY
BODIES = ANY | st.fixed_dictionaries(
    {"act": NAMES, "data": st.dictionaries(FIELDS, VALUES, max_size=3)},
    optional={"dry_run": st.booleans() | ANY, "key": ANY},
)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(body=BODIES)
def test_no_body_breaks_it(erp: System, number: str, body: Any) -> None:
    answer = erp.ask(
        f"/cases/{number}/acts", "POST",
        {"Idempotency-Key": secrets.token_hex(8), "Content-Type": "application/json"},
        content=json.dumps(body).encode(),
    )  # fmt: skip
    assert answer.status_code in (200, 409, 422), answer.text


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"", "application/json", 422),
        (b"\xff", "application/json", 422),
        (b"[" * 60000, "application/json", 422),
        (b'{"act": "decide", "data": ' + b'{"a":' * 9000, "application/json", 422),
        (b'{"act": ' + b"9" * 50000 + b"}", "application/json", 422),
        (b"{}", "text/plain", 415),
        (b"act=decide", "application/x-www-form-urlencoded", 415),
    ],
    ids=["empty", "bytes", "lists", "objects", "digits", "text", "form"],
)
def test_a_body_that_is_no_json_object_is_refused(
    erp: System, number: str, content: bytes, kind: str, status: int
) -> None:
    headers = {"Idempotency-Key": "12345678", "Content-Type": kind}
    answer = erp.ask(f"/cases/{number}/acts", "POST", headers, content=content)
    assert answer.status_code == status


def test_a_body_that_is_too_large_is_not_read(erp: System, number: str) -> None:
    headers = {"Authorization": f"Bearer {erp.token}", "Content-Type": "application/json"}
    path = f"/api/v1/cases/{number}/acts"
    assert erp.client.post(path, headers=headers, content=b" " * 70000).status_code == 413
    pieces = (b" " * 7000 for _ in range(10))
    assert erp.client.post(path, headers=headers, content=pieces).status_code == 413


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "with space in it", "1234567;drop"])
def test_an_act_needs_a_key(erp: System, number: str, key: str) -> None:
    headers = {"Idempotency-Key": key} if key else {}
    body = {"act": "decide", "data": {"seller_decision": "accept", "fee_percent": "0"}}
    answer = erp.ask(f"/cases/{number}/acts", "POST", headers, json=body)
    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.json()["error"]

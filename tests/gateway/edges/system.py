"""One of the shop's systems, and cases for it to ask about."""

import secrets
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx
import yaml
from jsonschema import Draft202012Validator, RefResolver

from casework.api.clients import add_client
from casework.cases.case import Case, cases_of, find_case
from casework.cases.writing import open_case
from casework.orders.order import Order, OrderLine, find_order
from gateway.edges import api
from gateway.web.running import now
from tests.gateway.site import Site

DESCRIPTION: dict[str, Any] = yaml.safe_load(
    Path(api.__file__).with_name("openapi.yml").read_text()
)
RESOLVER = RefResolver("", DESCRIPTION)


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

"""Events from outside: signed, applied once, told to whom they concern."""

import base64
import json
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select
from standardwebhooks import Webhook

from casework.cases.case import find_case
from casework.cases.log import Entry
from casework.conversations.conversation import Message, messages_after
from casework.orders.order import find_order
from casework.shop import day_of
from gateway.settings import SettingsError, read_settings
from gateway.web.running import now
from tests.gateway.site import Site, running_site

SECRET = "whsec_" + base64.b64encode(b"a secret of thirty-two bytes .....").decode()
TODAY = day_of(now()).isoformat()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("edges"), webhook_secret=SECRET) as site:
        yield site


def post(
    site: Site,
    event: Any,
    *,
    id: str | None = None,
    at: datetime | None = None,
    secret: str = SECRET,
) -> httpx.Response:
    body, moment = json.dumps(event), at or datetime.now(timezone.utc)
    id = id or f"msg_{hash(body) & 0xFFFFFF}_{moment.timestamp()}"
    headers = {
        "webhook-id": id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(secret).sign(id, moment, body),
    }
    return httpx.post(
        f"{site.address}/hooks/events", content=body, headers=headers, trust_env=False
    )


def said(site: Site, order: str) -> list[str]:
    with site.database.read() as session:
        return [one.text for one in messages_after(session, f"sample-{order}", "customer")]


def test_a_return_and_its_refund_close_the_case_and_are_told(shop: Site) -> None:
    assert post(shop, {"type": "return_in_transit", "order": "10506", "on": TODAY}).json() == {
        "told": 1
    }
    less = post(shop, {"type": "refund_paid", "order": "10506", "amount": "5.00"})
    assert less.status_code == 409
    assert "by right" in less.json()["error"]
    assert post(shop, {"type": "refund_paid", "order": "10506", "amount": "33.33"}).is_success
    told = said(shop, "10506")
    assert "on its way to us" in told[0]
    assert "$33.33" in told[1]


def test_the_same_event_again_does_nothing(shop: Site) -> None:
    event = {"type": "returned_to_sender", "order": "10500", "on": TODAY}
    for told in (0, 0, 0):
        assert post(shop, event, id="msg_same").json() == {"told": told}
    other = {"type": "return_in_transit", "order": "10507", "on": TODAY}
    with shop.database.read() as session:
        before = session.scalar(select(func.count()).select_from(Entry))
    post(shop, other, id="msg_same")
    with shop.database.read() as session:
        assert session.scalar(select(func.count()).select_from(Entry)) == before
        order = find_order(session, "10500")
        assert order
        assert order.status == "returned_to_sender"


def test_a_customer_with_an_open_case_hears_the_news(shop: Site) -> None:
    answer = post(shop, {"type": "returned_to_sender", "order": "10517", "on": TODAY})
    assert answer.json() == {"told": 1}
    assert "came back to us" in said(shop, "10517")[-1]
    with shop.database.read() as session:
        last = session.scalars(select(Message).order_by(Message.id.desc())).first()
        assert last
        assert last.payload
        assert find_case(session, last.payload["card"]["case_number"])


def test_an_order_is_corrected(shop: Site) -> None:
    fields = {"shipped_on": TODAY, "carrier": "UPS", "tracking": "1Z"}
    assert post(shop, {"type": "order_updated", "order": "10480", "fields": fields}).is_success
    with shop.database.read() as session:
        order = find_order(session, "10480")
        assert order
        assert (order.status, order.tracking) == ("shipped", "1Z")


def test_what_changes_an_open_case_is_told(shop: Site) -> None:
    event = {"type": "order_updated", "order": "10515", "fields": {"shipped_on": TODAY}}
    assert post(shop, event, id="left").json() == {"told": 1}
    assert post(shop, event, id="left").json() == {"told": 0}
    assert "10515: it left us on" in said(shop, "10515")[-1]
    for fields in ({"carrier": "UPS"}, {"shipped_on": TODAY}):
        assert post(shop, {**event, "fields": fields}).json() == {"told": 0}


def test_ids_that_cannot_be_kept_whole_are_refused(shop: Site) -> None:
    event = {"type": "delivered", "order": "10485", "on": TODAY}
    assert post(shop, event, id="x" * 201).status_code == 422


@pytest.mark.parametrize(
    ("event", "status", "named"),
    [
        ({"type": "exploded", "order": "10482"}, 409, "type"),
        ({"type": ["delivered"], "order": "10482"}, 409, "type"),
        ({"type": "delivered", "order": "10485"}, 409, "on: is missing"),
        ({"type": "delivered", "order": "10485", "on": "yesterday"}, 409, "on"),
        ({"type": "delivered", "order": "10485", "on": "2999-01-01"}, 409, "after today"),
        ({"type": "delivered", "order": "10480x", "on": TODAY}, 404, "no order"),
        ({"type": "delivered", "order": "10495", "on": TODAY}, 409, "canceled"),
        ({"type": "refund_paid", "order": "10482", "amount": "1"}, 409, "no open case"),
        ({"type": "destroyed", "order": "10485", "on": TODAY, "x": 1}, 409, "x"),
        ({"type": "order_updated", "order": "10485", "fields": {"total": 1}}, 409, "total"),
        ([1], 422, "object"),
    ],
)
def test_what_cannot_be_is_refused_by_name(shop: Site, event: Any, status: int, named: str) -> None:
    answer = post(shop, event)
    assert answer.status_code == status
    assert named in answer.json()["error"]


def test_wrong_signatures_and_old_ones_are_refused(shop: Site) -> None:
    event = {"type": "delivered", "order": "10485", "on": TODAY}
    other = "whsec_" + base64.b64encode(b"another secret of that length....").decode()
    assert post(shop, event, secret=other).status_code == 401
    for minutes in (-6, 6):
        moment = datetime.now(timezone.utc) + timedelta(minutes=minutes)
        assert post(shop, event, at=moment).status_code == 401
    bare = httpx.post(f"{shop.address}/hooks/events", json=event, trust_env=False)
    assert bare.status_code == 401


@pytest.mark.parametrize("signature", ["v1", "v1,not!base64", "v1,\u00e9", "", "v2,aaaa"])
def test_what_is_no_signature_is_a_wrong_one(shop: Site, signature: str) -> None:
    moment = str(int(datetime.now(timezone.utc).timestamp()))
    headers = {
        b"webhook-id": b"msg_1",
        b"webhook-timestamp": moment.encode(),
        b"webhook-signature": signature.encode("latin-1"),
    }
    url = f"{shop.address}/hooks/events"
    answer = httpx.post(url, content="{}", headers=headers, trust_env=False)
    assert answer.status_code == 401


def test_a_body_nested_too_deep_is_no_event(shop: Site) -> None:
    body, moment = "[" * 5000, datetime.now(timezone.utc)
    headers = {
        "webhook-id": "deep",
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(SECRET).sign("deep", moment, body),
    }
    url = f"{shop.address}/hooks/events"
    assert httpx.post(url, content=body, headers=headers, trust_env=False).status_code == 422


def test_without_a_secret_there_is_nothing(site: Site) -> None:
    assert post(site, {"type": "delivered"}).status_code == 404


@pytest.mark.parametrize("text", ["short", "whsec_c2hvcnQ=", "not base64 at all, but long enough"])
def test_a_weak_secret_is_named_at_the_start(text: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="IN_WEBHOOK_SECRET"):
        read_settings({"IN_WEBHOOK_SECRET": text})

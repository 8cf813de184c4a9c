"""Whatever is sent to the API: read, or refused in one sentence."""

import json
import secrets
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.gateway.edges.system import System


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


@pytest.mark.parametrize("fee", ["NaN", "1e1", "-1", "five", "1.2345678901", "١٢"])
def test_a_fee_that_is_no_percentage_is_a_wrong_field(erp: System, number: str, fee: str) -> None:
    answer = erp.act(number, "decide", seller_decision="accept", fee_percent=fee)
    assert answer.status_code == 422
    assert answer.json()["error"].startswith("Restocking fee")


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "with space in it", "1234567;drop"])
def test_an_act_needs_a_key(erp: System, number: str, key: str) -> None:
    headers = {"Idempotency-Key": key} if key else {}
    body = {"act": "decide", "data": {"seller_decision": "accept", "fee_percent": "0"}}
    answer = erp.ask(f"/cases/{number}/acts", "POST", headers, json=body)
    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.json()["error"]

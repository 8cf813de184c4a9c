"""What a request to the API asks for: its query, its body and its key, each checked (422)."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

from casework.cases.pages import Wanted
from casework.orders.order import normalise_order_number
from gateway.web.case_view import SITUATIONS

STATES = ("open", "closed", "all")
PAGE, LARGEST_PAGE = 50, 100
_PAGING = ("cursor", "limit")
_FILTERS = ("state", "order", "situation", "updated_after")
_KEY = re.compile(r"[A-Za-z0-9._:-]{8,64}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
# Control characters but line ends and tabs, and halves of characters: no database takes them all.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LONGEST = 1000


@dataclass(frozen=True)
class AskedAct:
    """An act with its fields; ``key`` is empty where nothing is to be done (``dry_run``)."""

    act: str
    data: dict[str, str]
    dry_run: bool
    key: str


def wrong(sentence: str) -> HTTPException:
    """The answer to what cannot be read."""
    return HTTPException(422, sentence)


def asked_page(request: Request, *filters: str) -> tuple[int, int]:
    """Return the id after which the page begins and how many rows it has, at most 100."""
    query = request.query_params
    for name in query:
        if name not in (*_PAGING, *filters):
            raise wrong(f"{_shown(name)}: there is no such parameter here.")
        if len(query.getlist(name)) > 1:
            raise wrong(f"{name}: give it once.")
    limit = query.get("limit", str(PAGE))
    if not re.fullmatch(r"[0-9]{1,3}", limit) or not 1 <= int(limit) <= LARGEST_PAGE:
        raise wrong(f"limit: give a number from 1 to {LARGEST_PAGE}.")
    return _after(query.get("cursor")), int(limit)


def asked_cases(request: Request) -> tuple[Wanted, int, int]:
    """Return which cases are wanted, and the page of them."""
    after, limit = asked_page(request, *_FILTERS)
    query = request.query_params
    state, situation = query.get("state", "all"), query.get("situation")
    if state not in STATES:
        raise wrong(f"state: give one of {', '.join(STATES)}.")
    if situation is not None and situation not in SITUATIONS:
        raise wrong(f"situation: give one of {', '.join(SITUATIONS)}.")
    order = query.get("order")
    number = normalise_order_number(order) if order is not None else None
    if order is not None and number is None:
        raise wrong("order: give an order number such as 10482.")
    since = query.get("updated_after")
    return Wanted(state, number, situation, _moment(since) if since else None), after, limit


def cursor(id: int) -> str:
    """Return what asks for the page after this id; clients keep it as it is."""
    return base64.urlsafe_b64encode(f"after:{id}".encode()).decode().rstrip("=")


async def asked_act(request: Request) -> AskedAct:
    """Return the act that the body asks for, with the key of the header ``Idempotency-Key``."""
    body = await _json_object(request)
    for name in body:
        if name not in ("act", "data", "dry_run"):
            raise wrong(f"{_shown(name)}: the body has no such field.")
    act, data, dry_run = body.get("act"), body.get("data", {}), body.get("dry_run", False)
    if not isinstance(act, str) or not _NAME.fullmatch(act):
        raise wrong("act: give the name of an act.")
    if not isinstance(data, dict):
        raise wrong("data: give an object.")
    if not isinstance(dry_run, bool):
        raise wrong("dry_run: give true or false.")
    for name, value in data.items():
        _check_field(name, value)
    key = request.headers.get("idempotency-key", "")
    if not dry_run and not _KEY.fullmatch(key):
        raise wrong(
            "Idempotency-Key: give this header 8 to 64 letters, digits, '.', '_', ':', '-'."
        )
    return AskedAct(act, data, dry_run, "" if dry_run else key)


def _check_field(name: str, value: object) -> None:
    if not _NAME.fullmatch(name):
        raise wrong(f"data: {_shown(name)} is not the name of a field.")
    if not isinstance(value, str):
        raise wrong(f"{name}: give a string; amounts and days too.")
    if len(value) > _LONGEST or _NO_TEXT.search(value):
        raise wrong(f"{name}: give at most {_LONGEST} characters, none of them control characters.")


async def _json_object(request: Request) -> dict[str, Any]:
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise HTTPException(415, "The body must be JSON: 'Content-Type: application/json'.")
    try:
        body = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise wrong("The body is not JSON.") from None
    if not isinstance(body, dict):
        raise wrong("The body is not an object.")
    return body


def _after(text: str | None) -> int:
    if not text:
        return 0
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except ValueError:
        plain = ""
    found = re.fullmatch(r"after:([0-9]{1,18})", plain, re.ASCII)
    if found is None:
        raise wrong("cursor: give one that an answer had as 'next'.")
    return int(found[1])


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
        if moment.tzinfo is not None:
            return moment.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        pass
    raise wrong("updated_after: give a moment such as 2026-03-13T17:00:00Z.")


def _shown(name: str) -> str:
    """A name from outside, safe to repeat in an answer."""
    return ascii(name[:40])

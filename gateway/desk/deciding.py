"""An act on a case: shown exactly as the customer will read it, then confirmed, and done once."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from casework.cases.acts import Told, perform, preview
from casework.cases.holding import hold_case
from casework.cases.reading_place import where_customer_reads
from casework.cases.writing import check_key
from casework.errors import CaseworkError
from casework.people.audit import note_act
from gateway.desk.case_page import wanted_case
from gateway.desk.sign_in import Seat, require_seat
from gateway.web.rendering import card_view
from gateway.web.running import Gateway, gateway_of, now
from gateway.web.security import check_csrf

_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
_NOT_DATA = {"csrf", "act", "key", "seen"}


async def show_preview(request: Request) -> Response:
    """POST /desk/cases/{number}/preview: what the customer will read, or why it is refused."""
    seat, form = await _asked(request)
    gateway = gateway_of(request)
    html = await gateway.in_thread(lambda: _preview(gateway, request, seat, form))
    return HTMLResponse(html)


def _preview(gateway: Gateway, request: Request, seat: Seat, form: FormData) -> str:
    template = gateway.templates.get_template("desk/act_preview.html")
    with gateway.database.read() as session:
        case = wanted_case(session, request)
        try:
            told = preview(
                session, case, _act(form), _data(form),
                actor=seat.actor, role=seat.role, now=now(),
            )  # fmt: skip
        except CaseworkError as refused:
            return template.render(refused=str(refused))
        return template.render(
            refused=None,
            told=told,
            card=card_view(told.card) if told.card else None,
            key=secrets.token_urlsafe(16),
            seen=_digest(told),
        )


async def do(request: Request) -> Response:
    """POST /desk/cases/{number}/acts: what was previewed is done; the same `key` does it once.

    409 where the customer would read anything else than what the agent saw.
    """
    seat, form = await _asked(request)
    gateway = gateway_of(request)
    try:
        conversation = await gateway.in_thread(lambda: _do(gateway, request, seat, form))
    except CaseworkError as refused:
        raise HTTPException(409, str(refused)) from refused
    gateway.wakeups.wake(conversation)
    return RedirectResponse(f"/desk/cases/{request.path_params['number']}", 303)


def _do(gateway: Gateway, request: Request, seat: Seat, form: FormData) -> str:
    key, moment = str(form.get("key") or ""), now()
    if not _KEY.fullmatch(key):
        raise HTTPException(400, "Please look at what the customer will read first.")
    with gateway.database.begin() as session:
        case = wanted_case(session, request)
        act, log_key = _act(form), f"desk:{key}"
        hold_case(session, case)  # before it is asked whether this was done: replays take turns
        done = check_key(session, log_key, case) is not None
        told = perform(
            session, case, act, _data(form),
            actor=seat.actor, role=seat.role, now=moment, key=log_key,
        )  # fmt: skip
        if _digest(told) != form.get("seen"):
            raise CaseworkError(
                "Something changed meanwhile, and the customer would now read something else. "
                "Nothing was done; please look at it again."
            )
        if not done:
            note_act(session, actor=seat.actor, act=act, subject=case.number, now=moment)
        return where_customer_reads(session, case)


async def _asked(request: Request) -> tuple[Seat, FormData]:
    seat = await require_seat(request)
    form = await request.form()
    check_csrf(request, seat.csrf, form.get("csrf"))
    return seat, form


def _act(form: FormData) -> str:
    return str(form.get("act") or "")


def _data(form: FormData) -> dict[str, Any]:
    """The fields of the act that were filled in."""
    return {
        name: value.strip()
        for name, value in form.items()
        if name not in _NOT_DATA and isinstance(value, str) and value.strip()
    }


def _digest(told: Told) -> str:
    shown = json.dumps([told.text, told.card], sort_keys=True, default=str)
    return hashlib.sha256(shown.encode()).hexdigest()

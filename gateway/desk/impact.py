"""What a new policy would change for the open cases, for leads; looking changes nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from casework.cases.impact import impact
from casework.shop import day_of, policy_in_force
from gateway.desk import pages
from gateway.desk.sign_in import require_seat
from gateway.web.case_view import SITUATIONS
from gateway.web.running import Gateway, gateway_of, now
from gateway.web.security import check_csrf
from gateway.web.wording import OUTCOMES
from policy_core import InputError, Policy, PolicyError, load_policy

MAX_BYTES = 512 * 1024


async def ask(request: Request) -> Response:
    """GET /desk/impact: the form."""
    seat = await require_seat(request, lead=True)
    return await pages.page(request, "desk/impact.html", seat, **_nothing())


async def show(request: Request) -> Response:
    """POST /desk/impact: `policy`, a policy file; each open case it would decide otherwise."""
    seat = await require_seat(request, lead=True)
    gateway = gateway_of(request)
    async with request.form(max_files=1, max_fields=3) as form:
        check_csrf(request, seat.csrf, form.get("csrf"))
        upload = form.get("policy")
        if not isinstance(upload, UploadFile):
            raise HTTPException(422, "Please choose a policy file.")
        content = await upload.read(MAX_BYTES)
    try:
        context = await gateway.in_thread(lambda: _compared(gateway, content))
    except (InputError, PolicyError) as wrong:
        context = _nothing() | {"refused": str(wrong)}
    return await pages.page(request, "desk/impact.html", seat, **context)


def _nothing() -> dict[str, Any]:
    return {"refused": "", "found": None, "situations": SITUATIONS, "outcomes": OUTCOMES}


def _compared(gateway: Gateway, content: bytes) -> dict[str, Any]:
    # A version's file is named by the day it takes effect; the policy core reads files alone.
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "new.yml"
        file.write_bytes(content)
        old, new = policy_in_force(), load_policy(file)
        with gateway.database.read() as session:
            found = impact(session, new, now=old, today=day_of(now()))
    titles = {"titles_now": _titles(old), "titles_then": _titles(new)}
    return _nothing() | titles | {"found": found}


def _titles(policy: Policy) -> dict[str, str]:
    return {clause.id: clause.title for clause in policy.clauses.values()}

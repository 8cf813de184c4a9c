"""Keep as test: a conversation as a test to run, with what the agent says the replies should be."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from casework.errors import CaseworkError
from casework.kept.as_test import Kept, as_test
from casework.kept.in_yaml import in_yaml
from casework.kept.replies import Expected, from_form
from casework.people.audit import note_act
from gateway.desk import pages
from gateway.desk.sign_in import Seat, require_seat
from gateway.web.running import Gateway, gateway_of, now
from gateway.web.security import check_csrf

MAX_BYTES = 512 * 1024
_SHORT = 8


async def ask(request: Request) -> Response:
    """GET /desk/conversations/{id}/keep: the test as it would be, each reply to correct."""
    seat = await require_seat(request)
    gateway = gateway_of(request)
    kept = await gateway.in_thread(lambda: _kept(gateway, request, "", {}))
    return await _page(request, seat, kept)


async def keep(request: Request) -> Response:
    """POST the same: `name`, `parts-ID` and `buttons-ID` (a line each); `as` file or preview.

    A file is downloaded and noted in the audit log; 422 where nothing in it can be kept.
    """
    seat = await require_seat(request)
    gateway = gateway_of(request)
    form = await request.form()
    check_csrf(request, seat.csrf, form.get("csrf"))
    name, corrected = str(form.get("name") or ""), _corrected(form)
    kept = await gateway.in_thread(lambda: _kept(gateway, request, name, corrected))
    if form.get("as") == "preview":
        return await _page(request, seat, kept)
    conversation_id = request.path_params["id"]

    def note() -> None:
        with gateway.database.begin() as session:
            act = {"act": "kept_as_test", "subject": conversation_id}
            note_act(session, actor=seat.actor, now=now(), **act)

    await gateway.in_thread(note)
    short = "".join(sign for sign in conversation_id if sign.isascii() and sign.isalnum())[:_SHORT]
    headers = {"content-disposition": f'attachment; filename="kept-{short}.yml"'}
    return Response(in_yaml(kept), media_type="text/yaml", headers=headers)


def _corrected(form: FormData) -> dict[int, Expected]:
    """What is expected of the replies, by the id of the message that was answered."""
    asked = [name.removeprefix("parts-") for name in form if name.startswith("parts-")]
    return {
        int(one): from_form(str(form[f"parts-{one}"]), str(form.get(f"buttons-{one}") or ""))
        for one in asked
        if one.isascii() and one.isdigit()
    }


def _kept(gateway: Gateway, request: Request, name: str, corrected: Mapping[int, Expected]) -> Kept:
    with gateway.database.read() as session:
        try:
            return as_test(session, request.path_params["id"], name=name, corrected=corrected)
        except CaseworkError as wrong:
            missing = "no such conversation" in str(wrong)
            text = str(wrong)[0].upper() + str(wrong)[1:] + "."
            raise HTTPException(404 if missing else 422, text) from wrong


async def _page(request: Request, seat: Seat, kept: Kept) -> Response:
    return await pages.page(
        request,
        "desk/keep.html",
        seat,
        conversation_id=request.path_params["id"],
        kept=kept,
        written=in_yaml(kept),
    )

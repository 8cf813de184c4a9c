"""Files as evidence: taken in, shown to their owner alone, and taken back before sending."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from casework.evidence.uploads import (
    Upload,
    add_upload,
    count_uploads,
    drop_staged,
    find_upload,
    remove_upload,
)
from gateway.chat.visitors import Visitor, require_visitor
from gateway.web.files import MAX_AT_ONCE, MAX_IN_ALL, Kept, hand_out, take_in, throw_away
from gateway.web.pictures import MAX_BYTES
from gateway.web.running import Gateway, address_of, gateway_of, now
from gateway.web.security import check_csrf

STAGED_FOR = timedelta(days=2)
BODY_LIMIT = MAX_BYTES + 64 * 1024  # the file and the form around it


async def add(request: Request) -> Response:
    """POST /chat/uploads: one picture or PDF (`picture`, multipart); answers it as HTML, staged."""
    visitor = await require_visitor(request)
    gateway = gateway_of(request)
    check_csrf(request, visitor.csrf)
    gateway.limits.check("uploads", visitor.conversation_id)
    gateway.limits.check("uploads-address", address_of(request))
    async with request.form(max_files=1, max_fields=3) as form:
        sent = form.get("picture")
        if not isinstance(sent, UploadFile):
            raise HTTPException(422, "There is no picture in this upload.")
        kept = await take_in(gateway, sent)
    upload = await gateway.in_thread(lambda: _stage_or_drop(gateway, visitor, kept))
    html = gateway.templates.get_template("chat/staged.html").render(upload=upload)
    return HTMLResponse(html, 201)


def _stage_or_drop(gateway: Gateway, visitor: Visitor, kept: Kept) -> Upload:
    try:
        return _stage(gateway, visitor, kept)
    except BaseException:
        throw_away(gateway, kept.file_name)
        raise


def _stage(gateway: Gateway, visitor: Visitor, kept: Kept) -> Upload:
    with gateway.database.begin() as session:
        staged, in_all = count_uploads(session, visitor.conversation_id, now())
        if staged >= MAX_AT_ONCE:
            raise HTTPException(422, f"You can send {MAX_AT_ONCE} files at a time.")
        if in_all >= MAX_IN_ALL:
            full = f"This chat already holds {MAX_IN_ALL} files, which is as many as it can."
            raise HTTPException(422, full)
        return add_upload(session, visitor.conversation_id, **asdict(kept), now=now())


def tidy(gateway: Gateway) -> None:
    """Delete the files that were staged a while ago and never sent."""
    with gateway.database.begin() as session:
        stale = drop_staged(session, now() - STAGED_FOR)
    throw_away(gateway, *stale)


async def show(request: Request) -> Response:
    """GET /chat/uploads/{id}: a file, to its owner alone: a picture shown, a PDF to keep."""
    visitor = await require_visitor(request)
    gateway = gateway_of(request)

    def find() -> Upload | None:
        with gateway.database.read() as session:
            return find_upload(session, visitor.conversation_id, request.path_params["id"])

    upload = await gateway.in_thread(find)
    path = gateway.settings.uploads / upload.file_name if upload else None
    if upload is None or path is None or not path.is_file():
        raise HTTPException(404, "There is no such file.")
    return hand_out(path, upload.media_type, "document" if upload.name else "evidence")


async def remove(request: Request) -> Response:
    """DELETE /chat/uploads/{id}: take a file back that was not sent yet."""
    visitor = await require_visitor(request)
    gateway = gateway_of(request)
    check_csrf(request, visitor.csrf)

    def forget() -> str | None:
        with gateway.database.begin() as session:
            return remove_upload(session, visitor.conversation_id, request.path_params["id"])

    file_name = await gateway.in_thread(forget)
    if file_name is None:
        raise HTTPException(404, "There is no such file to remove.")
    throw_away(gateway, file_name)
    return Response(status_code=204)

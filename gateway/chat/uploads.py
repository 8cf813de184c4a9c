"""Pictures as evidence: taken in, shown to their owner alone, and taken back before sending."""

from __future__ import annotations

import secrets
from datetime import timedelta

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from casework.uploads import (
    Upload,
    add_upload,
    count_uploads,
    drop_staged,
    find_upload,
    remove_upload,
)
from gateway.chat.visitors import Visitor, require_visitor
from gateway.web.pictures import (
    MAX_BYTES,
    MEDIA_TYPE,
    Picture,
    PictureRefusedError,
    read_picture,
    too_large,
)
from gateway.web.running import Gateway, address_of, gateway_of, now
from gateway.web.security import PICTURE_POLICY, check_csrf

MAX_STAGED = 8
MAX_IN_ALL = 40
STAGED_FOR = timedelta(days=2)
BODY_LIMIT = MAX_BYTES + 64 * 1024  # the picture and the form around it


async def add(request: Request) -> Response:
    """POST /chat/uploads: one picture (`picture`, multipart); answers it as HTML, staged."""
    visitor = await require_visitor(request)
    gateway = gateway_of(request)
    check_csrf(request, visitor.csrf)
    gateway.limits.check("uploads", visitor.conversation_id)
    gateway.limits.check("uploads-address", address_of(request))
    content = await _read_file(request)
    async with gateway.drawing:  # few at once: an opened picture takes much memory
        try:
            picture = await gateway.in_thread(lambda: read_picture(content))
        except PictureRefusedError as refused:
            raise HTTPException(422, str(refused)) from refused
    upload = await gateway.in_thread(lambda: _store(gateway, visitor, picture))
    html = gateway.templates.get_template("chat/staged.html").render(upload=upload)
    return HTMLResponse(html, 201)


async def _read_file(request: Request) -> bytes:
    async with request.form(max_files=1, max_fields=3) as form:
        picture = form.get("picture")
        if not isinstance(picture, UploadFile):
            raise HTTPException(422, "There is no picture in this upload.")
        content = await picture.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise HTTPException(413, too_large())
    return content


def _store(gateway: Gateway, visitor: Visitor, picture: Picture) -> Upload:
    folder = gateway.settings.uploads
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    file_name = f"{secrets.token_hex(16)}.jpg"
    path = folder / file_name
    path.write_bytes(picture.content)
    path.chmod(0o600)
    try:
        with gateway.database.begin() as session:
            staged, in_all = count_uploads(session, visitor.conversation_id, now())
            if staged >= MAX_STAGED:
                raise HTTPException(422, f"You can send {MAX_STAGED} pictures at a time.")
            if in_all >= MAX_IN_ALL:
                raise HTTPException(
                    422,
                    f"This chat already holds {MAX_IN_ALL} pictures, which is as many as it can.",
                )
            return add_upload(
                session,
                visitor.conversation_id,
                file_name=file_name,
                sha256=picture.sha256,
                media_type=MEDIA_TYPE,
                size=len(picture.content),
                width=picture.width,
                height=picture.height,
                now=now(),
            )
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def tidy(gateway: Gateway) -> None:
    """Delete the pictures that were staged a while ago and never sent."""
    with gateway.database.begin() as session:
        stale = drop_staged(session, now() - STAGED_FOR)
    for file_name in stale:
        (gateway.settings.uploads / file_name).unlink(missing_ok=True)


async def show(request: Request) -> Response:
    """GET /chat/uploads/{id}: the picture, to its owner alone, as a picture and nothing else."""
    visitor = await require_visitor(request)
    gateway = gateway_of(request)

    def find() -> Upload | None:
        with gateway.database.read() as session:
            return find_upload(session, visitor.conversation_id, request.path_params["id"])

    upload = await gateway.in_thread(find)
    path = gateway.settings.uploads / upload.file_name if upload else None
    if upload is None or path is None or not path.is_file():
        raise HTTPException(404, "There is no such picture.")
    return FileResponse(
        path,
        media_type=upload.media_type,
        headers={
            "content-security-policy": PICTURE_POLICY,
            "content-disposition": 'inline; filename="evidence.jpg"',
            "cache-control": "private, max-age=3600",
        },
    )


async def remove(request: Request) -> Response:
    """DELETE /chat/uploads/{id}: take a picture back that was not sent yet."""
    visitor = await require_visitor(request)
    gateway = gateway_of(request)
    check_csrf(request, visitor.csrf)

    def forget() -> str | None:
        with gateway.database.begin() as session:
            return remove_upload(session, visitor.conversation_id, request.path_params["id"])

    file_name = await gateway.in_thread(forget)
    if file_name is None:
        raise HTTPException(404, "There is no such picture to remove.")
    (gateway.settings.uploads / file_name).unlink(missing_ok=True)
    return Response(status_code=204)

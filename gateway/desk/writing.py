"""What an agent writes in a conversation: text and files, to the customer or as a private note."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from casework.conversations.conversation import add_message, hold_conversation, message_with_key
from casework.conversations.handling import has_it
from casework.evidence.uploads import (
    Upload,
    bring_uploads,
    count_uploads,
    files_payload,
    new_upload,
)
from casework.people.audit import note_act
from gateway.desk.sign_in import Seat, require_seat
from gateway.desk.talk import seated_agent, wanted_conversation
from gateway.web.files import MAX_AT_ONCE, MAX_IN_ALL, Kept, take_in, throw_away
from gateway.web.pictures import MAX_BYTES
from gateway.web.running import Gateway, gateway_of, now
from gateway.web.security import check_csrf
from gateway.web.typed_text import MAX_CHARACTERS, plain_text

BODY_LIMIT = MAX_AT_ONCE * MAX_BYTES + 64 * 1024  # the files and the form around them
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


@dataclass(frozen=True)
class Written:
    """A message as the agent sent it: its key, its words, its files, and whether it is a note."""

    key: str
    text: str
    note: bool
    files: list[Kept]


async def write(request: Request) -> Response:
    """POST …/messages: `text`, `file`s or both; `as` reply (to the customer) or note; `id`.

    409 where somebody else has the conversation; the same `id` again is the same message.
    """
    seat = await require_seat(request)
    gateway = gateway_of(request)
    async with request.form() as form:
        check_csrf(request, seat.csrf, form.get("csrf"))
        written = await _read(gateway, form)
    await gateway.in_thread(lambda: _keep_or_drop(gateway, request, seat, written))
    gateway.wakeups.wake(request.path_params["id"])
    return Response(status_code=204)


async def _read(gateway: Gateway, form: FormData) -> Written:
    text, key = plain_text(str(form.get("text") or "")), str(form.get("id") or "")
    sent = [one for one in form.getlist("file") if isinstance(one, UploadFile) and one.filename]
    if not (text or sent) or not _KEY.fullmatch(key):
        raise HTTPException(422, "Please write something first.")
    if len(text) > MAX_CHARACTERS:
        raise HTTPException(422, f"Please keep it to {MAX_CHARACTERS} characters.")
    if len(sent) > MAX_AT_ONCE:
        raise HTTPException(422, f"You can send {MAX_AT_ONCE} files at a time.")
    files = await _take_in(gateway, sent)
    return Written(f"g:{key}", text, form.get("as") == "note", files)


async def _take_in(gateway: Gateway, sent: list[UploadFile]) -> list[Kept]:
    """Keep the files one after another; all of them or none."""
    files: list[Kept] = []
    try:
        for one in sent:
            files.append(await take_in(gateway, one))
    except BaseException:
        _drop(gateway, files)
        raise
    return files


def _drop(gateway: Gateway, files: list[Kept]) -> None:
    throw_away(gateway, *(one.file_name for one in files))


def _keep_or_drop(gateway: Gateway, request: Request, seat: Seat, written: Written) -> None:
    kept = False
    try:
        kept = _keep(gateway, request, seat, written)
    finally:
        if not kept:
            _drop(gateway, written.files)


def _keep(gateway: Gateway, request: Request, seat: Seat, written: Written) -> bool:
    """Keep the message and its files; False where the message had been kept before."""
    with gateway.database.begin() as session:
        conversation_id = wanted_conversation(session, request).id
        if not written.note and not has_it(session, conversation_id, seated_agent(session, seat)):
            raise HTTPException(409, "Take over first: you are not the one in this chat now.")
        hold_conversation(session, conversation_id, now())
        if message_with_key(session, conversation_id, written.key):
            return False
        uploads = _uploads(session, conversation_id, written.files)
        payload = {"by": seat.name, **(files_payload(uploads) if uploads else {})}
        message = add_message(
            session,
            conversation_id,
            audience="agents" if written.note else "customer",
            author="agent",
            text=written.text,
            payload=payload,
            now=now(),
            key=written.key,
        )
        bring_uploads(session, uploads, message)
        act = "note_written" if written.note else "reply_written"
        data = {"files": len(uploads)} if uploads else None
        note_act(session, actor=seat.actor, act=act, subject=conversation_id, data=data, now=now())
        return True


def _uploads(session: Session, conversation_id: str, files: list[Kept]) -> list[Upload]:
    if not files:
        return []
    in_all = count_uploads(session, conversation_id, now(), author="agent")[1]
    if in_all + len(files) > MAX_IN_ALL:
        raise HTTPException(422, f"Our team can send {MAX_IN_ALL} files in one chat.")
    return [new_upload(conversation_id, **asdict(one), now=now()) for one in files]

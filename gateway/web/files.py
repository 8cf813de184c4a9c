"""Files people send in a conversation: checked, kept under a random name, and handed out safely."""

from __future__ import annotations

import hashlib
import logging
import secrets
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse

from gateway.web import documents, pictures, wording
from gateway.web.documents import DocumentRefusedError, check_document, says_pdf, shown_name
from gateway.web.pictures import MAX_BYTES, PictureRefusedError, looks_like_picture, read_picture
from gateway.web.running import Gateway
from gateway.web.security import PICTURE_POLICY

logger = logging.getLogger(__name__)

MAX_AT_ONCE = 8
MAX_IN_ALL = 40


class NoRoomError(OSError):
    """The disk did not take a file; nothing of it is left."""


@dataclass(frozen=True)
class Kept:
    """A file on disk: its random name there, the original's SHA-256, what it is and its size.

    Pictures have sides in pixels, documents a name to show.
    """

    file_name: str
    sha256: str
    media_type: str
    size: int
    width: int | None = None
    height: int | None = None
    name: str | None = None


async def take_in(gateway: Gateway, upload: UploadFile) -> Kept:
    """Check one uploaded file and keep it: a picture drawn anew, or a PDF exactly as it came.

    HTTPException 413 or 422, in words for whoever sent it, for anything else; 503 where there is no
    room to keep it.
    """
    content = await upload.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise HTTPException(413, pictures.too_large())
    async with gateway.drawing:  # few at once: an opened picture takes much memory
        try:
            return await gateway.in_thread(lambda: _keep(gateway, content, upload.filename))
        except (PictureRefusedError, DocumentRefusedError) as refused:
            raise HTTPException(422, str(refused)) from refused
        except NoRoomError as full:
            raise HTTPException(503, wording.no_room()) from full


def _keep(gateway: Gateway, content: bytes, name: str | None) -> Kept:
    if says_pdf(content) and not looks_like_picture(content):
        check_document(content)
        digest = hashlib.sha256(content).hexdigest()
        stored = _write(gateway, content, "pdf")
        size, shown = len(content), shown_name(name)
        return Kept(stored, digest, documents.MEDIA_TYPE, size, name=shown)
    picture = read_picture(content)
    stored = _write(gateway, picture.content, "jpg")
    return Kept(
        stored,
        picture.sha256,
        pictures.MEDIA_TYPE,
        len(picture.content),
        picture.width,
        picture.height,
    )


def _write(gateway: Gateway, content: bytes, kind: str) -> str:
    folder = gateway.settings.uploads
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{secrets.token_hex(16)}.{kind}"
    try:
        path.touch(mode=0o600)
        path.write_bytes(content)
    except OSError as error:
        logger.error("a file could not be kept: %s", error.strerror)
        path.unlink(missing_ok=True)
        raise NoRoomError from error
    return path.name


def throw_away(gateway: Gateway, *file_names: str) -> None:
    """Delete files that nothing names (any more)."""
    for name in file_names:
        (gateway.settings.uploads / name).unlink(missing_ok=True)


def hand_out(path: Path, media_type: str, stem: str) -> FileResponse:
    """A kept file: a picture to be shown, anything else only as a download.

    It is called ``stem`` and its stored ending: never what whoever sent it called it.
    """
    shown = "inline" if media_type == pictures.MEDIA_TYPE else "attachment"
    headers = {
        "content-security-policy": PICTURE_POLICY,
        "content-disposition": f'{shown}; filename="{stem}{path.suffix}"',
        "x-content-type-options": "nosniff",
        "cache-control": "private, max-age=3600",
    }
    return FileResponse(path, media_type=media_type, headers=headers)

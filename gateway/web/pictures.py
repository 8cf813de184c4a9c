"""A customer's picture: checked to be one, and drawn anew so that only the picture remains."""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

register_heif_opener(thumbnails=False)

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 60_000_000  # phones take up to 50 megapixels
MAX_EDGE = 2400
MEDIA_TYPE = "image/jpeg"
_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


class PictureRefusedError(ValueError):
    """The upload is not a picture we take; the message says so in words for the customer."""


@dataclass(frozen=True)
class Picture:
    """A picture made safe: JPEG `content`, its size in pixels, the original's SHA-256 (hex)."""

    content: bytes
    width: int
    height: int
    sha256: str


def read_picture(upload: bytes) -> Picture:
    """Check and redraw an upload (JPEG, PNG, WebP or HEIC, at most `MAX_BYTES`).

    The result is upright, at most `MAX_EDGE` pixels long, and carries no metadata (no place, no
    camera). Raises `PictureRefusedError` for anything else, whatever its name or declared type.
    """
    if not upload:
        raise PictureRefusedError("That file is empty. Please choose another one.")
    if len(upload) > MAX_BYTES:
        raise PictureRefusedError(too_large())
    if not looks_like_picture(upload):
        raise PictureRefusedError(
            "That is not a picture we can read, nor a PDF. Please use JPEG, PNG, WebP, HEIC or PDF."
        )
    try:
        drawn = _redraw(upload)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise PictureRefusedError(
            "That picture has too many pixels. Please send a smaller one."
        ) from bomb
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, MemoryError) as bad:
        raise PictureRefusedError(
            "That picture is damaged or incomplete. Please try another one."
        ) from bad
    content = io.BytesIO()
    drawn.save(content, "JPEG", quality=86, optimize=True, progressive=True)
    return Picture(
        content.getvalue(), drawn.width, drawn.height, hashlib.sha256(upload).hexdigest()
    )


def too_large() -> str:
    """The refusal of a file over the limit, in words for the customer."""
    return f"That file is larger than {MAX_BYTES // 2**20} MB. Please send a smaller one."


def looks_like_picture(upload: bytes) -> bool:
    """Whether a file begins as one of the kinds of pictures we take."""
    head = upload[:16]
    return (
        head.startswith(b"\xff\xd8\xff")
        or head.startswith(b"\x89PNG\r\n\x1a\n")
        or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
        or (head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS)
    )


def _redraw(upload: bytes) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(upload), formats=_FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise Image.DecompressionBombError("more pixels than we take")
            opened.draft("RGB", (MAX_EDGE, MAX_EDGE))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((MAX_EDGE, MAX_EDGE))
            return _on_white(upright)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        layered = image.convert("RGBA")
        paper = Image.new("RGB", layered.size, "white")
        paper.paste(layered, mask=layered.getchannel("A"))
        return paper
    plain = image.convert("RGB")
    plain.info = {}  # comments and XMP would be written out again
    return plain

"""Pictures: what is taken, what is refused, and what remains of one."""

import hashlib
import io
import struct
import zlib

import pytest
from PIL import Image

from gateway.web.pictures import MAX_BYTES, MAX_EDGE, PictureRefusedError, read_picture
from tests.gateway.visitor import photo


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_customers_formats_are_taken_and_redrawn(kind: str) -> None:
    original = photo(kind)
    picture = read_picture(original)
    drawn = Image.open(io.BytesIO(picture.content))
    assert drawn.format == "JPEG"
    assert (picture.width, picture.height) == drawn.size == (320, 240)
    assert picture.sha256 == hashlib.sha256(original).hexdigest()


def test_place_camera_and_comments_do_not_remain() -> None:
    exif = Image.Exif()
    exif[0x010F] = "CameraMaker"
    exif.get_ifd(0x8825)[2] = (34.0, 3.0, 8.0)
    original = photo(exif=exif, comment=b"my home address", xmp=b"<x>secret</x>")
    assert b"CameraMaker" in original
    content = read_picture(original).content
    for private in (b"CameraMaker", b"my home address", b"secret", b"Exif"):
        assert private not in content


def test_a_picture_taken_sideways_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = read_picture(photo(size=(320, 200), exif=exif))
    assert (picture.width, picture.height) == (200, 320)


def test_a_large_picture_is_made_smaller() -> None:
    picture = read_picture(photo(size=(5000, 2500), quality=40))
    assert (picture.width, picture.height) == (MAX_EDGE, MAX_EDGE // 2)


def test_clear_parts_become_white() -> None:
    content = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(content, "PNG")
    drawn = Image.open(io.BytesIO(read_picture(content.getvalue()).content))
    assert drawn.getpixel((5, 5)) == (255, 255, 255)


def bomb() -> bytes:
    """A PNG of a few bytes that says it is 60,000 pixels wide and high."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (b"", "empty"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "cannot"),
        (b"<!doctype html><script>alert(1)</script>", "cannot"),
        (b"\x89PNG\r\n\x1a\n<svg><script>alert(1)</script></svg>", "damaged"),
        (b"\xff\xd8\xff<html><script>alert(1)</script></html>", "damaged"),
        (b"RIFF\x00\x00\x00\x00WEBPnothing", "damaged"),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40, "damaged"),
        (b"GIF89a" + b"\x00" * 40, "cannot"),
        (b"%PDF-1.7", "cannot"),
        (photo()[:900], "damaged"),
        (bomb(), "pixels"),
        (photo() + b"\x00" * MAX_BYTES, "larger than 10 MB"),
    ],
    ids=lambda value: ascii(value[:24]) if isinstance(value, bytes) else value,
)
def test_what_is_no_picture_is_refused_in_plain_words(upload: bytes, words: str) -> None:
    with pytest.raises(PictureRefusedError, match=words.replace("cannot", "not a picture we can")):
        read_picture(upload)


def test_a_page_hidden_behind_a_picture_does_not_remain() -> None:
    content = read_picture(photo() + b"<script>alert(1)</script>").content
    assert b"<script>" not in content

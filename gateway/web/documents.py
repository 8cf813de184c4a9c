"""A document someone sent: a PDF by its first and last bytes, kept as it came and never opened."""

from __future__ import annotations

import re
import unicodedata

MEDIA_TYPE = "application/pdf"
MAX_NAME = 80
_HEADER, _END, _NEAR = b"%PDF-", b"%%EOF", 1024
_BLANKS = b"\xef\xbb\xbf\x00\t\n\x0c\r "  # a byte order mark, and white space as PDF has it
_NO_NAME = "document.pdf"


class DocumentRefusedError(ValueError):
    """The upload is not a document we take; the message says so in words for whoever sent it."""


def says_pdf(upload: bytes) -> bool:
    """Whether a file calls itself a PDF near its beginning, whatever else it may be."""
    return _HEADER in upload[:_NEAR]


def check_document(upload: bytes) -> None:
    """Refuse (`DocumentRefusedError`) what is not a whole PDF by its first and last bytes.

    Only blanks may stand before the header: what begins as a page, a script, an archive or a
    program is none, whatever it says further on. Nothing here or elsewhere reads the inside.
    """
    before, header, _ = upload[:_NEAR].partition(_HEADER)
    if not header or before.strip(_BLANKS):
        raise DocumentRefusedError("That is not a plain PDF. Please save it as a PDF once more.")
    if _END not in upload[-_NEAR:]:
        raise DocumentRefusedError("That PDF is damaged or incomplete. Please try another one.")


def shown_name(given: str | None) -> str:
    """A document's name as it may be shown: no folders, nothing invisible, short, a PDF's."""
    last = re.split(r"[/\\]", given or "")[-1]
    seen = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in last)
    name = " ".join(unicodedata.normalize("NFC", seen).split()).strip(". ")
    stem = re.sub(r"(\.pdf)+$", "", name, flags=re.IGNORECASE).strip(". ")
    if not stem or stem.casefold() == "pdf":
        return _NO_NAME
    return f"{stem[: MAX_NAME - 4].rstrip('. ')}.pdf"

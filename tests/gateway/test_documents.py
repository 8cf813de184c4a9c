"""Documents: what passes for a PDF, what is refused, and what a name may show."""

import pytest

from gateway.web.documents import (
    MAX_NAME,
    DocumentRefusedError,
    check_document,
    says_pdf,
    shown_name,
)
from tests.gateway.papers import BODY, END, paper


@pytest.mark.parametrize(
    "upload",
    [
        paper(),
        b"\xef\xbb\xbf" + paper(),
        b"\r\n\x00 " + paper(),
        b" " * 1019 + paper(),
        paper() + b"\x00" * 900,
        BODY + b"%%EOF",
        # What is inside does not matter: nothing reads it, and it is only ever a download.
        paper(b"<script>alert(1)</script>"),
        paper(b"/OpenAction << /S /JavaScript >>"),
        BODY + b"PK\x03\x04" + END,
    ],
    ids=lambda upload: ascii(upload[:12]),
)
def test_a_pdf_is_known_by_its_first_and_last_bytes(upload: bytes) -> None:
    assert says_pdf(upload)
    check_document(upload)


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (b"<!doctype html><script>alert(1)</script>" + paper(), "plain PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>" + paper(), "plain PDF"),
        (b"/*" + paper() + b"*/ alert(1)", "plain PDF"),
        (b"var a='" + paper() + b"'", "plain PDF"),
        (b"PK\x03\x04" + paper(), "plain PDF"),
        (b"MZ\x90\x00" + paper(), "plain PDF"),
        (b"\x7fELF" + paper(), "plain PDF"),
        (b"#!/bin/sh\n" + paper(), "plain PDF"),
        (b"GIF89a" + paper(), "plain PDF"),
        (b" " * 1020 + paper(), "plain PDF"),
        (b"", "plain PDF"),
        (b"%pdf-1.4" + END, "plain PDF"),
        (b"%PDF-1.4", "damaged"),
        (BODY, "damaged"),
        (paper(size=9000)[:5000], "damaged"),
        (paper() + b"\x00" * 2000, "damaged"),
        (paper() + b"PK\x05\x06" + b"x" * 1100, "damaged"),
    ],
    ids=lambda value: ascii(value[:12]),
)
def test_what_is_no_whole_pdf_is_refused_in_plain_words(upload: bytes, words: str) -> None:
    with pytest.raises(DocumentRefusedError, match=words):
        check_document(upload)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("UPS letter.pdf", "UPS letter.pdf"),
        ("UPS letter.PDF", "UPS letter.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\pat\\letter.pdf", "letter.pdf"),
        ("letter.jpg", "letter.jpg.pdf"),
        ("letter.exe", "letter.exe.pdf"),
        ("letter.pdf.pdf", "letter.pdf"),
        ("invoice\u202efdp.exe", "invoice fdp.exe.pdf"),
        ("a\r\nSet-Cookie: x\x00\x1b[31m.pdf", "a Set-Cookie: x [31m.pdf"),
        ("\u200b\ufeff\u2066.pdf", "document.pdf"),
        ("  ...hidden.pdf", "hidden.pdf"),
        ("<b>bold</b>.pdf", "b>.pdf"),
        (".pdf", "document.pdf"),
        ("pdf", "document.pdf"),
        ("/", "document.pdf"),
        ("", "document.pdf"),
        (None, "document.pdf"),
        ("\ud800.pdf", "document.pdf"),
        ("Lieferschein für Müller.pdf", "Lieferschein für Müller.pdf"),
        ("配送证明.pdf", "配送证明.pdf"),
        ("x" * 300 + ".pdf", "x" * (MAX_NAME - 4) + ".pdf"),
    ],
    ids=lambda value: ascii(value)[:24],
)
def test_a_name_shows_nothing_but_a_name(given: str | None, shown: str) -> None:
    assert shown_name(given) == shown
    assert len(shown) <= MAX_NAME

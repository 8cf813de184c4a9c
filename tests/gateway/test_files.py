"""A customer's documents: sent like pictures, kept as they came, and only ever a download."""

import hashlib
import html
import re

import pytest

from casework.evidence.evidence import evidence_of
from gateway.web.pictures import MAX_BYTES
from gateway.web.wording import files_sent
from tests.gateway.papers import paper
from tests.gateway.site import Site
from tests.gateway.visitor import Visitor, error_of, photo

SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"


def stage_paper(visitor: Visitor, content: bytes, name: str = "UPS letter.pdf") -> str:
    added = visitor.upload(content, name=name)
    assert added.status_code == 201, added.text
    return re.findall(r'data-remove="([^"]+)"', added.text)[0]


def test_a_document_is_listed_taken_back_and_sent_as_evidence(site: Site, visitor: Visitor) -> None:
    original = paper(b"as sent")
    first, second = stage_paper(visitor, paper(), "wrong.pdf"), stage_paper(visitor, original)
    removed = visitor.client.delete(f"/chat/uploads/{first}", headers=visitor.headers)
    assert removed.status_code == 204
    page = visitor.reload()
    assert "UPS letter.pdf" in page
    assert "wrong.pdf" not in page
    assert visitor.send(pictures="1").status_code == 204
    event = visitor.wait_for("You said: I have sent a document.")[1]
    assert f'href="/chat/uploads/{second}" download' in event.data
    assert "PDF, 1 KB" in event.data
    assert "<img" not in event.data
    with site.database.read() as session:
        [row] = evidence_of(session, conversation_id=visitor.conversation(site.database))
    assert (row.media_type, row.width, row.bytes) == ("application/pdf", None, len(original))
    assert row.sha256 == hashlib.sha256(original).hexdigest()
    assert re.fullmatch(r"[0-9a-f]{32}\.pdf", row.file_name)
    assert (site.settings.uploads / row.file_name).read_bytes() == original
    assert "UPS letter.pdf" in visitor.client.get("/chat/transcript").text


def test_what_was_sent_is_said_in_words(site: Site, visitor: Visitor) -> None:
    visitor.stage()
    stage_paper(visitor, paper())
    visitor.send(pictures="1")
    visitor.wait_for("pictures and a document")
    assert [heard["text"] for heard in site.fake.heard] == ["I have sent pictures and a document."]
    assert files_sent(2, 0) == "I have sent the pictures."
    assert files_sent(0, 3) == "I have sent documents."
    assert files_sent(1, 2) == "I have sent pictures and documents."


def test_a_document_is_only_ever_a_download(visitor: Visitor) -> None:
    content = paper(b"<script>alert(1)</script>")
    address = f"/chat/uploads/{stage_paper(visitor, content, 'a.html')}"
    answer = visitor.client.get(address)
    assert answer.content == content
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'attachment; filename="document.pdf"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == SANDBOX
    part = visitor.client.get(address, headers={"Range": "bytes=0-4"})
    assert (part.status_code, part.content) == (206, b"%PDF-")
    assert part.headers["content-disposition"].startswith("attachment")
    beyond = visitor.client.get(address, headers={"Range": "bytes=99999-"})
    assert beyond.status_code == 416


def test_another_session_and_a_guess_find_nothing(visitor: Visitor, other: Visitor) -> None:
    theirs = stage_paper(other, paper())
    for sent in (False, True):
        if sent:
            other.send(pictures="1")
        assert visitor.client.get(f"/chat/uploads/{theirs}").status_code == 404
        assert visitor.client.get(f"/chat/uploads/{theirs[:-1]}x").status_code == 404
        assert "UPS letter" not in visitor.reload()
    assert other.client.get(f"/chat/uploads/{theirs}").status_code == 200


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 422),
        (b"%PDF-1.7", 422),
        (b"<script>alert(1)</script>" + paper(), 422),
        (b"MZ" + paper(), 422),
        (paper(size=MAX_BYTES + 1), 413),
    ],
    ids=lambda value: ascii(value)[:16],
)
def test_what_is_no_pdf_or_too_large_is_refused_and_not_kept(
    site: Site, visitor: Visitor, content: bytes, status: int
) -> None:
    visitor.stage()  # the folder is there
    before = set(site.settings.uploads.iterdir())
    refused = visitor.upload(content, name="letter.pdf")
    assert refused.status_code == status, refused.text
    assert error_of(refused)
    assert set(site.settings.uploads.iterdir()) == before


def test_ten_megabytes_are_just_taken(visitor: Visitor) -> None:
    content = paper(size=MAX_BYTES)
    assert len(content) == MAX_BYTES
    assert "10.0 MB" in visitor.upload(content, name="scan.pdf").text


def test_a_picture_that_is_a_pdf_as_well_is_drawn_anew(visitor: Visitor) -> None:
    both = photo(comment=b"%PDF-1.4 " + b"x" * 40) + b"%%EOF"
    answer = visitor.client.get(f"/chat/uploads/{visitor.stage(both)}")
    assert answer.headers["content-type"] == "image/jpeg"
    assert b"%PDF" not in answer.content


def test_a_documents_name_is_text_wherever_it_is_shown(visitor: Visitor) -> None:
    evil = "<img src=x onerror=alert(1)>\u202e.pdf"
    shown = html.escape("<img src=x onerror=alert(1)>.pdf")
    stage_paper(visitor, paper(), evil)
    assert shown in visitor.reload()
    visitor.send(pictures="1")
    visitor.wait_for(shown)
    assert "<img src=x" not in visitor.reload()
    assert "\u202e" not in visitor.reload()


def test_documents_count_like_pictures(site: Site) -> None:
    visitor = Visitor(site.address)
    for place in range(8):
        stage_paper(visitor, paper()) if place % 2 else visitor.stage(photo(size=(8, 8)))
    refused = visitor.upload(paper(), name="x.pdf")
    assert refused.status_code == 422
    assert "8 files at a time" in error_of(refused)

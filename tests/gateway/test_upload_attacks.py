"""Attacks by upload: each must come to nothing."""

import stat
from collections.abc import Iterator

import pytest

from gateway.web.pictures import MAX_BYTES
from tests.gateway.site import Site
from tests.gateway.visitor import Visitor, error_of, photo


def test_another_sessions_pictures_are_out_of_reach(visitor: Visitor, other: Visitor) -> None:
    theirs = other.stage()
    assert visitor.client.get(f"/chat/uploads/{theirs}").status_code == 404
    removed = visitor.client.delete(f"/chat/uploads/{theirs}", headers=visitor.headers)
    assert removed.status_code == 404
    assert other.client.get(f"/chat/uploads/{theirs}").status_code == 200


def test_an_uploads_name_and_type_count_for_nothing(site: Site, visitor: Visitor) -> None:
    before = set(site.settings.uploads.iterdir()) if site.settings.uploads.is_dir() else set()
    added = visitor.upload(photo("PNG"), name="../../../evil.php")
    assert added.status_code == 201
    assert "evil" not in added.text
    [new] = set(site.settings.uploads.iterdir()) - before
    assert new.suffix == ".jpg"
    assert stat.S_IMODE(new.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"\xff\xd8\xff<!doctype html><script>alert(1)</script>",
        b"<!doctype html><script>alert(1)</script>",
    ],
)
def test_a_page_in_a_pictures_clothes_is_refused(visitor: Visitor, content: bytes) -> None:
    refused = visitor.upload(content)
    assert refused.status_code == 422
    assert "picture" in error_of(refused)


def test_a_picture_is_served_as_a_picture_and_nothing_else(visitor: Visitor) -> None:
    answer = visitor.client.get(f"/chat/uploads/{visitor.stage()}")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"] == 'inline; filename="evidence.jpg"'
    policy = answer.headers["content-security-policy"]
    assert policy == "default-src 'none'; sandbox; frame-ancestors 'none'"


def test_eleven_megabytes_are_refused_with_or_without_a_length(visitor: Visitor) -> None:
    large = b"\xff\xd8\xff" + b"x" * (11 * 1024 * 1024)
    assert visitor.upload(large).status_code == 413

    def chunks() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="picture"; filename="x"\r\n\r\n'
        for _ in range(11):
            yield b"x" * 2**20

    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    refused = visitor.client.post(
        "/chat/uploads", content=chunks(), headers={**visitor.headers, **kind}
    )
    assert refused.status_code == 413


def test_a_file_just_over_the_limit_is_refused(visitor: Visitor) -> None:
    refused = visitor.upload(photo() + b"\0" * (MAX_BYTES - 9000))
    assert refused.status_code == 413
    assert "10 MB" in error_of(refused)


def test_uploads_cannot_be_made_without_end(site: Site) -> None:
    visitor = Visitor(site.address)
    for _ in range(8):
        visitor.stage(photo(size=(8, 8)))
    refused = visitor.upload(photo(size=(8, 8)))
    assert refused.status_code == 422
    assert "8 files at a time" in error_of(refused)

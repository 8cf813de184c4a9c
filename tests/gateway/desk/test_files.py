"""Files from agents: with a message to the customer, or in a note that stays inside."""

import re
import secrets
from typing import Any

import httpx
import pytest

from casework.evidence.evidence import evidence_of
from casework.people.audit import audit_entries
from gateway.web.pictures import MAX_BYTES
from tests.gateway.desk.agent import DeskAgent
from tests.gateway.papers import paper
from tests.gateway.site import Site
from tests.gateway.test_files import SANDBOX, stage_paper
from tests.gateway.visitor import Visitor, error_of, photo

LABEL = paper(b"return label")


def send(
    agent: DeskAgent, conversation: str, *files: tuple[str, bytes], key: str = "", **data: str
) -> httpx.Response:
    """Write with files attached; `as` is in `as_`."""
    fields = {"text": "", "as": data.pop("as_", "reply"), "id": key or secrets.token_hex(16)}
    headers = {**agent.headers, "X-CSRF-Token": agent.csrf}
    path = f"/desk/conversations/{conversation}/messages"
    attached = [("file", (name, content, "text/html")) for name, content in files]
    return agent.client.post(path, data={**fields, **data}, files=attached, headers=headers)


@pytest.fixture
def here(kim: DeskAgent, conversation: str) -> str:
    """The conversation, with Kim in it."""
    assert kim.handle(conversation, "take_over").status_code == 303
    return conversation


def addresses(page: str, where: str) -> list[str]:
    return sorted(set(re.findall(rf'href="({where}/[^"]+)"', page)))


def kept(site: Site) -> set[Any]:
    return set(site.settings.uploads.iterdir()) if site.settings.uploads.is_dir() else set()


def test_a_label_and_a_picture_reach_the_customer(
    site: Site, kim: DeskAgent, visitor: Visitor, here: str
) -> None:
    files = (("return label.pdf", LABEL), ("map.png", photo("PNG")))
    assert send(kim, here, *files, text="Your label").status_code == 204
    event = visitor.wait_for("Your label")[-1]
    assert "return label.pdf" in event.data
    answers = [visitor.client.get(one) for one in addresses(visitor.reload(), "/chat/uploads")]
    by_type = {answer.headers["content-type"]: answer for answer in answers}
    assert set(by_type) == {"application/pdf", "image/jpeg"}
    pdf = by_type["application/pdf"]
    assert pdf.content == LABEL
    assert pdf.headers["content-disposition"] == 'attachment; filename="document.pdf"'
    assert pdf.headers["content-security-policy"] == SANDBOX
    with site.database.read() as session:
        assert evidence_of(session, conversation_id=here) == []
        entry = audit_entries(session, limit=1)[0]
        assert (entry.act, entry.subject, entry.data) == ("reply_written", here, {"files": 2})


def test_the_same_message_again_is_kept_once(
    site: Site, kim: DeskAgent, visitor: Visitor, here: str
) -> None:
    key = secrets.token_hex(16)
    before = kept(site)
    for _ in range(2):
        assert send(kim, here, ("label.pdf", LABEL), key=key).status_code == 204
    assert visitor.reload().count("label.pdf") == 1
    assert len(kept(site) - before) == 1


def test_without_the_chat_nothing_is_sent_or_kept(
    site: Site, kim: DeskAgent, lena: DeskAgent, visitor: Visitor, conversation: str
) -> None:
    before = kept(site)
    assert send(kim, conversation, ("label.pdf", LABEL)).status_code == 409
    assert kim.handle(conversation, "take_over").status_code == 303
    assert send(lena, conversation, ("label.pdf", LABEL)).status_code == 409
    assert send(kim, "nothing", ("label.pdf", LABEL)).status_code == 404
    assert kept(site) == before
    assert "label.pdf" not in visitor.reload()


def test_only_who_is_signed_in_and_has_the_token_attaches(
    kim: DeskAgent, visitor: Visitor, here: str
) -> None:
    path, fields = f"/desk/conversations/{here}/messages", {"id": "a" * 32, "as": "reply"}
    files = {"file": ("label.pdf", LABEL)}
    asked = visitor.client.post(path, data=fields, files=files, headers=visitor.headers)
    assert asked.status_code in {401, 403}
    forged = kim.client.post(path, data=fields, files=files, headers=kim.headers)
    assert forged.status_code == 403


def test_a_notes_files_never_reach_the_customer(
    kim: DeskAgent, visitor: Visitor, conversation: str
) -> None:
    files = (("inside.pdf", LABEL), ("inside.jpg", photo()))
    assert send(kim, conversation, *files, as_="note").status_code == 204
    inside = f"/desk/conversations/{conversation}/pictures"
    found = addresses(kim.page(f"/desk/conversations/{conversation}"), inside)
    assert len(found) == 2
    for address in found:
        assert kim.client.get(address).status_code == 200
        assert visitor.client.get(address).status_code in {303, 401, 404}
        upload = address.rpartition("/")[2]
        assert visitor.client.get(f"/chat/uploads/{upload}").status_code == 404
        gone = visitor.client.delete(f"/chat/uploads/{upload}", headers=visitor.headers)
        assert gone.status_code == 404
        assert upload not in visitor.reload()
    assert "inside.pdf" not in visitor.reload() + visitor.client.get("/chat/transcript").text


def test_agents_get_documents_as_downloads_and_nothing_unsent(
    site: Site, kim: DeskAgent, visitor: Visitor, conversation: str
) -> None:
    upload = stage_paper(visitor, LABEL)
    address = f"/desk/conversations/{conversation}/pictures/{upload}"
    assert kim.client.get(address).status_code == 404
    visitor.send(pictures="1")
    with site.database.read() as session:
        [row] = evidence_of(session, conversation_id=conversation)
    for path, name in ((address, "document"), (f"/desk/evidence/{row.id}", f"evidence-{row.id}")):
        answer = kim.client.get(path)
        assert answer.content == LABEL
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}.pdf"'
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"] == SANDBOX
        part = kim.client.get(path, headers={"Range": "bytes=0-4"})
        assert (part.status_code, part.content) == (206, b"%PDF-")
    assert "UPS letter.pdf" in kim.page(f"/desk/conversations/{conversation}")
    assert kim.client.get(f"/desk/conversations/nothing/pictures/{upload}").status_code == 404


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"<script>alert(1)</script>", 422),
        (b"<html>" + LABEL, 422),
        (b"", 422),
        (paper(size=MAX_BYTES + 1), 413),
    ],
    ids=lambda value: ascii(value)[:16],
)
def test_one_wrong_file_and_none_is_sent(
    site: Site, kim: DeskAgent, visitor: Visitor, here: str, content: bytes, status: int
) -> None:
    before = kept(site)
    refused = send(kim, here, ("good.pdf", LABEL), ("wrong.pdf", content), text="both")
    assert refused.status_code == status
    assert error_of(refused)
    assert kept(site) == before
    assert "good.pdf" not in visitor.reload()


def test_nine_files_are_too_many(kim: DeskAgent, here: str) -> None:
    refused = send(kim, here, *[("a.pdf", LABEL)] * 9)
    assert refused.status_code == 422
    assert "8 files at a time" in error_of(refused)


def test_a_chat_holds_forty_files_of_ours(kim: DeskAgent, visitor: Visitor, here: str) -> None:
    for _ in range(5):
        assert send(kim, here, *[("a.pdf", LABEL)] * 8).status_code == 204
    assert send(kim, here, ("a.pdf", LABEL)).status_code == 422
    visitor.stage()  # the customer's own are counted apart

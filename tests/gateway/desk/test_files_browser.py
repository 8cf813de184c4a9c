"""Files both ways between a customer and an agent, each in a real browser, on a phone too."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.gateway.desk.test_desk_browser import narrow
from tests.gateway.desk.windows import customer_page, handle, sign_in
from tests.gateway.papers import paper
from tests.gateway.site import Site
from tests.gateway.visitor import Visitor, photo
from tests.gateway.watched import DESK, PHONE, violations, watched

NARROW = {"width": 390, "height": 800}
LETTER, LABEL = paper(b"from the carrier"), paper(b"return label")


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """A letter, a label and a picture, under long names."""
    contents = {"letter.pdf": LETTER, "label.pdf": LABEL, "box.jpg": photo()}
    paths = {name: tmp_path / f"{'very-long-name-' * 4}{name}" for name in contents}
    for name, path in paths.items():
        path.write_bytes(contents[name])
    return paths


def downloaded(page: Page, name: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=name).click()
    assert download.value.suggested_filename == "document.pdf"
    return download.value.path().read_bytes()


@pytest.mark.parametrize("viewport", [DESK, NARROW], ids=["desk", "390 px"])
def test_files_go_both_ways(
    browser: Browser,
    site: Site,
    visitor: Visitor,
    conversation: str,
    files: dict[str, Path],
    viewport: dict[str, int],
) -> None:
    options = {"viewport": viewport, "color_scheme": "dark" if viewport is NARROW else "light"}
    with (
        watched(browser, site.address, **options) as customers,
        watched(browser, site.address, **options) as agents,
    ):
        chat, desk = customer_page(site, visitor, customers), sign_in(site, agents, "kim")
        desk.goto(f"{site.address}/desk/conversations/{conversation}")
        handle(desk, "Take over")
        expect(chat.get_by_text("Kim from our team is with you")).to_be_visible()
        customer_sends(chat, files)
        expect(desk.locator(".pictures img")).to_have_count(1)
        assert downloaded(desk, "letter.pdf") == LETTER
        agent_sends(desk, files)
        expect(chat.locator(".message.agent .pictures img")).to_have_count(1)
        assert downloaded(chat, "label.pdf") == LABEL
        for page in (chat, desk):
            assert violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def customer_sends(chat: Page, files: dict[str, Path]) -> None:
    """A letter and a picture, after taking a second letter back."""
    with chat.expect_file_chooser() as chooser:
        chat.get_by_role("button", name="Add pictures or a PDF").click()
    chooser.value.set_files([files["letter.pdf"], files["label.pdf"], files["box.jpg"]])
    chat.get_by_role("button", name="Send 3 files").wait_for()
    expect(chat.get_by_role("status").get_by_text("3 files ready to send")).to_be_attached()
    chat.get_by_role("button", name="label.pdf").press("Enter")
    chat.get_by_role("button", name="Send 2 files").wait_for()
    assert violations(chat) == []
    chat.reload()
    chat.get_by_role("button", name="Send 2 files").click()
    chat.get_by_text("I have sent pictures and a document.").wait_for()
    expect(chat.locator("#tray")).to_be_hidden()
    expect(chat.locator("a.file")).to_have_count(1)


def agent_sends(desk: Page, files: dict[str, Path]) -> None:
    """A label and a picture without a word, after taking a letter back."""
    attach = desk.get_by_label("Attach pictures or PDF")
    attach.set_input_files([files["label.pdf"], files["letter.pdf"]])
    attach.set_input_files(files["box.jpg"])
    expect(desk.get_by_role("status").get_by_text("3 files to send")).to_be_attached()
    assert violations(desk) == []
    desk.get_by_role("button", name="letter.pdf").press("Enter")
    expect(desk.get_by_text("2 files to send")).to_be_attached()
    expect(attach).to_be_focused()
    desk.get_by_role("button", name="Send to the customer").click()
    expect(desk.locator(".message.agent a.file")).to_have_count(1)
    expect(desk.locator("#attached")).to_be_hidden()


def test_a_pdf_is_dropped_or_pasted(browser: Browser, site: Site, visitor: Visitor) -> None:
    give = """([how, bytes]) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes)], `${how}.pdf`, {type: "application/pdf"}));
      const event = how === "drop" ? new DragEvent("drop", {dataTransfer: data, bubbles: true})
        : new ClipboardEvent("paste", {clipboardData: data, bubbles: true});
      document.getElementById("log").dispatchEvent(event);
    }"""
    with watched(browser, site.address, viewport=PHONE) as watch:
        chat = customer_page(site, visitor, watch)
        for how in ("drop", "paste"):
            chat.evaluate(give, [how, list(paper())])
        chat.get_by_role("button", name="Send 2 documents").wait_for()
        expect(chat.locator("#staged")).to_contain_text("paste.pdf")
        assert violations(chat) == []
        assert narrow(chat)
        chat.get_by_role("button", name="Remove drop.pdf").click()
        chat.get_by_role("button", name="Send 1 document").click()
        chat.get_by_text("You said: I have sent a document.").wait_for()


def test_a_refused_file_leaves_the_agents_draft(
    browser: Browser, site: Site, conversation: str, files: dict[str, Path], tmp_path: Path
) -> None:
    wrong = tmp_path / "page.pdf"
    wrong.write_bytes(b"<script>alert(1)</script>")
    with watched(browser, site.address) as agents:
        agents.network_may_fail = True  # the browser notes a refusal as an error
        desk = sign_in(site, agents, "kim")
        desk.goto(f"{site.address}/desk/conversations/{conversation}")
        desk.get_by_label("Private note, for our team only").check()
        desk.get_by_label("Write to the customer").fill("see inside")
        desk.get_by_label("Attach pictures or PDF").set_input_files([files["box.jpg"], wrong])
        desk.get_by_role("button", name="Keep as private note").click()
        expect(desk.locator("#talk-refused")).to_contain_text("not a picture we can read")
        expect(desk.get_by_label("Write to the customer")).to_have_value("see inside")
        desk.get_by_role("button", name="Remove page.pdf").click()
        desk.get_by_role("button", name="Keep as private note").click()
        expect(desk.locator(".message.note img")).to_have_count(1)
        expect(desk.get_by_label("Write to the customer")).to_have_value("")

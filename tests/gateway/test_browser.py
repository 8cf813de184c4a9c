"""The chat in a real browser, with an assistant made up for tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

from tests.gateway.desk.windows import customer_page
from tests.gateway.site import Server, Site, free_port
from tests.gateway.visitor import Visitor, photo
from tests.gateway.watched import chat_frame, eventually, say, violations, watched


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    with watched(browser, site.address) as watch:
        page = watch.page()
        page.goto(f"{site.address}/chat")
        yield page


def test_a_claim_with_pictures_from_the_shops_page(
    browser: Browser, site: Site, pictures: list[Path]
) -> None:
    with watched(browser, site.address) as watch:
        page = watch.page()
        page.goto(site.address)
        chat = chat_frame(page)
        chat.get_by_role("button", name="Something arrived damaged").click()
        chat.get_by_text("What is your order number?").wait_for()
        say(chat, "10482")
        chat.get_by_text("A good picture shows").wait_for()
        with page.expect_file_chooser() as chooser:
            chat.get_by_role("log").get_by_role("button", name="Add pictures").click()
        chooser.value.set_files(pictures)
        chat.get_by_role("button", name="Send 2 pictures").click()
        chat.get_by_text("You get a full refund of $189.00").wait_for()
        expect(chat.get_by_label("Your message")).to_have_value("")
        expect(chat.locator(".pictures img")).to_have_count(2)
        assert [heard["text"] for heard in site.fake.heard] == [
            "Something arrived damaged",
            "10482",
            "I have sent the pictures.",
        ]


def test_the_chat_works_on_another_origins_page(browser: Browser, site: Site) -> None:
    html = f'<!doctype html><title>A shop</title><script src="{site.address}/embed.js"></script>'
    port = free_port()
    shop = Server(Starlette(routes=[Route("/", lambda request: HTMLResponse(html))]), port)
    address = f"http://127.0.0.1:{port}"
    try:
        with watched(browser, site.address, address) as watch:
            page = watch.page()
            page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
            page.goto(address)
            chat = chat_frame(page)
            say(chat, "from elsewhere")
            chat.get_by_text("You said: from elsewhere").wait_for()
            page.keyboard.press("Escape")
            launcher = page.get_by_role("button", name="Help with an order")
            expect(launcher).to_be_focused()
            expect(page.locator("iframe")).to_be_hidden()
            launcher.press("Enter")
            expect(page.locator("iframe")).to_be_visible()
    finally:
        shop.stop()


def test_history_is_there_after_a_reload_and_on_a_second_tab(browser: Browser, site: Site) -> None:
    with watched(browser, site.address) as watch:
        one = watch.page()
        one.goto(f"{site.address}/chat")
        say(one, "first tab")
        one.get_by_text("You said: first tab").wait_for()
        one.reload()
        expect(one.get_by_text("You said: first tab")).to_have_count(1)
        two = watch.page()
        two.goto(f"{site.address}/chat")
        say(two, "second tab")
        for tab in (one, two):
            tab.get_by_text("You said: second tab").wait_for()
            expect(tab.locator("#messages > li")).to_have_count(5)
            expect(tab.locator("#outbox > li")).to_have_count(0)


def test_nothing_is_lost_or_doubled_while_the_server_is_away(browser: Browser, site: Site) -> None:
    with watched(browser, site.address) as watch:
        watch.network_may_fail = True
        page = watch.page()
        page.goto(f"{site.address}/chat")
        say(page, "before")
        page.get_by_text("You said: before").wait_for()
        site.stop_gateway()
        say(page, "in between one")
        say(page, "in between two")
        page.get_by_text("Not sent yet. Trying again").first.wait_for()
        page.get_by_text("No connection right now").wait_for()
        site.start_gateway()
        page.get_by_text("You said: in between two").wait_for()
        expect(page.get_by_text("No connection right now")).to_be_hidden()
        expect(page.locator("#outbox > li")).to_have_count(0)
        said = ["before", "in between one", "in between two"]
        expect(page.locator("#messages > li.customer .bubble")).to_have_text(said)
        assert [heard["text"] for heard in site.fake.heard] == said


def test_what_was_not_sent_yet_is_sent_after_a_reload(browser: Browser, site: Site) -> None:
    with watched(browser, site.address) as watch:
        watch.network_may_fail = True
        page = watch.page()
        page.goto(f"{site.address}/chat")
        page.route("**/chat/messages", lambda route: route.abort())
        say(page, "keep this")
        page.get_by_text("Not sent yet").wait_for()
        page.unroute("**/chat/messages")
        page.reload()
        page.get_by_text("You said: keep this").wait_for()
        assert [heard["text"] for heard in site.fake.heard] == ["keep this"]


def test_an_answer_lost_on_the_way_back_does_not_double_the_message(
    browser: Browser, site: Site
) -> None:
    with watched(browser, site.address) as watch:
        watch.network_may_fail = True
        page = watch.page()
        page.goto(f"{site.address}/chat")
        lost = []

        def lose_once(route: object) -> None:
            if lost:
                route.continue_()  # type: ignore[attr-defined]
            else:
                lost.append(route.fetch())  # type: ignore[attr-defined]
                route.abort()  # type: ignore[attr-defined]

        page.route("**/chat/messages", lose_once)
        say(page, "once")
        expect(page.locator("#outbox > li")).to_have_count(0)
        page.get_by_text("You said: once").wait_for()
        expect(page.locator("#messages > li.customer")).to_have_count(1)


def test_a_hidden_tab_closes_its_stream_and_catches_up(
    browser: Browser, site: Site, visitor: Visitor
) -> None:
    conversation = visitor.conversation(site.database)
    hide = """hidden => {
      Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
      document.dispatchEvent(new Event("visibilitychange"));
    }"""

    def streams() -> int:
        return len(site.gateway.wakeups._listening.get(conversation, ()))

    with watched(browser, site.address) as watch:
        page = customer_page(site, visitor, watch)
        eventually(lambda: streams() == 1, page)
        page.evaluate(hide, True)
        eventually(lambda: streams() == 0, page)
        say(page, "while hidden")
        answer = ("assistant", "You said: while hidden")
        eventually(lambda: visitor.messages()[-1] == answer, page)
        expect(page.get_by_text("You said: while hidden")).to_have_count(0)
        page.evaluate(hide, False)
        page.get_by_text("You said: while hidden").wait_for()
        expect(page.locator("#messages > li")).to_have_count(3)


def test_pictures_can_be_dropped_pasted_and_taken_back(page: Page, site: Site) -> None:
    give = """([how, bytes]) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes)], `${how}.jpg`, {type: "image/jpeg"}));
      const event = how === "drop" ? new DragEvent("drop", {dataTransfer: data, bubbles: true})
        : new ClipboardEvent("paste", {clipboardData: data, bubbles: true});
      document.getElementById("log").dispatchEvent(event);
    }"""
    for how in ("drop", "paste"):
        page.evaluate(give, [how, list(photo(size=(40, 30)))])
    page.get_by_role("button", name="Send 2 pictures").wait_for()
    page.get_by_role("button", name="Remove this picture").first.click()
    page.get_by_role("button", name="Send 1 picture").wait_for()
    page.reload()
    page.get_by_role("button", name="Send 1 picture").click()
    page.get_by_text("Here is where your case stands").wait_for()
    expect(page.locator(".pictures img")).to_have_count(1)


def test_a_file_that_is_no_picture_is_refused_clearly(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    note, fake = tmp_path / "note.txt", tmp_path / "fake.jpg"
    note.write_text("hello")
    fake.write_text("<script>alert(1)</script>")
    with watched(browser, site.address) as watch:
        watch.network_may_fail = True  # the browser notes a refusal as an error
        page = watch.page()
        page.goto(f"{site.address}/chat")
        refuse_both(page, note, fake)


def refuse_both(page: Page, note: Path, fake: Path) -> None:
    page.locator("#files").set_input_files(note)
    expect(page.get_by_role("alert")).to_contain_text("“note.txt” is not a picture we can read")
    with page.expect_response("**/chat/uploads") as refused:
        page.locator("#files").set_input_files(fake)
    assert refused.value.status == 422
    expect(page.get_by_role("alert")).to_contain_text("“fake.jpg”")
    expect(page.locator("#tray")).to_be_hidden()


def test_a_slow_assistant_is_said_honestly(site: Site, page: Page) -> None:
    site.fake.behave = "slow"
    say(page, "hello?")
    page.get_by_text("The assistant is typing").wait_for(state="attached")
    page.get_by_text("taking longer than usual").wait_for()
    assert violations(page) == []
    site.fake.behave = "ok"
    page.get_by_text("You said: hello?").wait_for()


def test_a_person_and_the_phone_are_always_within_reach(site: Site, page: Page) -> None:
    expect(page.get_by_role("link", name="Call 1-213-737-9983").first).to_be_visible()
    page.get_by_role("button", name="Talk to a person").click()
    page.get_by_text("You said: I want to talk to a person.").wait_for()


def test_the_menu_keeps_and_forgets(page: Page) -> None:
    say(page, "remember me")
    page.get_by_text("You said: remember me").wait_for()
    page.get_by_label("Menu").click()
    assert violations(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Download transcript").click()
    assert "remember me" in download.value.path().read_text("utf-8")
    page.get_by_role("button", name="Forget this chat").click()
    expect(page.get_by_text("remember me")).to_have_count(0)
    expect(page.locator("#messages > li")).to_have_count(1)

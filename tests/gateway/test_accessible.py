"""The chat for everybody: keyboard, phone, dark theme, assistive technology, no scripts."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.gateway.site import Site
from tests.gateway.watched import (
    DESK,
    PHONE,
    chat_frame,
    eventually,
    follow,
    opened_chat,
    say,
    violations,
    watched,
)


def test_the_keyboard_alone_is_enough(site: Site, browser: Browser) -> None:
    with watched(browser, site.address) as watch:
        page = watch.page()
        page.goto(site.address)
        page.keyboard.press("Tab")
        while page.evaluate("document.activeElement.shadowRoot === null"):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        chat = opened_chat(page)
        expect(chat.get_by_label("Your message")).to_be_focused()
        page.keyboard.type("I want to return something")
        page.keyboard.press("Enter")
        chat.get_by_text("Shall I open").wait_for()
        seen = ""
        while "Yes, go ahead" not in seen:
            page.keyboard.press("Shift+Tab")
            seen = chat.evaluate("document.activeElement.textContent")
        page.keyboard.press("Enter")
        chat.get_by_text("You said: Yes, go ahead").wait_for()
        expect(chat.get_by_label("Your message")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Help with an order")).to_be_focused()


@pytest.mark.parametrize(
    ("scheme", "viewport"), [("light", DESK), ("dark", PHONE)], ids=["light desk", "dark phone"]
)
def test_axe_finds_nothing_in_any_state(
    browser: Browser, site: Site, pictures: list[Path], scheme: str, viewport: dict[str, int]
) -> None:
    with watched(browser, site.address, color_scheme=scheme, viewport=viewport) as watch:
        page = watch.page()
        page.goto(site.address)
        states = {"shop": violations(page)}
        page.goto(f"{site.address}/chat")
        states["greeting"] = violations(page)
        say(page, "10482")
        page.get_by_text("A good picture shows").wait_for()
        states["pictures wanted"] = violations(page)
        page.locator("#files").set_input_files(pictures)
        page.get_by_role("button", name="Send 2 pictures").wait_for()
        states["pictures staged"] = violations(page)
        page.get_by_role("button", name="Send 2 pictures").click()
        page.get_by_text("You get a full refund").wait_for()
        page.get_by_text("Why: what the policy says").click()
        states["card"] = violations(page)
        page.locator("#files").set_input_files(__file__)
        page.get_by_role("alert").wait_for()
        states["refusal"] = violations(page)
        assert {name: found for name, found in states.items() if found} == {}


def test_a_phones_screen_is_filled_and_never_scrolls_sideways(browser: Browser, site: Site) -> None:
    with watched(browser, site.address, viewport=PHONE, has_touch=True, is_mobile=True) as watch:
        page = watch.page()
        page.goto(site.address)
        chat = chat_frame(page)
        box = page.locator("iframe").bounding_box()
        assert box == {"x": 0, "y": 0, "width": PHONE["width"], "height": PHONE["height"]}
        say(chat, "A very long word: " + "x" * 300)
        chat.get_by_text("You said: A very long").wait_for()
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not chat.evaluate(wide)
        assert not page.evaluate(wide)
        small = """[...document.querySelectorAll("button, .menu summary, .replies button")]
          .filter((one) => one.offsetParent && Math.min(one.offsetWidth, one.offsetHeight) < 24)
          .map((one) => one.outerHTML)"""
        assert chat.evaluate(small) == []


def test_without_scripts_a_customer_still_gets_through(browser: Browser, site: Site) -> None:
    with watched(browser, site.address, java_script_enabled=False) as watch:
        page = watch.page()
        page.goto(f"{site.address}/chat")
        follow(page, page.get_by_role("button", name="Something arrived damaged"))
        reload_until(page, page.get_by_text("What is your order number?"))
        page.get_by_label("Your message").fill("10482")
        follow(page, page.get_by_role("button", name="Send", exact=True))
        reload_until(page, page.get_by_text("Please add pictures of the damage"))


def reload_until(page: Page, answer: Locator) -> None:
    """Nothing tells a page without scripts that the answer is there."""

    def is_there() -> bool:
        page.reload()
        return answer.is_visible()

    eventually(is_there, page)


def test_what_watches_the_pages_does_see(browser: Browser, site: Site) -> None:
    image = "document.body.insertAdjacentHTML('beforeend', '<img src=https://x.example>')"

    def visit() -> None:
        with watched(browser, site.address) as watch:
            page = watch.page()
            page.goto(f"{site.address}/chat")
            page.evaluate(image)
            seen.extend(violations(page))
            eventually(lambda: watch.reports() != [], page)

    seen: list[str] = []
    with pytest.raises(AssertionError, match="img-src"):
        visit()
    assert any("image-alt" in one for one in seen)

"""Pages that are watched: errors, policy reports and foreign requests are noted, axe looks on."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Frame, Locator, Page, Request

from gateway.settings import PROJECT
from tests.gateway.browser import PATIENCE

AXE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE = {"width": 375, "height": 740}
DESK = {"width": 1200, "height": 800}
_LISTEN = """
  window.reports = [];
  document.addEventListener("securitypolicyviolation", (event) =>
    window.reports.push(`${event.violatedDirective}: ${event.blockedURI}`));
"""


@dataclass
class Watch:
    """What went wrong on the pages of one context."""

    hosts: set[str]
    context: BrowserContext
    wrong: list[str] = field(default_factory=list)
    network_may_fail: bool = False

    def page(self) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("request", self._request)
        return page

    def _console(self, kind: str, text: str) -> None:
        lost = "net::ERR" in text or "Failed to load resource" in text
        if kind == "error" and not (lost and self.network_may_fail):
            self.wrong.append(f"console: {text}")

    def _request(self, request: Request) -> None:
        if request.url.startswith(("blob:", "data:")):
            return
        if request.url.split("/")[2] not in self.hosts:
            self.wrong.append(f"foreign request: {request.url}")

    def reports(self) -> list[str]:
        frames = [frame for page in self.context.pages for frame in page.frames]
        return [report for frame in frames for report in frame.evaluate("window.reports || []")]


@contextmanager
def watched(browser: Browser, *addresses: str, **options: Any) -> Iterator[Watch]:
    """A fresh browser profile; at its end nothing may have gone wrong."""
    context = browser.new_context(**{"viewport": DESK, "reduced_motion": "reduce", **options})
    context.set_default_timeout(PATIENCE)
    context.add_init_script(_LISTEN)
    watch = Watch({address.split("/")[2] for address in addresses}, context)
    try:
        yield watch
        reports = watch.reports() if options.get("java_script_enabled", True) else []
        if reports or watch.wrong:
            raise AssertionError("\n".join([*reports, *watch.wrong]))
    finally:
        context.close()


def violations(place: Page | Frame) -> list[str]:
    """What axe finds wrong in a page or frame, one line each."""
    place.evaluate(AXE.read_text("utf-8"))
    found = place.evaluate(
        "tags => axe.run(document, {runOnly: tags, preload: false, iframes: false})", TAGS
    )
    return [
        f"{one['id']}: {json.dumps([node['html'][:140] for node in one['nodes']])}"
        for one in found["violations"]
    ]


def eventually(holds: Callable[[], bool], page: Page) -> None:
    """Let the page go on until something holds."""
    end = time.monotonic() + PATIENCE / 1000
    while not holds():
        if time.monotonic() > end:
            raise AssertionError("that did not come about")
        page.wait_for_timeout(20)


def follow(page: Page, what: Locator) -> None:
    """Click what leads to another page, and wait until that one's scripts listen."""
    with page.expect_navigation():
        what.click()


def say(place: Page | Frame, text: str) -> None:
    """Type a message and press Enter."""
    box = place.get_by_label("Your message")
    box.fill(text)
    box.press("Enter")


def chat_frame(page: Page, name: str = "Help with an order") -> Frame:
    """Open the chat on a shop's page and return its frame."""
    page.get_by_role("button", name=name).first.click()
    return opened_chat(page)


def opened_chat(page: Page) -> Frame:
    """The frame of a chat that was opened, once its scripts listen."""
    page.frame_locator("iframe").get_by_role("log").wait_for()
    [frame] = [frame for frame in page.frames if frame.url.endswith("/chat")]
    frame.wait_for_load_state()
    return frame

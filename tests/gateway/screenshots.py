"""Pictures of the chat's and the desk's main states: `python -m tests.gateway.screenshots`.

Written to `var/screenshots`: a whole claim with every process running, on a desk and on a phone in
dark theme, then the states that take an assistant made up for tests.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import Browser, Frame, Page
from sqlalchemy.orm import Session

from casework.cases.case import cases_of
from casework.conversations.conversation import add_message, hand_over
from casework.conversations.handling import ask_for_person
from casework.conversations.web_sessions import conversation_of
from casework.orders.order import find_order
from casework.shop import policy_in_force
from gateway.settings import PROJECT
from gateway.web.running import now
from tests.gateway.browser import find_chromium, open_browser
from tests.gateway.desk.agent import PASSWORD, account
from tests.gateway.everything import everything, has_model
from tests.gateway.site import Site, running_site
from tests.gateway.watched import DESK, PHONE, chat_frame, say

TALK = "a-customer-of-the-pictures"
FOLDER = PROJECT / "var" / "screenshots"


def main() -> int:
    """Write the pictures; 2 where there is no browser or no model."""
    if find_chromium() is None or not has_model():
        print("Needs Chromium (see 'make test') and a model ('make train').", file=sys.stderr)
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, open_browser() as browser:
        photo = Path(folder) / "chair.jpg"
        draw_chair().save(photo, quality=88)
        with everything(Path(folder)) as address:
            claim(browser, address, photo, "desk", "light")
            claim(browser, address, photo, "phone", "dark")
        with running_site(Path(folder) / "odd") as site:
            odd_states(browser, site, "light")
            odd_states(browser, site, "dark")
        with running_site(Path(folder) / "agents") as site:
            agents_desk(browser, site, "desk", "light")
            agents_desk(browser, site, "phone", "dark")
    print(f"{len(list(FOLDER.glob('*.png')))} pictures in {FOLDER.relative_to(PROJECT)}")
    return 0


def shooter(page: Page, prefix: str) -> Callable[[str], None]:
    """A function that takes the next picture under a name."""
    count = iter(range(1, 100))

    def shoot(name: str) -> None:
        page.wait_for_timeout(350)
        page.screenshot(path=FOLDER / f"{prefix}-{next(count):02}-{name}.png")

    return shoot


def claim(browser: Browser, address: str, photo: Path, size: str, scheme: str) -> None:
    """A damaged chair on the desk's screen, a faulty lamp on the phone's."""
    phone = size == "phone"
    order = "10490 nina.petrov@example.com" if phone else "10482 dana.kim@example.com"
    context = browser.new_context(
        viewport=PHONE if phone else DESK,
        color_scheme=scheme,
        device_scale_factor=2 if phone else 1,
        reduced_motion="reduce",
    )
    page = context.new_page()
    shoot = shooter(page, f"{size}-{scheme}")
    page.goto(address)
    shoot("shop")
    chat = chat_frame(page)
    shoot("greeting")
    chat.get_by_role("button", name="It doesn't work" if phone else "arrived damaged").click()
    chat.get_by_text("What is your order number").wait_for()
    shoot("order-number")
    say(chat, order)
    if phone:
        chat.get_by_role("button", name="refund").click()
    pictures(chat, photo, shoot)
    chat.get_by_role("button", name="Yes, go ahead").wait_for()
    shoot("confirm")
    chat.get_by_role("button", name="Yes, go ahead").click()
    chat.get_by_role("article").wait_for()
    shoot("card")
    chat.get_by_text("Why: what the policy says").click()
    chat.get_by_label("Menu").click()
    shoot("menu")
    with context.expect_page() as opened:
        chat.get_by_role("link", name="Print or save").dispatch_event("click")
    opened.value.wait_for_load_state()
    opened.value.screenshot(path=FOLDER / f"{size}-{scheme}-summary.png", full_page=True)
    context.close()


def pictures(chat: Frame, photo: Path, shoot: Callable[[str], None]) -> None:
    """The request for pictures, two of them staged, and sent."""
    chat.get_by_role("log").get_by_role("button", name="Add pictures").wait_for()
    shoot("pictures-wanted")
    chat.locator("#files").set_input_files([photo, photo])
    chat.get_by_role("button", name="Send 2 pictures").wait_for()
    shoot("pictures-staged")
    chat.get_by_role("button", name="Send 2 pictures").click()


def odd_states(browser: Browser, site: Site, scheme: str) -> None:
    """An answer that is slow, a refused file, a person in the chat, no connection."""
    context = browser.new_context(viewport=PHONE, color_scheme=scheme, device_scale_factor=2)
    page = context.new_page()
    shoot = shooter(page, f"odd-{scheme}")
    page.goto(f"{site.address}/chat")
    say(page, "I want to return something")
    page.get_by_text("Shall I open").wait_for()
    site.fake.behave = "slow"
    page.get_by_role("button", name="Yes, go ahead").click()
    page.locator(".typing").wait_for()
    shoot("typing")
    page.get_by_text("taking longer").wait_for()
    shoot("slow")
    site.fake.behave = "ok"
    page.get_by_text("You said: Yes").wait_for()
    page.locator("#files").set_input_files(__file__)
    shoot("refused-file")
    token = next(one["value"] for one in context.cookies() if one["name"] == "chat")
    with site.database.begin() as session:
        key = conversation_of(session, token, now())
        assert key
        hand_over(session, key, expected="assistant", to="agent")
        text = "Hi, this is Ana. I have your case here and will look at the pictures now."
        add_message(session, key, audience="customer", author="agent", text=text, now=now())
    page.get_by_text("this is Ana").wait_for()
    shoot("person")
    site.stop_gateway()
    say(page, "Thank you!")
    page.get_by_text("No connection").wait_for()
    shoot("offline")
    site.start_gateway()
    context.close()


def agents_desk(browser: Browser, site: Site, size: str, scheme: str) -> None:
    """Signing in, the queue, a return about to be accepted, a live conversation, the reports,
    what a new policy would change."""
    phone = size == "phone"
    viewport = {"width": 390, "height": 800} if phone else {"width": 1280, "height": 860}
    context = browser.new_context(viewport=viewport, color_scheme=scheme)
    account(site, "lena", "lead")
    page = context.new_page()
    shoot = shooter(page, f"agents-{size}-{scheme}")
    page.goto(f"{site.address}/desk")
    shoot("sign-in")
    page.get_by_label("Login").fill("lena")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Queue").wait_for()
    shoot("queue")
    page.goto(f"{site.address}/desk/cases/{case_on(site, '10509')}")
    page.get_by_label("Accept", exact=True).check()
    page.get_by_label("Restocking fee").fill("20")
    page.get_by_role("button", name="Confirm and tell the customer").wait_for()
    shoot("case")
    with site.database.begin() as session:
        start_talk(session)
    page.goto(f"{site.address}/desk/conversations/{TALK}")
    if page.get_by_text("The customer waits").is_visible():
        page.get_by_text("Take over, hand back, pass on").click()
        page.get_by_role("button", name="Take over").click()
    shoot("live")
    page.goto(f"{site.address}/desk/reports")
    page.get_by_role("heading", name="Where conversations were left").wait_for()
    page.screenshot(path=FOLDER / f"{size}-report.png", full_page=True)
    page.goto(f"{site.address}/desk/impact")
    page.get_by_label("Policy file").set_input_files(lower_fee(site))
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("region").first.wait_for()
    shoot("impact")
    context.close()


def lower_fee(site: Site) -> Path:
    """A policy file that caps the restocking fee lower than the one in force."""
    text = policy_in_force().path.read_text("utf-8").replace('value: "35"', 'value: "20"')
    file = site.settings.var / "new.yml"
    file.write_text(text, "utf-8")
    return file


def case_on(site: Site, order_number: str) -> str:
    """The number of the case on a sample order."""
    with site.database.read() as session:
        order = find_order(session, order_number)
        assert order
        return cases_of(session, order)[0].number


def start_talk(session: Session) -> None:
    """A customer who asked for a person, once."""
    said = (("customer", "Can somebody tell me when the new lamp ships?"),
            ("assistant", "I have passed this on to a person on our team."))  # fmt: skip
    for place, (author, text) in enumerate(said):
        add_message(
            session, TALK, audience="customer", author=author, text=text, now=now(),
            key=f"shot-{place}",
        )  # fmt: skip
    ask_for_person(session, TALK, now())


def draw_chair() -> Image.Image:
    """A drawn chair with a broken leg: no picture of anybody's."""
    image = Image.new("RGB", (1600, 1200), "#d9d2c5")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 850, 1600, 1200), fill="#9a8468")
    draw.rounded_rectangle((560, 180, 1040, 620), 60, fill="#39424e")
    draw.rounded_rectangle((500, 600, 1100, 720), 50, fill="#2b323b")
    for x in (560, 1010):
        draw.rectangle((x, 700, x + 34, 980), fill="#20252c")
    draw.polygon([(1010, 820), (1044, 800), (1160, 985), (1120, 1000)], fill="#20252c")
    draw.line((540, 240, 700, 420, 620, 520, 760, 600), fill="#d9d2c5", width=10)
    return image.filter(ImageFilter.GaussianBlur(1.2))


if __name__ == "__main__":
    sys.exit(main())

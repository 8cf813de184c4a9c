"""The windows of a story: the customer's chat, the agents' desk, and what is done in them."""

from playwright.sync_api import Locator, Page, expect

from tests.gateway.desk.agent import PASSWORD, account
from tests.gateway.site import Site
from tests.gateway.visitor import Visitor
from tests.gateway.watched import Watch, follow

CONFIRM = "Confirm and tell the customer"


def customer_page(site: Site, visitor: Visitor, watch: Watch) -> Page:
    """The visitor's chat in a browser."""
    token = visitor.client.cookies["chat"]
    watch.context.add_cookies([{"name": "chat", "value": token, "url": site.address}])
    page = watch.page()
    page.goto(f"{site.address}/chat")
    return page


def sign_in(site: Site, watch: Watch, login: str, role: str = "agent") -> Page:
    """The desk, with that agent's queue open."""
    account(site, login, role)
    page = watch.page()
    page.goto(f"{site.address}/desk")
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_role("heading", name="Queue").wait_for()
    return page


def open_case_page(desk: Page, number: str) -> None:
    """Find the case in the queue and open it."""
    desk.get_by_label("Order, case, e-mail or words").fill(number)
    follow(desk, desk.get_by_role("button", name="Search"))
    follow(desk, desk.get_by_role("link", name=number))
    question(desk).wait_for()


def question(desk: Page) -> Locator:
    """What the case page asks the agent first."""
    return desk.locator("#question-title")


def act(desk: Page, title: str, *choices: str, reads: str, **fields: str) -> str:
    """Do an act: choose, fill in, look at what the customer will read, confirm; returns the text.

    `fields` are named by how their label begins, with `_` for a blank.
    """
    form = desk.locator("details.act").filter(has=desk.locator("summary", has_text=title))
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    for choice in choices:
        form.get_by_label(choice, exact=True).check()
    for label, value in fields.items():
        form.get_by_label(label.replace("_", " ")).fill(value)
    if not choices and not fields:
        form.get_by_role("button", name="Show what the customer will read").click()
    shown = form.locator(".preview")
    expect(shown).to_contain_text(reads)
    text = shown.locator(".bubble").inner_text()
    follow(desk, form.get_by_role("button", name=CONFIRM))
    return text


def last_card(chat: Page) -> Locator:
    """The newest decision card in the customer's window."""
    return chat.get_by_role("article").last


def handle(desk: Page, button: str, **fields: str) -> None:
    """Take over, hand back, leave or pass on."""
    desk.get_by_text("Take over, hand back, pass on").click()
    for label, value in fields.items():
        field = desk.get_by_label(label.replace("_", " "))
        if label == "To_which_colleague":
            field.select_option(value)
        else:
            field.fill(value)
    follow(desk, desk.get_by_role("button", name=button))


def write_to_customer(desk: Page, text: str) -> None:
    """Send the customer a message."""
    desk.get_by_label("Write to the customer").fill(text)
    desk.get_by_role("button", name="Send to the customer").click()

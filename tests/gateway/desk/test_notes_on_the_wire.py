"""Private notes never reach the customer: every byte that went to the browser is looked through."""

from dataclasses import replace

from playwright.sync_api import Browser, expect

from tests.gateway.desk.conftest import Asker
from tests.gateway.desk.windows import act, customer_page, handle, sign_in, write_to_customer
from tests.gateway.desk.wire import wire_to
from tests.gateway.site import Site
from tests.gateway.visitor import Visitor
from tests.gateway.watched import say, watched

NOTE = "smells-like-fraud, call the carrier"
# Reads an answer to its end, or up to what came last where it has no end.
READ = """async ([path, last]) => {
  const reader = (await fetch(path)).body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let some = {}; !some.done && !text.includes(last); text += decoder.decode(some.value))
    some = await reader.read();
  await reader.cancel();
}"""


def test_nothing_of_a_note_goes_over_the_customers_wire(
    browser: Browser, site: Site, visitor: Visitor, asked: Asker
) -> None:
    number = asked("remorse", remedy="refund")
    with (
        wire_to(site.address) as wire,
        watched(browser, wire.address) as customers,
        watched(browser, site.address) as agents,
    ):
        over_the_wire = replace(site, settings=replace(site.settings, public_url=wire.address))
        chat, desk = customer_page(over_the_wire, visitor, customers), sign_in(site, agents, "kim")
        desk.goto(f"{site.address}/desk/cases/{number}")
        handle(desk, "Take over")
        expect(chat.get_by_text("Kim from our team is with you")).to_be_visible()

        desk.get_by_label("Private note, for our team only").check()
        desk.get_by_label("Write to the customer").fill(NOTE)
        desk.get_by_role("button", name="Keep as private note").click()
        note = desk.get_by_role("log").get_by_role("listitem").filter(has_text=NOTE)
        expect(note).to_contain_text("Only our team sees this")
        expect(desk.get_by_label("Write to the customer")).to_have_value("")

        say(chat, "Are you still there?")
        expect(desk.get_by_role("log").get_by_text("Are you still there?")).to_be_visible()
        desk.get_by_label("To the customer", exact=True).check()
        write_to_customer(desk, "I am.")
        expect(chat.get_by_text("I am.", exact=True)).to_be_visible()
        act(desk, "Accept or reject", "Accept", Restocking_fee="0", reads="$189.00")
        expect(chat.get_by_role("article")).to_contain_text("$189.00")

        chat.reload()
        expect(chat.get_by_text("I am.", exact=True)).to_be_visible()
        for path in ("/chat/transcript", f"/chat/case/{number}", "/chat/stream?after=0"):
            chat.evaluate(READ, [path, "has accepted your request"])
        assert wire.answered.count(b"I am.") >= 4  # the stream twice, the page, the transcript
        assert number.encode() in wire.answered
        for part in (NOTE, "smells-like-fraud", "call the carrier"):
            assert part.encode() not in wire.answered

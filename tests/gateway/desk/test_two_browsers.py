"""A customer and an agent, each in a browser: what one decides, the other reads at once."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from casework.shop import day_of
from gateway.web.running import now
from policy_core.dates import add_business_days, in_words
from tests.gateway.desk.conftest import Asker, Attacher, case_of
from tests.gateway.desk.windows import (
    act,
    customer_page,
    last_card,
    open_case_page,
    question,
    sign_in,
)
from tests.gateway.site import Site
from tests.gateway.visitor import Visitor
from tests.gateway.watched import violations, watched

Windows = tuple[Page, Page]


@pytest.fixture
def windows(browser: Browser, site: Site, visitor: Visitor) -> Iterator[Windows]:
    """The customer's chat and Kim's desk."""
    with watched(browser, site.address) as customers, watched(browser, site.address) as agents:
        agents.network_may_fail = True  # prepared evidence has no file to show
        yield customer_page(site, visitor, customers), sign_in(site, agents, "kim")


def today() -> date:
    return day_of(now())


def three_business_days_on() -> str:
    return in_words(add_business_days(today(), 3))


def closed(desk: Page, site: Site, number: str) -> bool:
    expect(question(desk)).to_have_text("This case is closed.")
    return case_of(site, number).state == "closed"


def test_goods_no_longer_wanted_are_taken_back_for_a_fee(
    windows: Windows, site: Site, asked: Asker
) -> None:
    chat, desk = windows
    number = asked("remorse", remedy="refund")
    open_case_page(desk, number)
    expect(question(desk)).to_have_text("Do we accept this request?")

    seen = act(desk, "Accept or reject", "Accept", Restocking_fee="20", reads="$151.20")
    expect(chat.get_by_text("a person on our team has accepted your request")).to_be_visible()
    assert seen in [one.inner_text() for one in chat.locator(".bubble").all()]
    expect(last_card(chat)).to_contain_text("You get a refund")
    expect(last_card(chat)).to_contain_text("restocking fee is 20% of the order total")
    expect(last_card(chat)).to_contain_text("we process your refund within 3 business days")
    assert violations(chat) == []

    act(desk, "The return is on its way", reads="is on its way to us")
    expect(last_card(chat)).to_contain_text(f"refund by {three_business_days_on()}")

    act(desk, "Refund paid", reads="$151.20")
    expect(chat.get_by_text("Your refund of $151.20")).to_be_visible()
    expect(chat.get_by_text(f"That settles case {number}")).to_be_visible()
    assert closed(desk, site, number)


def test_a_better_photo_proves_the_damage(
    windows: Windows, site: Site, asked: Asker, attach: Attacher, pictures: list[Path]
) -> None:
    chat, desk = windows
    number = asked("damaged", remedy="refund", evidence=True)
    open_case_page(desk, number)
    expect(question(desk)).to_have_text("Does the evidence show what happened?")

    unclear = "The photo is too dark."
    act(desk, "Judge the evidence", "No, not clearly enough", Reason=unclear, reads=unclear)
    expect(chat.get_by_text(unclear)).to_be_visible()
    expect(last_card(chat)).to_contain_text("Waiting for your pictures")
    expect(last_card(chat)).to_contain_text("A clear photo of the damage")
    assert violations(chat) == []

    with chat.expect_file_chooser() as chooser:
        chat.get_by_role("button", name="Add pictures").last.click()
    chooser.value.set_files(pictures[0])
    chat.get_by_role("button", name="Send 1 picture").click()
    expect(desk.get_by_role("log").get_by_role("img", name="Picture 1")).to_be_visible()
    attach(number)

    desk.reload()
    act(desk, "Judge the evidence", "Yes, it shows what happened", reads="it shows what happened")
    expect(last_card(chat)).to_contain_text("a refund is yours by right")
    expect(last_card(chat)).to_contain_text(f"return label by {three_business_days_on()}")
    expect(last_card(chat)).to_contain_text("The refund is $189.00")

    act(desk, "Prepaid label sent", Tracking_number="1Z999", reads="1Z999")
    expect(chat.get_by_text("label for case").last).to_contain_text("is on its way to you (1Z999)")

    act(desk, "The return is on its way", reads="is on its way to us")
    expect(last_card(chat)).to_contain_text(f"refund by {three_business_days_on()}")

    act(desk, "Refund paid", reads="$189.00")
    expect(chat.get_by_text("Your refund of $189.00")).to_be_visible()
    assert closed(desk, site, number)


def test_a_late_request_is_accepted(windows: Windows, site: Site, asked: Asker) -> None:
    chat, desk = windows
    number = asked("defective", like="10488", remedy="replacement", evidence=True)
    open_case_page(desk, number)
    expect(question(desk)).to_have_text("Do we accept this request?")

    act(desk, "Accept or reject", "Accept", reads="has accepted your request")
    expect(last_card(chat)).to_contain_text("after the 30 days, and the shop has agreed")

    act(desk, "Judge the evidence", "Yes, it shows what happened", reads="it shows what happened")
    expect(last_card(chat)).to_contain_text("You get a replacement")
    expect(last_card(chat)).to_contain_text(f"return label by {three_business_days_on()}")
    act(desk, "Prepaid label sent", Tracking_number="1Z999", reads="1Z999")
    act(desk, "The return is on its way", reads="is on its way to us")
    expect(last_card(chat)).to_contain_text("replacement")
    act(desk, "Replacement sent", Tracking_number="1Z777", reads="1Z777")
    expect(chat.get_by_text("The tracking number is 1Z777")).to_be_visible()
    assert closed(desk, site, number)


def test_a_late_request_is_declined(windows: Windows, site: Site, asked: Asker) -> None:
    chat, desk = windows
    number = asked("damaged", like="10488", remedy="refund", evidence=True)
    open_case_page(desk, number)
    why = "The chair was used for months."
    act(desk, "Accept or reject", "Reject", Reason=why, reads=why)
    expect(chat.get_by_text(why)).to_be_visible()
    expect(chat.get_by_text("please call 1-213-737-9983")).to_be_visible()
    expect(last_card(chat)).to_contain_text("Declined")

    act(desk, "Close the case", How_it_was_settled="We declined it.", reads="We declined it.")
    expect(chat.get_by_text(f"has closed case {number}")).to_be_visible()
    assert closed(desk, site, number)


def test_an_address_is_corrected_before_the_parcel_leaves(
    windows: Windows, site: Site, asked: Asker
) -> None:
    chat, desk = windows
    number = asked("wrong_information", like="10497")
    open_case_page(desk, number)
    expect(question(desk)).to_have_text("Can the delivery details still be corrected?")

    right = "12 Elm Street, Portland, OR 97201"
    act(desk, "Address corrected", The_details=right, reads=right)
    expect(chat.get_by_text(right)).to_be_visible()
    expect(chat.get_by_text(f"That settles case {number}")).to_be_visible()
    assert closed(desk, site, number)


def test_what_comes_in_while_the_agent_decides_is_not_overlooked(
    windows: Windows, site: Site, asked: Asker, attach: Attacher
) -> None:
    chat, desk = windows
    number = asked("damaged", remedy="refund", evidence=True, like="10488")
    open_case_page(desk, number)
    other = desk.context.new_page()
    other.goto(desk.url)
    act(other, "Accept or reject", "Accept", reads="has accepted")
    expect(last_card(chat)).to_contain_text("has agreed to take it up")

    desk.get_by_label("Reject").check()
    desk.get_by_label("Reason").first.fill("Too late.")
    expect(desk.locator(".preview").get_by_role("alert")).to_be_visible()
    assert [entry.kind for entry in case_of(site, number).log].count("seller_decided") == 1

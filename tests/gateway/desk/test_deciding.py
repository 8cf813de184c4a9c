"""Deciding a case at the desk: seen beforehand, allowed by role, done once, and told."""

import html

import pytest

from casework.conversations.conversation import add_message
from gateway.web.running import now
from tests.gateway.desk.agent import DeskAgent
from tests.gateway.desk.conftest import Asker, case_of
from tests.gateway.site import Site
from tests.gateway.visitor import Visitor


def test_the_case_page_says_what_to_decide_and_why(kim: DeskAgent, asked: Asker) -> None:
    number = asked("remorse")
    page = html.unescape(kim.page(f"/desk/cases/{number}"))
    assert "Do we accept this request?" in page
    assert "the shop decides whether it takes them back" in page
    assert "Returns of goods without a defect" in page
    assert number in kim.page("/desk")


def test_a_return_accepted_with_a_fee_reaches_the_customer(
    kim: DeskAgent, asked: Asker, visitor: Visitor, site: Site
) -> None:
    number = asked("remorse")
    shown = kim.preview(number, "decide", seller_decision="accept", fee_percent="20").text
    assert "$151.20" in shown
    assert "$151.20" not in visitor.reload()
    done = kim.act(number, "decide", seller_decision="accept", fee_percent="20")
    assert done.status_code == 303
    told = visitor.wait_for("accepted your request")[-1].data
    assert "$151.20" in told
    assert case_of(site, number).log[-1].actor == "agent:kim"


def test_a_confirmed_act_is_done_once(kim: DeskAgent, asked: Asker, site: Site) -> None:
    number = asked("other")
    reason = {"reason": "The missing part is on its way."}
    shown = kim.preview(number, "close", **reason).text
    key = shown.split('name="key" value="')[1].split('"')[0]
    seen = shown.split('name="seen" value="')[1].split('"')[0]
    for _ in range(3):
        again = kim.post(f"/desk/cases/{number}/acts", act="close", key=key, seen=seen, **reason)
        assert again.status_code == 303
    assert [entry.kind for entry in case_of(site, number).log].count("closed") == 1


def test_what_was_not_seen_is_not_done(kim: DeskAgent, asked: Asker, site: Site) -> None:
    number = asked("other")
    shown = kim.preview(number, "close", reason="One thing.").text
    key = shown.split('name="key" value="')[1].split('"')[0]
    seen = shown.split('name="seen" value="')[1].split('"')[0]
    other = kim.post(
        f"/desk/cases/{number}/acts", act="close", key=key, seen=seen, reason="Another thing."
    )
    assert other.status_code == 409
    assert "Nothing was done" in other.text
    unseen = kim.post(f"/desk/cases/{number}/acts", act="close", reason="One thing.")
    assert unseen.status_code == 400
    assert case_of(site, number).state == "open"


@pytest.mark.parametrize(
    ("act", "data", "why"),
    [
        ("decide", {"seller_decision": "accept"}, "0 keeps nothing"),
        ("decide", {"seller_decision": "accept", "fee_percent": "36"}, "Restocking fee"),
        ("decide", {"seller_decision": "reject"}, "customer reads it"),
        ("close", {"reason": "No."}, "still owed"),
        ("record_refund", {"amount": "5", "reason": "Nice", "goodwill": "yes"}, "lead"),
        ("reopen", {"reason": "x"}, "does not allow"),
    ],
)
def test_a_refused_act_says_why_and_changes_nothing(
    kim: DeskAgent, asked: Asker, site: Site, act: str, data: dict[str, str], why: str
) -> None:
    number = asked("remorse")
    assert why in html.unescape(kim.preview(number, act, **data).text)
    refused = kim.post(f"/desk/cases/{number}/acts", act=act, key="k" * 20, seen="x", **data)
    assert refused.status_code == 409
    assert [entry.kind for entry in case_of(site, number).log] == ["opened"]


def test_goodwill_is_a_leads_and_is_called_so(
    kim: DeskAgent, lena: DeskAgent, asked: Asker
) -> None:
    number = asked("remorse")
    assert "Refund as goodwill" not in lena.page(f"/desk/cases/{number}")
    kim.act(number, "decide", seller_decision="reject", reason="It was used.")
    assert "Refund as goodwill" not in kim.page(f"/desk/cases/{number}")
    assert "Refund as goodwill" in lena.page(f"/desk/cases/{number}")
    gift = {"amount": "40", "reason": "You waited long.", "goodwill": "yes"}
    assert lena.act(number, "record_refund", **gift).status_code == 303
    assert "Goodwill was given" in lena.page(f"/desk/cases/{number}")


def test_private_notes_never_reach_the_customer(
    kim: DeskAgent, asked: Asker, visitor: Visitor, conversation: str, site: Site
) -> None:
    number = asked("other")
    assert kim.write(conversation, "smells like fraud", "note").status_code == 204
    assert "smells like fraud" in kim.page(f"/desk/cases/{number}")
    with site.database.begin() as session:
        add_message(
            session, conversation, audience="customer", author="system", text="the end", now=now()
        )
    wire = [event.data for event in visitor.wait_for("the end")]
    wire += [visitor.reload(), visitor.client.get("/chat/transcript").text]
    assert [one for one in wire if "fraud" in one] == []


def test_evidence_is_shown_to_agents_alone(kim: DeskAgent, asked: Asker, visitor: Visitor) -> None:
    number = asked("damaged", evidence=True, remedy="refund")
    page = kim.page(f"/desk/cases/{number}")
    assert "Does the evidence show what happened?" in page
    path = page.split('<a href="/desk/evidence/')[1].split('"')[0]
    assert visitor.client.get(f"/desk/evidence/{path}").status_code == 303
    assert kim.client.get("/desk/evidence/999999").status_code == 404


def test_of_two_who_take_a_case_one_has_it(kim: DeskAgent, lena: DeskAgent, asked: Asker) -> None:
    number = asked("other")
    path = f"/desk/cases/{number}/assignee"
    assert kim.post(path, to="me").status_code == 303
    assert lena.post(path, to="me").status_code == 409
    assert number in kim.page("/desk?view=mine")
    assert number not in lena.page("/desk?view=mine")
    assert kim.post(path, **{"from": "kim", "to": "nobody"}).status_code == 303
    assert number in lena.page("/desk?view=unassigned")

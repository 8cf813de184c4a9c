"""Live over HTTP: typing both ways, who else looks, and a stream that ends with its session."""

from dataclasses import replace
from pathlib import Path

import httpx
import time_machine

from casework.conversations.handling import ask_for_person
from casework.people.accounts import end_sessions, find_agent
from gateway.app import create_app
from gateway.web.running import now
from tests.gateway.desk.agent import DeskAgent
from tests.gateway.desk.conftest import Asker
from tests.gateway.site import Server, Site, free_port, running_site
from tests.gateway.visitor import Visitor, until


def type_on(visitor: Visitor) -> int:
    return visitor.client.post("/chat/typing", headers=visitor.headers).status_code


def test_a_person_sees_the_customer_typing_and_the_message_ends_it(
    site: Site, kim: DeskAgent, visitor: Visitor, conversation: str
) -> None:
    kim.handle(conversation, "take_over")
    with kim.stream(conversation) as events:
        assert type_on(visitor) == 204
        until(events, lambda one: one.name == "typing" and "The customer is typing" in one.data)
        visitor.send("here it is")
        until(events, lambda one: one.name == "typing" and "typing" not in one.data)


def test_the_customer_sees_the_agent_typing_until_it_ends_by_itself(
    kim: DeskAgent, visitor: Visitor, conversation: str
) -> None:
    kim.handle(conversation, "take_over")
    with visitor.stream() as events:
        until(events, lambda one: one.name == "state")
        assert kim.post(f"/desk/conversations/{conversation}/typing").status_code == 204
        until(events, lambda one: one.name == "typing" and "Kim is typing" in one.data)
        drawn = []
        for event in events:
            drawn.append(event)
            if event.name == "typing" and "Kim" not in event.data:
                break
        assert [one.name for one in drawn] == ["typing"]  # nothing else was drawn anew


def test_typing_is_nobodys_business_while_the_assistant_answers(
    site: Site, kim: DeskAgent, lena: DeskAgent, visitor: Visitor, conversation: str
) -> None:
    assert type_on(visitor) == 204
    with kim.stream(conversation) as events:
        shown = [next(events) for _ in range(4)]
        assert "typing" in [one.name for one in shown]
        assert not [one for one in shown if "is typing" in one.data]
    with site.database.begin() as session:
        ask_for_person(session, conversation, now())
    assert lena.post(f"/desk/conversations/{conversation}/typing").status_code == 204
    type_on(visitor)
    with kim.stream(conversation) as events:
        until(events, lambda one: "The customer is typing" in one.data)
    assert kim.post("/desk/conversations/nothing/typing").status_code == 404


def test_typing_needs_the_pages_own_token_and_has_a_limit(tmp_path: Path) -> None:
    with running_site(tmp_path / "var", rate_limits=True) as site:
        visitor = Visitor(site.address)
        assert visitor.client.post("/chat/typing").status_code == 403
        kim = DeskAgent(site, "kim")
        path = "/desk/conversations/nothing/typing"
        with time_machine.travel(now(), tick=False):  # however long it takes
            assert [type_on(visitor) for _ in range(7)] == [204] * 6 + [429]
            assert [kim.post(path).status_code for _ in range(7)] == [404] * 6 + [429]


def test_who_else_is_looking_at_a_case_and_in_the_queue(
    kim: DeskAgent, lena: DeskAgent, asked: Asker, conversation: str, visitor: Visitor
) -> None:
    number = asked("other")
    with kim.stream(conversation, number) as events:
        until(events, lambda one: one.name == "looking" and "looking" not in one.data)
        with lena.stream(conversation, number) as hers:
            until(hers, lambda one: "Kim is looking at this, too" in one.data)
            until(events, lambda one: "Lena is looking at this, too" in one.data)
            assert "Lena looking" in kim.page(f"/desk?words={number}")
            assert "Kim looking" not in kim.page(f"/desk?words={number}")
            assert "looking" not in visitor.reload()
        until(events, lambda one: one.name == "looking" and "looking" not in one.data)
    assert "Lena looking" not in kim.page(f"/desk?words={number}")


def test_the_two_sides_may_be_at_different_gateways(
    site: Site, kim: DeskAgent, visitor: Visitor, conversation: str
) -> None:
    kim.handle(conversation, "take_over")
    settings = replace(site.settings, port=free_port())
    second = Server(create_app(settings, site.database), settings.port)
    try:
        there = httpx.Client(base_url=settings.address, cookies=visitor.client.cookies)
        headers = {**visitor.headers, "Origin": settings.address}
        with kim.stream(conversation) as events:
            assert there.post("/chat/typing", headers=headers).status_code == 204
            until(events, lambda one: "The customer is typing" in one.data)
        there.close()
    finally:
        second.stop()


def test_nothing_of_the_desk_is_on_the_customers_wire(
    kim: DeskAgent, lena: DeskAgent, visitor: Visitor, conversation: str, asked: Asker
) -> None:
    number = asked("other")
    kim.handle(conversation, "take_over")
    with lena.stream(conversation, number) as hers, visitor.stream() as events:
        until(hers, lambda one: one.name == "looking")
        lena.post(f"/desk/conversations/{conversation}/typing")  # she does not have the chat
        kim.write(conversation, "a note of ours", "note")
        kim.write(conversation, "the end")
        seen = []
        for event in events:
            seen.append(event)
            if "the end" in event.data:
                break
    wire = " ".join(one.data for one in seen)
    assert {one.name for one in seen} <= {"message", "state", "typing"}
    assert not [word for word in ("Lena", "looking", "a note of ours", "is typing") if word in wire]


def test_an_open_stream_ends_when_the_session_is_revoked(
    site: Site, kim: DeskAgent, lena: DeskAgent, conversation: str
) -> None:
    with kim.stream(conversation) as events:
        until(events, lambda one: one.name == "looking")
        with site.database.begin() as session:
            agent = find_agent(session, "kim")
            assert agent
            end_sessions(session, agent, now())
        rest = list(events)
        assert rest[-1].name == "ended"
        assert "signed out" in rest[-1].data
    lena.write(conversation, "after the end", "note")
    assert kim.client.get(f"/desk/conversations/{conversation}/stream").status_code == 303
    with lena.stream(conversation) as events:
        looking = next(one for one in events if one.name == "looking")
        assert "Kim" not in looking.data


def test_canned_replies_are_filled_from_the_case_and_send_nothing(
    kim: DeskAgent, asked: Asker, visitor: Visitor, conversation: str
) -> None:
    number = asked("remorse")
    path = f"/desk/conversations/{conversation}/replies"
    page = kim.page(f"{path}?case={number}")
    assert f"I have case {number} for order" in page
    assert "No more than this" not in page
    assert page == kim.page(path)  # its only open case
    kim.act(number, "decide", seller_decision="reject", reason="It was used.")
    assert "Returns of goods without a defect" in kim.page(f"{path}?case={number}")
    asked("other")
    assert number not in kim.page(path)
    assert "this is Kim from our team" in kim.page(path)
    assert kim.client.get(f"{path}?case=AOP-R-2222-2222").status_code == 404
    assert "I have case" not in visitor.reload()


def test_the_queue_is_filtered_by_what_is_needed_and_taken_from(
    kim: DeskAgent, lena: DeskAgent, asked: Asker
) -> None:
    remorse, other = asked("remorse"), asked("other")
    shown = kim.page("/desk?view=all&needs=decide")
    assert remorse in shown
    assert other not in shown
    path = f"/desk/queue/{remorse}/assignee"
    assert kim.post(path).status_code == 204
    assert lena.post(path).status_code == 409
    assert remorse in kim.page("/desk?view=mine")
    assert lena.post(path, **{"from": "kim"}).status_code == 204
    assert kim.post("/desk/queue/nothing/assignee").status_code == 409

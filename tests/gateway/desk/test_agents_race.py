"""Two agents want the same: one has it, the other is told who."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from playwright.sync_api import Browser, expect

from tests.gateway.desk.agent import DeskAgent
from tests.gateway.desk.conftest import Asker, case_of
from tests.gateway.desk.windows import customer_page, handle, sign_in, write_to_customer
from tests.gateway.site import Site
from tests.gateway.visitor import Visitor
from tests.gateway.watched import say, watched

ROUNDS = 20  # so that what goes wrong now and then is found


def test_of_many_who_take_over_at_once_one_speaks(site: Site) -> None:
    team = [DeskAgent(site, f"racer{count}") for count in range(3)]
    for _ in range(ROUNDS):
        visitor = Visitor(site.address)
        conversation = visitor.conversation(site.database)
        first = who_takes_over(team, visitor, conversation)
        visitor.client.close()
    written = {agent.login: agent.write(conversation, "Hello").status_code for agent in team}
    assert written == {agent.login: 204 if agent is first else 409 for agent in team}


def who_takes_over(team: list[DeskAgent], visitor: Visitor, conversation: str) -> DeskAgent:
    """All of them take the conversation over at the same moment; returns the one who has it."""
    ready = Barrier(len(team), timeout=60)

    def take_over(agent: DeskAgent) -> tuple[int, str]:
        ready.wait()
        answer = agent.handle(conversation, "take_over")
        return answer.status_code, answer.text

    with ThreadPoolExecutor(len(team)) as pool:
        answers = list(pool.map(take_over, team))
    [first] = [agent for agent, (status, _) in zip(team, answers, strict=True) if status == 303]
    losers = [text for status, text in answers if status == 409]
    assert len(losers) == len(team) - 1
    assert all(f"{first.login.title()} has this chat already" in text for text in losers)
    joined = [text for _, text in visitor.messages() if "has joined this chat" in text]
    assert [text.split()[0] for text in joined] == [first.login.title()]
    return first


def test_of_two_who_decide_at_once_one_does(
    kim: DeskAgent, lena: DeskAgent, asked: Asker, site: Site, visitor: Visitor
) -> None:
    for _ in range(ROUNDS):
        one_decides((kim, lena), asked("remorse", remedy="refund"), site)
    told = [text for _, text in visitor.messages() if "accepted your request" in text]
    assert len(told) == ROUNDS


def one_decides(agents: tuple[DeskAgent, DeskAgent], number: str, site: Site) -> None:
    """Both decide the case at the same moment."""
    ready = Barrier(2, timeout=60)

    def decide(agent: DeskAgent, fee: str) -> int:
        data = {"seller_decision": "accept", "fee_percent": fee}
        shown = agent.seen(number, "decide", **data)
        ready.wait()
        return agent.post(f"/desk/cases/{number}/acts", act="decide", **shown, **data).status_code

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(decide, agents, ("20", "10")))
    assert sorted(answers) == [303, 409]
    assert [entry.kind for entry in case_of(site, number).log].count("seller_decided") == 1


def test_the_slower_agent_sees_who_was_quicker(
    browser: Browser, site: Site, visitor: Visitor, conversation: str
) -> None:
    address = f"{site.address}/desk/conversations/{conversation}"
    with (
        watched(browser, site.address) as customers,
        watched(browser, site.address) as first,
        watched(browser, site.address) as second,
    ):
        second.network_may_fail = True  # what comes too late is refused
        chat = customer_page(site, visitor, customers)
        kim, lena = sign_in(site, first, "kim"), sign_in(site, second, "lena", "lead")
        for desk in (kim, lena):
            desk.goto(address)
            expect(desk.get_by_text("The assistant is answering.")).to_be_visible()

        handle(kim, "Take over")
        expect(lena.get_by_text("Kim is writing with the customer.")).to_be_visible()
        write_to_customer(lena, "I can help, too.")
        expect(lena.get_by_text("you are not the one in this chat now")).to_be_visible()
        expect(lena.get_by_label("Write to the customer")).to_have_value("I can help, too.")
        handle(lena, "Take over")
        expect(lena.get_by_text("Kim has this chat already")).to_be_visible()

        expect(chat.get_by_text("Kim from our team is with you")).to_be_visible()
        say(chat, "Who is there?")
        expect(kim.get_by_role("log").get_by_text("Who is there?")).to_be_visible()
        expect(chat.get_by_role("log")).not_to_contain_text("Lena")
        expect(chat.get_by_role("log")).not_to_contain_text("I can help, too.")

        lena.goto(address)
        handle(kim, "Pass on", To_which_colleague="lena")
        expect(chat.get_by_text("Lena from our team takes over this chat")).to_be_visible()
        expect(lena.get_by_text("Lena is writing with the customer.")).to_be_visible()
        write_to_customer(lena, "Now it is me.")
        expect(chat.get_by_text("Now it is me.")).to_be_visible()

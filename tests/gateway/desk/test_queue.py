"""The desk's queue: pages that begin anywhere, counted to a thousand, and one question a case."""

import re
from datetime import timedelta

from casework.cases.case import situation_of
from casework.cases.needs import waits_for
from casework.conversations.conversation import ensure_conversation
from casework.queue.queue import COUNTED, PAGE
from casework.queue.rows import QueueRow
from casework.queue.table import OURS
from casework.shop import day_of, policy_in_force
from gateway.desk.case_page import QUESTIONS
from gateway.desk.queue import MOST_PAGES, NEEDS
from gateway.web.running import now
from tests.gateway.desk.agent import DeskAgent
from tests.gateway.desk.conftest import Asker, case_of
from tests.gateway.site import Site

MANY = COUNTED + 1


def fill(site: Site) -> None:
    with site.database.begin() as session:
        ensure_conversation(session, "many", now())
        for number in range(MANY):
            session.merge(
                QueueRow(
                    subject=f"many-{number:05}", conversation_id="many", situation="remorse",
                    needs="decide", turn=OURS, assignee="somebody",
                    waiting_since=now() - timedelta(days=400, minutes=MANY - number),
                )
            )  # fmt: skip


def ids(page: str) -> list[str]:
    return re.findall(r'data-row="([^"]+)"', page)


def more(page: str) -> str:
    found = re.search(r'class="more" href="([^"]+)"', page)
    assert found
    return found[1].replace("&amp;", "&")


def test_pages_go_on_where_the_last_ended_and_keep_their_place(site: Site, kim: DeskAgent) -> None:
    fill(site)
    page = kim.page("/desk?situation=remorse")
    assert "1,000+" in page
    assert len(ids(page)) == PAGE
    for shown in range(2, MOST_PAGES + 1):
        page = kim.page(more(page))
        assert len(ids(page)) == shown * PAGE
    first, link = ids(page), more(page)
    page = kim.page(link)
    assert "Back to the first" in page
    assert len(ids(page)) == PAGE
    assert not set(first) & set(ids(page))
    with site.database.begin() as session:  # one before it leaves: the place is kept
        session.delete(session.get(QueueRow, first[0]))
    assert ids(kim.page(link.replace("/desk?", "/desk/queue?"))) == ids(page)
    assert kim.page("/desk?after=nonsense~x")
    with site.database.begin() as session:
        session.query(QueueRow).filter(QueueRow.conversation_id == "many").delete()


def test_row_and_page_of_a_case_say_the_same(site: Site, kim: DeskAgent, asked: Asker) -> None:
    number = asked("damaged", evidence=True, remedy="refund")
    policy, today = policy_in_force(), day_of(now())
    needs = waits_for(situation_of(case_of(site, number), policy, today))
    assert needs == "judge_evidence"
    assert QUESTIONS[needs] in kim.page(f"/desk/cases/{number}")
    assert NEEDS[needs] in kim.page(f"/desk?words={number}")
    assert set(QUESTIONS) <= set(NEEDS)

"""The audit log is looked through: by who, by act and by what it was done to."""

import html
import re

import pytest

from casework.people.audit import note_act
from gateway.web.running import now
from tests.gateway.desk.agent import DeskAgent
from tests.gateway.desk.conftest import Asker
from tests.gateway.site import Site

ROW = re.compile(r"<tr><td>.*?</td><td>(.*?)</td><td>(.*?)</td><td>(.*?)</td></tr>")


def rows(page: str) -> list[tuple[str, ...]]:
    """Who, act and subject of every line shown."""
    return [tuple(html.unescape(cell) for cell in row) for row in ROW.findall(page)]


@pytest.fixture
def number(kim: DeskAgent, lena: DeskAgent, asked: Asker) -> str:
    """A case Kim closes and Lena opens again."""
    number = asked("other")
    kim.act(number, "close", reason="It was found.")
    lena.act(number, "reopen", reason="It was not.")
    return number


def test_all_that_was_done_to_one_case(number: str, lena: DeskAgent) -> None:
    shown = rows(lena.page(f"/desk/audit?subject={number.lower()}"))
    assert shown == [("agent:lena", "reopen", number), ("agent:kim", "close", number)]


def test_all_that_one_agent_did(number: str, lena: DeskAgent) -> None:
    shown = rows(lena.page("/desk/audit?who=Kim"))
    assert {who for who, _, _ in shown} == {"agent:kim"}
    assert ("agent:kim", "close", number) in shown


def test_filters_hold_together_and_stay_in_the_form(number: str, lena: DeskAgent) -> None:
    page = lena.page(f"/desk/audit?who=kim&act=close&subject={number}")
    assert rows(page) == [("agent:kim", "close", number)]
    assert 'name="who" value="kim"' in page
    assert '<option value="close" selected>' in page
    assert f'name="subject" value="{number}"' in page
    none = lena.page(f"/desk/audit?who=kim&act=reopen&subject={number}")
    assert rows(none) == []
    assert "Nothing was noted that fits." in none


def test_older_pages_keep_the_filter(site: Site, lena: DeskAgent) -> None:
    with site.database.begin() as session:
        for count in range(130):
            note_act(session, actor="agent:mo & co", act="tidy", subject=str(count), now=now())
    first = lena.page("/desk/audit?who=mo+%26+co&act=tidy")
    assert len(rows(first)) == 100
    link = re.search(r'href="(/desk/audit\?[^"]+)">Older', first)
    assert link
    second = lena.page(html.unescape(link[1]))
    assert [subject for _, _, subject in rows(second)] == [str(n) for n in range(29, -1, -1)]
    assert "Older" not in second


@pytest.mark.parametrize("odd", ["<script>alert(1)</script>", "' OR 1=1 --", "%", "x" * 5000])
def test_odd_words_find_nothing_and_do_nothing(lena: DeskAgent, odd: str) -> None:
    for name in ("who", "act", "subject", "before"):
        answer = lena.client.get("/desk/audit", params={name: odd})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert name == "before" or rows(answer.text) == []

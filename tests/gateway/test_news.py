"""News of what other processes did reaches every open stream; idle streams ask for nothing."""

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from casework.conversations.conversation import add_message, hand_over
from casework.conversations.handling import ask_for_person
from casework.conversations.news import KEPT, newest, news_after
from casework.conversations.presence import note_typing
from casework.people.accounts import add_agent
from casework.storage.database import Database
from casework.storage.tables import Base
from gateway.web.message_stream import LOOK_SECONDS
from gateway.web.running import now
from tests.gateway.conftest import site_on
from tests.gateway.site import Site
from tests.gateway.visitor import PATIENCE, Visitor, until
from tests.sql import statements


def test_what_another_process_wrote_comes_without_being_asked_for(
    site: Site, visitor: Visitor
) -> None:
    assert LOOK_SECONDS > PATIENCE  # so that it is the news that brings it
    key = visitor.conversation(site.database)
    elsewhere = Database(site.database.engine.url.render_as_string(hide_password=False))
    with visitor.stream() as events:
        until(events, lambda one: one.name == "typing")
        with elsewhere.begin() as session:
            add_message(
                session, key, audience="customer", author="agent", text="from afar", now=now()
            )
        until(events, lambda one: "from afar" in one.data)
        with elsewhere.begin() as session:
            ask_for_person(session, key, now())
        until(events, lambda one: one.name == "state" and "person" in one.data)
        with elsewhere.begin() as session:
            add_agent(session, login="ada", name="Ada", role="agent", password="a" * 12, now=now())
            hand_over(session, key, expected="waiting", to="agent", agent="ada", now=now())
        until(events, lambda one: one.name == "state" and "Ada" in one.data)
        with elsewhere.begin() as session:
            chat = session.get(Base.registry._class_registry["Conversation"], key)
            assert note_typing(session, chat, "ada", now())
        until(events, lambda one: one.name == "typing" and "Ada is typing" in one.data)
    elsewhere.close()


@pytest.fixture
def quiet_site(request: pytest.FixtureRequest, tmp_path: Path, site_engine: str) -> Iterator[Site]:
    """A site where nobody but the test does anything."""
    with site_on(site_engine, tmp_path, request) as site:
        yield site


def test_idle_streams_ask_the_database_for_nothing(quiet_site: Site) -> None:
    with ExitStack() as stack:
        with statements(quiet_site.database.engine) as opening:
            for _ in range(12):
                visitor = Visitor(quiet_site.address)
                stack.callback(visitor.client.close)
                events = stack.enter_context(visitor.stream())
                until(events, lambda one: one.name == "typing")
        assert _about_chats(opening)
        for _ in range(20):  # what opening them began may go on for a while
            if not _asked_in(quiet_site, 1):
                break
        assert _asked_in(quiet_site, 3) == []


def _asked_in(site: Site, seconds: float) -> list[str]:
    with statements(site.database.engine) as asked:
        time.sleep(seconds)
    return _about_chats(asked)


def _about_chats(asked: list[str]) -> list[str]:
    return [one for one in asked if re.search(r"\b(FROM|JOIN) (messages|conversations)\b", one)]


def test_the_list_of_news_stays_short_and_says_what_it_has_lost(site: Site) -> None:
    if site.database.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL keeps no list")
    with site.database.begin() as session:
        first = newest(session)
        for number in range(KEPT + 5):
            note = {"audience": "agents", "author": "system", "text": str(number), "now": now()}
            add_message(session, "a-busy-one", **note)
        last, subjects = news_after(session, first)
        assert subjects is None
        assert last >= first + KEPT + 5
        assert news_after(session, last - 1) == (last, {"a-busy-one": last})
        assert news_after(session, last) == (last, {})

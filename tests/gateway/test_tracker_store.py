"""Conversations kept in memory are never other than those in the database."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.utils.endpoints import read_endpoint_config

from casework.privacy import tracker as privacy
from gateway.inside_rasa import tracker_store
from gateway.inside_rasa.tracker_store import ConversationStore
from gateway.settings import PROJECT
from tests.conftest import BOTH
from tests.engines import Engines

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
intents: [greet]
slots:
  matter: {type: any, influence_conversation: false, mappings: [{type: custom}]}
"""
)


class Place:
    """A database, the stores that Rasa processes open on it, and what they ask of it."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.asked: list[str] = []
        self.stores: list[SQLTrackerStore] = []

    def store(self, kind: type[SQLTrackerStore] = ConversationStore) -> Any:
        """A process's store."""
        store = kind(DOMAIN, **self.settings)
        self.stores.append(store)
        sa.event.listen(
            store.engine,
            "before_cursor_execute",
            lambda connection, cursor, statement, *_: self.asked.append(statement),
        )
        return store

    def reads(self) -> int:
        """How often a conversation was read since this was last asked."""
        found = sum("events.data" in one and "count(" not in one for one in self.asked)
        self.asked.clear()
        return found

    def rows(self) -> list[tuple[str, str]]:
        """Who said what, in the order of the table."""
        store = self.store(SQLTrackerStore)
        with store.engine.connect() as connection:
            rows = connection.execute(sa.text("SELECT sender_id, data FROM events ORDER BY id"))
            return [(sender, json.loads(data).get("text") or "") for sender, data in rows]


@pytest.fixture(params=BOTH)
def place(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    if request.param == "sqlite":
        yield Place({"dialect": "sqlite", "db": str(tmp_path / "tracker.db")})
        return
    engines: Engines = request.getfixturevalue("engines")
    with engines.database(migrated=False) as url:
        yield Place({"dialect": "postgresql", "host": url})


async def turn(store: Any, said: str, sender: str = "c1", fails: bool = False) -> None:
    """One turn, as Rasa's processor takes it."""
    tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
    if not tracker.events:
        for event in (ActionExecuted("action_session_start"), SessionStarted()):
            tracker.update(event, DOMAIN)
    tracker.update(UserUttered(said, {"name": "greet", "confidence": 0.9}), DOMAIN)
    tracker.update(SlotSet("matter", {"said": [said]}), DOMAIN)
    if not fails:
        tracker.update(BotUttered(f"re: {said}"), DOMAIN)
        tracker.update(ActionExecuted("action_listen"), DOMAIN)
        await store.save(tracker)


def state(tracker: DialogueStateTracker | None) -> Any:
    return tracker and tracker.current_state(EventVerbosity.ALL)


async def check(place: Place, store: Any, sender: str = "c1") -> list[str]:
    """What is remembered is what Rasa's own store reads; returns what the customer said."""
    theirs = await place.store(SQLTrackerStore).retrieve(sender)
    assert state(await store.retrieve(sender)) == state(theirs)
    return [event.text for event in theirs.events if isinstance(event, UserUttered)]


async def test_a_conversation_under_way_is_never_read(place: Place) -> None:
    store = place.store()
    for number in range(6):
        await turn(store, str(number))
    assert place.reads() == 0
    assert await check(place, store) == ["0", "1", "2", "3", "4", "5"]


async def test_every_event_is_written_once_and_in_order(place: Place) -> None:
    store, theirs = place.store(), place.store(SQLTrackerStore)
    for number in range(3):
        await turn(store, str(number))
        await turn(theirs, str(number), "theirs")
    said = [text for sender, text in place.rows() if sender == "c1"]
    assert said == [text for sender, text in place.rows() if sender == "theirs"]
    assert [text for text in said if text.isdigit()] == ["0", "1", "2"]


async def test_two_processes_take_turns(place: Place) -> None:
    one, other = place.store(), place.store()
    for number in range(4):
        await turn(one, f"{number} one")
        await turn(one, f"{number} one again")
        await turn(other, f"{number} other")
        await check(place, one)
    assert await check(place, other) == [
        f"{number} {who}" for number in range(4) for who in ("one", "one again", "other")
    ]


async def test_a_turn_that_fails_leaves_nothing_in_memory(place: Place) -> None:
    store = place.store()
    await turn(store, "first")
    await turn(store, "second")
    await turn(store, "never answered", fails=True)
    assert await check(place, store) == ["first", "second"]
    await turn(store, "third")
    assert await check(place, store) == ["first", "second", "third"]


async def test_a_process_that_died_between_saving_and_answering_has_lost_nothing(
    place: Place,
) -> None:
    await turn(place.store(), "first")
    await turn(place.store(), "second")
    assert await check(place, place.store()) == ["first", "second"]


async def test_what_another_said_during_a_turn_is_kept(place: Place) -> None:
    store = place.store()
    await turn(store, "first")
    await turn(store, "second")
    slow = await store.retrieve("c1")
    await turn(place.store(), "meanwhile")
    slow.update(UserUttered("late"), DOMAIN)
    await store.save(slow)
    assert await check(place, store) == ["first", "second", "meanwhile", "late"]


async def test_what_was_erased_is_forgotten(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    store = place.store()
    for said in ("my address is …", "again"):
        await turn(store, said)
    assert privacy.forget(store.engine, ["c1"]) == 10
    assert await store.retrieve("c1") is None
    # Another process writes as many rows, and SQLite gives them the very same numbers.
    for said in ("a new one", "again"):
        await turn(place.store(), said)
    assert await check(place, store) == ["a new one", "again"]


async def test_an_erasure_during_a_turn_leaves_what_came_after_alone(place: Place) -> None:
    store = place.store()
    await turn(store, "first")
    await turn(store, "second")
    lent = await store.retrieve("c1")
    privacy.forget(store.engine, ["c1"])
    lent.update(UserUttered("after"), DOMAIN)
    await store.save(lent)
    assert await check(place, store) == ["after"]


async def test_a_new_session_begins_in_memory_too(place: Place) -> None:
    store = place.store()
    await turn(store, "before")
    tracker = await store.retrieve("c1")
    tracker.update(SessionStarted(), DOMAIN)
    await store.save(tracker)
    await turn(store, "after")
    assert place.reads() == 0
    assert await check(place, store) == ["after"]


async def test_a_tracker_that_was_not_lent_is_not_written_twice(place: Place) -> None:
    store = place.store()
    await turn(store, "first")
    await turn(store, "second")
    full = await place.store(SQLTrackerStore).retrieve("c1")
    full.update(UserUttered("third"), DOMAIN)
    await store.save(full)
    assert await check(place, store) == ["first", "second", "third"]


def test_it_is_the_store_rasa_runs_with(tmp_path: Path) -> None:
    # Where Rasa cannot find it, it goes on with one that forgets everything, and only warns.
    settings = read_endpoint_config(str(PROJECT / "endpoints.yml"), "tracker_store")
    settings.kwargs["db"] = str(tmp_path / "tracker.db")
    store = TrackerStore.create(settings)
    assert isinstance(store, ConversationStore)


async def test_with_another_model_conversations_are_read_anew(place: Place) -> None:
    store = place.store()
    await turn(store, "first")
    await turn(store, "second")
    place.reads()
    store.domain = DOMAIN
    await turn(store, "third")
    assert place.reads() == 1


async def test_few_are_kept_and_none_for_long(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = place.store()
    monkeypatch.setattr(tracker_store, "KEPT", 2)
    for sender in ("c1", "c2", "c3"):
        await turn(store, "first", sender)
        await turn(store, "second", sender)
    assert [bool(store._live.take(one)) for one in ("c1", "c2", "c3")] == [False, True, True]
    for sender in ("c2", "c3"):
        await turn(store, "third", sender)
    clock = time.monotonic() + tracker_store.IDLE_SECONDS + 1
    monkeypatch.setattr(tracker_store.time, "monotonic", lambda: clock)
    await turn(store, "fourth", "c3")
    assert [bool(store._live.take(one)) for one in ("c2", "c3")] == [False, True]

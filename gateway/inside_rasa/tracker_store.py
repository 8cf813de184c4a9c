"""Rasa's conversations in its own SQL table, with those that are under way kept in memory.

Every event is written before the answer leaves, as Rasa's store does; what is saved is never
written or read again as long as no other process writes to the conversation. One cheap question a
turn tells: which is the conversation's last row? It is another after another Rasa's turn, and
gone after an erasure. A conversation is lent out to one turn at a time: a turn that fails leaves
nothing behind in memory.
"""

from __future__ import annotations

import json
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from casework.operating.metrics import INTENTS
from casework.storage.write_ahead import write_ahead

KEPT = 500
IDLE_SECONDS = 900.0
BUSY_SECONDS = 5

Last = tuple[int, float] | None


@dataclass(frozen=True)
class Saved:
    """How far a tracker is saved: its last row (id and time), and how many of its events."""

    last: Last
    events: int


class ConversationStore(SQLTrackerStore):  # type: ignore[misc]
    """Rasa's SQL tracker store, on SQLite or PostgreSQL, that remembers what it has just saved."""

    engine: Any

    def __init__(self, *args: Any, **settings: Any) -> None:
        """Open the store with the settings of Rasa's own (`dialect`, `db`, `host`, …)."""
        self._live = Live()
        super().__init__(*args, **settings)
        if self.engine.dialect.name == "sqlite":
            self.engine = _kept_open(self.engine.url)
            self.sessionmaker.configure(bind=self.engine)
        else:  # SQLite's own index of senders is in the rows' order
            with self.engine.begin() as connection:
                connection.execute(sa.text(_INDEX))

    @property
    def domain(self) -> Domain:
        """What the model knows of; with another model's every conversation is read anew."""
        return self._domain

    @domain.setter
    def domain(self, domain: Domain | None) -> None:
        self._domain = domain or Domain.empty()
        self._live.clear()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation since its session began, lent to one turn; None where there is none."""
        live = self._live.take(sender_id)
        with self.engine.connect() as connection:
            last = self._last(connection, sender_id)
        if last is None:
            return None
        return live if live is not None and live.saved.last == last else self._read(sender_id)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write what is new, in one transaction, and keep the conversation for its next turn."""
        await self.stream_events(tracker)
        if not tracker.events:
            tracker.saved = Saved(None, 0)
            return
        saved: Saved = getattr(tracker, "saved", None) or self._counted(tracker.sender_id)
        new = list(tracker.events)[saved.events :]
        with self.engine.begin() as connection:
            before = last = self._last(connection, tracker.sender_id)
            if new:
                last = self._write(connection, [_row(tracker.sender_id, event) for event in new])
        _count_intents(new)
        if any(isinstance(event, SessionStarted) for event in new):
            _begin_at_session(tracker)
        tracker.saved = Saved(last, len(tracker.events))
        if before == saved.last:  # otherwise it is read anew, with what another process said
            self._live.keep(tracker)

    def _write(self, connection: Any, rows: list[dict[str, Any]]) -> Last:
        insert = sa.insert(self.SQLEvent.__table__)
        if rows[1:]:
            connection.execute(insert, rows[:-1])
        written = connection.execute(insert, rows[-1])  # alone: its id is told
        return (written.inserted_primary_key[0], rows[-1]["timestamp"])

    def _read(self, sender_id: str) -> DialogueStateTracker:
        with self.session_scope() as session:
            rows = self._event_query(session, sender_id, False).all()
        events = [json.loads(row.data) for row in rows]
        tracker = DialogueStateTracker.from_dict(sender_id, events, self.domain.slots)
        tracker.saved = Saved((rows[-1].id, rows[-1].timestamp) if rows else None, len(rows))
        return tracker

    def _counted(self, sender_id: str) -> Saved:
        """How far a tracker is saved that this store did not lend, as Rasa's own counts."""
        with self.session_scope() as session:
            count = self._event_query(session, sender_id, False).count()
            return Saved(self._last(session, sender_id), count)

    def _last(self, connection: Any, sender_id: str) -> Last:
        row = connection.execute(_NEWEST, {"sender": sender_id}).first()
        return (row.id, row.timestamp) if row else None


class Live:
    """The conversations under way: so many at most, and none that was left alone for long.

    What is erased from the database must not stay here for as long as the process lives.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[float, DialogueStateTracker]] = OrderedDict()

    def take(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation, which is no longer kept; None where it was not."""
        _, tracker = self._kept.pop(sender_id, (0.0, None))
        return tracker

    def keep(self, tracker: DialogueStateTracker) -> None:
        """Keep a conversation, and let go of those that had their time."""
        now = time.monotonic()
        self._kept.pop(tracker.sender_id, None)
        self._kept[tracker.sender_id] = (now, tracker)
        while len(self._kept) > KEPT or self._oldest() < now - IDLE_SECONDS:
            self._kept.popitem(last=False)

    def clear(self) -> None:
        """Let go of all."""
        self._kept.clear()

    def _oldest(self) -> float:
        return next(iter(self._kept.values()))[0]


_EVENTS = SQLTrackerStore.SQLEvent.__table__.c
_NEWEST = (
    sa.select([_EVENTS.id, _EVENTS.timestamp])
    .where(_EVENTS.sender_id == sa.bindparam("sender"))
    .order_by(_EVENTS.id.desc())
    .limit(1)
)
_INDEX = "CREATE INDEX IF NOT EXISTS events_of_sender ON events (sender_id, id)"


def _begin_at_session(tracker: DialogueStateTracker) -> None:
    """Let go of what came before the session, as one who reads the conversation does."""
    begins = max(at for at, one in enumerate(tracker.events) if isinstance(one, SessionStarted))
    for _ in range(begins):
        tracker.events.popleft()


def _count_intents(events: list[Event]) -> None:
    for event in events:
        if isinstance(event, UserUttered):
            INTENTS.labels(event.intent_name or "none").inc()


def _row(sender_id: str, event: Event) -> dict[str, Any]:
    """An event as Rasa's own store writes it."""
    data = event.as_dict()
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


def _kept_open(url: Any) -> Any:
    """An SQLite engine that keeps its connections, and where readers do not wait for writers."""
    engine = sa.create_engine(
        url,
        poolclass=sa.pool.QueuePool,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
    )

    def prepare(connection: Any, record: object) -> None:
        write_ahead(connection, BUSY_SECONDS)
        connection.execute("PRAGMA synchronous = NORMAL")

    sa.event.listen(engine, "connect", prepare)
    return engine

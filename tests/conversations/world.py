"""The world around the assistant: a frozen clock, a policy file, a fresh database, people.

Every conversation gets its own copy of a database file that was migrated and filled with the
sample orders once for its day.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import time_machine

from casework.orders.samples import load_samples
from casework.storage.database import Database
from policy_core import load_policy
from tests.conversations import policy_change, records, when
from tests.conversations.model import ROOT
from tests.conversations.schema import Conversation

POLICIES = ROOT / "policy_core" / "policies"


class ConversationWorld:
    """One conversation's world; use it through `world_of`."""

    def __init__(
        self, clock: time_machine.Traveller, zone: ZoneInfo, file: Path, version: str
    ) -> None:
        self.conversation_id = f"test-{uuid.uuid4().hex}"
        self._clock = clock
        self._zone = zone
        self._file = file
        self._url = f"sqlite:///{file}"
        self._version = version
        self._database = Database(self._url)

    def now(self) -> datetime:
        """The shop's local time."""
        return datetime.now(self._zone)

    def policy_version(self) -> str:
        """The policy version in use."""
        return self._version

    def wait(self, until: str) -> None:
        """Let time pass: a span, or until a day."""
        self._clock.move_to(when.later(until, self.now()), tick=False)

    def tick(self) -> None:
        """A customer takes a few seconds to type."""
        self._clock.shift(5)

    def add_evidence(self, kinds: Sequence[str]) -> str:
        """Upload files, and return the text the website sends for the customer."""
        with self._database.begin() as session:
            return records.upload(session, self.conversation_id, kinds, self.now())

    def agent(self, acts: Mapping[str, Any]) -> None:
        """A person in the shop records something on the latest case."""
        with self._database.begin() as session:
            records.agent_acts(session, acts, self.now())

    def hand_back(self, agreed: str) -> str:
        """A person takes over and hands back; returns what the customer reads about it."""
        with self._database.begin() as session:
            return records.talk_and_hand_back(session, self.conversation_id, agreed, self.now())

    def database_down(self, down: bool) -> None:
        """The assistant finds no database, or finds it again."""
        # A folder is no database: every connection is refused.
        os.environ["DATABASE_URL"] = f"sqlite:///{self._file.parent}" if down else self._url

    def case_number(self, order: str | None) -> str | None:
        """The number of the case that came up last, or of an order's last case."""
        with self._database.begin() as session:
            case = records.latest_case(session, order)
            return case.number if case else None

    def database(self) -> Mapping[str, Any]:
        """Cases, escalations and orders as they stand."""
        with self._database.begin() as session:
            return records.standing(session, self.now().date())

    def prepare(self, orders: Sequence[Mapping[str, Any]]) -> None:
        """Change the sample orders as the conversation's file says."""
        with self._database.begin() as session:
            for changes in orders:
                records.change_order(session, changes, self.now())

    def save(self) -> sqlite3.Connection:
        """A copy of the database as it is now, to come back to."""
        copy = sqlite3.connect(":memory:")
        with contextlib.closing(sqlite3.connect(self._file)) as current:
            current.backup(copy)
        return copy

    def return_to(self, saved: sqlite3.Connection) -> None:
        """Undo everything written since."""
        with contextlib.closing(sqlite3.connect(self._file)) as current:
            saved.backup(current)

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()


class Worlds:
    """Makes worlds; keeps the filled database files and changed policy files in one folder."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="conversations-"))

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self._folder, ignore_errors=True)

    @contextmanager
    def world_of(self, conversation: Conversation) -> Iterator[ConversationWorld]:
        """The world a conversation plays in, for as long as it plays.

        Raises:
            ValueError: the conversation changes an order or a number that is not there.
        """
        local = when.moment(conversation.today)
        policy_file = self._policy_file(conversation, local)
        zone = load_policy(policy_file).zone
        file = self._folder / f"{uuid.uuid4().hex}.db"
        start = local.replace(tzinfo=zone)
        before = {name: os.environ.get(name) for name in ("DATABASE_URL", "POLICY_FILE")}
        with time_machine.travel(start, tick=False) as clock:
            os.environ["POLICY_FILE"] = str(policy_file)
            shutil.copy(self._filled(start, policy_file), file)
            version = load_policy(policy_file).version
            world = ConversationWorld(clock, zone, file, version)
            world.database_down(False)
            try:
                world.prepare(conversation.orders)
                yield world
            finally:
                world.close()
                _restore(before)
                for left in self._folder.glob(f"{file.name}*"):
                    left.unlink(missing_ok=True)

    def _policy_file(self, conversation: Conversation, local: datetime) -> Path:
        original = policy_change.in_force(POLICIES, local.date())
        if not conversation.policy:
            return original
        name = hashlib.sha256(repr(sorted(conversation.policy.items())).encode()).hexdigest()[:12]
        folder = self._folder / name
        folder.mkdir(exist_ok=True)
        return policy_change.changed(original, conversation.policy, folder / original.name)

    def _filled(self, start: datetime, policy_file: Path) -> Path:
        # The samples' edges are the policy's own numbers: a changed policy has its own samples.
        filled = self._folder / f"{policy_file.parent.name}-{start.date()}.db"
        if not filled.exists():
            database = Database(f"sqlite:///{filled}")
            database.migrate()
            with database.begin() as session:
                load_samples(session, start.astimezone(timezone.utc))
            database.close()
        return filled


def _restore(before: Mapping[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value

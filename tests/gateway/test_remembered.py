"""What Rasa's process remembers of real conversations is what the database holds, turn by turn."""

import json
import logging
import secrets
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.trackers import EventVerbosity
from rasa.utils.log_utils import configure_structlog

from benchmarks.load.talks import DAMAGED, QUESTIONS, UNWANTED, WHERE
from casework.orders.samples import load_samples
from casework.storage.database import Database
from gateway.inside_rasa.actions_inside import ActionsInside
from gateway.inside_rasa.tracker_store import ConversationStore
from gateway.web.running import now
from tests.conversations.model import current_model

ORDER = {"order": "10482", "email": "dana.kim@example.com", "zip": "94110"}


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    configure_structlog(logging.ERROR)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'casework.db'}")
    database = Database()
    database.migrate()
    with database.begin() as session:
        load_samples(session, now())
    database.close()
    store = ConversationStore(db=str(tmp_path / "tracker.db"))
    actions = ActionsInside("actions", enable_selective_domain=True)
    return Agent.load(current_model(), action_endpoint=actions, tracker_store=store)


def as_sent(tracker: Any) -> Any:
    """A tracker as an action is sent it: JSON knows no tuples."""
    return json.loads(json.dumps(tracker.current_state(EventVerbosity.ALL)))


async def test_memory_and_database_are_the_same_after_every_turn(
    agent: Any, tmp_path: Path
) -> None:
    theirs = SQLTrackerStore(agent.domain, db=str(tmp_path / "tracker.db"))
    ours = agent.tracker_store
    for text in (*DAMAGED, *UNWANTED, *WHERE, *QUESTIONS):
        said = CollectingOutputChannel()
        message = secrets.token_hex(8)
        await agent.handle_message(
            UserMessage(
                text.format(**ORDER), said, "c1", input_channel="gateway", message_id=message
            )
        )
        assert said.messages
        kept, read = await ours.retrieve("c1"), await theirs.retrieve("c1")
        kept.model_id = kept.assistant_id = read.model_id = read.assistant_id = None
        assert as_sent(kept) == as_sent(read)
        assert kept.past_states(agent.domain) == read.past_states(agent.domain)
        assert kept.active_loop_name == read.active_loop_name
        await ours.save(kept)

"""Where Rasa's time goes, in this process: the model, the rules, the store, the actions.

Times are the processor's, by cProfile, which makes everything slower: read the shares.
"""

from __future__ import annotations

import asyncio
import cProfile
import inspect
import json
import logging
import os
import pstats
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from rasa.core.actions.action import ActionExtractSlots, RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.nlu.extractors.spacy_entity_extractor import SpacyEntityExtractor
from rasa.nlu.tokenizers.spacy_tokenizer import SpacyTokenizer
from rasa.nlu.utils.spacy_utils import SpacyNLP
from rasa.shared.core.events import deserialise_events
from rasa.utils.log_utils import configure_structlog

from benchmarks.figures import show
from benchmarks.load.talks import add_orders, talks
from casework.storage.database import Database
from gateway.inside_rasa.actions_inside import ActionsInside
from gateway.inside_rasa.mends import mend
from gateway.inside_rasa.tracker_store import ConversationStore
from gateway.settings import PROJECT
from language.classifier import SentenceClassifier
from language.entities import EntityValues
from language.featurizer import SentenceEncoder
from language.guard import PlainText
from language.matters import SeveralMatters
from language.repair import SpellingRepair

# What is shown: a name, and the functions whose time, with all that they call, it is.
PARTS: dict[str, list[Callable[..., Any]]] = {
    "understanding": [MessageProcessor.parse_message],
    "  guard": [PlainText.process],
    "  spaCy": [SpacyNLP.process],
    "  tokens": [SpacyTokenizer.process],
    "  entities": [SpacyEntityExtractor.process, EntityValues.process],
    "  repair": [SpellingRepair.process],
    "  encoder": [SentenceEncoder.process],
    "  classifier": [SentenceClassifier.process],
    "  several matters": [SeveralMatters.process],
    "  fallback": [FallbackClassifier.process],
    "rules": [RulePolicy.predict_action_probabilities],
    "slots filled by mappings": [ActionExtractSlots.run],
    "store: read": [ConversationStore.retrieve],
    "store: write": [ConversationStore.save],
    "action calls": [RemoteAction.run],
    "  the tracker as a dictionary": [RemoteAction._action_call_format],
    "  JSON, and handing over": [ActionsInside.request],
    "  results checked": [],
    "  replies made": [RemoteAction._utter_responses],
    "  events read": [deserialise_events],
}


class Counted(ActionsInside):
    """Actions inside, whose calls and bytes are counted."""

    calls: list[tuple[int, int]] = []  # noqa: RUF012

    async def request(self, *_: Any, json: dict[str, Any], **__: Any) -> Any:
        """Run the action and count."""
        answer = await super().request(json=json)
        self.calls.append((_bytes(json), _bytes(answer)))
        return answer


def measure(talks: int) -> None:
    """Let so many customers talk, one after the other, and print."""
    configure_structlog(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(talks, Path(folder)))


async def _measure(count: int, folder: Path) -> None:
    os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'casework.db'}"
    database = Database()
    database.migrate()
    with database.begin() as session:
        add_orders(session, folder)
    mend()
    PARTS["  results checked"] = [RemoteAction._validate_action_result]
    actions = ActionsInside("actions", enable_selective_domain=True)
    store = ConversationStore(db=str(folder / "tracker.db"))
    agent = Agent.load(
        PROJECT / "models" / "assistant.tar.gz", action_endpoint=actions, tracker_store=store
    )
    said = talks()
    await _talk(agent, said, 4)
    before, started = time.process_time(), time.thread_time()
    messages = await _talk(agent, said, count)
    everywhere = (time.process_time() - before) * 1000 / messages
    in_loop = (time.thread_time() - started) * 1000 / messages
    profiler = cProfile.Profile(time.thread_time)
    profiler.enable()
    messages = await _talk(agent, said, count)
    profiler.disable()
    rows = list(_rows(pstats.Stats(profiler), messages, in_loop))
    show("profile", rows, f"{messages} messages; ms of the processor a message, without profiler.")
    counted = Counted("actions", enable_selective_domain=True)
    agent.action_endpoint = agent.processor.action_endpoint = counted
    messages = await _talk(agent, said, count)
    asked, answered = (sum(pair[at] for pair in counted.calls) for at in (0, 1))
    calls = len(counted.calls)
    row = {
        "": "a message",
        "CPU ms in all threads": everywhere,
        "of them the actions' and others": everywhere - in_loop,
        "action calls": calls / messages,
        "kB a call": asked / calls / 1000,
        "kB back": answered / calls / 1000,
    }
    show("profile-actions", [row])


async def _talk(agent: Any, said: Iterator[tuple[str, ...]], count: int) -> int:
    messages = 0
    for _ in range(count):
        conversation = secrets.token_hex(16)
        for text in next(said):
            heard = UserMessage(
                text,
                CollectingOutputChannel(),
                conversation,
                input_channel="gateway",
                message_id=secrets.token_hex(16),
                metadata={"conversation_id": conversation},
            )
            await agent.handle_message(heard)
            messages += 1
    return messages


def _rows(stats: Any, messages: int, real: float) -> Iterator[dict[str, Any]]:
    whole = stats.total_tt
    for name, functions in PARTS.items():
        spent = 0.0
        for function in functions:
            code = inspect.unwrap(function).__code__
            key = (code.co_filename, code.co_firstlineno, code.co_name)
            spent += stats.stats[key][3] if key in stats.stats else 0.0
        share = spent / whole
        yield {"": name, "share %": 100 * share, "ms a message": share * real}
    yield {"": "all of it", "share %": 100.0, "ms a message": real}


def _bytes(payload: Any) -> int:
    return len(json.dumps(payload))

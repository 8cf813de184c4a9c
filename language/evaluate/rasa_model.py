"""Trains Rasa NLU models and asks them: what is measured is the pipeline as it runs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from language.evaluate.examples import Example, write_examples

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "config.yml"
SET_BY_COMPONENTS = ("nlu_fallback", "several_matters")


@dataclass(frozen=True)
class Answer:
    """What a model made of a sentence.

    Attributes:
        intent: the intent in the end, which may be `nlu_fallback` or `several_matters`.
        likeliest: the likeliest trained intent; `confidence` is its confidence.
        topics: for each retrieval intent the full label of its likeliest topic.
        entities: the entities as (name, value).
        matters: the intents of two matters, in order of mention.
        seconds: how long it took.
    """

    intent: str
    likeliest: str
    confidence: float
    topics: Mapping[str, str]
    entities: tuple[tuple[str, str], ...]
    matters: tuple[str, ...]
    seconds: float


def default_config() -> dict[str, Any]:
    """Return the pipeline of a fresh `rasa init`, without its ResponseSelector.

    That one needs a response for every topic; the intents are what is compared.
    """
    import rasa.engine.recipes

    folder = Path(str(rasa.engine.recipes.__file__)).parent / "config_files"
    config = yaml.safe_load((folder / "default_config.yml").read_text())
    steps = [step for step in config["pipeline"] if step["name"] != "ResponseSelector"]
    return {"recipe": "default.v1", "language": "en", "pipeline": steps, "assistant_id": "default"}


def own_config() -> dict[str, Any]:
    """Return this project's configuration."""
    config: dict[str, Any] = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))
    return config


def _quiet() -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)


class Understanding:
    """A trained model that answers."""

    def __init__(self, model: Path) -> None:
        _quiet()
        from rasa.core.agent import Agent
        from rasa.utils.log_utils import configure_structlog

        configure_structlog(logging.ERROR)
        self._agent: Any = Agent.load(str(model))
        self._run = asyncio.new_event_loop().run_until_complete
        self.answer("warm up")

    @classmethod
    def trained(cls, examples: Sequence[Example], config: dict[str, Any]) -> Understanding:
        """Train on the examples with a configuration and load the outcome."""
        _quiet()
        os.environ["RASA_MAX_CACHE_SIZE"] = "0"
        from rasa.model_training import train_nlu

        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_examples(examples, folder / "nlu.yml")
            (folder / "config.yml").write_text(
                yaml.safe_dump({key: config[key] for key in config if key != "policies"})
            )
            with contextlib.redirect_stdout(sys.stderr):
                path = train_nlu(str(folder / "config.yml"), str(folder / "nlu.yml"), name)
            if path is None:
                raise RuntimeError("Rasa could not train on these examples.")
            return cls(Path(path))

    def parsed(self, text: str, today: str | None = None) -> dict[str, Any]:
        """Return what Rasa's agent makes of a text (on a day, as YYYY-MM-DD)."""
        from rasa.core.channels.channel import UserMessage

        message = UserMessage(text, metadata={"today": today} if today else None)
        parsed: dict[str, Any] = self._run(self._agent.processor.parse_message(message))
        return parsed

    def answer(self, text: str, today: str | None = None) -> Answer:
        """Return what the model makes of a text, in short."""
        start = time.perf_counter()
        parsed = self.parsed(text, today)
        return _answer(parsed, time.perf_counter() - start)

    def answers(self, examples: Sequence[Example]) -> list[Answer]:
        """Return what the model makes of each example."""
        return [self.answer(example.text) for example in examples]


def _answer(parsed: dict[str, Any], seconds: float) -> Answer:
    ranking = [
        entry for entry in parsed["intent_ranking"] if entry["name"] not in SET_BY_COMPONENTS
    ]
    best = max(ranking, key=lambda entry: entry["confidence"])
    selected = parsed.get("response_selector", {})
    entities = [(entity["entity"], str(entity["value"])) for entity in parsed.get("entities", [])]
    return Answer(
        intent=parsed["intent"]["name"],
        likeliest=best["name"],
        confidence=best["confidence"],
        topics={
            intent: selected[intent]["response"]["intent_response_key"]
            for intent in selected.get("all_retrieval_intents", [])
        },
        entities=tuple(entity for entity in entities if entity[0] != "matter"),
        matters=tuple(value for name, value in entities if name == "matter"),
        seconds=seconds,
    )


def median_milliseconds(answers: Sequence[Answer]) -> float:
    """Return the median time of the answers, in milliseconds."""
    return statistics.median(answer.seconds for answer in answers) * 1000

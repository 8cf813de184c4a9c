"""The language components on public intent data, beside the pipeline of a fresh `rasa init`.

    python -m benchmarks.nlu PATH… [--own-only]

A PATH is a folder with Banking77's train.csv and test.csv, or CLINC150's data_full.json; both are
on GitHub (PolyAI-LDN/task-specific-datasets, clinc/oos-eval) and are not part of this project.
Banking77 is learned from 10 and from 50 sentences an intent, CLINC150 from 20 with none out of
scope. Printed: accuracy in scope, how well confidence tells what is out of scope (AUROC), seconds
of training, median milliseconds a message. The table goes to `var/benchmarks/`, too.
"""

import argparse
import csv
import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.figures import show
from language.evaluate.examples import Example
from language.evaluate.measures import auroc
from language.evaluate.rasa_model import (
    Understanding,
    default_config,
    median_milliseconds,
    own_config,
)

_SEED = 7


@dataclass(frozen=True)
class Task:
    """What is learned from, and what is asked."""

    name: str
    training: list[Example]
    test: list[Example]
    out_of_scope: list[Example]


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Language components on public intent data.")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--own-only", action="store_true", help="without the default pipeline")
    arguments = parser.parse_args()
    pipelines = {"this project": own_config()}
    if not arguments.own_only:
        pipelines["rasa init"] = default_config()
    rows = []
    for path in arguments.paths:
        try:
            tasks = list(_tasks(path))
        except (OSError, KeyError, ValueError) as error:
            print(f"{path} is neither Banking77 nor CLINC150: {error}", file=sys.stderr)
            return 2
        for task in tasks:
            for name, config in pipelines.items():
                rows.append(_row(task, name, config))
    show("nlu", rows)
    return 0


def _tasks(path: Path) -> Iterator[Task]:
    if path.is_dir():
        training, test = (_rows(path / f"{part}.csv") for part in ("train", "test"))
        for count in (10, 50):
            yield Task(f"Banking77, {count} an intent", _some(training, count), test, [])
    else:
        data = json.loads(path.read_text(encoding="utf-8"))
        parts = {
            name: [Example(text, label) for text, label in data[name]]
            for name in ("train", "test", "oos_test")
        }
        yield Task(
            "CLINC150, 20 an intent", _some(parts["train"], 20), parts["test"], parts["oos_test"]
        )


def _rows(path: Path) -> list[Example]:
    with path.open(encoding="utf-8", newline="") as file:
        return [Example(row["text"], row["category"]) for row in csv.DictReader(file)]


def _some(examples: Sequence[Example], count: int) -> list[Example]:
    """The same `count` sentences an intent, every time."""
    by_label: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_label[example.label].append(example)
    chance = random.Random(_SEED)
    return [
        example
        for listed in by_label.values()
        for example in chance.sample(listed, min(count, len(listed)))
    ]


def _row(task: Task, name: str, config: dict[str, Any]) -> dict[str, Any]:
    start = time.perf_counter()
    model = Understanding.trained(task.training, config)
    trained = time.perf_counter() - start
    answers = model.answers(task.test)
    right = [a.likeliest == e.label for e, a in zip(task.test, answers, strict=True)]
    strange = [answer.confidence for answer in model.answers(task.out_of_scope)]
    told = auroc([a.confidence for a in answers], strange) if strange else None
    return {
        "data": task.name,
        "pipeline": name,
        "accuracy %": 100 * sum(right) / len(right),
        "out of scope, AUROC %": told and 100 * told,
        "training s": trained,
        "message p50 ms": median_milliseconds(answers),
    }


if __name__ == "__main__":
    sys.exit(main())

"""Cold start, training time, memory at rest and the model's size; beside the reference."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.figures import show
from benchmarks.load.systems import REFERENCE, Running, environment, ours, reference
from gateway.settings import PROJECT


def measure(train: bool) -> None:
    """Start ours in each shape, and the reference; print."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for workers, actions in (("1", "inside"), ("1", "server"), ("2", "inside")):
            var = Path(folder) / f"{workers}{actions}"
            var.mkdir()
            with ours(var, RASA_WORKERS=workers, RASA_ACTIONS=actions) as system:
                rows += list(_rows(f"{workers} Rasa, actions {actions}", system))
        with reference(Path(folder)) as other:
            rows += list(_rows("rasa init", other))
    show("start", rows)
    sizes = {
        "ours": PROJECT / "models" / "assistant.tar.gz",
        "rasa init": max(REFERENCE.glob("models/*.tar.gz")),
    }
    show(
        "model",
        [
            {"": name, "model MB": file.stat().st_size / 1e6}
            | ({"training s": _train(name)} if train else {})
            for name, file in sizes.items()
        ],
    )


def _rows(name: str, system: Running) -> Iterator[dict[str, Any]]:
    kinds, memory = system.processes(), system.memory()
    whole = {part: sum(held[part] for held in memory.values()) for part in ("now", "share")}
    yield {"": name, "ready after s": system.seconds_to_ready, "MB": whole["now"]} | {
        "MB, shared counted once": whole["share"]
    }
    for process, held in memory.items():
        yield {"": f"  {kinds[process]}", "ready after s": None, "MB": held["now"]} | {
            "MB, shared counted once": held["share"]
        }


def _train(name: str) -> float:
    folder = PROJECT if name == "ours" else REFERENCE
    with tempfile.TemporaryDirectory() as models:
        command = f"-m rasa train --force --out {models}"
        started = time.perf_counter()
        subprocess.run(
            [sys.executable, *command.split()],
            cwd=folder,
            env=environment({}),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        return time.perf_counter() - started

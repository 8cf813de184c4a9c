"""The trained model, trained anew when something it is made from has changed."""

from __future__ import annotations

import fcntl
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "models" / "assistant.tar.gz"


class TrainingError(Exception):
    """The assistant could not be trained; the text is what `make train` said."""


def current_model() -> Path:
    """The model as `make train` leaves it: the same command, so there is one idea of "changed".

    MODEL_UNDER_TEST names another model to play against, as it is.
    """
    named = os.environ.get("MODEL_UNDER_TEST")
    if named:
        return Path(named)
    lock = ROOT / "var" / "training.lock"
    lock.parent.mkdir(exist_ok=True)
    environment = {key: value for key, value in os.environ.items() if "MAKE" not in key}
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = subprocess.run(
            ["make", "train"], cwd=ROOT, env=environment, capture_output=True, text=True
        )
    if done.returncode or not MODEL.exists():
        raise TrainingError(f"`make train` failed:\n{done.stdout}{done.stderr}".rstrip())
    return MODEL

"""The project is an ordinary Rasa project: Rasa's own commands work on it."""

import os
import subprocess
import sys
from pathlib import Path

from tests.conversations.model import ROOT, current_model


def _rasa(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "rasa", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )


def test_rasa_data_validate_finds_no_conflict() -> None:
    done = _rasa("data", "validate")
    assert done.returncode == 0, done.stderr[-2000:]
    assert "No story structure conflicts found" in done.stdout + done.stderr


def test_rasa_test_core_agrees_with_the_rules(tmp_path: Path) -> None:
    model = str(current_model())
    done = _rasa(
        "test", "core", "--stories", "tests", "--fail-on-prediction-errors",
        "--model", model, "--out", str(tmp_path),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Correct:          2 / 2" in done.stdout + done.stderr

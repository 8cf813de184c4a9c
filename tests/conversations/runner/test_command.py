"""The two ways in, the command and pytest, tell of a bad file in the same plain words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conversations.__main__ import main
from tests.conversations.model import ROOT

GOOD = "test_cases:\n  - test_case: one\n    steps:\n      - user: hello\n"
BAD = GOOD + "      - bots: hello\n"
COMPLAINT = "some.yml:5: `bots` is not known in a step; did you mean `bot`?"


def test_check_passes_a_good_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "some.yml").write_text(GOOD)
    assert main(["check", str(tmp_path)]) == 0
    assert "1 conversations can be played, 0 files cannot." in capsys.readouterr().out


def test_check_refuses_a_bad_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "some.yml").write_text(BAD)
    assert main(["check", str(tmp_path / "some.yml")]) == 1
    assert COMPLAINT in capsys.readouterr().err


def test_pytest_reports_a_bad_file_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "some.yml").write_text(BAD)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.conversations.conftest", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode != 0
    assert COMPLAINT in done.stdout
    assert "Traceback" not in done.stdout

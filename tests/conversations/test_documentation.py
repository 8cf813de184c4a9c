"""docs/conversation-tests.md tells the truth: its example plays, and it names every key."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from typing import Any

from tests.conversations.model import ROOT
from tests.conversations.reader import read
from tests.conversations.schema import CASE_SHAPES, STEPS

PAGE = (ROOT / "docs" / "conversation-tests.md").read_text(encoding="utf-8")


def test_the_example_of_the_page_goes_as_written(stage: Any, tmp_path: Path) -> None:
    found = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert found
    example = tmp_path / "example.yml"
    example.write_text(textwrap.dedent(found[1]), encoding="utf-8")
    for conversation in read(example):
        stage.play(conversation)


def test_the_page_names_every_key() -> None:
    missing = [key for key in [*CASE_SHAPES, *STEPS] if f"`{key}" not in PAGE]
    assert not missing

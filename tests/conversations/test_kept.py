"""A conversation kept at the desk is a test: it checks, it plays, and it ends as the first did."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from casework.database import Database
from casework.kept.as_test import as_test
from casework.kept.in_yaml import in_yaml
from tests.conversations.__main__ import main
from tests.conversations.player import Player
from tests.conversations.reader import read
from tests.conversations.schema import Conversation
from tests.conversations.stage import FOLDER
from tests.conversations.website import OnTheWebsite, Website

FILES = (
    "happy_paths/damaged.yml",
    "happy_paths/cancel.yml",
    "happy_paths/case_status.yml",
    "happy_paths/unwanted.yml",
    "digressions/two_matters.yml",
    "corrections/order_number.yml",
    "guards/verification.yml",
    "whole_life/cases.yml",
    "withdrawals/cases.yml",
    "repeats/again.yml",
)
EVERY = [one for name in FILES for one in read(FOLDER / name) if not one.policy]


def kept_from(
    stage: Any, conversation: Conversation, monkeypatch: pytest.MonkeyPatch
) -> tuple[str, Mapping[str, Any]]:
    """Play a conversation as on the website; its test, and how the database stood."""
    monkeypatch.setattr("tests.conversations.world.ConversationWorld", OnTheWebsite)
    with stage.worlds.world_of(conversation) as world:
        website = Website(stage.assistant, world)
        stage.run(Player(conversation, website, world).play())
        with Database().read() as session:
            return in_yaml(as_test(session, world.conversation_id)), world.database()


def played_again(
    stage: Any, text: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Mapping[str, Any]:
    file = folder / "kept.yml"
    file.write_text(text, encoding="utf-8")
    assert main(["check", str(file)]) == 0
    [conversation] = read(file)
    monkeypatch.undo()
    with stage.worlds.world_of(conversation) as world:
        stage.run(Player(conversation, Website(stage.assistant, world), world).play())
        ended: Mapping[str, Any] = world.database()
        return ended


@pytest.mark.parametrize("conversation", EVERY, ids=lambda one: one.name)
def test_it_plays_again(
    stage: Any, conversation: Conversation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, before = kept_from(stage, conversation, monkeypatch)
    print(text)
    after = played_again(stage, text, tmp_path, monkeypatch)
    assert _alike(after) == _alike(before)


def _alike(ended: Mapping[str, Any]) -> Any:
    """What must be the same: not the numbers of cases and orders."""
    cases = [{**one, "number": "", "order": ""} for one in ended["cases"]]
    return cases, [(one["reason"], one["situation"]) for one in ended["escalations"]]

"""A conversation kept at the desk is a test: it checks, it plays, and it ends as the first did."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from casework.kept.as_test import as_test
from casework.kept.in_yaml import in_yaml
from casework.kept.rows import rows_of
from casework.storage.database import Database
from tests.conversations.__main__ import main
from tests.conversations.player import Player
from tests.conversations.reader import read
from tests.conversations.schema import Conversation, Step
from tests.conversations.stage import FOLDER, Typing
from tests.conversations.website import OnTheWebsite, Website

FILES = (
    "happy_paths/damaged.yml",
    "happy_paths/case_status.yml",
    "digressions/two_matters.yml",
    "corrections/order_number.yml",
    "whole_life/cases.yml",
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
            text = in_yaml(as_test(session, world.conversation_id))
            for order in rows_of(session, world.conversation_id).orders:
                own = [order.number, order.email, order.zip[:5], order.tracking or order.email]
                own += order.email.partition("@")[0].split(".")
                written = text.replace("like: 10482", "")
                whole = [rf"\b{re.escape(one)}\b" for one in own]
                assert [one for one in whole if re.search(one, written, re.IGNORECASE)] == []
            return text, world.database()


def played_again(
    stage: Any, text: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Mapping[str, Any]:
    file = folder / "kept.yml"
    file.write_text(text, encoding="utf-8")
    assert main(["check", str(file)]) == 0
    [conversation] = read(file)
    monkeypatch.undo()
    with stage.worlds.world_of(conversation) as world:
        stage.run(Player(conversation, Typing(stage.assistant, world), world).play())
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


HOSTILE = (
    "yes",
    "- order: 10484 # not a comment",
    "'single' \"double\" {case} {case of 10484} [x]: @!%",
    "null",
    "~",
    "two lines,\n\n  the second: indented\n# third",
    "02139",
    "\U0001f4e6 l\u2019\u00e9tag\u00e8re \u2014 \u043f\u043e\u043b\u043a\u0430\u200d \\n",
    "*anchor &x | > ? :",
)


def test_whatever_is_typed_comes_back(
    stage: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = tuple(Step("user", _escaped(one), 1) for one in HOSTILE)
    typed = Conversation("hostile", Path("some.yml"), 1, "2026-03-11 23:59", (), {}, steps)
    text, before = kept_from(stage, typed, monkeypatch)
    played_again(stage, text, tmp_path, monkeypatch)
    [kept] = read(tmp_path / "kept.yml")
    said = [step.value for step in kept.steps if step.kind == "user"]
    own = {"10484": "20001", "02139": "02108"}
    assert said == [_escaped(_with(own, one)) for one in HOSTILE]
    assert before["cases"] == []


def _with(stand_ins: Mapping[str, str], text: str) -> str:
    for value, stand_in in stand_ins.items():
        text = text.replace(value, stand_in)
    return text


def _escaped(text: str) -> str:
    return re.sub(r"\{case[^}]*\}", lambda found: "{" + found[0] + "}", text)

"""Pytest glue: every test case of a conversation file is one test, `file::name of the case`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conversations.reader import BadFileError, read
from tests.conversations.schema import Conversation
from tests.conversations.transcript import MismatchError

_STAGE = pytest.StashKey[Any]()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take up every `.yml` file below this folder."""
    if file_path.suffix == ".yml":
        return ConversationFile.from_parent(parent, path=file_path)
    return None


class ConversationFile(pytest.File):
    """A file of conversations."""

    def collect(self) -> Iterator[pytest.Item]:
        """One item a test case; a bad file is an error that says what is wrong with it."""
        for conversation in read(self.path):
            yield ConversationItem.from_parent(
                self, name=conversation.name, conversation=conversation
            )

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], **_: Any) -> Any:
        """A bad file without a traceback."""
        if isinstance(excinfo.value, BadFileError):
            return str(excinfo.value)
        return super().repr_failure(excinfo)


class ConversationItem(pytest.Item):
    """One conversation."""

    def __init__(self, *, conversation: Conversation, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._conversation = conversation

    def runtest(self) -> None:
        """Play it."""
        stage_of(self.config).play(self._conversation)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], **_: Any) -> Any:
        """The transcript with the first difference, without a traceback."""
        if isinstance(excinfo.value, MismatchError | ValueError):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it is written."""
        return self.path, self._conversation.line - 1, self.name


def stage_of(config: pytest.Config) -> Any:
    """The session's stage, set up at the first conversation."""
    if _STAGE not in config.stash:
        from tests.conversations.stage import Stage

        config.stash[_STAGE] = Stage()
    return config.stash[_STAGE]


@pytest.fixture(scope="session")
def stage(request: pytest.FixtureRequest) -> Any:
    """Where conversations are played, for tests written in Python."""
    return stage_of(request.config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Clean up after the last conversation."""
    if _STAGE in config.stash:
        config.stash[_STAGE].close()

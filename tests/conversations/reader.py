"""From a file to conversations, or to errors that say where and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.conversations import located
from tests.conversations.located import Items, LineError
from tests.conversations.schema import (
    ABOUT_A_REPLY,
    CASE_SHAPES,
    DEFAULT_TODAY,
    STEPS,
    TURNS,
    Conversation,
    Step,
)
from tests.conversations.shapes import unknown_key


class BadFileError(Exception):
    """A conversation file that cannot be played; `problems` are in the order of its lines."""

    def __init__(self, path: Path, problems: list[LineError]) -> None:
        self.path = path
        self.problems = sorted(problems, key=lambda problem: problem.line)
        super().__init__(
            "\n".join(f"{path}:{problem.line}: {problem.message}" for problem in self.problems)
        )


def read(path: Path) -> list[Conversation]:
    """The conversations of one file.

    Raises:
        BadFileError: with every problem found, each with its line.
    """
    try:
        entries, lines = _test_cases(located.load(path))
    except OSError as error:
        raise BadFileError(path, [LineError(1, f"cannot be opened: {error.strerror}")]) from None
    except LineError as problem:
        raise BadFileError(path, [problem]) from None
    problems: list[LineError] = []
    conversations = [
        _conversation(path, entry, line, problems)
        for entry, line in zip(entries, lines, strict=True)
    ]
    problems += _same_names(conversations)
    if problems:
        raise BadFileError(path, problems)
    return conversations


def _test_cases(content: Any) -> tuple[Items, list[int]]:
    if not isinstance(content, located.Mapping) or "test_cases" not in content:
        raise LineError(1, "the file must start with `test_cases:` and a list under it")
    for key in content:
        if key != "test_cases":
            raise LineError(content.lines[key], unknown_key(key, ["test_cases"], "the file"))
    entries = content["test_cases"]
    if not isinstance(entries, Items) or not entries:
        raise LineError(
            content.lines["test_cases"], "`test_cases` needs at least one `- test_case:`"
        )
    return entries, entries.lines


def _conversation(path: Path, entry: Any, line: int, problems: list[LineError]) -> Conversation:
    checked: dict[str, Any] = {}
    steps: list[Step] = []
    if not isinstance(entry, located.Mapping):
        problems.append(LineError(line, "a test case must be `- test_case: its name` and `steps:`"))
        entry = located.Mapping(line)
    elif "test_case" not in entry:
        problems.append(LineError(line, "this test case has no name: `- test_case: its name`"))
    for key, value in entry.items():
        at = entry.lines[key]
        try:
            if key == "steps":
                steps = _steps(value, at, problems)
            elif key in CASE_SHAPES:
                checked[key] = CASE_SHAPES[key](value, at)
            else:
                raise LineError(at, unknown_key(key, [*CASE_SHAPES, "steps"], "a test case"))
        except LineError as problem:
            problems.append(problem)
    if "test_case" in entry and "steps" not in entry:
        problems.append(LineError(line, "this test case has no `steps:`"))
    if "database" in checked:
        steps.append(Step("database", checked["database"], entry.lines["database"]))
    return Conversation(
        name=checked.get("test_case", ""),
        path=path,
        line=line,
        today=checked.get("today", DEFAULT_TODAY),
        orders=checked.get("orders", ()),
        policy=checked.get("policy", {}),
        steps=tuple(steps),
    )


def _steps(value: Any, line: int, problems: list[LineError]) -> list[Step]:
    if not isinstance(value, Items) or not value:
        raise LineError(line, "`steps` needs at least one `- user: what the customer types`")
    steps = []
    for entry, at in zip(value, value.lines, strict=True):
        try:
            steps.append(_step(entry, at))
        except LineError as problem:
            problems.append(problem)
    first = next((step for step in steps if step.kind in (*TURNS, *ABOUT_A_REPLY)), None)
    if first and first.kind in ABOUT_A_REPLY:
        problems.append(
            LineError(
                first.line, f"`{first.kind}` comes before anybody wrote; start with `- user:`"
            )
        )
    return steps


def _step(entry: Any, line: int) -> Step:
    if not isinstance(entry, located.Mapping):
        raise LineError(line, "a step must be `- key: value`, such as `- user: where is my order`")
    if len(entry) != 1:
        extra = list(entry)[1]
        raise LineError(
            entry.lines[extra], f"one step a dash: put a `- ` before `{extra}` or indent it"
        )
    kind, value = next(iter(entry.items()))
    if kind not in STEPS:
        raise LineError(line, unknown_key(kind, STEPS, "a step"))
    return Step(kind, STEPS[kind](value, entry.lines[kind]), line)


def _same_names(conversations: list[Conversation]) -> list[LineError]:
    seen: dict[str, int] = {}
    problems = []
    for conversation in conversations:
        if conversation.name and conversation.name in seen:
            problems.append(
                LineError(
                    conversation.line,
                    f"`{conversation.name}` is the name of the case on line "
                    f"{seen[conversation.name]} too; give it its own",
                )
            )
        seen.setdefault(conversation.name, conversation.line)
    return problems

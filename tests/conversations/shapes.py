"""Shapes: what a value in a conversation file must look like.

A shape is a function from (value, line) to the checked value; it raises LineError.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tests.conversations import located
from tests.conversations.located import Items, LineError

Shape = Callable[[Any, int], Any]


def unknown_key(key: str, known: Iterable[str], where: str) -> str:
    """The message for a key nobody knows, with the nearest known one."""
    known = sorted(known)
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
    hint = f"did you mean `{near[0]}`?" if near else f"known here: {', '.join(known)}"
    return f"`{key}` is not known in {where}; {hint}"


def text(value: Any, line: int) -> str:
    """One text (an empty one must be written as "")."""
    if isinstance(value, str):
        return value
    if value is None:
        raise LineError(line, 'a text is missing here; write "" if it is meant to be empty')
    raise LineError(
        line, "this must be one text; put quotes around it if it holds a colon or a dash"
    )


def said_by_assistant(value: Any, line: int) -> str:
    """A text the assistant is expected to say; never empty."""
    said = text(value, line)
    if not said.strip():
        raise LineError(line, "an empty text is in every reply; say what must be in it")
    return said


def choice(*options: str) -> Shape:
    """One of a few words."""

    def check(value: Any, line: int) -> str:
        word = text(value, line)
        if word not in options:
            near = difflib.get_close_matches(word, options, n=1, cutoff=0.5)
            hint = f" (did you mean `{near[0]}`?)" if near else ""
            raise LineError(line, f"`{word}` must be one of {', '.join(options)}{hint}")
        return word

    return check


def flag(value: Any, line: int) -> bool:
    """true or false (yes and no do, too)."""
    word = choice("true", "false", "yes", "no")(value, line)
    return bool(word in ("true", "yes"))


def or_nothing(shape: Shape) -> Shape:
    """The same, or nothing at all (`key:` or `key: null`)."""
    return lambda value, line: None if value is None else shape(value, line)


def list_of(shape: Shape, *, one_will_do: bool = False) -> Shape:
    """A list whose every entry has a shape; optionally a single entry without the dash."""

    def check(value: Any, line: int) -> tuple[Any, ...]:
        if isinstance(value, Items):
            return tuple(shape(entry, at) for entry, at in zip(value, value.lines, strict=True))
        if one_will_do and value is not None:
            return (shape(value, line),)
        raise LineError(line, "this must be a list: `[a, b]`, or one `- entry` a line")

    return check


def mapping_of(shapes: Mapping[str, Shape], where: str, *, needs: Iterable[str] = ()) -> Shape:
    """A mapping with known keys only."""

    def check(value: Any, line: int) -> dict[str, Any]:
        if not isinstance(value, located.Mapping):
            raise LineError(line, f"{where} must be `key: value` lines; known: {', '.join(shapes)}")
        checked = {}
        for key, entry in value.items():
            at = value.lines[key]
            if key not in shapes:
                raise LineError(at, unknown_key(key, shapes, where))
            checked[key] = shapes[key](entry, at)
        for key in needs:
            if key not in checked:
                raise LineError(value.line, f"{where} needs `{key}`")
        return checked

    return check


def table(shape: Shape, where: str) -> Shape:
    """A mapping with free keys and values of one shape."""

    def check(value: Any, line: int) -> dict[str, Any]:
        if not isinstance(value, located.Mapping):
            raise LineError(line, f"{where} must be `key: value` lines")
        return {key: shape(entry, value.lines[key]) for key, entry in value.items()}

    return check


def either(if_text: Shape, if_list: Shape | None, if_mapping: Shape | None) -> Shape:
    """The shape depends on what was written: a text, a list or a mapping."""

    def check(value: Any, line: int) -> Any:
        if isinstance(value, located.Mapping) and if_mapping:
            return if_mapping(value, line)
        if isinstance(value, Items) and if_list:
            return if_list(value, line)
        return if_text(value, line)

    return check


def checked_by(parse: Callable[[str], Any]) -> Shape:
    """A text that a parser must accept; the parser's ValueError is the message."""

    def check(value: Any, line: int) -> str:
        written = text(value, line)
        try:
            parse(written)
        except ValueError as error:
            raise LineError(line, str(error)) from None
        return written

    return check

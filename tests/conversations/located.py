"""YAML whose mappings and lists remember the lines they came from.

Every scalar stays the text that was typed: `yes`, `02139` and `2026-03-11` are what a customer
types, not a boolean, an octal number and a date. An empty value is None.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


class LineError(Exception):
    """Something wrong in a file: where, what, and what to do about it."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


class Mapping(dict[str, Any]):
    """A mapping with the line of each of its keys."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


class Items(list[Any]):
    """A list with the line of each of its entries."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []


def load(path: Path) -> Any:
    """The content of a YAML file as Mapping, Items, str and None.

    Raises:
        LineError: the file is not YAML or not UTF-8; names the line.
    """
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError:
        raise LineError(1, "the file is not UTF-8 text; save it as UTF-8") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "it cannot be read"
        line = mark.line + 1 if mark else 1
        raise LineError(
            line, f"not valid YAML: {what}; look at the indentation, colons and quotes here"
        ) from None
    return None if node is None else _value(node)


def _value(node: yaml.Node) -> Any:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, line)
    if isinstance(node, yaml.SequenceNode):
        items = Items(line)
        for child in node.value:
            items.append(_value(child))
            items.lines.append(child.start_mark.line + 1)
        return items
    plain = isinstance(node, yaml.ScalarNode) and node.style is None
    return None if plain and node.value in ("", "~", "null") else node.value


def _mapping(node: yaml.MappingNode, line: int) -> Mapping:
    mapping = Mapping(line)
    for key_node, value_node in node.value:
        key_line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise LineError(key_line, "a key must be plain text; put quotes around it")
        if key_node.value in mapping:
            raise LineError(key_line, f"`{key_node.value}` is given twice; keep one of them")
        mapping[key_node.value] = _value(value_node)
        mapping.lines[key_node.value] = key_line
    return mapping

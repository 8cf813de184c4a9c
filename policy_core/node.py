"""Reading a policy file piece by piece, so that every complaint names its place."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from policy_core.errors import NoReadingError, PolicyError

MAX_FILE_BYTES = 1_000_000
MAX_DEPTH = 20


class _Yaml(yaml.CSafeLoader):
    """Plain YAML that refuses a key given twice (YAML itself would keep the last)."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, list | dict):
                raise PolicyError(f"line {key_node.start_mark.line + 1}: a key must be one word")
            if key in seen:
                raise PolicyError(f"line {key_node.start_mark.line + 1}: {key!r} is given twice")
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def read_yaml(path: Path) -> "Node":
    """The content of a policy file. PolicyError if it cannot be read or is not YAML."""
    try:
        with path.open("rb") as file:
            text = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise NoReadingError(path, error) from None
    if len(text) > MAX_FILE_BYTES:
        raise PolicyError(f"policy file {path.name} is larger than {MAX_FILE_BYTES} bytes")
    try:
        _refuse_deep_nesting(text)
        content = yaml.load(text, Loader=_Yaml)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        if isinstance(error, PolicyError):
            raise
        detail = " ".join(str(error).split())[:200]
        raise PolicyError(f"policy file {path.name} is not YAML: {detail}") from None
    return Node("", content)


def _refuse_deep_nesting(text: bytes) -> None:
    """Deep nesting overflows the C stack while the tree is built; events are read flat."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise PolicyError("the file is nested too deeply to be a policy")


class Node:
    """A value of the file together with its place in it."""

    def __init__(self, place: str, value: object) -> None:
        self.place = place
        self.value = value

    def error(self, message: str) -> PolicyError:
        """A complaint about this place."""
        return PolicyError(f"{self.place or 'the file'}: {message}")

    def child(self, key: object) -> "Node":
        """The value under a key (None if absent), with its place."""
        place = f"{self.place}.{key}" if self.place else str(key)
        return Node(place, self.mapping().get(key))

    def mapping(self) -> dict[Any, Any]:
        """The value as a mapping."""
        if not isinstance(self.value, dict):
            raise self.error("must be a mapping of names to values")
        return self.value

    def children(self) -> Iterator[tuple[Any, "Node"]]:
        """Every key with its node."""
        for key in self.mapping():
            yield key, self.child(key)

    def items(self) -> Iterator["Node"]:
        """Every entry of a list."""
        if not isinstance(self.value, list):
            raise self.error("must be a list")
        for index, value in enumerate(self.value):
            name = value.get("id", value.get("step")) if isinstance(value, dict) else None
            yield Node(f"{self.place}[{name or index}]", value)

    def only(self, *known: str, required: Iterable[str] = ()) -> None:
        """Refuse keys that mean nothing here, and ask for those that must be there."""
        for key in self.mapping():
            if key not in known:
                raise self.error(f"unknown key {key!r}; known are {', '.join(known)}")
        for key in required:
            if self.mapping().get(key) is None:
                raise self.error(f"{key!r} is missing")

    def text(self, default: str | None = None) -> str:
        """The value as a text that is not empty; `default` if absent."""
        if self.value is None and default is not None:
            return default
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.error("must be a text")
        return self.value.strip()

    def optional_text(self) -> str | None:
        """The value as a text, or None if absent."""
        return None if self.value is None else self.text()

    def one_of(self, known: Iterable[str], what: str) -> str:
        """The value as one of the known names."""
        names = tuple(known)
        if self.value not in names:
            raise self.error(f"unknown {what} {self.value!r}; known are {', '.join(names)}")
        return str(self.value)

    def names(self, known: Iterable[str], what: str) -> tuple[str, ...]:
        """A list of known names; one name alone stands for a list of one, absent for none."""
        if self.value is None:
            return ()
        entries = [self] if isinstance(self.value, str) else list(self.items())
        found = tuple(entry.one_of(known, what) for entry in entries)
        if len(set(found)) != len(found):
            raise self.error(f"names a {what} twice")
        return found

    def day(self) -> date:
        """The value as a date."""
        if type(self.value) is not date:
            raise self.error(f"must be a date written YYYY-MM-DD, got {self.value!r}")
        return self.value

    def whole_number(self, *, at_least: int = 0, at_most: int = 3650) -> int:
        """The value as a whole number within bounds."""
        value = self.value
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.error(f"must be a whole number, got {value!r}")
        if not at_least <= value <= at_most:
            raise self.error(f"must lie between {at_least} and {at_most}, got {value}")
        return value

    def numbers(self, known: Iterable[int]) -> tuple[int, ...]:
        """A list of known interpretation numbers; absent for none."""
        if self.value is None:
            return ()
        allowed = tuple(known)
        for entry in self.items():
            if entry.value not in allowed:
                raise entry.error(f"there is no interpretation {entry.value!r}")
        return tuple(entry.value for entry in self.items())  # type: ignore[misc]

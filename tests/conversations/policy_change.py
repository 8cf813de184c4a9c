"""A copy of the policy file with some numbers changed."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml


def in_force(folder: Path, on: date) -> Path:
    """The policy file in force on a day; before the first one, the first."""
    files = sorted(folder.glob("*.yml"))
    return next((file for file in reversed(files) if file.stem <= on.isoformat()), files[0])


def changed(original: Path, changes: Mapping[str, str], copy: Path) -> Path:
    """Write a copy with some entries changed, each named by its path (`contact.phone`).

    Raises:
        ValueError: an entry that is not in the file, with the nearest one.
    """
    content = yaml.safe_load(original.read_text(encoding="utf-8"))
    for path, written in changes.items():
        _set(content, path, written)
    copy.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return copy


def _set(content: Any, path: str, written: str) -> None:
    *parents, last = path.split(".")
    place = content
    for depth, key in enumerate(parents):
        place = _step(place, key, ".".join(parents[: depth + 1]))
    old = _step(place, last, path)
    if isinstance(old, dict | list):
        raise ValueError(f"policy: `{path}` is a whole section; name one entry of it")
    place[_key(place, last)] = written if isinstance(old, str) else yaml.safe_load(written)


def _step(place: Any, key: str, path: str) -> Any:
    try:
        return place[_key(place, key)]
    except (KeyError, IndexError, TypeError, ValueError):
        known = [str(one) for one in place] if isinstance(place, dict) else []
        near = difflib.get_close_matches(key, known, n=1, cutoff=0.4)
        hint = f"did you mean `{near[0]}`?" if near else f"there are: {', '.join(known) or 'none'}"
        raise ValueError(f"policy: there is no `{path}` in the policy file; {hint}") from None


def _key(place: Any, key: str) -> Any:
    return int(key) if isinstance(place, list) else key

"""Reads the shop's and its customers' words from vocabulary.yml."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml


@lru_cache(maxsize=1)
def _content() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(
        Path(__file__).with_name("vocabulary.yml").read_text(encoding="utf-8")
    )
    return content


def _listed(text: str) -> list[str]:
    return [" ".join(phrase.split()) for phrase in text.split(",")]


def products() -> list[str]:
    """Return the names of products, in the singular."""
    return _listed(_content()["products"])


def goods() -> list[str]:
    """Return the names of products and of other goods, in the singular."""
    return [*products(), *_listed(_content()["other_goods"])]


def phrases_of(entity: str) -> dict[str, str]:
    """Return the value that each phrase of "evidence" or "remedies" stands for."""
    kinds: dict[str, str] = _content()[entity]
    return {phrase: kind for kind, listed in kinds.items() for phrase in _listed(listed)}


def other_shops() -> list[str]:
    """Return the names of other shops, in lower case."""
    return _listed(_content()["other_shops"])


def kept_words() -> frozenset[str]:
    """Return the words that are never taken for slips: names, and the words of products."""
    in_names = (word for name in [*products(), *other_shops()] for word in name.split())
    return frozenset([*_listed(_content()["kept"]), *in_names])


def short_forms() -> dict[str, str]:
    """Return what each short form ("pls", "dont") stands for."""
    forms: dict[str, str] = _content()["short_forms"]
    return forms

"""Places where Rasa 3.6.21 does over and over, at every turn, what once would do.

Each mend replaces one function of Rasa's by one that gives the same. It is made for the very text
of that function: where Rasa's differs, nothing is replaced and the start ends with a word.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rasa.core.actions.action import RemoteAction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from gateway.inside_rasa.mended_calls import checked_by_kind, class_remembered
from gateway.inside_rasa.mended_turns import (
    answers_remembered,
    compared_with_one_empty,
    copied_as_it_stands,
    copied_only_to_log,
    nodes_in_order,
)


class AnotherRasaError(RuntimeError):
    """A function to mend is not the one the mend was made for."""


@dataclass(frozen=True)
class Mend:
    """`owner.name`, the SHA-256 of its source, and what makes ours from Rasa's."""

    owner: type
    name: str
    source: str
    make: Callable[[Callable[..., Any]], Any]

    def apply(self) -> None:
        """Replace Rasa's function; calling it again changes nothing."""
        theirs = getattr(self.owner, self.name)
        if hasattr(theirs, "mended"):
            return
        if digest(theirs) != self.source:
            raise AnotherRasaError(
                f"{self.owner.__module__}.{self.owner.__name__}.{self.name} is not the one that "
                "gateway/inside_rasa/mends.py was written for: look whether it still needs mending"
            )
        is_static = isinstance(vars(self.owner)[self.name], staticmethod)
        ours = self.make(theirs)
        ours.mended = self
        setattr(self.owner, self.name, staticmethod(ours) if is_static else ours)


def digest(function: Callable[..., Any]) -> str:
    """What a function's source is known by."""
    return hashlib.sha256(inspect.getsource(function).encode()).hexdigest()


MENDS = (
    Mend(
        RemoteAction,
        "_validate_action_result",
        "f8cdb4be6812396167ced74161b2ccd65c5ea676ad86d7d359d8c322d9d8dc42",
        checked_by_kind,
    ),
    Mend(
        Event,
        "resolve_by_type",
        "b5cf570fa7f286c7059ec73d8880528d03a78b28cf4e80285a46079c0fa65968",
        class_remembered,
    ),
    Mend(
        DaskGraphRunner,
        "run",
        "45f0f52f574f3aa9546a552bf671183e171092c18b66e97f5771a7fa295de37e",
        nodes_in_order,
    ),
    Mend(
        RulePolicy,
        "_predict",
        "f5182d8a10639e14d2643795210767a17fc4c8b5c2852b946f41c6c9f1a8a4e0",
        answers_remembered,
    ),
    Mend(
        DialogueStateTracker,
        "copy",
        "dfa48dca9f355ad1b42c625bc6f6370bafe83514ed17a77904ed64c67bf07285",
        copied_as_it_stands,
    ),
    Mend(
        MessageProcessor,
        "_log_action_on_tracker",
        "d973d12a6d0a3623a8b0c9c2274c5b3008f5eaa3f19aa73311845702e4ed16f9",
        copied_only_to_log,
    ),
    Mend(
        Domain,
        "is_empty",
        "884be90ef485f1d2c0f140657a47f106a7d2785b63b03e46cd699b4072e95369",
        compared_with_one_empty,
    ),
)


def mend() -> None:
    """Apply every mend; raises `AnotherRasaError` where Rasa is not the one they were made for."""
    for one in MENDS:
        one.apply()

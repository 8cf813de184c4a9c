"""What a conversation file may say: the keys, and the shape each value must have."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tests.conversations import located, when
from tests.conversations.located import LineError
from tests.conversations.shapes import (
    Shape,
    checked_by,
    choice,
    either,
    flag,
    list_of,
    mapping_of,
    or_nothing,
    said_by_assistant,
    table,
    text,
)

DEFAULT_TODAY = "2026-03-11"
EVIDENCE_KINDS = ("photo", "video", "document")
# In twice the braces it is text: somebody typed it.
PLACEHOLDER = re.compile(r"\{(?P<typed>\{)?case(?: of (?P<order>\d+))?\}(?(typed)\})")


@dataclass(frozen=True)
class Step:
    """One step: what it is called, its checked value, and its line."""

    kind: str
    value: Any
    line: int


@dataclass(frozen=True)
class Conversation:
    """One test case, ready to be played."""

    name: str
    path: Path
    line: int
    today: str
    orders: tuple[Mapping[str, Any], ...]
    policy: Mapping[str, str]
    steps: tuple[Step, ...]


def _pattern(written: str) -> None:
    try:
        re.compile(written)
    except re.error as error:
        raise ValueError(f"`{written}` is not a regular expression: {error}") from None


def _count(written: str) -> None:
    if not written.isdigit():
        raise ValueError(f"`{written}` must be a number, or a list of what each one is like")


def _rows(row: Shape) -> Shape:
    return either(checked_by(_count), list_of(row), None)


def _slot(value: Any, line: int) -> tuple[str, str | None]:
    if not isinstance(value, located.Mapping):
        return text(value, line), None
    if len(value) != 1:
        raise LineError(line, "one slot a line: `- name: value`, or `- name` alone")
    name, expected = next(iter(value.items()))
    return name, "null" if expected is None else text(expected, line)


_said = list_of(said_by_assistant, one_will_do=True)
_reply = mapping_of(
    {
        "contains": _said,
        "not_contains": _said,
        "matches": list_of(checked_by(_pattern), one_will_do=True),
    },
    "`bot`",
)
_buttons = mapping_of({"contains": _said, "not_contains": _said}, "`buttons`")
_case = mapping_of(
    dict.fromkeys(("situation", "order", "outcome", "remedy", "state"), text)
    | dict.fromkeys(("items", "log", "not_log"), list_of(text)),
    "`cases`",
)
_escalation = mapping_of(
    {"reason": text, "order": or_nothing(text), "situation": text, "has": list_of(text)},
    "`escalations`",
)
database = mapping_of(
    {
        "cases": _rows(_case),
        "escalations": _rows(_escalation),
        "orders": table(text, "`orders`"),
    },
    "`database`",
)
agent = mapping_of(
    {
        "order": text,
        "decides": choice("accept", "reject"),
        "fee_percent": text,
        "judges_evidence": choice("compelling", "insufficient"),
        "does": text,
        "with": table(text, "`with`"),
        "role": choice("agent", "lead"),
        "hands_back": text,
        "told": _said,
        "records": text,
        "data": table(text, "`data`"),
    },
    "`agent`",
)

STEPS: dict[str, Shape] = {
    "user": text,
    "press": text,
    "evidence": list_of(choice(*EVIDENCE_KINDS), one_will_do=True),
    "wait": checked_by(lambda written: when.later(written, when.moment("2000-01-01"))),
    "agent": agent,
    "database_down": flag,
    "bot": either(said_by_assistant, None, _reply),
    "bot_contains": _said,
    "utter": text,
    "buttons": either(said_by_assistant, list_of(said_by_assistant), _buttons),
    "slot_was_set": list_of(_slot, one_will_do=True),
    "slot_was_not_set": list_of(_slot, one_will_do=True),
    "database": database,
}
TURNS = ("user", "press", "evidence")
ABOUT_A_REPLY = ("bot", "bot_contains", "utter", "buttons")

_line = mapping_of(
    dict.fromkeys(("title", "sku", "quantity", "unit_price"), text),
    "`lines`",
    needs=("title", "unit_price"),
)
ORDER_DATES = ("placed_on", "ship_by", "shipped_on", "delivered_on")
_day = checked_by(lambda written: when.day(written, date(2000, 1, 1)))
_earlier = mapping_of(
    {
        "situation": text,
        "asked_on": _day,
        "claims": table(text, "`claims`"),
        "items": list_of(text),
        "log": list_of(
            mapping_of(
                {"on": _day, "records": text, "data": table(text, "`data`")},
                "`log`",
                needs=("on", "records"),
            )
        ),
    },
    "`cases`",
    needs=("situation", "asked_on"),
)
_order = mapping_of(
    dict.fromkeys(("number", "like", "email", "zip", "status", "total"), text)
    | dict.fromkeys(("carrier", "tracking"), or_nothing(text))
    | dict.fromkeys(ORDER_DATES, or_nothing(_day))
    | {"lines": list_of(_line), "cases": list_of(_earlier)},
    "`orders`",
    needs=("number",),
)
order = either(lambda value, line: {"number": text(value, line)}, None, _order)
CASE_SHAPES: dict[str, Shape] = {
    "test_case": said_by_assistant,
    "today": checked_by(when.moment),
    "orders": list_of(order),
    "policy": table(text, "`policy`"),
    "database": database,
}

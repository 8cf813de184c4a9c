"""Compares what a step expects with what happened; the answer is the difference in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.conversations.transcript import Reply

_TYPOGRAPHY = str.maketrans("‘’“”–—\u00a0", "''\"\"-- ")


def plain(text: str) -> str:
    """Text without case, typographic quotes and line breaks, for comparing."""
    return " ".join(text.translate(_TYPOGRAPHY).split()).casefold()


def house_rules(reply: Reply, *, outage: bool = False) -> str | None:
    """What no reply may ever do, whatever the file asks for; errors are due in an outage only."""
    if not any(message.text.strip() for message in reply.messages):
        return "the assistant said nothing"
    # What stands in quotes is the customer's own writing.
    unfilled = re.search(r"\{\w*\}|\bNone\b|\bnan\b", re.sub(r"“[^”]*”", "", reply.text))
    if unfilled:
        return f"the reply holds an unfilled place: {unfilled[0]}"
    for message in reply.messages:
        for title, payload in zip(message.buttons, message.payloads, strict=False):
            if payload != title:
                return f"the button [{title}] sends `{payload}`, not its own title"
    if reply.errors and not outage:
        return "an action raised an error instead of handling it"
    return None


def bot(expected: str | Mapping[str, Sequence[str]], reply: Reply) -> str | None:
    """A whole message, or parts of the reply."""
    if isinstance(expected, str):
        if any(plain(message.text) == plain(expected) for message in reply.messages):
            return None
        return f"expected the message  {expected}"
    said = plain(reply.text)
    for part in expected.get("contains", ()):
        if plain(part) not in said:
            return f"expected in the reply  {part}"
    for part in expected.get("not_contains", ()):
        if plain(part) in said:
            return f"must not be in the reply  {part}"
    for pattern in expected.get("matches", ()):
        if not re.search(pattern, reply.text, re.IGNORECASE):
            return f"expected in the reply, as a pattern  {pattern}"
    return None


def utter(expected: str, reply: Reply) -> str | None:
    """A response of the domain, by its name."""
    names = [message.utter for message in reply.messages if message.utter]
    if expected in names:
        return None
    return f"expected the response  {expected}\nresponses given  {', '.join(names) or 'none'}"


def buttons(expected: Any, reply: Reply) -> str | None:
    """Quick replies: all of them in their order, or some that must (not) be there."""
    offered = [plain(title) for title in reply.buttons]
    if isinstance(expected, Mapping):
        missing = [one for one in expected.get("contains", ()) if plain(one) not in offered]
        surplus = [one for one in expected.get("not_contains", ()) if plain(one) in offered]
        wrong = [f"missing [{one}]" for one in missing]
        wrong += [f"must not offer [{one}]" for one in surplus]
    else:
        wanted = [expected] if isinstance(expected, str) else list(expected)
        wrong = [] if [plain(one) for one in wanted] == offered else [f"expected {_titles(wanted)}"]
    return f"buttons: {', '.join(wrong)}\noffered: {_titles(reply.buttons)}" if wrong else None


def slots(expected: Sequence[tuple[str, str | None]], reply: Reply, *, is_set: bool) -> str | None:
    """Slots by name, or by name and value."""
    for name, value in expected:
        if name not in reply.slots:
            return f"there is no slot called `{name}`"
        actual = reply.slots[name]
        holds = actual is not None if value is None else written(actual) == value
        if holds != is_set:
            wanted = "set" if value is None else f"`{value}`"
            must = "must be" if is_set else "must not be"
            return f"slot `{name}` {must} {wanted}; it is `{written(actual)}`"
    return None


def database(expected: Mapping[str, Any], actual: Mapping[str, Any]) -> str | None:
    """Cases, escalations and orders as they stand."""
    return next(_database_differences(expected, actual), None)


def written(value: Any) -> str:
    """A value as it is written in a conversation file."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _database_differences(expected: Mapping[str, Any], actual: Mapping[str, Any]) -> Iterator[str]:
    for rows in ("cases", "escalations"):
        if rows in expected:
            yield from _row_differences(rows, expected[rows], actual[rows])
    for number, status in expected.get("orders", {}).items():
        if number not in actual["orders"]:
            yield f"database: there is no order {number}"
        elif actual["orders"][number] != status:
            yield f"database: order {number} must be {status}; it is {actual['orders'][number]}"


def _row_differences(
    kind: str, expected: Any, actual: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    wanted = int(expected) if isinstance(expected, str) else len(expected)
    if len(actual) != wanted:
        listing = "".join(f"\n  {_row(row)}" for row in actual)
        yield f"database: expected {wanted} {kind}, there are {len(actual)}{listing}"
    elif not isinstance(expected, str):
        for number, (want, row) in enumerate(zip(expected, actual, strict=True), start=1):
            for difference in _field_differences(want, row):
                yield f"database: {kind}, number {number}: {difference}\n  {_row(row)}"


def _field_differences(expected: Mapping[str, Any], row: Mapping[str, Any]) -> Iterator[str]:
    for key, value in expected.items():
        if key == "log":
            if not _in_order(value, row["log"]):
                yield f"the log must hold, in this order, {', '.join(value)}"
        elif key == "not_log":
            for kind in value:
                if kind in row["log"]:
                    yield f"the log must not hold {kind}"
        elif key == "items":
            if list(value) != row["items"]:
                yield f"it must be about items {' '.join(value)}"
        elif key == "has":
            for name in value:
                if not row.get(name):
                    yield f"`{name}` must be filled"
        elif written(row.get(key)) != written(value):
            yield f"`{key}` must be {written(value)}; it is {written(row.get(key))}"


def _in_order(wanted: Sequence[str], actual: Sequence[str]) -> bool:
    remaining = iter(actual)
    return all(kind in remaining for kind in wanted)


def _row(row: Mapping[str, Any]) -> str:
    return ", ".join(f"{key}={_short(value)}" for key, value in row.items())


def _short(value: Any) -> str:
    if isinstance(value, Mapping):
        return "filled" if value else "empty"
    shown = " ".join(map(str, value)) if isinstance(value, list | tuple) else written(value)
    return shown if len(shown) <= 80 else shown[:77] + "..."


def _titles(titles: Sequence[str]) -> str:
    return " ".join(f"[{title}]" for title in titles) or "none"

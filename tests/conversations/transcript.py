"""What happened so far, for people: who said what, which buttons, what the assistant knew."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

WIDTH = 96
_INDENT = 14


@dataclass(frozen=True)
class Message:
    """One message of the assistant.

    `utter` is its response name, where it has one; `card` names what the website draws with it, and
    `drawn` is what can be read there.
    """

    text: str
    buttons: tuple[str, ...] = ()
    utter: str | None = None
    payloads: tuple[str, ...] = ()
    card: str | None = None
    drawn: str = ""


@dataclass(frozen=True)
class Reply:
    """Everything the assistant said since the customer's last message, and what it then knew."""

    messages: tuple[Message, ...]
    slots: Mapping[str, Any] = field(default_factory=dict)
    understood: str = ""
    actions: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All that can be read in the messages, one a line."""
        read = (part for message in self.messages for part in (message.text, message.drawn))
        return "\n".join(part for part in read if part)

    @property
    def buttons(self) -> tuple[str, ...]:
        """The quick replies on offer."""
        return tuple(title for message in self.messages for title in message.buttons)


class Transcript:
    """The conversation as played so far."""

    def __init__(self, heading: str) -> None:
        self._lines = [heading, ""]

    def customer(self, text: str) -> None:
        """The customer wrote this."""
        self._say("customer", text)

    def assistant(self, reply: Reply) -> None:
        """The assistant answered this."""
        for message in reply.messages:
            self._say("assistant", message.text or f"(draws: {message.card or 'nothing'})")
            if message.drawn:
                self._say("", message.drawn)
            if message.buttons:
                self._say("", "  ".join(f"[{title}]" for title in message.buttons))
        if not reply.messages:
            self._say("assistant", "(nothing)")

    def event(self, text: str) -> None:
        """Something happened that nobody said."""
        self._say("", f"-- {text} --")

    def _say(self, who: str, text: str) -> None:
        lines = [
            line
            for paragraph in (text or '""').splitlines()
            for line in (textwrap.wrap(paragraph, WIDTH - _INDENT) or [""])
        ]
        label = f"  {who:<{_INDENT - 2}}"
        self._lines.append(label + f"\n{'':<{_INDENT}}".join(lines))

    def __str__(self) -> str:
        return "\n".join(self._lines)


class MismatchError(AssertionError):
    """The conversation did not go as its file says; the text is the whole report."""

    def __init__(self, transcript: Transcript, where: str, message: str, reply: Reply) -> None:
        self.message = message
        notes = [f"> {line}" for line in f"{where}: {message}".splitlines()]
        for error in reply.errors:
            notes += ["", "  An action failed:", textwrap.indent(error.rstrip(), "    ")]
        if reply.understood:
            notes.append(f"  understood: {reply.understood}")
        known = {name: value for name, value in reply.slots.items() if value not in (None, [], {})}
        if known:
            notes.append("  slots: " + ", ".join(f"{name}={known[name]!r}" for name in known))
        super().__init__("\n".join([str(transcript), "", *notes]))

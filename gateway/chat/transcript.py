"""A conversation as plain text, to keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from casework.conversations.conversation import Message
from gateway.web import wording
from gateway.web.rendering import card_view

_WHO = {
    "customer": "You",
    "assistant": "Assistant (automated)",
    "agent": f"{wording.SHOP} (a person)",
    "system": "Notice",
}


def transcript_text(messages: Iterable[Message]) -> str:
    """The conversation as a customer reads it, times in the shop's zone, oldest first."""
    head = (
        f"{wording.SHOP} after-sales chat\nTimes: {wording.zone().key}. Phone: {wording.phone()}\n"
    )
    return head + "".join(f"\n{line}" for message in messages for line in _lines(message)) + "\n"


def _lines(message: Message) -> Iterator[str]:
    at = message.created_at.astimezone(wording.zone())
    yield f"[{at:%Y-%m-%d %H:%M}] {_WHO[message.author]}:"
    payload = message.payload or {}
    for part in message.text.splitlines():
        yield f"  {part}"
    for number, _ in enumerate(payload.get("pictures", ()), 1):
        yield f"  [picture {number}]"
    for one in payload.get("documents", ()):
        yield f"  [document: {one['name']}]"
    if isinstance(payload.get("card"), dict):
        yield from _card_lines(payload["card"])
    for tip in (payload.get("ask_evidence") or {}).get("tips") or ():
        yield f"  - {tip}"
    titles = [str(reply["title"]) for reply in payload.get("replies", ())]
    if titles:
        yield f"  ({' | '.join(titles)})"
    yield ""


def _card_lines(card: dict[str, object]) -> Iterator[str]:
    view = card_view(card)
    yield f"  {view['title']}" + (f" ({view['status']})" if view["status"] else "")
    if view["case_number"]:
        yield f"  Case: {view['case_number']}"
    for label, values in view["lines"]:
        yield from (f"  {label}: {value}" for value in values)
    yield from (f"  Policy, {title}: {summary}" for title, summary in view["clauses"])

"""Templates, and what makes a message's text safe and useful to read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from secrets import token_hex
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from casework.conversations.conversation import Message
from gateway.settings import PROJECT
from gateway.web import wording
from gateway.web.assets import Assets

_LINK = re.compile(
    r"(?P<url>https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]])"
    r"|(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<phone>\+?\(?\d[\d().\s-]{7,16}\d)"
)


def build_environment(assets: Assets) -> Environment:
    """The Jinja environment of the web: everything escaped, a missing name is an error."""
    environment = Environment(
        loader=FileSystemLoader(PROJECT / "gateway" / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(rich=rich, iso=iso, clock=clock, tel=telephone, size=file_size)
    environment.globals.update(asset=assets.url, shop=wording.SHOP, new_id=lambda: token_hex(16))
    return environment


def rich(text: str) -> Markup:
    """Text as HTML: escaped, with links on web addresses, e-mail and the shop's phone number."""
    parts: list[Markup] = []
    end = 0
    for found in _LINK.finditer(text):
        parts += [escape(text[end : found.start()]), _link(found)]
        end = found.end()
    return Markup("").join([*parts, escape(text[end:])])


def _link(found: re.Match[str]) -> Markup:
    shown = found.group()
    if found["url"]:
        return Markup(
            '<a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}</a>'
        ).format(shown, shown)
    if found["email"]:
        return Markup('<a href="mailto:{}">{}</a>').format(shown, shown)
    if digits(shown)[-10:] == digits(wording.phone())[-10:]:
        return Markup('<a href="tel:{}">{}</a>').format(telephone(shown), shown)
    return escape(shown)


def digits(text: str) -> str:
    """Only the digits of a text."""
    return re.sub(r"\D", "", text)


def telephone(number: str) -> str:
    """A US phone number as `tel:` wants it."""
    return "+" + digits(number).rjust(11, "1")


def iso(moment: datetime) -> str:
    """A moment as machines read it."""
    return moment.isoformat(timespec="seconds")


def clock(moment: datetime) -> str:
    """A moment in the shop's time zone, for readers whose browser does not put it in their own."""
    return moment.astimezone(wording.zone()).strftime("%b %-d, %-I:%M %p")


def file_size(count: int) -> str:
    """A number of bytes as people say it."""
    return f"{count / 2**20:.1f} MB" if count >= 2**20 else f"{max(1, round(count / 1024))} KB"


def message_view(message: Message, *, open_replies: set[str] | None = None) -> dict[str, Any]:
    """What the message template needs; `open_replies` limits the quick replies still offered."""
    payload = message.payload or {}
    replies = [
        reply
        for reply in payload.get("replies", ())
        if open_replies is None or reply["id"] in open_replies
    ]
    key = message.key or ""
    return {
        "id": message.id,
        "client_id": key[2:] if key.startswith("c:") else "",
        "author": message.author,
        "by": str(payload.get("by") or ""),
        "note": message.audience == "agents",
        "text": message.text,
        "at": message.created_at,
        "replies": replies,
        "card": card_view(payload["card"]) if "card" in payload else None,
        "tips": _tips(payload["ask_evidence"], message.text) if "ask_evidence" in payload else None,
        "pictures": payload.get("pictures", ()),
        "documents": payload.get("documents", ()),
    }


def card_view(card: Mapping[str, Any]) -> dict[str, Any]:
    """A decision card as the template shows it; whatever is missing stays empty."""
    contact = card.get("contact") or {}
    status = str(card.get("status") or "")
    return {
        "case_number": str(card.get("case_number") or ""),
        "title": str(card.get("title") or ""),
        "status": wording.STATES.get(status, wording.OUTCOMES.get(status, status)),
        "lines": _grouped(_pairs(card.get("lines"), "label", "value")),
        "clauses": _pairs(card.get("clauses"), "title", "summary"),
        "phone": str(contact.get("phone") or wording.phone()),
        "email": str(contact.get("email") or ""),
    }


def _pairs(rows: object, first: str, second: str) -> list[tuple[str, str]]:
    found = rows if isinstance(rows, list) else []
    return [
        (str(row.get(first) or ""), str(row.get(second) or ""))
        for row in found
        if isinstance(row, Mapping)
    ]


def _grouped(pairs: list[tuple[str, str]]) -> list[tuple[str, list[str]]]:
    """Lines that follow each other under the same label, under one label."""
    groups = groupby(pairs, key=lambda pair: pair[0])
    return [(label, [value for _, value in group]) for label, group in groups]


def _tips(asked: Mapping[str, Any], text: str) -> list[str]:
    """The tips for a good picture that the message itself does not say already."""
    tips = asked.get("tips")
    return [str(tip) for tip in tips if str(tip) not in text] if isinstance(tips, list) else []

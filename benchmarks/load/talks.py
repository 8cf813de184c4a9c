"""Whole conversations by text alone, and orders enough that each customer has one of their own."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from casework.orders.importer import import_orders
from casework.shop import day_of
from gateway.web.running import now

ORDERS = 1500
FIRST = 300000

DAMAGED = (
    "Hi there",
    "my new chair arrived with a broken leg",
    "{order}",
    "{email}",
    "I would like a refund",
    "I'll send the photos later",
    "how long do refunds take?",
    "thanks, bye",
)
UNWANTED = (
    "I changed my mind and want to send the chair back",
    "it is order {order}, {email}",
    "yes please",
    "why?",
    "who pays for return shipping?",
    "thank you",
)
WHERE = (
    "hello",
    "where is my order {order}?",
    "{zip}",
    "ok, and is there a restocking fee?",
    "no that's all, thanks",
)
QUESTIONS = (
    "what if something arrives broken?",
    "how long do I have to tell you?",
    "and can I cancel an order that has not shipped yet?",
    "never mind, thanks",
)
TALKS = (DAMAGED, UNWANTED, WHERE, QUESTIONS)

# To the assistant that `rasa init` makes.
REFERENCE_TALKS = (
    ("hello", "I am feeling great", "bye"),
    ("hi", "I am so sad today", "yes", "goodbye"),
    ("hey there", "are you a bot?", "I am unhappy", "no", "see you later"),
)


def talks() -> Iterator[tuple[str, ...]]:
    """Conversations without end, each about an order that nobody spoke of before."""
    for number, talk in zip(itertools.cycle(range(ORDERS)), itertools.cycle(TALKS), strict=False):
        names = {"order": str(FIRST + number), "email": _email(number), "zip": "94110"}
        yield tuple(text.format(**names) for text in talk)


def reference_talks() -> Iterator[tuple[str, ...]]:
    """Conversations without end with the other assistant."""
    return itertools.cycle(REFERENCE_TALKS)


def add_orders(session: Session, folder: Path) -> None:
    """Bring the customers' orders into the database: each arrived three days ago."""
    today = day_of(now())
    placed, shipped, arrived = (today - timedelta(days=days) for days in (9, 7, 3))
    head = (
        "number,email,zip,placed_on,ship_by,shipped_on,delivered_on,status,carrier,tracking,total,"
        "currency,sku,title,quantity,unit_price"
    )
    rows = (
        f"{FIRST + number},{_email(number)},94110,{placed},{shipped},{shipped},{arrived},delivered,"
        f"UPS,1Z{number},129.95,USD,CH-1,Desk chair,1,129.95"
        for number in range(ORDERS)
    )
    file = folder / "orders.csv"
    file.write_text("\n".join([head, *rows]), "utf-8")
    brought = import_orders(session, file, now())
    if brought.refused:
        raise RuntimeError(f"orders to measure with were refused: {brought.refused[0]}")


def _email(number: int) -> str:
    return f"customer{number}@example.com"

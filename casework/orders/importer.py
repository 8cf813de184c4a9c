"""Importing orders from a file: each order as a whole or not at all, and twice is once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from casework.cases.writing import order_changed
from casework.errors import CaseworkError
from casework.orders.file import FileOrder, read_order_file
from casework.orders.order import Order, OrderLine, find_order, still_known
from casework.shop import day_of

_FIXED = ("placed_on", "total", "currency")


@dataclass
class Imported:
    """How many orders were added, updated, unchanged or refused; ``refused`` says why."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    refused_orders: int = 0
    refused: list[str] = field(default_factory=list)


def import_orders(session: Session, file: Path, now: datetime) -> Imported:
    """Bring the orders of a CSV or JSON file into the database.

    A known order is updated (where it stands, its dates, carrier, e-mail, ZIP); its items and total
    cannot change, and a cancelled one stays cancelled.

    Raises:
        CaseworkError: the file as a whole cannot be read.
    """
    result = Imported()
    for given in read_order_file(file, day_of(now)):
        order = None if given.problems else find_order(session, given.values["number"])
        problems = given.problems or (_conflicts(order, given) if order else [])
        if problems:
            result.refused_orders += 1
            result.refused += [_line(given, problem) for problem in problems]
        elif order is None:
            lines = [OrderLine(position=at, **line) for at, line in enumerate(given.lines, start=1)]
            session.add(Order(**given.values, lines=lines))
            session.flush()
            result.added += 1
        else:
            _bring_up(session, order, given, now, result)
    return result


def _conflicts(order: Order, given: FileOrder) -> list[str]:
    problems = [
        f"{name}: is {getattr(order, name)} in the database"
        for name in _FIXED
        if getattr(order, name) != given.values[name]
    ]
    if _items(order.lines) != [tuple(line.values()) for line in given.lines]:
        problems.append("lines: the order has other items in the database")
    if order.status == "cancelled" != given.values["status"]:
        problems.append(f"status: was canceled, the file says {given.values['status']}")
    return problems


def _items(lines: Sequence[OrderLine]) -> list[tuple[Any, ...]]:
    return [(line.sku, line.title, line.quantity, line.unit_price) for line in lines]


def _bring_up(
    session: Session, order: Order, given: FileOrder, now: datetime, result: Imported
) -> None:
    known = still_known(order, given.values)
    changed = {name: new for name, new in known.items() if getattr(order, name) != new}
    if not changed:
        result.unchanged += 1
        return
    try:
        with session.begin_nested():
            for name, new in changed.items():
                setattr(order, name, new)
            order_changed(session, order, now)
    except CaseworkError as error:
        result.refused_orders += 1
        result.refused.append(_line(given, str(error)))
    else:
        result.updated += 1


def _line(given: FileOrder, problem: str) -> str:
    where = "" if problem.startswith("line ") else f"{given.where}: "
    return f"order {given.name or '?'}: {where}{problem}"

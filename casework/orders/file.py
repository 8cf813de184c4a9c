"""A file of orders, read: CSV with one row an item, or a JSON array of orders with ``lines``.

Every value is checked; a problem names its line (CSV) or place in the array (JSON), the order and
the field. Dates are written YYYY-MM-DD, amounts are US dollars such as 129.95.
"""

import csv
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

from casework.errors import CaseworkError
from casework.orders.fields import (
    amount,
    check_course,
    count,
    currency,
    day,
    email,
    number,
    optional,
    status,
    text,
    zip_code,
)
from casework.orders.order import normalise_order_number

Reader = Callable[[object], Any]

ORDER_FIELDS: dict[str, Reader] = {
    "number": number,
    "email": email,
    "zip": zip_code,
    "placed_on": day,
    "ship_by": day,
    "shipped_on": optional(day),
    "delivered_on": optional(day),
    "status": status,
    "carrier": optional(text(60)),
    "tracking": optional(text(60)),
    "total": amount,
    "currency": currency,
}
LINE_FIELDS: dict[str, Reader] = {
    "sku": text(40),
    "title": text(200),
    "quantity": count,
    "unit_price": amount,
}
_MAY_LACK = {"shipped_on", "delivered_on", "carrier", "tracking", "currency"}


@dataclass
class FileOrder:
    """One order of the file: its checked values, those of its lines, and what was wrong."""

    where: str
    name: str
    values: dict[str, Any] = field(default_factory=dict)
    lines: list[dict[str, Any]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read_order_file(path: Path, today: date) -> list[FileOrder]:
    """Return the orders of a ``.csv`` or ``.json`` file; days after ``today`` are refused.

    Raises:
        CaseworkError: the file as a whole cannot be read; the message says why.
    """
    readers = {".csv": _from_csv, ".json": _from_json}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise CaseworkError(f"{path.name}: the file name must end in .csv or .json")
    try:
        content = path.read_text("utf-8-sig")
    except OSError as error:
        raise CaseworkError(f"{path.name}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CaseworkError(f"{path.name}: is not UTF-8 text") from None
    orders = list(reader(path.name, content))
    for order in orders:
        order.problems += check_course(order.values, order.lines, today)
    return orders


def _from_csv(name: str, content: str) -> Iterator[FileOrder]:
    rows = csv.DictReader(StringIO(content, newline=""), strict=True)
    orders: dict[str, FileOrder] = {}
    try:
        _check_header(name, rows.fieldnames or [])
        for row in rows:
            _add_row(orders, f"line {rows.line_num}", row)
    except csv.Error as error:
        raise CaseworkError(f"{name}: line {rows.line_num}: {error}") from None
    yield from orders.values()


def _check_header(name: str, header: Any) -> None:
    known = {**ORDER_FIELDS, **LINE_FIELDS}
    lacking = [column for column in known if column not in header and column not in _MAY_LACK]
    unknown = [column for column in header if column not in known]
    if lacking:
        raise CaseworkError(f"{name}: columns are missing: {', '.join(lacking)}")
    if unknown:
        raise CaseworkError(f"{name}: unknown columns: {', '.join(map(repr, unknown))}")


def _add_row(orders: dict[str, FileOrder], where: str, row: dict[Any, Any]) -> None:
    """Add a row to its order; an empty cell of a later row means "as in the first"."""
    name = str(row.get("number") or "").strip()
    key = normalise_order_number(name) or name or where
    first = key not in orders
    order = orders.setdefault(key, FileOrder(where, name))
    if None in row:
        order.problems.append(f"{where}: has more cells than the header")
    if first:
        order.values, problems = _read(ORDER_FIELDS, row)
    else:
        filled = {
            cell: reader for cell, reader in ORDER_FIELDS.items() if (row.get(cell) or "").strip()
        }
        values, problems = _read(filled, row)
        problems += [
            f"{cell}: differs from the order's first row"
            for cell, value in values.items()
            if order.values.get(cell) != value
        ]
    line, line_problems = _read(LINE_FIELDS, row)
    order.lines.append(line)
    order.problems += [f"{where}: {problem}" for problem in problems + line_problems]


def _from_json(name: str, content: str) -> Iterator[FileOrder]:
    try:
        entries = json.loads(content, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise CaseworkError(f"{name}: is not JSON: {error}") from None
    if not isinstance(entries, list):
        raise CaseworkError(f"{name}: must hold an array of orders")
    seen: set[str] = set()
    for position, entry in enumerate(entries, start=1):
        order = _json_order(f"entry {position}", entry)
        if order.name and order.name in seen:
            order.problems.append("number: appears a second time in the file")
        seen.add(order.name)
        yield order


def _json_order(where: str, entry: object) -> FileOrder:
    if not isinstance(entry, dict):
        return FileOrder(where, "", problems=["is not an object"])
    order = FileOrder(where, str(entry.get("number") or "").strip())
    order.values, order.problems = _read(ORDER_FIELDS, entry)
    order.problems += _unknown(entry, {*ORDER_FIELDS, "lines"})
    lines = entry.get("lines")
    for position, line in enumerate(lines if isinstance(lines, list) else [], start=1):
        values, problems = _read(LINE_FIELDS, line if isinstance(line, dict) else {})
        problems += _unknown(line, LINE_FIELDS) if isinstance(line, dict) else []
        order.lines.append(values)
        order.problems += [f"item {position}: {problem}" for problem in problems]
    return order


def _unknown(given: Mapping[str, object], known: Any) -> list[str]:
    return [f"{name!r}: is not a known field" for name in given if name not in known]


def _read(fields: Mapping[str, Reader], row: Mapping[Any, Any]) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    problems: list[str] = []
    for name, reader in fields.items():
        try:
            values[name] = reader(row.get(name))
        except ValueError as error:
            problems.append(f"{name}: {error}")
    return values, problems

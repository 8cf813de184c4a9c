import csv
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.writing import open_case, record
from casework.errors import CaseworkError
from casework.orders.file import LINE_FIELDS, ORDER_FIELDS
from casework.orders.importer import Imported, import_orders
from casework.orders.order import Order, find_order
from tests.casework.conftest import NOW

Row = dict[str, Any]

GOOD: Row = {
    "number": "20001", "email": "pat@example.com", "zip": "02139", "placed_on": "2026-03-02",
    "ship_by": "2026-03-06", "shipped_on": "2026-03-05", "delivered_on": "2026-03-09",
    "status": "delivered", "carrier": "UPS", "tracking": "1Z9", "total": "129.95",
    "currency": "USD",
    "sku": "CH-1", "title": "Chair", "quantity": "1", "unit_price": "99.95",
}  # fmt: skip
SECOND_ITEM: Row = {
    "number": "20001",
    "sku": "PN-1",
    "title": "Pens",
    "quantity": "2",
    "unit_price": "15",
}


def write_csv(folder: Path, *rows: Row) -> Path:
    file = folder / "orders.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, [*ORDER_FIELDS, *LINE_FIELDS])
        writer.writeheader()
        writer.writerows(rows)
    return file


def write_json(folder: Path, *entries: object) -> Path:
    file = folder / "orders.json"
    file.write_text(json.dumps(list(entries)), "utf-8")
    return file


def as_entry(row: Row) -> Row:
    line = {name: row[name] for name in LINE_FIELDS}
    return {name: row[name] for name in ORDER_FIELDS} | {"lines": [line]}


def counts(result: Imported) -> tuple[int, int, int, int]:
    return result.added, result.updated, result.unchanged, result.refused_orders


def test_a_csv_file_with_one_row_an_item(session: Session, tmp_path: Path) -> None:
    result = import_orders(session, write_csv(tmp_path, GOOD, SECOND_ITEM), NOW)
    assert counts(result) == (1, 0, 0, 0)
    order = find_order(session, "20001")
    assert order is not None
    assert (order.zip, order.total, order.shipped_on) == (
        "02139",
        Decimal("129.95"),
        date(2026, 3, 5),
    )
    assert [(line.position, line.sku, line.quantity, line.unit_price) for line in order.lines] == [
        (1, "CH-1", 1, Decimal("99.95")),
        (2, "PN-1", 2, Decimal("15.00")),
    ]


def test_a_json_file(session: Session, tmp_path: Path) -> None:
    numbers = GOOD | {"total": 129.95, "quantity": 1, "unit_price": 99.95, "number": 20001}
    lean = as_entry(numbers | {"number": "AOP-20002"})
    del lean["carrier"], lean["tracking"], lean["currency"]
    result = import_orders(session, write_json(tmp_path, as_entry(numbers), lean), NOW)
    assert result == Imported(added=2)
    order = find_order(session, "20002")
    assert order is not None
    assert (order.total, order.currency, order.carrier) == (Decimal("129.95"), "USD", None)


def test_importing_twice_changes_nothing(session: Session, tmp_path: Path) -> None:
    file = write_csv(tmp_path, GOOD, SECOND_ITEM)
    import_orders(session, file, NOW)
    session.flush()
    assert counts(import_orders(session, file, NOW)) == (0, 0, 1, 0)
    assert not session.dirty


def test_an_order_moves_on_with_the_next_file(session: Session, tmp_path: Path) -> None:
    waiting = GOOD | {"status": "processing", "shipped_on": "", "delivered_on": ""}
    import_orders(session, write_csv(tmp_path, waiting), NOW)
    assert counts(import_orders(session, write_csv(tmp_path, GOOD), NOW)) == (0, 1, 0, 0)
    order = find_order(session, "20001")
    assert order is not None
    assert (order.status, order.delivered_on) == ("delivered", date(2026, 3, 9))


@pytest.mark.parametrize(
    ("change", "said"),
    [({"total": "200"}, "total"), ({"title": "Table"}, "other items"),
     ({"placed_on": "2026-03-01"}, "placed_on")],
)  # fmt: skip
def test_what_was_sold_never_changes(
    session: Session, tmp_path: Path, change: Row, said: str
) -> None:
    import_orders(session, write_csv(tmp_path, GOOD), NOW)
    result = import_orders(session, write_csv(tmp_path, GOOD | change | {"carrier": "DHL"}), NOW)
    assert counts(result) == (0, 0, 0, 1)
    assert said in result.refused[0]
    order = find_order(session, "20001")
    assert order is not None
    assert order.carrier == "UPS"


def test_a_file_never_revives_a_cancelled_order(session: Session, tmp_path: Path) -> None:
    file = write_csv(
        tmp_path, GOOD | {"status": "processing", "shipped_on": "", "delivered_on": ""}
    )
    import_orders(session, file, NOW)
    order = find_order(session, "20001")
    assert order is not None
    case = open_case(
        session,
        order=order,
        situation="late_shipment",
        facts={},
        conversation_id="c",
        now=NOW,
        key="k",
    )
    record(session, case, "order_cancelled", actor="agent", now=NOW, key="cancelled")
    result = import_orders(session, file, NOW)
    assert counts(result) == (0, 0, 0, 1)
    assert order.status == "cancelled"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"number": ""}, "number: is missing"),
        ({"number": "abc"}, "number: 'abc' is not an order number"),
        ({"email": "pat at example"}, "email:"),
        ({"email": "a@example.com b@example.com"}, "email:"),
        ({"zip": "2139"}, "zip: '2139' is not a ZIP code"),
        ({"placed_on": "03/02/2026"}, "placed_on: '03/02/2026' is not a day"),
        ({"placed_on": "2026-02-30"}, "placed_on:"),
        ({"ship_by": ""}, "ship_by: is missing"),
        ({"ship_by": "2026-03-01"}, "ship_by: 2026-03-01 is before placed_on"),
        ({"shipped_on": "2026-03-01"}, "shipped_on: 2026-03-01 is before placed_on"),
        ({"delivered_on": "2026-03-04"}, "delivered_on: 2026-03-04 is before shipped_on"),
        ({"delivered_on": "2026-03-14"}, "delivered_on: 2026-03-14 is after today"),
        ({"delivered_on": ""}, "delivered_on: an order that is delivered has one"),
        ({"status": "shipped"}, "delivered_on: an order that is shipped has none"),
        ({"status": "processing", "delivered_on": ""},
        "shipped_on: an order that is processing has none"),
        ({"status": "destroyed", "delivered_on": "", "shipped_on": ""},
        "shipped_on: an order that is destroyed has one"),
        ({"status": "lost"}, "status: 'lost' is not one of"),
        ({"total": "-1"}, "total:"),
        ({"total": "1.005"}, "total:"),
        ({"total": "NaN"}, "total:"),
        ({"total": "$129.95"}, "total:"),
        ({"currency": "EUR"}, "currency: 'EUR' is not USD"),
        ({"quantity": "0"}, "quantity:"),
        ({"quantity": "1.5"}, "quantity:"),
        ({"unit_price": "cheap"}, "unit_price:"),
        ({"title": ""}, "title: is missing"),
        ({"title": "x" * 201}, "title: is longer than 200"),
        ({"tracking": "a\x07b"}, "tracking: holds characters"),
    ],
)  # fmt: skip
def test_a_wrong_value_refuses_its_order_and_says_why(
    session: Session, tmp_path: Path, change: Row, said: str
) -> None:
    another = GOOD | {"number": "20002"}
    for file in (
        write_csv(tmp_path, GOOD | change, another),
        write_json(tmp_path, as_entry(GOOD | change), as_entry(another)),
    ):
        result = import_orders(session, file, NOW)
        assert result.refused_orders == 1
        assert any(said in line for line in result.refused), result.refused
        assert all(
            ("line 2:" in line) or ("entry 1:" in line) or "order" in line
            for line in result.refused
        )
        assert find_order(session, "20002") is not None
        assert find_order(session, "20001") is None


def test_one_wrong_item_refuses_the_whole_order(session: Session, tmp_path: Path) -> None:
    file = write_csv(tmp_path, GOOD, SECOND_ITEM | {"quantity": "none"})
    result = import_orders(session, file, NOW)
    assert result.refused == ["order 20001: line 3: quantity: 'none' is not a whole number from 1"]
    assert session.scalars(select(Order)).all() == []


def test_rows_of_one_order_that_differ_are_refused(session: Session, tmp_path: Path) -> None:
    file = write_csv(tmp_path, GOOD, SECOND_ITEM | {"total": "1.00", "zip": "nowhere"})
    result = import_orders(session, file, NOW)
    assert result.refused == [
        "order 20001: line 3: zip: 'nowhere' is not a ZIP code",
        "order 20001: line 3: total: differs from the order's first row",
    ]


def test_every_problem_is_told(session: Session, tmp_path: Path) -> None:
    result = import_orders(session, write_csv(tmp_path, GOOD | {"total": "x", "zip": "y"}), NOW)
    assert len(result.refused) == 2


@pytest.mark.parametrize(
    ("entry", "said"),
    [("chair", "entry 1: is not an object"), ([], "is not an object"),
     (as_entry(GOOD) | {"lines": []}, "at least one item"),
     (as_entry(GOOD) | {"lines": "x"}, "at least one item"),
     (as_entry(GOOD) | {"lines": [7]}, "item 1: sku: is missing"),
     (as_entry(GOOD) | {"shiped_on": None}, "'shiped_on'"),
     (as_entry(GOOD) | {"total": True}, "total: is not a plain value"),
     (as_entry(GOOD) | {"email": ["a"]}, "email:")],
)  # fmt: skip
def test_json_of_another_shape_is_refused(
    session: Session, tmp_path: Path, entry: object, said: str
) -> None:
    result = import_orders(session, write_json(tmp_path, entry), NOW)
    assert counts(result) == (0, 0, 0, 1)
    assert any(said in line for line in result.refused), result.refused


def test_an_order_that_appears_twice_in_json_is_refused(session: Session, tmp_path: Path) -> None:
    result = import_orders(session, write_json(tmp_path, as_entry(GOOD), as_entry(GOOD)), NOW)
    assert counts(result) == (1, 0, 0, 1)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("orders.xlsx", b"", "must end in .csv or .json"), ("orders.json", b"{", "is not JSON"),
     ("orders.json", b"{}", "array of orders"), ("orders.json", b"[" * 100_000, "is not JSON"),
     ("orders.csv", b"number,email\n", "columns are missing: zip"),
     ("orders.csv", b"", "columns are missing"),
     ("orders.csv", b"\xff\xfe\x00", "not UTF-8"), ("orders.csv", b"a\x00b", "orders.csv"),
     ("orders.json", b"null", "array of orders")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_one_clear_error(
    session: Session, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(CaseworkError, match=said) as error:
        import_orders(session, file, NOW)
    assert "\n" not in str(error.value)


def test_an_unknown_column_is_named(session: Session, tmp_path: Path) -> None:
    file = write_csv(tmp_path, GOOD)
    file.write_text(file.read_text().replace("tracking", "trakcing"))
    with pytest.raises(CaseworkError, match="unknown columns: 'trakcing'"):
        import_orders(session, file, NOW)


def test_a_missing_file_is_said(session: Session, tmp_path: Path) -> None:
    with pytest.raises(CaseworkError, match=r"none\.csv: cannot be read"):
        import_orders(session, tmp_path / "none.csv", NOW)


def test_a_spreadsheets_mark_and_quotes_are_understood(session: Session, tmp_path: Path) -> None:
    file = write_csv(tmp_path, GOOD | {"title": 'Desk, 55", "oak"'})
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert counts(import_orders(session, file, NOW)) == (1, 0, 0, 0)

"""A fresh database a test, a fixed day, and orders as the tests need them.

``TEST_DATABASE_URL`` runs this room's tests on another database; its tables are dropped each time.
"""

import os
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import MetaData
from sqlalchemy.orm import Session

from casework.database import Database
from casework.orders import Order, OrderLine

TODAY = date(2026, 3, 13)
NOW = datetime(2026, 3, 13, 10, 0, tzinfo=ZoneInfo("America/Los_Angeles"))


@pytest.fixture
def url(tmp_path: Path) -> str:
    return os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{tmp_path / 'casework.db'}"


@pytest.fixture
def empty(url: str) -> Iterator[Database]:
    database = Database(url)
    found = MetaData()
    found.reflect(database.engine)
    found.drop_all(database.engine)
    yield database
    database.close()


@pytest.fixture
def database(empty: Database) -> Database:
    empty.migrate()
    return empty


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.begin() as session:
        yield session


MakeOrder = Callable[..., Order]


@pytest.fixture
def make_order(session: Session) -> MakeOrder:
    def make(number: str = "20001", **values: Any) -> Order:
        order = new_order(number, **values)
        session.add(order)
        session.flush()
        return order

    return make


def new_order(
    number: str = "20001", *, prices: tuple[str, ...] = ("80.00",), **values: Any
) -> Order:
    """A delivered order unless told otherwise; one line a price."""
    fields: dict[str, Any] = {
        "email": "pat@example.com",
        "zip": "90012",
        "status": "delivered",
        "placed_on": TODAY - timedelta(days=9),
        "ship_by": TODAY - timedelta(days=6),
        "shipped_on": TODAY - timedelta(days=7),
        "delivered_on": TODAY - timedelta(days=3),
        "total": sum(map(Decimal, prices), Decimal()),
    }
    if values.get("status", "delivered") != "delivered":
        fields |= {"delivered_on": None}
    if values.get("status") in ("processing", "cancelled", "unfulfillable"):
        fields |= {"shipped_on": None}
    lines = [
        OrderLine(
            position=at, sku=f"S-{at}", title=f"Thing {at}", quantity=1, unit_price=Decimal(price)
        )
        for at, price in enumerate(prices, start=1)
    ]
    return Order(number=number, currency="USD", lines=lines, **fields | values)

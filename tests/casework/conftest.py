"""A fresh database a test, a fixed day, and orders as the tests need them.

``TEST_DATABASE_URL`` runs this room's tests on another database; its tables are dropped each time.
"""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import MetaData
from sqlalchemy.orm import Session

from casework.cases import Case, open_case, record
from casework.database import Database
from casework.log import Entry
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


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with every table, for the tests to copy."""
    file = tmp_path_factory.mktemp("migrated") / "casework.db"
    database = Database(f"sqlite:///{file}")
    database.migrate()
    database.close()
    return file


@pytest.fixture
def database(empty: Database, migrated: Path, tmp_path: Path) -> Database:
    if empty.engine.dialect.name == "sqlite":
        empty.close()
        shutil.copy(migrated, tmp_path / "casework.db")
    else:
        empty.migrate()
    return empty


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.begin() as session:
        yield session


MakeOrder = Callable[..., Order]
Opener = Callable[..., Case]


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


@pytest.fixture
def opened(session: Session, make_order: MakeOrder) -> Opener:
    """Opens a case on a new order."""

    def open_one(situation: str = "damaged", order: Order | None = None, **more: Any) -> Case:
        values: dict[str, Any] = {
            "facts": {"remedy": "refund"}, "conversation_id": "c", "now": NOW, "key": "k",
        } | more  # fmt: skip
        return open_case(session, order=order or make_order(), situation=situation, **values)

    return open_one


def step(session: Session, case: Case, kind: str, data: Any = None, **more: Any) -> Entry:
    """The shop's people record something."""
    values: dict[str, Any] = {
        "actor": "agent:Kim",
        "now": NOW,
        "key": f"{kind}-{len(case.log)}",
    } | more
    return record(session, case, kind, data, **values)


def judged(session: Session, case: Case) -> None:
    step(session, case, "evidence_submitted")
    step(session, case, "evidence_judged", {"evidence": "compelling"})


def at_once(count: int, work: Callable[[int], None]) -> None:
    """Run the work in so many threads that start together; the first failure is raised."""
    together = threading.Barrier(count)

    def run(number: int) -> None:
        together.wait()
        work(number)

    with ThreadPoolExecutor(count) as threads:
        for done in [threads.submit(run, number) for number in range(count)]:
            done.result()

"""A fresh database a test, on either engine; a fixed day, and orders as the tests need them."""

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
from sqlalchemy.orm import Session

from casework.cases.case import Case
from casework.cases.log import Entry
from casework.cases.writing import open_case, record
from casework.orders.order import Order, OrderLine
from casework.storage.database import Database
from tests.conftest import BOTH
from tests.engines import Engines

TODAY = date(2026, 3, 13)
NOW = datetime(2026, 3, 13, 10, 0, tzinfo=ZoneInfo("America/Los_Angeles"))


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with every table; it is this test's alone."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated"), tmp_path / "casework.db")
        yield f"sqlite:///{tmp_path / 'casework.db'}"
        return
    engines: Engines = request.getfixturevalue("engines")
    with engines.database() as url:
        yield url


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    engines: Engines = request.getfixturevalue("engines")
    with engines.database(migrated=False) as url:
        yield url


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    database = Database(empty_url)
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
def database(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.close()


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

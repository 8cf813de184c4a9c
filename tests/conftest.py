"""What runs twice: on SQLite, and on PostgreSQL with Redis."""

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.engines import Engines, running_engines

# The same cases every time, however slow the machine; `pytest --hypothesis-profile=default` seeks
# new ones, and what it finds becomes an `@example`.
settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")

BOTH = ("sqlite", "postgresql")
# Tests of the web that store, deliver or share something; the others look at pages.
TWICE = {
    "tests.gateway.test_messages",
    "tests.gateway.test_news",
    "tests.gateway.desk.test_acts_by_role",
    "tests.gateway.desk.test_agents_race",
    "tests.gateway.desk.test_deciding",
    "tests.gateway.desk.test_hand_back",
    "tests.gateway.desk.test_live",
    "tests.gateway.desk.test_notes_on_the_wire",
    "tests.gateway.desk.test_queue",
    "tests.gateway.desk.test_talk",
    "tests.gateway.edges.test_api",
    "tests.gateway.edges.test_webhook",
}


@pytest.fixture(scope="session")
def engines() -> Iterator[Engines]:
    with running_engines() as running:
        yield running


@pytest.fixture(scope="session")
def site_engine(request: pytest.FixtureRequest) -> str:
    """Which engine the running site of the web's tests stands on."""
    return str(getattr(request, "param", BOTH[0]))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "site_engine" in metafunc.fixturenames and metafunc.module.__name__ in TWICE:
        metafunc.parametrize("site_engine", BOTH, indirect=True, scope="session")


_loops: list[asyncio.AbstractEventLoop] = []


@pytest.fixture(autouse=True)
def loop_stays() -> Iterator[None]:
    """What calls `asyncio.run` leaves no loop behind; the asynchronous tests go on with theirs."""
    _give_back()
    yield
    _give_back()


def _give_back() -> None:
    try:
        current = asyncio.get_event_loop_policy().get_event_loop()
    except RuntimeError:
        current = next((one for one in _loops if not one.is_closed()), None)
        current = current or asyncio.new_event_loop()
        asyncio.set_event_loop(current)
    if current not in _loops:
        _loops.insert(0, current)

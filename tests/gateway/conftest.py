"""A running site for the tests of the web, and browsers to visit it with."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from casework.storage.database import Database
from tests.engines import Engines
from tests.gateway.browser import PATIENCE, find_chromium, open_browser
from tests.gateway.site import Site, running_site
from tests.gateway.visitor import Visitor, photo

expect.set_options(timeout=PATIENCE)


@contextmanager
def site_on(engine: str, var: Path, request: pytest.FixtureRequest) -> Iterator[Site]:
    """A running site on SQLite, or on PostgreSQL with Redis."""
    if engine == "sqlite":
        with running_site(var) as site:
            yield site
        return
    engines: Engines = request.getfixturevalue("engines")
    with (
        engines.database() as url,
        running_site(var, url, redis_url=engines.redis_url, rate_limits=False) as site,
    ):
        yield site


@pytest.fixture(scope="session")
def shared_site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, site_engine: str
) -> Iterator[Site]:
    with site_on(site_engine, tmp_path_factory.mktemp(f"site-{site_engine}"), request) as site:
        yield site


@pytest.fixture
def site(shared_site: Site) -> Iterator[Site]:
    """The site, with its assistant at its best again after the test."""
    shared_site.fake.heard.clear()
    yield shared_site
    shared_site.fake.behave = "ok"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A database of the test's own, with every table and no row."""
    database = Database(f"sqlite:///{tmp_path / 'casework.db'}")
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def visitor(site: Site) -> Iterator[Visitor]:
    visitor = Visitor(site.address)
    yield visitor
    visitor.client.close()


@pytest.fixture
def other(site: Site) -> Iterator[Visitor]:
    """Somebody else."""
    visitor = Visitor(site.address)
    yield visitor
    visitor.client.close()


# Not for the whole session: an open Playwright stands in the way of asynchronous tests elsewhere.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if find_chromium() is None:
        pytest.skip("no Chromium here: install it, or name it in CHROMIUM")
    with open_browser() as opened:
        yield opened


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "damage.jpg", tmp_path / "box.png"]
    paths[0].write_bytes(photo("JPEG"))
    paths[1].write_bytes(photo("PNG"))
    return paths

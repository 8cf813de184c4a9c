"""A site of its own for the API's tests, a system that may do all, and a case."""

from collections.abc import Iterator

import pytest

from tests.gateway.edges.system import System, opened
from tests.gateway.site import Site, running_site


@pytest.fixture(scope="module")
def api_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("api")) as site:
        yield site


@pytest.fixture(scope="module")
def erp(api_site: Site) -> System:
    return System(api_site, "read", "act")


@pytest.fixture
def number(api_site: Site) -> str:
    return opened(api_site, "remorse")

"""The API asked at random, by its own description: every answer is one that it describes."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.gateway.edges.system import System, opened
from tests.gateway.fuzz import EXAMPLES
from tests.gateway.site import Site, running_site

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("fuzzed")) as site:
        yield site


@pytest.fixture(scope="module")
def erp(fuzzed: Site) -> System:
    return System(fuzzed, "read", "act")


@pytest.fixture(scope="module")
def number(fuzzed: Site) -> str:
    return opened(fuzzed, "remorse")


@pytest.fixture(scope="module")
def described(fuzzed: Site) -> Any:
    return schemathesis.openapi.from_url(f"{fuzzed.address}/api/v1/openapi.json")


schema = schemathesis.pytest.from_fixture("described")
QUICK = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@schema.parametrize()
@QUICK
def test_whatever_is_asked_the_answer_is_as_described(
    case: schemathesis.Case, erp: System, number: str
) -> None:
    for bears in ({"Authorization": f"Bearer {erp.token}"}, {"Authorization": "Bearer aop_x"}):
        case.call_and_validate(headers=bears, checks=CHECKS)
    if "number" in case.path_parameters:
        case.path_parameters["number"] = number
        case.call_and_validate(headers={"Authorization": f"Bearer {erp.token}"}, checks=CHECKS)

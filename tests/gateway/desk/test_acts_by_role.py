"""Each act: offered to its roles where it is due, refused everywhere else, done once a key."""

import re
from collections.abc import Iterator

import pytest

from casework.cases.catalog import CATALOG, GOODWILL, REOPEN
from casework.people.audit import audit_entries
from tests.gateway.desk.agent import DeskAgent
from tests.gateway.desk.conftest import Asker, case_of
from tests.gateway.desk.stages import STAGES
from tests.gateway.site import Site, running_site
from tests.gateway.visitor import Visitor

FORM = re.compile(
    r'name="act" value="(?P<act>\w+)">\s*(?P<goodwill><input type="hidden" name="goodwill")?'
)
EACH = pytest.mark.parametrize("name", STAGES)


@pytest.fixture(scope="module")
def shared_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of these tests' own: their many cases would fill the others' queue."""
    with running_site(tmp_path_factory.mktemp("acts")) as site:
        yield site


@pytest.fixture(params=["agent", "lead"])
def person(request: pytest.FixtureRequest, kim: DeskAgent, lena: DeskAgent) -> DeskAgent:
    """An agent, and a lead."""
    return kim if request.param == "agent" else lena


def offered(agent: DeskAgent, number: str) -> set[str]:
    """The names of the acts the case page offers."""
    page = agent.page(f"/desk/cases/{number}")
    found = FORM.finditer(page)
    return {
        f"goodwill {one['act'].removeprefix('record_')}" if one["goodwill"] else one["act"]
        for one in found
    }


def kinds(site: Site, number: str) -> list[str]:
    return [entry.kind for entry in case_of(site, number).log]


def test_every_act_of_the_catalog_is_tried() -> None:
    ordinary = {act.name for act in (*CATALOG, REOPEN)}
    beyond = {f"goodwill {act.name.removeprefix('record_')}" for act in GOODWILL}
    assert set(STAGES) == ordinary | beyond


@EACH
def test_an_act_is_its_roles_alone(
    name: str, person: DeskAgent, lena: DeskAgent, asked: Asker, site: Site
) -> None:
    stage = STAGES[name]
    number = stage.reach(asked, lena)
    before = kinds(site, number)
    may = person.role in stage.roles
    assert (name in offered(person, number)) is may
    if may:
        assert person.act(number, stage.act, **stage.data).status_code == 303
        assert len(kinds(site, number)) == len(before) + 1
    else:
        assert 'role="alert"' in person.preview(number, stage.act, **stage.data).text
        refused = person.post(
            f"/desk/cases/{number}/acts", act=stage.act, key="k" * 20, seen="x", **stage.data
        )
        assert refused.status_code == 409
        assert kinds(site, number) == before


@EACH
def test_what_is_not_offered_is_refused(
    name: str, person: DeskAgent, lena: DeskAgent, asked: Asker, site: Site, visitor: Visitor
) -> None:
    number = STAGES[name].reach(asked, lena)
    before, said = kinds(site, number), visitor.messages()
    for other in set(STAGES) - offered(person, number):
        stage = STAGES[other]
        refused = person.post(
            f"/desk/cases/{number}/acts", act=stage.act, key="k" * 20, seen="x", **stage.data
        )
        assert refused.status_code == 409, other
        assert "Something changed meanwhile" not in refused.text, other
    assert kinds(site, number) == before
    assert visitor.messages() == said


@EACH
def test_an_act_replayed_is_one_act(
    name: str, lena: DeskAgent, kim: DeskAgent, asked: Asker, site: Site, visitor: Visitor
) -> None:
    stage = STAGES[name]
    number = stage.reach(asked, lena)
    path = f"/desk/cases/{number}/acts"
    said = visitor.messages()
    confirmed = {"act": stage.act, **lena.seen(number, stage.act, **stage.data), **stage.data}

    assert lena.post(path, **confirmed).status_code == 303
    once, told = kinds(site, number), visitor.messages()
    assert len(told) == len(said) + 1
    for _ in range(2):
        assert lena.post(path, **confirmed).status_code == 303
    assert kinds(site, number) == once
    assert visitor.messages() == told
    with site.database.read() as session:
        noted = audit_entries(session, subject=number, act=stage.act)
    assert len(noted) == 1 + [act for act, _ in stage.before].count(stage.act)

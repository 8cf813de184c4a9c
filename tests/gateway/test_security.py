"""Security facts that no other test holds, and the table in docs/security.md itself."""

import hashlib
import re

import pytest
from rasa.shared.utils.io import read_yaml_file
from sqlalchemy import MetaData, select

from casework.people import signing_in
from casework.people.accounts import find_agent
from casework.storage.database import Database
from gateway.settings import PROJECT
from gateway.web.running import now
from tests.gateway.desk.agent import PASSWORD, DeskAgent
from tests.gateway.site import Site
from tests.gateway.visitor import Visitor


def test_every_fact_of_the_document_names_tests_that_are_there() -> None:
    table = (PROJECT / "docs" / "security.md").read_text("utf-8").split("## Each fact")[1]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) > 15
    for row in rows:
        named = re.findall(r"`([\w/]+\.py)::(\w+)`", row)
        assert named, row
        for file, test in named:
            assert f"def {test}(" in (PROJECT / "tests" / file).read_text("utf-8"), (file, test)


def test_the_channels_token_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_TOKEN", "filled-in-at-the-start")
    [credentials] = read_yaml_file(PROJECT / "credentials.yml").values()
    assert credentials == {"token": "filled-in-at-the-start"}


def places(database: Database, words: str) -> set[str]:
    """Every table and column, whatever there is, in which the words stand."""
    schema = MetaData()
    schema.reflect(database.engine)
    with database.read() as session:
        return {
            f"{table.name}.{column.name}"
            for table in schema.sorted_tables
            for row in session.execute(select(table))
            for column, value in zip(table.columns, row, strict=True)
            if words in str(value)
        }


def test_no_session_stands_in_the_database_as_it_is(site: Site, visitor: Visitor) -> None:
    kim = DeskAgent(site, "kim")
    tokens = {
        "web_sessions": visitor.client.cookies["chat"],
        "desk_sessions": kim.client.cookies["desk"],
    }
    for table, token in tokens.items():
        assert len(token) >= 43
        assert places(site.database, token) == set()
        digest = hashlib.sha256(token.encode()).hexdigest()
        assert places(site.database, digest) == {f"{table}.token_sha256"}
    assert places(site.database, PASSWORD) == set()
    with site.database.read() as session:
        agent = find_agent(session, "kim")
        assert agent
        assert agent.password_hash.startswith("$argon2id$")


def test_an_unknown_login_is_compared_like_a_known_one(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    DeskAgent(site, "kim")
    compared: list[str] = []

    def note(known: str, password: str) -> bool:
        compared.append("$".join(known.split("$")[:4]))  # how it was hashed: kind and cost
        return False

    monkeypatch.setattr(signing_in, "is_right", note)
    database: Database = site.database
    for login in ("kim", "nobody-of-that-name"):
        assert signing_in.sign_in(database, login, "a guess", now()) is None
    assert len(compared) == 2
    assert compared[0] == compared[1]
    assert compared[0].startswith("$argon2id$")

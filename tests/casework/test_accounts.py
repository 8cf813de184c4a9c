"""Agents' accounts: who signs in, for how long, and what is written down about it."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from casework.__main__ import main
from casework.errors import CaseworkError
from casework.people.accounts import (
    IDLE,
    LIFETIME,
    Agent,
    DeskSession,
    add_agent,
    agent_of,
    deactivate,
    end_sessions,
    find_agent,
    note_seen,
    one_time_sign_in,
    set_password,
    sign_out,
)
from casework.people.audit import audit_entries
from casework.people.signing_in import compare, enter, known_hash
from casework.storage.database import Database
from tests.casework.conftest import NOW

GOOD = "correct horse battery"


@pytest.fixture
def kim(session: Session) -> Agent:
    return add_agent(session, login="Kim", name="Kim Park", role="agent", password=GOOD, now=NOW)


def try_to_sign_in(session: Session, login: str, password: str) -> tuple[Agent, str] | None:
    return enter(session, login, compare(known_hash(session, login), password), NOW)


def token_of(session: Session) -> str:
    found = try_to_sign_in(session, "kim", GOOD)
    assert found
    return found[1]


def test_the_right_password_opens_a_session(session: Session, kim: Agent) -> None:
    assert agent_of(session, token_of(session), NOW) is kim
    assert GOOD not in kim.password_hash
    assert session.query(DeskSession).one().token_sha256 not in token_of(session)


@pytest.mark.parametrize(("login", "password"), [("kim", "wrong"), ("nobody", GOOD), ("", "")])
def test_anything_else_opens_none_and_is_noted(
    session: Session, kim: Agent, login: str, password: str
) -> None:
    assert try_to_sign_in(session, login, password) is None
    assert audit_entries(session)[0].act == "sign_in_failed"


def test_a_session_ends_with_time_idleness_sign_out_and_revocation(
    session: Session, kim: Agent
) -> None:
    idle = token_of(session)
    assert agent_of(session, idle, NOW + IDLE + timedelta(seconds=1)) is None
    busy = token_of(session)
    for hour in range(1, 12):
        note_seen(session, busy, NOW + timedelta(hours=hour))
    assert agent_of(session, busy, NOW + timedelta(hours=11, minutes=30)) is kim
    assert agent_of(session, busy, NOW + LIFETIME + timedelta(seconds=1)) is None
    left = token_of(session)
    sign_out(session, left, NOW)
    assert agent_of(session, left, NOW) is None
    for end in (end_sessions, deactivate):
        token = token_of(session)
        end(session, kim, NOW)
        session.expire_all()
        assert agent_of(session, token, NOW) is None
    assert try_to_sign_in(session, "kim", GOOD) is None


def test_another_password_ends_the_sessions_of_the_old_one(session: Session, kim: Agent) -> None:
    token = token_of(session)
    set_password(session, kim, "another long password", NOW)
    session.expire_all()
    assert agent_of(session, token, NOW) is None
    assert try_to_sign_in(session, "kim", GOOD) is None
    assert try_to_sign_in(session, "kim", "another long password")


def test_the_sample_sign_in_serves_once(session: Session) -> None:
    first = one_time_sign_in(session, "sample", "Sample", NOW)
    second = one_time_sign_in(session, "sample", "Sample", NOW)
    assert try_to_sign_in(session, "sample", first) is None
    assert try_to_sign_in(session, "sample", second)
    assert try_to_sign_in(session, "sample", second) is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("login", "k"), ("login", "Kim Park"), ("name", " "), ("role", "boss"), ("password", "short")],
)
def test_a_bad_account_is_refused_by_the_name_of_the_field(
    session: Session, field: str, value: str
) -> None:
    values = {"login": "kim", "name": "Kim", "role": "agent", "password": GOOD, field: value}
    with pytest.raises(CaseworkError, match=field):
        add_agent(session, **values, now=NOW)


def test_a_login_is_taken_once(session: Session, kim: Agent) -> None:
    with pytest.raises(CaseworkError, match="taken"):
        add_agent(session, login="KIM", name="Kim", role="lead", password=GOOD, now=NOW)


CHANGES = {
    "update": "UPDATE audit_log SET actor = 'x'",
    "delete": "DELETE FROM audit_log",
    "replace": "INSERT OR REPLACE INTO audit_log (id, actor, act, subject, created_at) "
    "VALUES (1, 'x', 'x', 'x', '2026-01-01')",
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_audit_log_cannot_be_edited_by_sql_either(database: Database, change: str) -> None:
    if change == "replace" and database.engine.dialect.name != "sqlite":
        pytest.skip("only SQLite knows REPLACE")
    with database.begin() as session:
        add_agent(session, login="kim", name="Kim", role="agent", password=GOOD, now=NOW)
    with pytest.raises(DatabaseError, match="append-only"), database.begin() as session:
        session.execute(text(CHANGES[change]))


def test_the_command_makes_lists_and_closes_accounts(
    database: Database,
    url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)

    def run(*arguments: str, typed: str = "") -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        return main(["agent", *arguments])

    assert run("add", "kim", "--name", "Kim Park", "--role", "lead", typed=GOOD + "\n") == 0
    assert run("add", "lee", "--name", "Lee", typed="short\n") == 2
    assert "at least 12" in capsys.readouterr().err
    assert run("deactivate", "kim") == 0
    assert run("deactivate", "nobody") == 2
    run("list")
    assert capsys.readouterr().out == "kim  lead  Kim Park (closed)\n"
    with database.begin() as session:
        assert find_agent(session, "lee") is None

"""Signing in: what happens to the account meanwhile, and what does not have to wait for it."""

from collections.abc import Callable

import pytest

from casework.people import signing_in
from casework.people.accounts import (
    add_agent,
    deactivate,
    find_agent,
    one_time_sign_in,
    set_password,
)
from casework.people.audit import audit_entries, note_act
from casework.people.signing_in import Proof, sign_in
from casework.storage.database import Database
from tests.casework.conftest import NOW

GOOD = "correct horse battery"
Meanwhile = Callable[[Callable[[], None]], None]


@pytest.fixture
def kim(database: Database) -> str:
    with database.begin() as session:
        add_agent(session, login="kim", name="Kim", role="agent", password=GOOD, now=NOW)
    return "kim"


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Lets something happen once, while a password is being compared."""
    compare = signing_in.compare

    def arrange(happens: Callable[[], None]) -> None:
        waiting = [happens]

        def compared(known: str, password: str) -> Proof:
            if waiting:
                waiting.pop()()
            return compare(known, password)

        monkeypatch.setattr(signing_in, "compare", compared)

    return arrange


def test_others_write_while_a_password_is_compared(
    database: Database, kim: str, meanwhile: Meanwhile
) -> None:
    def somebody_works() -> None:
        with database.begin() as session:
            note_act(session, actor="agent:lena", act="decide", subject="AOP-R-1", now=NOW)

    meanwhile(somebody_works)
    assert sign_in(database, kim, GOOD, NOW)
    with database.read() as session:
        assert [one.act for one in audit_entries(session)][:2] == ["signed_in", "decide"]


@pytest.mark.parametrize("change", ["deactivated", "another password"])
def test_an_account_that_changed_meanwhile_opens_nothing(
    database: Database, kim: str, meanwhile: Meanwhile, change: str
) -> None:
    def account_changes() -> None:
        with database.begin() as session:
            agent = find_agent(session, kim)
            assert agent
            if change == "deactivated":
                deactivate(session, agent, NOW)
            else:
                set_password(session, agent, "another long password", NOW)

    meanwhile(account_changes)
    assert sign_in(database, kim, GOOD, NOW) is None


def test_a_one_time_password_serves_one_of_two_at_once(
    database: Database, meanwhile: Meanwhile
) -> None:
    with database.begin() as session:
        once = one_time_sign_in(session, "sample", "Sample", NOW)
    first = []
    meanwhile(lambda: first.append(sign_in(database, "sample", once, NOW)))
    second = sign_in(database, "sample", once, NOW)
    assert first[0]
    assert second is None

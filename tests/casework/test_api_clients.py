"""The API's clients: tokens shown once, scopes, ends; and what they do, done once a key."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.__main__ import main
from casework.api.acts import act_for_client
from casework.api.clients import (
    ApiClient,
    add_client,
    clients,
    find_by_token,
    note_used,
    revoke,
    used_a_while_ago,
)
from casework.cases.acts import perform
from casework.cases.case import obligations_of
from casework.cases.log import Entry
from casework.cases.pages import Wanted, log_page, next_due, page
from casework.conversations.conversation import Message
from casework.errors import CaseworkError, FieldError
from casework.orders.samples import load_samples
from casework.people.audit import audit_entries
from casework.storage.database import Database
from tests.casework.conftest import NOW, TODAY, MakeOrder, Opener, at_once


@pytest.fixture
def erp(session: Session) -> tuple[ApiClient, str]:
    return add_client(session, name="erp", scopes=["act", "read"], now=NOW)


def test_a_token_finds_its_client_until_it_is_revoked(
    session: Session, erp: tuple[ApiClient, str]
) -> None:
    client, token = erp
    assert re.fullmatch(r"aop_[A-Za-z0-9_-]{43}", token)
    assert find_by_token(session, token) is client
    assert client.scopes == ["read", "act"]
    for other in ("", "aop_", token[:-1], token + "x", client.token_sha256):
        assert find_by_token(session, other) is None
    for _ in range(2):
        revoke(session, "erp", NOW)
        assert find_by_token(session, token) is None
    assert [one.act for one in audit_entries(session)] == ["api_client_revoked", "api_client_added"]


def test_the_token_is_kept_nowhere(session: Session, erp: tuple[ApiClient, str]) -> None:
    client, token = erp
    session.refresh(client)
    assert token not in str(vars(client))
    assert token not in str([vars(one) for one in audit_entries(session)])


@pytest.mark.parametrize(
    ("name", "scopes", "named"),
    [
        ("ERP", ["read"], "name"),
        ("x", ["read"], "name"),
        ("shop", ["read"], "taken"),
        ("erp", ["read"], "taken"),
        ("books", [], "scope"),
        ("books", ["read", "lead"], "scope"),
    ],
)
def test_what_cannot_be_used_is_named(
    session: Session, erp: object, name: str, scopes: list[str], named: str
) -> None:
    with pytest.raises(CaseworkError, match=named):
        add_client(session, name=name, scopes=scopes, now=NOW)


def test_a_revoked_name_is_not_given_out_again(session: Session, erp: object) -> None:
    revoke(session, "erp", NOW)
    with pytest.raises(CaseworkError, match="taken"):
        add_client(session, name="erp", scopes=["read"], now=NOW)
    with pytest.raises(CaseworkError, match="no client"):
        revoke(session, "books", NOW)


def test_use_is_noted_once_a_minute(session: Session, erp: tuple[ApiClient, str]) -> None:
    client, _ = erp
    assert used_a_while_ago(client, NOW)
    note_used(session, client, NOW)
    session.refresh(client)
    assert not used_a_while_ago(client, NOW + timedelta(seconds=59))
    assert used_a_while_ago(client, NOW + timedelta(seconds=61))


def test_the_command_prints_the_token_once(
    url: str,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    assert main(["api-client", "add", "erp", "--scope", "read", "--scope", "act"]) == 0
    token = capsys.readouterr().out.strip()
    with database.read() as session:
        assert find_by_token(session, token)
    assert main(["api-client", "list"]) == 0
    said = capsys.readouterr().out
    assert said == "erp  read+act  not used\n"
    assert main(["api-client", "revoke", "erp"]) == 0
    assert main(["api-client", "list"]) == 0
    assert "(revoked)" in capsys.readouterr().out
    assert main(["api-client", "revoke", "nobody"]) == 2
    with database.read() as session:
        assert [one.name for one in clients(session)] == ["erp"]
        assert find_by_token(session, token) is None


def test_an_act_of_a_client_is_the_act_itself(
    session: Session, make_order: MakeOrder, opened: Opener, erp: tuple[ApiClient, str]
) -> None:
    cases = [
        opened("remorse", make_order(number), key=number, conversation_id=number)
        for number in ("20001", "20002")
    ]
    data = {"seller_decision": "accept", "fee_percent": "20"}
    how = {"actor": "system:erp", "role": "agent", "now": NOW, "key": "plain"}
    perform(session, cases[0], "decide", data, **how)
    act_for_client(session, cases[1], erp[0], "decide", data, key="12345678", now=NOW)
    assert [(one.log[-1].kind, one.log[-1].data, one.log[-1].actor) for one in cases] == [
        ("seller_decided", data, "system:erp")
    ] * 2
    said = [
        session.scalars(select(Message).where(Message.key == one.log[-1].key)).one()
        for one in cases
    ]
    words = [
        one.text.replace(case.number, "").replace(case.order.number, "")
        for one, case in zip(said, cases, strict=True)
    ]
    assert words[0] == words[1]
    assert (audit_entries(session)[0].actor, audit_entries(session)[0].act) == (
        "system:erp", "decide",
    )  # fmt: skip


def test_a_key_serves_once_and_for_one_thing(
    session: Session, opened: Opener, erp: tuple[ApiClient, str]
) -> None:
    case = opened("remorse")
    data = {"seller_decision": "reject", "reason": "It was used."}
    how = {"key": "12345678", "now": NOW}
    first = act_for_client(session, case, erp[0], "decide", data, **how)
    audited, logged = len(audit_entries(session)), len(case.log)
    again = act_for_client(session, case, erp[0], "decide", data, **how)
    assert (again.text, again.card) == (first.text, first.card)
    for act, other in (("decide", data | {"reason": "Other"}), ("close", {"reason": "Done"})):
        with pytest.raises(CaseworkError, match="something else"):
            act_for_client(session, case, erp[0], act, other, **how)
    assert (len(audit_entries(session)), len(case.log)) == (audited, logged)


def test_the_same_key_from_many_at_once_acts_once(database: Database) -> None:
    with database.begin() as session:
        load_samples(session, NOW)
        client, _ = add_client(session, name="erp", scopes=["act"], now=NOW)
        case = page(session, Wanted(order="10509"), after=0, limit=1)[0][0]

    def act(number: int) -> None:
        with database.begin() as session:
            mine = page(session, Wanted(order="10509"), after=0, limit=1)[0][0]
            data = {"seller_decision": "accept", "fee_percent": "0"}
            act_for_client(session, mine, client, "decide", data, key="12345678", now=NOW)

    at_once(6, act)
    with database.read() as session:
        kinds = select(func.count()).where(Entry.case_id == case.id, Entry.kind == "seller_decided")
        assert session.scalar(kinds) == 1
        assert [one.act for one in audit_entries(session)].count("decide") == 1


@pytest.mark.parametrize("amount", ["1e30", "NaN", "Infinity", "-1", "0", "1.001", "x", "9" * 40])
def test_an_amount_that_is_none_is_a_wrong_field(
    session: Session, opened: Opener, amount: str
) -> None:
    case = opened("other")
    with pytest.raises(FieldError, match="not an amount"):
        perform(session, case, "record_refund", {"amount": amount},
                actor="system:erp", role="agent", now=NOW, key="k2")  # fmt: skip


def test_pages_hold_every_case_once_and_filters_leave_what_they_say(session: Session) -> None:
    load_samples(session, NOW)

    def every(wanted: Wanted, limit: int = 7) -> list[str]:
        found, after, more = [], 0, True
        while more:
            rows, more = page(session, wanted, after=after, limit=limit)
            found += [row.order.number for row in rows]
            after = rows[-1].id if rows else after
        return found

    whole = every(Wanted())
    assert len(whole) == len(set(whole)) == 18
    assert whole == every(Wanted(), 1) == every(Wanted(), 18)
    closed = every(Wanted(state="closed"))
    assert "10520" in closed
    assert set(every(Wanted(state="open"))) == set(whole) - set(closed)
    assert every(Wanted(order="10520", state="open")) == []
    assert every(Wanted(situation="other")) == ["10519"]
    assert every(Wanted(updated_after=NOW)) == []
    assert "10507" in every(Wanted(updated_after=NOW - timedelta(seconds=1)))


def test_a_log_is_read_in_pages_and_what_is_due_first_comes_first(session: Session) -> None:
    load_samples(session, NOW)
    case = page(session, Wanted(order="10507"), after=0, limit=1)[0][0]
    first, more = log_page(session, case, after=0, limit=3)
    rest, none = log_page(session, case, after=first[-1].id, limit=3)
    assert (more, none) == (True, False)
    assert [*first, *rest] == case.log
    due = next_due(obligations_of(case, None, TODAY))
    assert due
    assert due.action == "refund"
    assert next_due([]) is None

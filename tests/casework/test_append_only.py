from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from casework.cases.log import Entry
from casework.cases.writing import open_case
from casework.conversations.conversation import Message, add_message
from casework.errors import CaseworkError
from casework.orders.verification import VerificationAttempt, verify
from casework.storage.database import Database
from tests.casework.conftest import NOW, new_order

ROWS = [Entry, Message, VerificationAttempt]


@pytest.fixture
def filled(database: Database) -> Database:
    with database.begin() as session:
        order = new_order()
        session.add(order)
        open_case(
            session, order=order, situation="other", facts={}, conversation_id="c", now=NOW, key="k"
        )
        add_message(session, "c", audience="customer", author="customer", text="Hello", now=NOW)
        verify(session, "c", "20001", "90012", NOW)
    return database


def change(session: Session, row: Any) -> None:
    row.created_at = NOW.replace(year=2020)
    session.flush()


def remove(session: Session, row: Any) -> None:
    session.delete(row)
    session.flush()


def change_by_query(session: Session, row: Any) -> None:
    session.query(type(row)).update({"id": 9})


def remove_all(session: Session, row: Any) -> None:
    session.execute(delete(type(row)))


@pytest.mark.parametrize("table", ROWS)
@pytest.mark.parametrize("tamper", [change, remove, change_by_query, remove_all])
def test_what_was_written_is_never_changed(
    filled: Database, table: Any, tamper: Callable[[Session, Any], None]
) -> None:
    with filled.begin() as session:
        before = [vars(row)["created_at"] for row in session.scalars(select(table))]
    with pytest.raises(CaseworkError, match="append-only"), filled.begin() as session:
        tamper(session, session.scalars(select(table)).one())
    with filled.read() as session:
        assert [row.created_at for row in session.scalars(select(table))] == before

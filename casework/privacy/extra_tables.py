"""Tables of other parts that hold customers' data by a case's number or a conversation's id.

They may or may not be there; one line here names one.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import MetaData, Table, delete, inspect, select
from sqlalchemy.orm import Session

from casework.cases import Case
from casework.privacy.customer import Held

# A table's name, and its column with the case's number or the conversation's id.
EXTRA = {"outbox": "subject"}


def erase_extra(session: Session, held: Held) -> dict[str, int]:
    """Delete the rows of what is held; returns how many of which table."""
    return {
        table.name: session.execute(delete(table).where(mine)).rowcount
        for table, mine in _tables(session, held)
    }


def extra_rows(session: Session, held: Held) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of what is held, as they are, by table."""
    return {
        table.name: [dict(row) for row in session.execute(select(table).where(mine)).mappings()]
        for table, mine in _tables(session, held)
    }


def _tables(session: Session, held: Held) -> Iterator[tuple[Table, Any]]:
    connection = session.connection()
    numbers = session.scalars(select(Case.number).where(Case.id.in_(held.cases)))
    subjects = [*numbers, *held.conversations]
    for name, column in EXTRA.items():
        if inspect(connection).has_table(name):
            table = Table(name, MetaData(), autoload_with=connection)
            yield table, table.c[column].in_(subjects)

"""What every table shares: names, moments, money, append-only rows, and writing once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast, overload

from sqlalchemy import BigInteger, DateTime, MetaData, event, insert, inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import (
    ORMExecuteState,
    Session,
    declarative_base,
    make_transient_to_detached,
    object_session,
)
from sqlalchemy.types import TypeDecorator

from casework.errors import CaseworkError

Row = TypeVar("Row")
Value = TypeVar("Value")

if TYPE_CHECKING:

    class Mapped(Generic[Value]):
        """A column: SQL on the class, its value on a row. (SQLAlchemy 1.4 brings no types.)"""

        @overload
        def __get__(self, row: None, table: Any) -> Any: ...
        @overload
        def __get__(self, row: object, table: Any) -> Value: ...
        def __get__(self, row: object | None, table: Any) -> Any: ...
        def __set__(self, row: object, value: Value) -> None: ...

else:
    from sqlalchemy.orm import Mapped

__all__ = [
    "AppendOnly",
    "Base",
    "Mapped",
    "Moment",
    "Money",
    "ask",
    "erasing",
    "insert_now",
    "kept_meanwhile",
    "rows_of",
    "write_once",
]

Base = declarative_base(
    metadata=MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
)


class Moment(TypeDecorator):
    """A moment with a time zone, kept in UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Turn a moment into UTC; one without a time zone is a ValueError."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(timezone.utc) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Give the moment back in UTC, also where the database drops the zone."""
        if value is None:
            return None
        return (
            value.astimezone(timezone.utc) if value.tzinfo else value.replace(tzinfo=timezone.utc)
        )


class Money(TypeDecorator):
    """An amount as Decimal with two places, kept as whole cents: exact on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> int | None:
        """Turn an amount into cents; a fraction of a cent is a ValueError."""
        if value is None:
            return None
        cents = value * 100
        if cents != int(cents):
            raise ValueError("an amount has at most two decimal places")
        return int(cents)

    def process_result_value(self, value: int | None, dialect: Any) -> Decimal | None:
        """Turn cents into an amount with two places."""
        return None if value is None else Decimal(value).scaleb(-2)


class AppendOnly:
    """Marks a table whose rows are written once and never changed or deleted.

    ``erasable``: they may be inside `erasing`, because they hold what a customer said.
    """

    erasable = True


_ERASING = "erasing"


@contextmanager
def erasing(session: Session) -> Iterator[None]:
    """Let append-only rows be emptied and deleted inside, and nowhere else: a customer's erasure.

    It is the one lawful exception. What is not ``erasable`` (the audit log) stays refused.
    """
    session.info[_ERASING] = True
    try:
        yield
        session.flush()
    finally:
        del session.info[_ERASING]


@event.listens_for(AppendOnly, "before_update", propagate=True)
@event.listens_for(AppendOnly, "before_delete", propagate=True)
def _refuse_change(mapper: Any, connection: Any, row: object) -> None:
    _refuse(mapper, object_session(row))


@event.listens_for(Session, "do_orm_execute")
def _refuse_bulk_change(state: ORMExecuteState) -> None:
    if not (state.is_update or state.is_delete):
        return
    mapper = state.bind_mapper
    if mapper is not None and issubclass(mapper.class_, AppendOnly):
        _refuse(mapper, state.session)


def _refuse(mapper: Any, session: Any) -> None:
    lawful = mapper.class_.erasable and session is not None and session.info.get(_ERASING)
    if not lawful:
        raise CaseworkError(f"{mapper.local_table.name} is append-only: its rows are never changed")


def ask(session: Session, statement: Any, rows: Any = None, **values: Any) -> Any:
    """Run a statement on tables (not on mapped classes) in the session's transaction.

    For what is asked at every message: half the time of a session's own ``execute``. What it
    changes is not seen in rows that the session has loaded already.
    """
    session.flush()
    return session.connection().execute(statement, values if rows is None else rows)


def rows_of(session: Session, table: type[Row], ids: Any, **values: Any) -> list[Row]:
    """Return the rows whose ids a statement gives (as for `ask`), in its order.

    Rows that the session has already are not read again.
    """
    return [session.get(table, one) for one in ask(session, ids, **values).scalars().all()]


def kept_meanwhile(session: Session, name: str) -> dict[str, Any]:
    """Return what is kept of that name for as long as the session's transaction lasts."""
    transaction = session.get_transaction() or session.begin()
    of, kept = session.info.get(name, (None, None))
    if of is transaction:
        return cast("dict[str, Any]", kept)
    fresh: dict[str, Any] = {}  # another transaction may find something else
    session.info[name] = (transaction, fresh)
    return fresh


def insert_now(session: Session, row: Row) -> Row:
    """Insert a new row with all its values given, and return it as the session's: half of a flush.

    What the database gives is its single key. Inside a savepoint it is flushed as any other: when
    that is rolled back, the session has to forget it.
    """
    if session.in_nested_transaction():
        session.add(row)
        session.flush()
        return row
    given = {name: value for name, value in vars(row).items() if not name.startswith("_sa_")}
    mapper = inspect(row).mapper
    inserted = ask(session, insert(mapper.local_table), given)
    for column, value in zip(mapper.primary_key, inserted.inserted_primary_key, strict=True):
        setattr(row, mapper.get_property_by_column(column).key, value)
    make_transient_to_detached(row)
    session.add(row)
    return row


def write_once(session: Session, row: Row, find: Callable[[], Row | None]) -> Row:
    """Insert ``row``, or return the one ``find`` gives when a unique constraint says it is there.

    Safe when two sessions write the same thing at once: the loser gets the winner's row.
    """
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        found = find()
        if found is None:
            raise
        return found
    return row

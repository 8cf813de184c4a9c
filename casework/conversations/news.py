"""News: which conversations and cases something has changed in, told to every process at once.

Triggers in the database tell it, so that no writer can forget to. PostgreSQL sends it to whoever
listens (``LISTEN news``); in SQLite it is a row of a short list that each process looks at.
"""

from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Integer, String, bindparam, func, select
from sqlalchemy.orm import Session

from casework.storage.tables import Base, Mapped, ask

if TYPE_CHECKING:
    from casework.storage.database import Database

CHANNEL = "news"
# The list is cut to so many by the triggers (migration 0014).
KEPT = 1000


class News(Base):
    """Something has changed in a subject: a conversation, or a case by its number."""

    __tablename__ = "news"

    id: Mapped[int] = Column(Integer, primary_key=True)
    subject: Mapped[str] = Column(String(255), nullable=False)


_NEWEST = select(func.max(News.__table__.c.id))
_AFTER = (
    select(News.__table__.c.id, News.__table__.c.subject)
    .where(News.id > bindparam("last"))
    .order_by(News.id)
)


def newest(session: Session) -> int:
    """Return the number of the newest entry of the list; 0 where there is none."""
    return int(ask(session, _NEWEST).scalar() or 0)


def news_after(session: Session, last: int) -> tuple[int, dict[str, int] | None]:
    """Return the newest entry's number, and the subjects after ``last`` with the newest of each.

    None instead of the subjects: some were cut off before they were read, so any may have changed.
    """
    found = ask(session, _AFTER, last=last).all()
    if not found:
        return last, {}
    missed = found[0].id > last + 1
    return found[-1].id, None if missed else {subject: id for id, subject in found}


def listen(database: "Database") -> Any:
    """Return a psycopg2 connection of its own that listens for news."""
    dialect = database.engine.dialect
    positional, named = dialect.create_connect_args(database.engine.url)
    alive = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
    connection = dialect.connect(*positional, **named, **alive)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {CHANNEL}")
    return connection

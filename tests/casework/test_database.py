import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, inspect, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from casework.conversations.conversation import ensure_conversation
from casework.errors import CaseworkError
from casework.orders.order import find_order
from casework.storage.database import Database
from casework.storage.schema import metadata
from tests.casework.conftest import NOW, at_once, new_order


def shape(engine: Engine) -> dict[str, object]:
    """Everything the database says about its tables, but Alembic's own."""
    found = inspect(engine)
    return {
        table: {
            "columns": [
                (column["name"], str(column["type"]), column["nullable"])
                for column in found.get_columns(table)
            ],
            "key": found.get_pk_constraint(table),
            "foreign": sorted(map(str, found.get_foreign_keys(table))),
            "unique": sorted(map(str, found.get_unique_constraints(table))),
            "checks": sorted(map(str, found.get_check_constraints(table))),
            "indexes": sorted(map(index_shape, found.get_indexes(table))),
        }
        for table in sorted(found.get_table_names())
        if table != "alembic_version"
    }


def index_shape(index: dict[str, Any]) -> str:
    options = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return str({**index, "dialect_options": options})


def test_the_migrations_build_what_the_classes_say(empty: Database) -> None:
    metadata.create_all(empty.engine)
    expected = shape(empty.engine)
    metadata.drop_all(empty.engine)
    empty.migrate()
    assert shape(empty.engine) == expected


def test_migrating_again_changes_nothing(database: Database) -> None:
    with database.begin() as session:
        session.add(new_order())
    database.migrate()
    with database.read() as session:
        assert find_order(session, "20001") is not None


def test_a_transaction_that_fails_leaves_nothing(database: Database) -> None:
    def half_done() -> None:
        with database.begin() as session:
            session.add(new_order())
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_done()
    with database.read() as session:
        assert find_order(session, "20001") is None


def test_reading_keeps_nothing(database: Database) -> None:
    with database.read() as session:
        session.add(new_order())
        session.flush()
    with database.read() as session:
        assert find_order(session, "20001") is None


def test_a_reader_does_not_wait_for_a_writer(database: Database) -> None:
    with database.begin() as writer:
        writer.add(new_order())
        writer.flush()
        with database.read() as reader:
            assert find_order(reader, "20001") is None


def test_a_reference_to_nothing_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError), database.begin() as session:
        session.execute(
            text(
                "INSERT INTO order_lines (order_id, position, sku, title, quantity, unit_price)"
                " VALUES (4711, 1, 's', 't', 1, 1)"
            )
        )


def test_a_status_that_is_none_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError), database.begin() as session:
        session.add(new_order(status="lost"))


def test_sqlite_writes_ahead_and_waits_for_others(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new folder' / 'casework.db'}")
    with database.read() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
        assert session.scalar(text("PRAGMA busy_timeout")) >= 1000
    database.close()


def test_the_url_comes_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'named.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    assert str(Database().engine.url) == url
    monkeypatch.delenv("DATABASE_URL")
    assert str(Database().engine.url).endswith("/var/casework.db")


def test_a_url_that_is_none_is_said_without_repeating_it() -> None:
    with pytest.raises(CaseworkError, match="DATABASE_URL") as refused:
        Database("secret")
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("module", ["people.duty", "people.accounts", "cases.log"])
def test_whichever_part_is_used_first_every_table_is_known(module: str) -> None:
    code = (
        f"import casework.{module}, casework.storage.database\n"
        "from sqlalchemy.orm import configure_mappers\n"
        "configure_mappers()"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_writers_of_one_process_stand_in_line(tmp_path: Path) -> None:
    """SQLite may turn one of many away however short each is; so none of ours has to ask twice."""
    database = Database(f"sqlite:///{tmp_path / 'line.db'}")

    def impatient(connection: Any, record: object) -> None:
        connection.execute("PRAGMA busy_timeout = 0")

    event.listen(database.engine, "connect", impatient)
    database.migrate()

    def write(number: int) -> None:
        for again in range(10):
            with database.begin() as session:
                ensure_conversation(session, f"{number}-{again}", NOW)

    at_once(12, write)
    database.close()

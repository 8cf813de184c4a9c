"""Deleted rows cannot be read in an SQLite file any more, whatever SQLite was built with."""

from pathlib import Path

from sqlalchemy import create_engine, text

from casework.privacy.files import compact


def test_a_deleted_row_is_gone_from_the_file(tmp_path: Path) -> None:
    file = tmp_path / "some.db"
    engine = create_engine(f"sqlite:///{file}", future=True)
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA secure_delete = OFF")
        connection.execute(text("CREATE TABLE said (words TEXT)"))
        connection.execute(text("INSERT INTO said VALUES ('wobblyquagga')"))
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA secure_delete = OFF")
        connection.execute(text("DELETE FROM said"))
    assert b"wobblyquagga" in file.read_bytes()
    assert compact(engine)
    assert b"wobblyquagga" not in file.read_bytes()
    engine.dispose()


def test_a_file_in_use_is_left_and_said(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'some.db'}"
    engine = create_engine(address, future=True, connect_args={"timeout": 0.01})
    with engine.begin() as writer:
        writer.execute(text("CREATE TABLE said (words TEXT)"))
        writer.execute(text("INSERT INTO said VALUES ('x')"))
        assert not compact(create_engine(address, future=True, connect_args={"timeout": 0.01}))
    engine.dispose()

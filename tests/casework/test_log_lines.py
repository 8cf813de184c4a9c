"""Log lines: what is in them, and what never is."""

import json
import logging
import sqlite3
import sys
from typing import Any

import pytest
from sqlalchemy import create_engine

from casework.errors import CaseworkError
from casework.operating.log_lines import about, formatter, set_up_logs

SECRET = "Zebulon dropped order 10482"


def line(logger: str, words: str, *values: object, error: bool = False, **extra: Any) -> Any:
    """The JSON of one line."""
    record = logging.LogRecord(
        logger,
        logging.ERROR,
        "rasa/core/processor.py",
        994,
        words,
        values,
        sys.exc_info() if error else None,
        "handle",
    )
    record.__dict__.update(extra)
    return json.loads(formatter("gateway", as_json=True).format(record))


def test_our_words_are_kept_with_the_ids_they_are_about() -> None:
    with about("c-1", 7):
        said = line("gateway.delivery.dispatch", "answered", milliseconds=12, text=SECRET)
    assert said.pop("timestamp").endswith("Z")
    assert said == {
        "part": "gateway",
        "event": "answered",
        "level": "error",
        "logger": "gateway.delivery.dispatch",
        "conversation": "c-1",
        "message": "7",
        "milliseconds": 12,
    }
    assert "conversation" not in line("gateway.app", "later")


def test_of_others_only_the_place_is_kept() -> None:
    said = line("rasa.core.processor", "cannot handle %r", SECRET)
    assert said["event"] == "processor.handle:994"
    assert "Zebulon" not in str(said)
    assert line("uvicorn.error", "Uvicorn is %s", "up")["event"] == "Uvicorn is up"


def test_of_an_error_its_kind_and_our_places_are_kept() -> None:
    engine = create_engine("sqlite://", future=True)
    try:
        with engine.begin() as connection:
            try:
                connection.exec_driver_sql("INSERT INTO orders VALUES (?)", (SECRET,))
            except Exception as cause:
                raise CaseworkError(SECRET) from cause
    except CaseworkError:
        said = line("gateway.app", "it broke", error=True)
    kinds = "CaseworkError < OperationalError: no such table: orders < OperationalError"
    assert said["error"] == kinds
    assert "Zebulon" not in str(said)


def test_our_way_to_an_error_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        monkeypatch.setenv("LOG_FORMAT", "xml")
        set_up_logs("gateway")
    except CaseworkError:
        said = line("gateway.app", "it broke", error=True)
    assert [one.split(":")[0] for one in said["at"]] == [
        "casework/operating/log_lines.py",
        "casework/settings.py",
    ]


def test_a_row_in_an_integrity_error_is_not_told() -> None:
    try:
        try:
            raise sqlite3.IntegrityError(f"UNIQUE: {SECRET}")
        except sqlite3.IntegrityError as error:
            raise ValueError(SECRET) from error
    except ValueError:
        said = line("gateway.app", "it broke", error=True)
    assert said["error"] == "ValueError < IntegrityError"


def test_plain_lines_say_the_same() -> None:
    record = logging.LogRecord("gateway.app", logging.WARNING, "x.py", 1, "no news", (), None, None)
    with about("c-1", 7):
        said = formatter("gateway", as_json=False).format(record)
    assert "warning" in said
    assert "no news" in said
    assert "conversation=c-1" in said
    assert "\x1b" not in said

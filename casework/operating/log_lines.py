"""How every part writes its log: one line an event, with ids, and nothing that a customer said.

What the product itself says is written as it is said. Other packages also write down what passes
through them: of their lines only the place in their source is kept, and of an error its kind and
our own lines on the way to it. ``about`` names the conversation and the message that everything
written meanwhile is about: the same two ids in the gateway, in Rasa and in the actions.
"""

import logging
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.exc import OperationalError
from structlog.stdlib import ExtraAdder, ProcessorFormatter

from casework import settings
from casework.settings import PROJECT_ROOT

Line = MutableMapping[str, Any]

OURS = ("actions", "casework", "deploy", "gateway", "language", "policy_core")
# Packages that speak of how they start and stop, before any customer does.
SPEAK_OF_THEMSELVES = ("alembic", "rasa.core.run", "rasa.engine", "sanic.root", "uvicorn")
# What a line of ours may carry beside its words (logging's ``extra``).
FIELDS = ("milliseconds",)
_LONGEST_WAY = 8


@contextmanager
def about(conversation: str, message: object) -> Iterator[None]:
    """Name the conversation and the message in every line that is written inside."""
    ids = {"conversation": conversation, "message": str(message)}
    with structlog.contextvars.bound_contextvars(**ids):
        yield


def set_up_logs(part: str) -> None:
    """Write this process's log to its standard error from now on, as LOG_FORMAT says.

    ``part`` (gateway, rasa, actions) stands in each line. CaseworkError for an unknown format.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter(part, as_json=settings.log_format() == "json"))
    handler.addFilter(_is_wanted)
    for name in list(logging.root.manager.loggerDict):
        other = logging.getLogger(name)
        other.handlers.clear()
        other.propagate = True
    logging.root.handlers = [handler]
    logging.root.setLevel(logging.INFO)
    logging.captureWarnings(True)


def formatter(part: str, *, as_json: bool) -> logging.Formatter:
    """Make a line of a record: JSON, or plain words for a person at a terminal."""

    def name_part(_: Any, __: str, line: Line) -> Line:
        return {"part": part, **line}

    shown: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False, pad_event=0)
    )
    return ProcessorFormatter(
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.contextvars.merge_contextvars,
            ExtraAdder(allow=FIELDS),
            name_part,
            _place_instead_of_words,
            _kind_instead_of_traceback,
            ProcessorFormatter.remove_processors_meta,
            shown,
        ]
    )


def _is_wanted(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or _is_of(record.name, OURS + SPEAK_OF_THEMSELVES)


def _is_of(logger: str, packages: tuple[str, ...]) -> bool:
    return any(logger == one or logger.startswith(f"{one}.") for one in packages)


def _place_instead_of_words(_: Any, __: str, line: Line) -> Line:
    record: logging.LogRecord = line["_record"]
    if _is_of(record.name, OURS + SPEAK_OF_THEMSELVES):
        return line
    line["event"] = f"{record.module}.{record.funcName}:{record.lineno}"
    return line


def _kind_instead_of_traceback(_: Any, __: str, line: Line) -> Line:
    """Of an error: its kind and causes; words only where they tell of the machine."""
    line.pop("stack_info", None)
    info = line.pop("exc_info", None)
    error = info[1] if isinstance(info, tuple) else None
    if error is None:
        return line
    causes: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(causes) < _LONGEST_WAY:
        causes.append(_kind(cause))
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    line["error"] = " < ".join(causes)
    line["at"] = _way_to(error)
    return line


def _kind(error: BaseException) -> str:
    words = ""
    if isinstance(error, OperationalError):  # of the database as a whole, never of a row
        words = str(error.orig).strip().partition("\n")[0]
    elif isinstance(error, OSError):
        words = error.strerror or ""
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def _way_to(error: BaseException) -> list[str]:
    """Our own places that the error came through, the last ones last."""
    ours = [
        f"{Path(frame.filename).relative_to(PROJECT_ROOT)}:{frame.lineno} {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
        if _is_ours(Path(frame.filename))
    ]
    return ours[-_LONGEST_WAY:]


def _is_ours(file: Path) -> bool:
    return file.is_relative_to(PROJECT_ROOT) and file.relative_to(PROJECT_ROOT).parts[0] in OURS

"""Rasa's own memory of conversations: the ``events`` table of its SQL tracker store."""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import column, create_engine, delete, func, inspect, select, table
from sqlalchemy.engine import URL, Engine, make_url

from casework import settings
from casework.errors import CaseworkError

_EVENTS = table("events", column("id"), column("sender_id"), column("data"))
_IN_MEMORY = (None, "", "inmemory", "in_memory")
# Rasa's own, and the project's: the same table.
_SQL = ("sql", "gateway.inside_rasa.tracker_store.conversationstore")


def tracker_engine() -> Engine | None:
    """Return the tracker store's database, or None where there is none (yet).

    Raises:
        CaseworkError: Rasa keeps conversations in a store of another kind, or its endpoints
            cannot be read: nothing may be called erased then.
    """
    address = tracker_address()
    if address is None or (_is_file(address) and not Path(str(address.database)).is_file()):
        return None
    engine = create_engine(address, future=True)
    return engine if inspect(engine).has_table("events") else None


def tracker_address() -> URL | None:
    """Return the tracker store's database; None where Rasa keeps conversations in memory.

    Raises:
        CaseworkError: as `tracker_engine`.
    """
    return _address(settings.rasa_endpoints())


def remembered(engine: Engine, conversations: Iterable[str]) -> int:
    """Return how many events the store holds of these conversations."""
    wanted = select(func.count()).select_from(_EVENTS)
    with engine.connect() as connection:
        count: int = connection.scalar(wanted.where(_EVENTS.c.sender_id.in_(list(conversations))))
    return count


def forget(engine: Engine, conversations: Iterable[str]) -> int:
    """Delete these conversations' events; returns how many there were."""
    with engine.begin() as connection:
        gone = delete(_EVENTS).where(_EVENTS.c.sender_id.in_(list(conversations)))
        count: int = connection.execute(gone).rowcount
    return count


def memory_of(engine: Engine, conversation: str) -> list[dict[str, Any]]:
    """Return a conversation's events as Rasa wrote them, in order."""
    wanted = select(_EVENTS.c.data).where(_EVENTS.c.sender_id == conversation)
    with engine.connect() as connection:
        found = list(connection.scalars(wanted.order_by(_EVENTS.c.id)))
    return [json.loads(data) for data in found]


def _address(endpoints: Path) -> URL | None:
    try:
        text = os.path.expandvars(endpoints.read_text("utf-8"))
        store = (yaml.safe_load(text) or {}).get("tracker_store") or {}
    except (OSError, yaml.YAMLError, AttributeError) as error:
        raise CaseworkError(f"Rasa's {endpoints.name} cannot be read: {error}") from error
    kind = store.get("type")
    if not store or str(kind or "").lower() in _IN_MEMORY:
        return None
    if str(kind).lower() not in _SQL:
        raise CaseworkError(
            f"Rasa's tracker store is of the kind {kind!r}, which this command does not reach"
        )
    host = store.get("url") or store.get("host")  # Rasa takes its endpoints' url for the host
    if host and "://" in str(host):
        return make_url(str(host))
    return _with_place(
        URL.create(
            store.get("dialect") or "sqlite",
            store.get("username"),
            store.get("password"),
            host,
            int(store["port"]) if store.get("port") else None,
            store.get("db") or "rasa.db",
            store.get("query") or {},
        )
    )


def _with_place(address: URL) -> URL:
    """A file's name counts from the project's folder, where Rasa runs."""
    if not _is_file(address):
        return address
    return address.set(database=str(settings.PROJECT_ROOT / str(address.database)))


def _is_file(address: URL) -> bool:
    return bool(address.get_backend_name() == "sqlite")

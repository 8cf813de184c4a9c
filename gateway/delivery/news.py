"""Brings what other processes changed to this one's open streams: one connection a process."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import anyio

from casework.conversations.news import listen, newest, news_after
from casework.storage.database import Database
from gateway.web.running import WakeUps

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
AGAIN_SECONDS = 1.0


async def bring_news(database: Database, wakeups: WakeUps) -> None:
    """Wake the streams at news for as long as this runs; after a failure it begins anew."""
    bring = _heard if database.engine.dialect.name == "postgresql" else _looked_for
    while True:
        try:
            await bring(database, wakeups)
        except Exception as failure:
            logger.warning("no news can be had (%s); trying again", type(failure).__name__)
        await asyncio.sleep(AGAIN_SECONDS)


async def _heard(database: Database, wakeups: WakeUps) -> None:
    """PostgreSQL tells us."""
    connection = await anyio.to_thread.run_sync(lambda: listen(database))
    loop, readable = asyncio.get_running_loop(), asyncio.Event()
    socket = connection.fileno()
    loop.add_reader(socket, readable.set)
    try:
        wakeups.wake_all()  # something may have happened before we listened
        while True:
            await readable.wait()
            readable.clear()
            connection.poll()
            _wake(connection.notifies, wakeups)
    finally:
        loop.remove_reader(socket)
        connection.close()


def _wake(notifies: list[Any], wakeups: WakeUps) -> None:
    while notifies:
        wakeups.wake(notifies.pop().payload)


async def _looked_for(database: Database, wakeups: WakeUps) -> None:
    """In SQLite we look at the list, for all streams together."""

    def first() -> int:
        with database.read() as session:
            return newest(session)

    def look() -> tuple[int, dict[str, int] | None]:
        with database.read() as session:
            return news_after(session, last)

    last = await anyio.to_thread.run_sync(first)
    wakeups.wake_all()
    while True:
        last, subjects = await anyio.to_thread.run_sync(look)
        if subjects is None:
            wakeups.wake_all()
        for subject, number in (subjects or {}).items():
            wakeups.wake(subject, number)
        await asyncio.sleep(LOOK_SECONDS)

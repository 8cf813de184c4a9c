"""What the gateway stands on fails under it: a locked database, a full disk, Redis, the clock."""

import asyncio
import os
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select
from starlette.exceptions import HTTPException

from casework.conversations.turns import Turn
from casework.storage.database import BUSY_SECONDS
from gateway.delivery import posting
from gateway.web.limits import RateLimits
from gateway.web.running import now
from tests.engines import Engines
from tests.faults.conftest import Shop
from tests.faults.crowd import arrivals, chatting, leave, losses, until, until_answered
from tests.gateway.site import Site, free_port, running_site
from tests.gateway.visitor import Visitor, error_of, photo

CUSTOMERS = 10


async def test_a_database_that_is_locked_for_long_loses_nothing(shop: Shop) -> None:
    customers = await arrivals([shop.address], CUSTOMERS)
    over = asyncio.Event()
    chats = asyncio.create_task(chatting(customers, 6, pause=0.5, until=over))
    await until(lambda: all(one.sent for one in customers))

    def lock() -> None:
        file = shop.database.engine.url.database
        with closing(sqlite3.connect(file, isolation_level=None, timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(2 * BUSY_SECONDS + 3)  # longer than anybody waits, in line and for it
            other.execute("COMMIT")

    await asyncio.to_thread(lock)
    over.set()
    await chats
    await until_answered(customers, shop.database)
    await leave(customers)
    assert sum(one.refused for one in customers) > 0  # each was told, and sent it again
    found = losses(customers, shop.database)
    assert found.messages >= CUSTOMERS * 6
    assert found.none, found


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of its own with room for next to nothing."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a full disk needs the right to mount one")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_said_and_leaves_no_half_a_picture(tmp_path: Path, small_disk: Path) -> None:
    with running_site(tmp_path / "var") as site:
        uploads = site.settings.uploads
        uploads.symlink_to(small_disk)
        visitor = Visitor(site.address)
        refused = visitor.upload(photo("JPEG", size=(1200, 900)))
        assert refused.status_code == 503
        assert "can't take files just now" in error_of(refused)
        assert list(small_disk.iterdir()) == []
        visitor.send("hello anyway")
        visitor.wait_for("You said: hello anyway")
        uploads.unlink()
        visitor.stage()
        assert visitor.send(pictures="1").status_code == 204


def test_limits_go_on_without_redis_and_are_shared_with_it(engines: Engines) -> None:
    one, other = (RateLimits(engines.redis_url) for _ in range(2))
    for limits in (one, other, one, other, one):
        limits.check("messages", "a-customer")
    with pytest.raises(HTTPException):
        other.check("messages", "a-customer")
    alone = RateLimits(f"redis://127.0.0.1:{free_port()}/0")
    for _ in range(5):
        alone.check("messages", "a-customer")
    with pytest.raises(HTTPException):
        alone.check("messages", "a-customer")


@pytest.mark.parametrize("hours", [-3, 3])
def test_a_clock_that_jumps_holds_nobody_up(site: Site, visitor: Visitor, hours: int) -> None:
    """A process took a turn and died, then the clock was set; a slow answer is under way."""
    site.fake.behave = "slow"
    visitor.send("before the jump")
    site.stop_gateway()
    key = visitor.conversation(site.database)
    left = posting.take(site.database, key) or _held(site, key)
    assert left is not None
    with time_machine.travel(now() + timedelta(hours=hours), tick=True):
        site.start_gateway()
        visitor.wait_for("taking longer")
        visitor.send("after the jump")
        site.fake.behave = "ok"
        visitor.wait_for("You said: after the jump")
    visitor.send("and back")
    visitor.wait_for("You said: and back")
    said = [text for _, text in visitor.messages()[1:] if "longer" not in text]
    assert [one for one in said if one.startswith("You said")] == [
        "You said: before the jump",
        "You said: after the jump",
        "You said: and back",
    ]
    assert len({str(heard["message_id"]) for heard in site.fake.heard}) == 3
    assert len(site.fake.heard) == 3


def _held(site: Site, key: str) -> object:
    """The turn that the stopped gateway still holds."""
    with site.database.read() as session:
        return session.scalars(select(Turn).where(Turn.conversation_id == key)).first()

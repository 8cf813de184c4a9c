"""The scaled-out set-up with the real assistant: restarts and deaths while customers chat."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.faults import cases_twice
from deploy.engines import missing
from gateway.settings import PROJECT
from tests.faults.crowd import arrivals, chatting, leave, losses, until_answered
from tests.faults.scaled import WORDS, Scaled, scaled
from tests.gateway.everything import has_model

pytestmark = pytest.mark.long

CUSTOMERS = 6
PATIENCE = 240


@pytest.fixture(scope="module")
def running() -> Iterator[Scaled]:
    if lacking := missing(("postgresql", "redis", "nginx")):
        pytest.skip(lacking)
    if not has_model():
        pytest.skip("no trained model here: run 'make train'")
    folder = Path(tempfile.mkdtemp(prefix="aop-scale-"))
    folder.chmod(0o711)
    with scaled(folder / "scale") as running:
        yield running
    shutil.rmtree(folder, ignore_errors=True)


async def test_tiers_restart_and_databases_die_under_customers(running: Scaled) -> None:
    customers = await arrivals([running.shape.address], CUSTOMERS)
    over = asyncio.Event()
    chats = asyncio.create_task(chatting(customers, 8, pause=2, words=WORDS, until=over))
    for tier in ("rasa", "actions", "gateway"):  # a new model or policy file comes like this
        await asyncio.to_thread(running.restart, tier)
    for name in ("postgresql", "redis", "rasa-1", "actions-1", "gateway-1", "proxy"):
        before = running.pid(name)
        await asyncio.to_thread(running.kill, name)
        await asyncio.to_thread(running.until_back, name, before)
    over.set()
    await chats
    await until_answered(customers, running.database, PATIENCE)
    await leave(customers)
    found = losses(customers, running.database)
    assert found.messages >= CUSTOMERS * 8
    assert found.none, found
    assert cases_twice(running.database) == 0


def test_another_start_in_its_place_ends_with_a_word(running: Scaled) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "deploy", "up"],
        cwd=PROJECT,
        env={**os.environ, **running.runner.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "is taken" in done.stderr

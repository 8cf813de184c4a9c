"""The whole product as `python -m gateway run` starts it, on ports and data of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from casework.orders.samples import load_samples
from casework.storage.database import Database
from gateway.settings import PROJECT
from gateway.web.running import now
from tests.gateway.site import free_port

START_SECONDS = 120


def has_model() -> bool:
    """Whether there is a trained model to run."""
    models = Path(os.environ.get("RASA_MODEL", str(PROJECT / "models")))
    return models.is_file() or any(models.glob("*.tar.gz"))


@contextmanager
def everything(var: Path, **environment: str) -> Iterator[str]:
    """Start the gateway, the assistant and its actions on sample orders; yields the address."""
    url = f"sqlite:///{var / 'casework.db'}"
    database = Database(url)
    database.migrate()
    with database.begin() as session:
        load_samples(session, now())
    database.close()
    ports = {name: str(free_port()) for name in ("GATEWAY_PORT", "RASA_PORT", "ACTIONS_PORT")}
    runner = subprocess.Popen(
        [sys.executable, "-m", "gateway", "run"],
        cwd=PROJECT,
        env={
            **os.environ,
            **ports,
            "DATABASE_URL": url,
            "GATEWAY_VAR": str(var),
            "GATEWAY_RATE_LIMITS": "off",
            **environment,
        },
        stdout=(var / "run.log").open("w"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        _wait_until_open(runner, var)
        yield f"http://127.0.0.1:{ports['GATEWAY_PORT']}"
    finally:
        runner.send_signal(signal.SIGINT)
        runner.wait(60)


def _wait_until_open(runner: "subprocess.Popen[bytes]", var: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while "Open http" not in (var / "run.log").read_text("utf-8"):
        if runner.poll() is not None or time.monotonic() > end:
            raise RuntimeError((var / "run.log").read_text("utf-8"))
        time.sleep(0.1)

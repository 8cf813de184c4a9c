"""Where several people share a machine, nobody else reads what the web keeps."""

import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from casework.storage.database import Database
from casework.storage.private_files import make_private
from deploy import scale
from deploy.engines import unprivileged
from gateway.settings import PROJECT
from gateway.start.own_folder import shut
from gateway.start.supervisor import Supervisor
from tests.gateway.site import free_port


def open_to_others(folder: Path) -> list[str]:
    """What somebody else could read or enter, in a folder they may enter themselves."""
    found = [folder, *folder.rglob("*")]
    return [str(one) for one in found if stat.S_IMODE(one.stat().st_mode) & 0o077]


@pytest.fixture
def careless() -> object:
    """A shell whose files everybody may read."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.usefixtures("careless")
def test_all_that_a_start_writes_is_the_owners_alone(tmp_path: Path) -> None:
    var, port = tmp_path / "var", free_port()
    var.mkdir(mode=0o755)  # as an older version left it
    (var / "tracker.db").touch(mode=0o644)
    (var / "log").mkdir(mode=0o755)
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "gateway", "serve"],
        cwd=PROJECT,
        env={
            **os.environ,
            "GATEWAY_VAR": str(var),
            "GATEWAY_PORT": str(port),
            "DATABASE_URL": f"sqlite:///{var / 'casework.db'}",
        },
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            assert process.poll() is None
            try:
                httpx.get(f"http://127.0.0.1:{port}/chat", trust_env=False, timeout=20)
                break
            except httpx.ConnectError:
                time.sleep(0.1)
        names = {one.name for one in var.rglob("*")}
        assert {"casework.db", "casework.db-wal", "secrets", "csrf-key"} <= names
        assert open_to_others(var) == []
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project's folder that everybody may enter, in place of ours."""
    folder = Path(tempfile.mkdtemp(prefix="aop-project-"))
    folder.chmod(0o755)
    monkeypatch.setattr(scale, "PROJECT", folder)
    monkeypatch.delenv("SCALE_FOLDER", raising=False)
    yield folder
    shutil.rmtree(folder)


def may_enter(folder: Path, user: str) -> bool:
    entered = subprocess.run(["test", "-x", folder], user=user, extra_groups=[], check=False)
    return entered.returncode == 0


@pytest.mark.usefixtures("careless")
def test_what_is_scaled_out_lies_where_its_database_may_go_and_nobody_reads(project: Path) -> None:
    """`make run` and `make scale` in turn, by root: PostgreSQL is another user."""
    user = unprivileged()
    if user is None:
        pytest.skip("only root starts PostgreSQL as another user")
    var = project / "var"
    var.mkdir(mode=0o755)
    (var / "tracker.db").touch(mode=0o644)
    for _ in range(2):
        shut(var)
        folder = scale.topology().folder
        assert folder == var.resolve() / "scale"
        shut(var)  # a gateway that starts meanwhile
        assert may_enter(folder, user)
        seen = [one for one in open_to_others(var) if one not in (str(var), str(var / "scale"))]
        assert seen == []
        assert {stat.S_IMODE(one.stat().st_mode) for one in (var, folder)} == {0o711}


@pytest.mark.usefixtures("careless")
def test_what_processes_say_is_the_owners_alone(tmp_path: Path) -> None:
    for log in (tmp_path / "made", tmp_path / "older"):
        if log.name == "older":
            log.mkdir(mode=0o755)
        Supervisor({}, log)
        assert open_to_others(log) == []


@pytest.mark.usefixtures("careless")
def test_a_database_and_its_journal_are_the_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    database = Database(f"sqlite:///{folder / 'casework.db'}")
    database.migrate()
    assert len(list(folder.iterdir())) == 3
    assert open_to_others(folder) == []
    database.close()


def test_a_file_that_was_open_is_closed_and_the_rest_left(tmp_path: Path) -> None:
    file = tmp_path / "older.db"
    file.touch()
    file.chmod(0o644)
    make_private(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    make_private(tmp_path / "nothing")

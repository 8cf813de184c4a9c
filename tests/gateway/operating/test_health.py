"""What /health and /ready say, with each part really broken."""

import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from casework.__main__ import main
from casework.operating import readiness as parts
from casework.operating.readiness import readiness, room_for_uploads
from casework.storage.database import Database
from gateway.operating import health
from tests.faults.machine import Process, running
from tests.gateway.site import Site, free_port, running_site
from tests.gateway.visitor import Visitor

WELL = {
    "database": "ok",
    "migrations": "ok",
    "policy": "ok",
    "settings": "ok",
    "uploads": "ok",
    "assistant": "ok",
    "front_end": "ok",
}


@pytest.fixture
def own_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setattr(health, "KEPT_SECONDS", 0.0)
    with running_site(tmp_path) as site:
        yield site


def asked(site: Site) -> tuple[int, dict[str, str]]:
    """The status, and what is not well."""
    answer = httpx.get(f"{site.address}/ready", timeout=20, trust_env=False)
    said = answer.json()
    assert said["ready"] == (answer.status_code == 200)
    assert said["parts"].keys() == WELL.keys()
    return answer.status_code, {
        part: state for part, state in said["parts"].items() if state != "ok"
    }


def test_all_is_well(own_site: Site) -> None:
    assert asked(own_site) == (200, {})


def test_alive_says_nothing_more(own_site: Site) -> None:
    own_site.fake.behave = "down"
    answer = httpx.get(f"{own_site.address}/health", trust_env=False)
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_an_assistant_without_a_model_and_one_that_is_away_are_named(
    own_site: Site, tmp_path: Path
) -> None:
    own_site.fake.behave = "down"
    assert asked(own_site) == (503, {"assistant": "broken"})
    nobody = (f"http://127.0.0.1:{free_port()}",)
    with running_site(tmp_path / "alone", rasa_urls=nobody) as alone:
        assert asked(alone) == (503, {"assistant": "away"})


def test_a_token_the_assistant_refuses_is_named_and_the_message_waits(own_site: Site) -> None:
    good, own_site.fake.token = own_site.fake.token, "another"
    assert asked(own_site) == (503, {"assistant": "refused"})
    visitor = Visitor(own_site.address)
    visitor.send("It arrived damaged")
    visitor.wait_for("Your message is saved")
    own_site.fake.token = good
    visitor.wait_for("order number")


def test_a_locked_database_is_named(own_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    held = sqlite3.connect(str(own_site.database.engine.url.database), isolation_level=None)
    held.execute("BEGIN IMMEDIATE")
    try:
        assert asked(own_site) == (503, {"database": "locked"})
    finally:
        held.execute("ROLLBACK")
        held.close()
    assert asked(own_site) == (200, {})


def test_a_policy_nobody_can_read_is_named(
    own_site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "policy.yml"
    broken.write_text("rules: [", "utf-8")
    monkeypatch.setenv("POLICY_FILE", str(broken))
    status, wrong = asked(own_site)
    assert (status, wrong["policy"]) == (503, "unreadable")
    assert str(tmp_path) not in httpx.get(f"{own_site.address}/ready", trust_env=False).text


def test_a_full_disk_is_named(own_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "ROOM_BYTES", 1 << 62)
    assert asked(own_site) == (503, {"uploads": "full"})


def test_front_end_files_that_are_gone_are_named(
    own_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "missing", lambda: ["htmx.org/dist/htmx.min.js"])
    assert asked(own_site) == (503, {"front_end": "missing"})


def test_a_folder_nobody_can_write_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "uploads").write_text("a file in its place")
    assert room_for_uploads(tmp_path / "uploads") == "unwritable"
    assert room_for_uploads(tmp_path / "not" / "yet") == "ok"


def migrations(database: Database) -> tuple[str, str]:
    found = readiness(database)
    return found["database"], found["migrations"]


def test_migrations_are_told_apart(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'casework.db'}")
    assert migrations(database) == ("ok", "missing")
    database.migrate()
    assert migrations(database) == ("ok", "ok")
    for revision, state in (("0001", "behind"), ("9999", "ahead")):
        with database.begin() as session:
            session.connection().exec_driver_sql(
                f"UPDATE alembic_version SET version_num = '{revision}'"
            )
        assert migrations(database) == ("ok", state)
    database.close()


def test_a_database_of_newer_code_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'casework.db'}")
    assert main(["migrate"]) == 0
    with sqlite3.connect(tmp_path / "casework.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    assert main(["migrate"]) == 2
    assert "newer code" in capsys.readouterr().err


def test_a_database_that_is_away_is_named(tmp_path: Path) -> None:
    (tmp_path / "casework.db").write_bytes(b"something else altogether" * 100)
    assert migrations(Database(f"sqlite:///{tmp_path / 'casework.db'}")) == ("away", "unknown")
    nobody = Database(f"postgresql://nobody:x@127.0.0.1:{free_port()}/none")
    assert migrations(nobody) == ("away", "unknown")


def test_the_action_server_says_how_it_is(tmp_path: Path) -> None:
    url, port = f"sqlite:///{tmp_path / 'casework.db'}", free_port()
    server = Process(
        [sys.executable, "-m", "actions", "--port", str(port)],
        tmp_path / "actions.log",
        {
            "DATABASE_URL": url,
            "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
            "ACTIONS_TOKEN": "a-token-for-tests-only",
        },
        f"http://127.0.0.1:{port}/health",
    )
    with running(server):
        answer = httpx.get(f"http://127.0.0.1:{port}/ready", trust_env=False)
        assert (answer.status_code, answer.json()["parts"]["migrations"]) == (503, "missing")
        Database(url).migrate()
        answer = httpx.get(f"http://127.0.0.1:{port}/ready", trust_env=False)
        assert (answer.status_code, answer.json()["ready"]) == (200, True)

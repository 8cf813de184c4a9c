"""A backup of an open shop is put back in an empty place, and the shop plays on there."""

import os
import sqlite3
import stat
import tarfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from sqlalchemy import select

from casework.__main__ import main
from casework.cases.case import Case
from casework.cases.writing import open_case
from casework.conversations.conversation import add_message, messages_after
from casework.evidence.evidence import Evidence, add_evidence
from casework.people.accounts import add_agent
from casework.people.signing_in import sign_in
from casework.privacy.tracker import memory_of, tracker_engine
from casework.storage.database import Database
from tests.casework.conftest import NOW, new_order, step

PASSWORD = "a long enough password"
PICTURE = b"what a picture looks like on disk"


@dataclass
class Shop:
    """An installation: its own folder, database and memory; `enter` makes it the one in use."""

    var: Path
    url: str
    enter: Callable[[], None]

    def run(self, *arguments: str) -> int:
        self.enter()
        return main(arguments)


@pytest.fixture
def shops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Shop]:
    def shop(name: str, url: str | None = None) -> Shop:
        var = tmp_path / name
        var.mkdir()
        endpoints = {
            "tracker_store": {"type": "SQL", "dialect": "sqlite", "db": str(var / "tracker.db")}
        }
        (var / "endpoints.yml").write_text(yaml.safe_dump(endpoints), "utf-8")
        url = url or f"sqlite:///{var / 'casework.db'}"

        def enter() -> None:
            monkeypatch.setenv("DATABASE_URL", url)
            monkeypatch.setenv("GATEWAY_VAR", str(var))
            monkeypatch.delenv("RASA_ENDPOINTS", raising=False)

        return Shop(var, url, enter)

    return shop


def fill(shop: Shop) -> str:
    """A conversation with a case, its evidence, a desk account, memory and secrets; the case."""
    database = Database(shop.url)
    database.migrate()
    with database.begin() as session:
        order = new_order()
        session.add(order)
        add_message(session, "c", audience="customer", author="customer", text="Hello", now=NOW)
        case = open_case(
            session, order=order, situation="damaged", facts={"remedy": "refund"},
            conversation_id="c", now=NOW, key="k",
        )  # fmt: skip
        add_evidence(
            session, conversation_id="c", sha256="0" * 64, media_type="image/jpeg",
            size=len(PICTURE), file_name="picture.jpg", width=1, height=1, now=NOW, key="p",
        )  # fmt: skip
        add_agent(session, login="kim", name="Kim Park", role="agent", password=PASSWORD, now=NOW)
        number = case.number
    database.close()
    for folder, name, content in (
        ("uploads", "picture.jpg", PICTURE),
        ("secrets", "csrf-key", b"a key"),
    ):
        (shop.var / folder).mkdir(exist_ok=True)
        (shop.var / folder / name).write_bytes(content)
    with sqlite3.connect(shop.var / "tracker.db") as memory:
        memory.execute("CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id TEXT, data TEXT)")
        memory.execute("INSERT INTO events (sender_id, data) VALUES ('c', '{\"event\": \"user\"}')")
    return number


def plays_on(shop: Shop, number: str) -> None:
    """Everything is there, and can be worked with."""
    shop.enter()
    database = Database(shop.url)
    with database.begin() as session:
        assert messages_after(session, "c", "customer")[0].text == "Hello"
        case = session.scalars(select(Case).where(Case.number == number)).one()
        step(session, case, "evidence_submitted")
        step(session, case, "evidence_judged", {"evidence": "compelling"})
        (evidence,) = session.scalars(select(Evidence))
        assert (shop.var / "uploads" / evidence.file_name).read_bytes() == PICTURE
    assert sign_in(database, "kim", PASSWORD, NOW)
    database.close()
    memory = tracker_engine()
    assert memory is not None
    assert memory_of(memory, "c") == [{"event": "user"}]
    assert (shop.var / "secrets" / "csrf-key").read_bytes() == b"a key"


@pytest.mark.parametrize("form", ["backup", "backup.tar.gz"])
def test_a_restored_shop_plays_on(shops: Callable[..., Shop], tmp_path: Path, form: str) -> None:
    old, new = shops("old"), shops("new")
    number = fill(old)
    assert old.run("backup", str(tmp_path / form)) == 0
    assert new.run("restore", str(tmp_path / form)) == 0
    plays_on(new, number)
    for kept in ("casework.db", "tracker.db", "uploads/picture.jpg", "secrets/csrf-key"):
        assert stat.S_IMODE((new.var / kept).stat().st_mode) == 0o600


def test_a_restored_shop_plays_on_on_postgresql(
    shops: Callable[..., Shop], tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    engines = request.getfixturevalue("engines")
    with engines.database() as one, engines.database(migrated=False) as another:
        old, new = shops("old", one), shops("new", another)
        number = fill(old)
        assert old.run("backup", str(tmp_path / "backup.tar.gz")) == 0
        assert new.run("restore", str(tmp_path / "backup.tar.gz")) == 0
        plays_on(new, number)
        assert new.run("restore", str(tmp_path / "backup.tar.gz")) == 2
        assert new.run("restore", str(tmp_path / "backup.tar.gz"), "--force") == 0
        plays_on(new, number)


def test_it_is_whole_while_the_shop_is_open(shops: Callable[..., Shop], tmp_path: Path) -> None:
    old, new = shops("old"), shops("new")
    fill(old)
    database, going = Database(old.url), threading.Event()
    wrote = threading.Event()

    def talk() -> None:
        """Two messages in each transaction: a backup has both or neither."""
        while not going.is_set():
            with database.begin() as session:
                for author in ("customer", "assistant"):
                    add_message(
                        session, "c", audience="customer", author=author, text="and", now=NOW
                    )
            wrote.set()

    customer = threading.Thread(target=talk)
    customer.start()
    try:
        assert wrote.wait(20)
        assert old.run("backup", str(tmp_path / "backup")) == 0
    finally:
        going.set()
        customer.join()
        database.close()
    assert new.run("restore", str(tmp_path / "backup")) == 0
    restored = Database(new.url)
    with restored.read() as session:
        said = [one.author for one in messages_after(session, "c", "customer") if one.text == "and"]
        assert len(said) >= 2
        assert said.count("customer") == said.count("assistant")
    restored.close()


def test_nothing_is_overwritten_unless_told_to(
    shops: Callable[..., Shop], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = shops("old")
    number = fill(shop)
    assert shop.run("backup", str(tmp_path / "backup")) == 0
    assert shop.run("backup", str(tmp_path / "backup")) == 2
    assert shop.run("restore", str(tmp_path / "backup")) == 2
    assert "--force" in capsys.readouterr().err
    (shop.var / "uploads" / "picture.jpg").write_bytes(b"lost")
    assert shop.run("restore", str(tmp_path / "backup"), "--force") == 0
    plays_on(shop, number)


def test_an_open_shop_is_not_replaced(
    shops: Callable[..., Shop], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = shops("old")
    fill(shop)
    shop.run("backup", str(tmp_path / "backup"))
    running = Database(shop.url)
    with running.read() as session:
        session.connection()
        assert shop.run("restore", str(tmp_path / "backup"), "--force") == 2
    running.close()
    assert "in use" in capsys.readouterr().err


@pytest.mark.parametrize("harm", ["changed", "missing", "unlisted"])
def test_a_damaged_backup_is_refused_before_anything_is_touched(
    shops: Callable[..., Shop], tmp_path: Path, harm: str, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = shops("old"), shops("new")
    fill(old)
    backup = tmp_path / "backup"
    assert old.run("backup", str(backup)) == 0
    if harm == "changed":
        (backup / "uploads" / "picture.jpg").write_bytes(b"another")
    elif harm == "missing":
        (backup / "casework").unlink()
    else:
        (backup / "backup.json").unlink()
    assert new.run("restore", str(backup)) == 2
    assert "backup" in capsys.readouterr().err
    assert not (new.var / "casework.db").exists()
    assert not (new.var / "uploads").exists()


def test_an_archive_cannot_write_beside_itself(shops: Callable[..., Shop], tmp_path: Path) -> None:
    shop, outside = shops("new"), tmp_path / "outside"
    (tmp_path / "evil").write_text("written")
    with tarfile.open(tmp_path / "evil.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "evil", arcname="../outside")
    assert shop.run("restore", str(tmp_path / "evil.tar.gz")) == 2
    assert not outside.exists()
    assert "outside" not in os.listdir(shop.var)


def test_an_archive_is_its_owners_alone(shops: Callable[..., Shop], tmp_path: Path) -> None:
    shop = shops("old")
    fill(shop)
    assert shop.run("backup", str(tmp_path / "backup.tar.gz")) == 0
    assert stat.S_IMODE((tmp_path / "backup.tar.gz").stat().st_mode) == 0o600
    assert shop.run("backup", str(tmp_path / "backup")) == 0
    assert stat.S_IMODE((tmp_path / "backup").stat().st_mode) == 0o700

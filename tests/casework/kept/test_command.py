"""`python -m casework keep` prints a file that can be checked, or says why not."""

from pathlib import Path

import pytest

from casework.__main__ import main
from casework.conversations.conversation import add_message
from casework.conversations.web_sessions import start_session
from casework.storage.database import Database
from tests.casework.conftest import NOW
from tests.conversations.reader import read


@pytest.fixture
def there(database: Database, url: str, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("DATABASE_URL", url)
    with database.begin() as session:
        for number, (author, text) in enumerate(
            [("customer", "hello, order 4711 8 please"), ("assistant", "Hello. It is $5.00.")]
        ):
            key = f"a:{number}:0" if author == "assistant" else "c:one"
            add_message(
                session, "one", audience="customer", author=author, text=text, now=NOW, key=key
            )
    return database


@pytest.mark.usefixtures("there")
def test_a_conversation_is_printed_as_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["keep", "one", "--name", "a greeting"]) == 0
    file = tmp_path / "kept.yml"
    file.write_text(capsys.readouterr().out, "utf-8")
    [kept] = read(file)
    assert (kept.name, kept.today) == ("a greeting", "2026-03-13 10:00")
    assert [(one.kind, one.value) for one in kept.steps[:2]] == [
        ("user", "hello, order 2001 8 please"),
        ("bot_contains", ("Hello. It is $5.00.",)),
    ]


def test_no_id_looks_like_an_option(there: Database) -> None:
    with there.begin() as session:
        ids = [start_session(session, NOW)[1] for _ in range(200)]
    assert not [one for one in ids if one.startswith("-")]


@pytest.mark.usefixtures("there")
def test_an_unknown_conversation_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keep", "nobody"]) == 2
    assert "there is no such conversation" in capsys.readouterr().err

"""An export holds everything of one customer, readable, and nothing of anybody else."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from casework.__main__ import main
from casework.cases.log import Entry
from casework.conversations.conversation import Message
from tests.casework.privacy.lives import PAT, SAM, Shop, everything, live, tells


def exported(shop: Shop, to: Path) -> dict[str, Any]:
    live(shop, SAM)
    live(shop, PAT)
    before = everything(shop)
    assert main(["export", "--email", PAT.email.lower(), "--to", str(to)]) == 0
    assert everything(shop) == before
    data: dict[str, Any] = json.loads((to / "customer.json").read_text("utf-8"))
    return data


def test_all_that_was_said_is_in_it(shop: Shop, tmp_path: Path) -> None:
    data = exported(shop, tmp_path / "out")
    [talk], [case] = data["conversations"], data["cases"]
    with shop.database.read() as session:
        said = session.scalars(select(Message).where(Message.conversation_id == talk["id"]))
        assert [one["text"] for one in talk["messages"]] == [one.text for one in said]
        log = session.scalars(select(Entry).where(Entry.case.has(number=case["number"])))
        assert [one["data"] for one in case["log"]] == [one.data for one in log]
    assert [order["number"] for order in data["orders"]] == list(PAT.numbers)
    assert data["orders"][0]["email"] == PAT.email
    assert data["orders"][0]["total"] == "80.00"
    assert data["orders"][0]["items"][0]["title"] == "Thing 1"
    assert [one["text"] for one in data["assistant_memory"][talk["id"]]] == [
        PAT.words,
        f"Hello {PAT.name}",
    ]
    assert [one["succeeded"] for one in talk["verification_attempts"]] == [False, True]
    assert talk["escalations"][0]["transcript"]
    assert PAT.words in data["news_sent"][0]["content"]["words"]
    assert talk["created_at"] == "2026-03-13T17:00:00+00:00"


def test_the_pictures_lie_beside_it(shop: Shop, tmp_path: Path) -> None:
    data = exported(shop, tmp_path / "out")
    number = data["cases"][0]["evidence"][0]["id"]
    assert data["pictures"] == [f"{number}.jpg", "chat-1.pdf", "chat-2.pdf", "unsent-1.jpg"]
    names = {one["name"] for one in data["conversations"][0]["uploads"]}
    assert names == {None, f"label {PAT.words}.pdf", f"paper {PAT.words}.pdf"}
    pictures = {path.name: path.read_bytes() for path in (tmp_path / "out" / "pictures").iterdir()}
    papers = {pictures.pop(name) for name in ("chat-1.pdf", "chat-2.pdf")}
    assert papers == {f"{what} of {PAT.words}".encode() for what in ("label", "paper")}
    assert pictures == {
        f"{number}.jpg": f"picture of {PAT.words} sent".encode(),
        "unsent-1.jpg": f"picture of {PAT.words} staged".encode(),
    }


def test_nothing_of_others_is_in_it(shop: Shop, tmp_path: Path) -> None:
    exported(shop, tmp_path / "out")
    files = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert [path for path in files if tells(SAM, path.read_bytes().decode("latin1"))] == []
    text = (tmp_path / "out" / "customer.json").read_text("utf-8")
    assert "kim" not in text  # an agent's login
    assert "sounds upset" in text  # what the agents noted about them
    assert all(path.stat().st_mode & 0o077 == 0 for path in files)


def test_a_missing_picture_is_said(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    live(shop, PAT)
    (shop.uploads / f"{PAT.numbers[1]}.jpg").unlink()
    assert main(["export", "--order", PAT.numbers[0], "--to", str(tmp_path / "out")]) == 0
    assert "not on disk: unsent-1.jpg" in capsys.readouterr().out


def test_a_folder_with_something_in_it_is_never_written(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    live(shop, PAT)
    to = tmp_path / "out"
    to.mkdir()
    (to / "note.txt").write_text("mine")
    assert main(["export", "--email", PAT.email, "--to", str(to)]) == 2
    assert "there is something already" in capsys.readouterr().err
    assert [path.name for path in to.iterdir()] == ["note.txt"]


def test_nobody_is_not_exported(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "--email", "x@example.com", "--to", str(tmp_path / "out")]) == 2
    assert "nothing is held" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()

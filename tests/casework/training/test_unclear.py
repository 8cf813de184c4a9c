"""Sentences are counted, labeled once, taken back, exported, and forgotten."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.__main__ import main
from casework.errors import CaseworkError
from casework.storage.database import Database
from casework.training import unclear
from casework.training.export import learned
from casework.training.unclear import (
    NOT_USABLE,
    AlreadyLabeledError,
    Unclear,
    count_to_label,
    forget_unlabeled,
    label,
    note,
    take_back,
    to_label,
)
from tests.casework.conftest import NOW, TODAY, at_once


def noted(session: Session, text: str, **more: Any) -> Unclear:
    values: dict[str, Any] = {
        "guessed": "ask_order_status", "confidence": 0.41237, "why": "low_confidence",
        "today": TODAY,
    } | more  # fmt: skip
    note(session, text=text, **values)
    return session.scalars(select(Unclear).order_by(Unclear.id.desc())).first()


def test_the_same_sentence_counts_up(session: Session) -> None:
    noted(session, "my 55123 went poof")
    noted(session, "the chair sings")
    noted(session, "My 90991 went POOF!!", today=TODAY + timedelta(days=1))
    first, second = to_label(session, 10)
    session.refresh(first)
    assert (first.text, first.times) == ("my 10482 went poof", 2)
    assert first.noted_on == TODAY + timedelta(days=1)
    assert (first.guessed, first.confidence) == ("ask_order_status", 0.412)
    assert (second.text, second.times) == ("the chair sings", 1)


def test_two_at_once_are_one_row(database: Database) -> None:
    def work(number: int) -> None:
        with database.begin() as session:
            noted(session, f"order {55000 + number} went poof")

    at_once(4, work)
    with database.read() as session:
        [row] = to_label(session, 10)
        assert row.times == 4


def test_nobody_can_fill_the_table(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unclear, "MOST", 2)
    for word in ("one", "two", "three"):
        noted(session, f"say {word}")
    assert count_to_label(session) == 2


def test_a_label_is_given_once(session: Session) -> None:
    row = noted(session, "my thing went poof")
    assert label(session, row.id, "ask_order_status", by="kim", now=NOW)
    assert not label(session, row.id, "ask_order_status", by="lena", now=NOW)
    with pytest.raises(AlreadyLabeledError):
        label(session, row.id, "cancel_order", by="lena", now=NOW)
    session.refresh(row)
    assert (row.label, row.labeled_by, row.labeled_at) == ("ask_order_status", "kim", NOW)
    assert to_label(session, 10) == []
    with pytest.raises(CaseworkError):
        label(session, 999, "cancel_order", by="kim", now=NOW)
    with pytest.raises(CaseworkError):
        label(session, row.id, "cancel order\n", by="kim", now=NOW)


def test_one_s_own_label_can_be_taken_back(session: Session) -> None:
    row = noted(session, "my thing went poof")
    label(session, row.id, "ask_order_status", by="kim", now=NOW)
    assert not take_back(session, row.id, by="lena")
    assert take_back(session, row.id, by="kim")
    assert not take_back(session, row.id, by="kim")
    assert count_to_label(session) == 1


def test_what_is_not_usable_loses_its_words_and_never_comes_back(session: Session) -> None:
    row = noted(session, "jo quill lives here")
    label(session, row.id, NOT_USABLE, by="kim", now=NOW)
    session.refresh(row)
    assert row.text == ""
    assert not take_back(session, row.id, by="kim")
    noted(session, "jo quill lives here")
    assert count_to_label(session) == 0
    assert learned(session).sentences == 0


def test_old_ones_that_taught_nothing_are_forgotten(session: Session) -> None:
    taught = noted(session, "my thing went poof")
    label(session, taught.id, "ask_order_status", by="kim", now=NOW)
    noted(session, "the chair sings")
    label(session, noted(session, "jo quill").id, NOT_USABLE, by="kim", now=NOW)
    noted(session, "the lamp hums", today=TODAY + timedelta(days=1))
    assert forget_unlabeled(session, TODAY) == 0
    assert forget_unlabeled(session, TODAY + timedelta(days=1)) == 2
    left = set(session.scalars(select(Unclear.text)))
    assert left == {"my thing went poof", "the lamp hums"}


@pytest.fixture
def training(tmp_path: Path) -> Path:
    folder = tmp_path / "nlu"
    folder.mkdir()
    (folder / "known.yml").write_text(
        'version: "3.1"\nnlu:\n  - intent: greet\n    examples: |\n      - Well hello there\n'
    )
    (folder / "learned.yml").write_text("")
    return folder


def test_the_export_is_a_training_file(session: Session, training: Path) -> None:
    for text, meant in (
        ("poof: it's gone", "ask_order_status"),
        ("- #1 wish: what if it is late", "ask_policy/late_shipment"),
        ("a poof", "ask_order_status"),
        ("well, hello there", "greet"),
        ("see [this](intent) thing", "help"),
        ("/cancel_order now please", "cancel_order"),
    ):
        label(session, noted(session, text).id, meant, by="kim", now=NOW)
    noted(session, "nobody said what this is")
    found = learned(session, training)
    content = yaml.safe_load(found.content)
    assert content["nlu"] == [
        {"intent": "ask_order_status", "examples": "- a poof\n- poof: it's gone\n"},
        {"intent": "ask_policy/late_shipment", "examples": "- - #1 wish: what if it is late\n"},
    ]
    assert found.sentences == 3
    assert len(found.left_out) == 3
    assert "well, hello there: in the training data already, as greet" in found.left_out


def test_an_export_of_nothing_is_a_file_too(session: Session, training: Path) -> None:
    assert yaml.safe_load(learned(session, training).content)["nlu"] == []


def test_the_command_writes_what_rasa_reads(
    database: Database, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rasa.shared.nlu.training_data.formats.rasa_yaml import RasaYAMLReader

    monkeypatch.setenv("DATABASE_URL", url)
    with database.begin() as session:
        row = noted(session, "my thing: #1, went 'poof'")
        label(session, row.id, "ask_order_status", by="kim", now=NOW)
        row = noted(session, "what if a thing goes poof")
        label(session, row.id, "ask_policy/late_shipment", by="kim", now=NOW)
    file = tmp_path / "learned.yml"
    assert main(["training-export", "--to", str(file)]) == 0
    read = RasaYAMLReader().read(str(file)).intent_examples
    assert [(one.get("text"), one.get("intent")) for one in read] == [
        ("my thing: #1, went 'poof'", "ask_order_status"),
        ("what if a thing goes poof", "ask_policy"),
    ]

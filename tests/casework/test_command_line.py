import json
from pathlib import Path

import pytest

from casework.__main__ import main
from casework.orders.order import find_order
from casework.storage.database import Database
from tests.casework.test_importer import GOOD, as_entry, write_json


@pytest.fixture(autouse=True)
def here(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_url)


def test_migrate_then_samples(empty: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate"]) == 0
    assert main(["sample-orders"]) == 0
    assert "41 added, 0 moved to today, 0 unchanged" in capsys.readouterr().out
    assert main(["sample-orders"]) == 0
    assert "0 added, 0 moved to today, 41 unchanged" in capsys.readouterr().out
    with empty.read() as session:
        assert find_order(session, "10482") is not None


def test_the_table_needs_no_database(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sample-orders", "--table"]) == 0
    assert capsys.readouterr().out.startswith("| order | e-mail | ZIP | try |\n|---|")


def test_an_import_tells_what_was_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["migrate"])
    good = as_entry(GOOD | {"delivered_on": "2026-03-09"})
    file = write_json(tmp_path, good, as_entry(GOOD | {"number": "20002", "total": "free"}))
    assert main(["import-orders", str(file)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "refused: order 20002: entry 2: total: 'free' is not an amount such as 129.95",
        "1 added, 0 updated, 0 unchanged, 1 refused",
    ]
    file.write_text(json.dumps([good]))
    assert main(["import-orders", str(file)]) == 0


def test_a_database_that_was_not_migrated_is_one_clear_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["sample-orders"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "migrate" in said


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("DATABASE_URL", "nonsense", "DATABASE_URL"), ("DATABASE_URL", "sqlite:////dev/null/x.db", ""),
     ("POLICY_FILE", "/nowhere/policy.yml", "policy.yml")],
)  # fmt: skip
def test_a_wrong_setting_is_one_clear_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    value: str,
    said: str,
) -> None:
    main(["migrate"])
    monkeypatch.setenv(name, value)
    assert main(["sample-orders"]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert said in error


def test_a_missing_file_is_one_clear_line(capsys: pytest.CaptureFixture[str]) -> None:
    main(["migrate"])
    assert main(["import-orders", "nothing.csv"]) == 2
    assert (
        capsys.readouterr().err
        == "casework: nothing.csv: cannot be read: No such file or directory\n"
    )

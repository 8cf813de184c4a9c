"""What a new policy would change: every open case it concerns, both readings, and nothing done."""

from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.__main__ import main
from casework.cases.impact import impact, in_lines
from casework.cases.log import Entry
from casework.orders.samples import load_samples
from casework.shop import now, policy_in_force
from casework.storage.database import Database
from policy_core import Policy, load_policy
from tests.casework.conftest import NOW, TODAY, Opener, judged

IN_FORCE = Path("policy_core/policies/2026-01-01.yml")


def changed(folder: Path, old: str, new: str) -> Policy:
    text = IN_FORCE.read_text("utf-8")
    assert old in text
    file = folder / "2026-03-01.yml"
    text = text.replace("2026-01-01", "2026-03-01", 2).replace(old, new)
    file.write_text(text, "utf-8")
    return load_policy(file)


def test_the_same_policy_changes_nothing(session: Session) -> None:
    load_samples(session, NOW)
    same = policy_in_force()
    assert impact(session, same, now=same, today=TODAY) == []


def test_a_lower_fee_shows_the_undecided_return_with_both_amounts(
    session: Session, opened: Opener, tmp_path: Path
) -> None:
    opened("remorse")
    new = changed(tmp_path, 'restocking_fee_percent_max: {value: "35"',
                  'restocking_fee_percent_max: {value: "10"')  # fmt: skip
    (found,) = impact(session, new, now=policy_in_force(), today=TODAY)
    assert "amounts" in found.what
    assert (found.now.amounts["fee_max"], found.then.amounts["fee_max"]) == ("28.00", "8.00")
    said = in_lines([found])
    assert "$28.00" in said
    assert "$8.00" in said


def test_a_longer_term_moves_a_date_and_nothing_is_written(
    session: Session, opened: Opener, tmp_path: Path
) -> None:
    judged(session, opened())
    before = session.scalar(select(func.count()).select_from(Entry))
    new = changed(tmp_path, "label_business_days: {value: 3", "label_business_days: {value: 2")
    (found,) = impact(session, new, now=policy_in_force(), today=TODAY)
    assert "dates" in found.what
    assert session.scalar(select(func.count()).select_from(Entry)) == before


def test_the_command_prints_it_and_names_a_bad_file(
    database: Database,
    url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with database.begin() as session:
        load_samples(session, now())
    changed(tmp_path, 'restocking_fee_percent_max: {value: "35"',
            'restocking_fee_percent_max: {value: "20"')  # fmt: skip
    assert main(["impact", str(tmp_path / "2026-03-01.yml")]) == 0
    said = capsys.readouterr().out
    assert "order 10509" in said
    assert "a person has to look: fee_percent" in said  # 10510 was accepted at 35 percent
    (tmp_path / "bad.yml").write_text("version: [", "utf-8")
    assert main(["impact", str(tmp_path / "bad.yml")]) == 2
    assert "bad.yml" in capsys.readouterr().err

"""The audit fails on what is not listed, and says so where it could not ask."""

import re
from typing import Any

import pytest
import yaml

from tests import audit

LIST: dict[str, Any] = yaml.safe_load(audit.LISTED.read_text("utf-8"))


def found(name: str, version: str, id: str, *aliases: str) -> list[dict[str, Any]]:
    vuln = {"id": id, "aliases": list(aliases), "fix_versions": ["9.9"]}
    return [{"name": name, "version": version, "vulns": [vuln]}]


def test_what_is_listed_passes_under_any_of_its_names() -> None:
    for names in (("CVE-2024-52304",), ("GHSA-8495-4g3g-x7pr", "CVE-2024-52304")):
        assert audit.not_listed(found("aiohttp", "3.9.5", *names), LIST) == []


@pytest.mark.parametrize(
    "what", [("aiohttp", "3.9.5", "CVE-2099-1"), ("aiohttp", "3.9.6", "CVE-2024-52304"),
             ("pillow", "12.3.0", "CVE-2024-52304")],
)  # fmt: skip
def test_anything_else_is_named(what: tuple[str, str, str]) -> None:
    [line] = audit.not_listed(found(*what), LIST)
    assert all(part in line for part in (*what, "9.9"))


def test_a_service_that_did_not_answer_is_no_clean_audit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    skipped = {"dependencies": [{"name": "rasa", "skip_reason": "not found"}]}
    for answer in (skipped, {"dependencies": []}):
        monkeypatch.setattr(audit, "ask_service", lambda answer=answer: audit.asked(answer))
        assert audit.main() == 2
        assert audit.UNKNOWN in capsys.readouterr().err
    monkeypatch.undo()
    monkeypatch.setenv("UV", "no-such-command")
    assert audit.main() == 2


def test_every_entry_is_about_the_version_that_is_pinned_and_gives_a_reason() -> None:
    lock = (audit.ROOT / "uv.lock").read_text("utf-8")
    pinned = set(re.findall(r'^name = "(.+)"\nversion = "(.+)"$', lock, re.M))
    for one in [*LIST["advisories"], *LIST["closed"]]:
        assert (one["package"], str(one["version"])) in pinned, one["package"]
        assert all(re.fullmatch(r"(CVE|GHSA|PYSEC)-[\w-]+", id) for id in one["ids"])
        assert len(one.get("why", one.get("by", ""))) > 10

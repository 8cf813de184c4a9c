"""A lead asks what a new policy would change; nothing is changed by looking."""

import html
from pathlib import Path

import httpx

from gateway.settings import PROJECT
from tests.gateway.desk.agent import DeskAgent
from tests.gateway.desk.conftest import Asker, case_of
from tests.gateway.site import Site

IN_FORCE = PROJECT / "policy_core" / "policies" / "2026-01-01.yml"

LOWER_FEE = ('fee_percent_max: {value: "35"', 'fee_percent_max: {value: "10"')


def send(agent: DeskAgent, content: str) -> httpx.Response:
    return agent.client.post(
        "/desk/impact",
        files={"policy": ("new.yml", content.encode(), "application/yaml")},
        headers={**agent.headers, "X-CSRF-Token": agent.csrf},
    )


def test_both_readings_stand_side_by_side(lena: DeskAgent, asked: Asker, site: Site) -> None:
    number = asked("remorse")
    text = Path(IN_FORCE).read_text("utf-8")
    page = html.unescape(send(lena, text.replace(*LOWER_FEE)).text)
    shown = page[page.index(f'aria-label="Case {number}"') :]
    assert "$66.15" in shown
    assert "$18.90" in shown
    assert "Restocking and repacking fee" in shown
    assert "restocking-fee" not in shown
    assert [entry.kind for entry in case_of(site, number).log] == ["opened"]
    assert "0 open cases" in send(lena, text).text


def test_a_file_that_is_no_policy_is_named(lena: DeskAgent) -> None:
    answer = send(lena, "version: [")
    assert 'role="alert"' in answer.text
    assert "new.yml" in answer.text


def test_it_is_for_leads(kim: DeskAgent) -> None:
    assert kim.client.get("/desk/impact").status_code == 403
    assert send(kim, "x").status_code == 403

"""Guessing passwords: slowed down by address and by account, without shutting colleagues out."""

import html
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.gateway.desk.agent import PASSWORD, account
from tests.gateway.site import Site, running_site

ACCOUNT_A_MINUTE, ADDRESS_A_MINUTE = 5, 10


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[Site]:
    with running_site(tmp_path, rate_limits=True) as site:
        for login in ("kim", "lena"):
            account(site, login)
        yield site


def sign_in(site: Site, login: str, password: str) -> httpx.Response:
    return httpx.post(
        f"{site.address}/desk/sign-in",
        data={"login": login, "password": password},
        headers={"Origin": site.address, "Sec-Fetch-Site": "same-origin"},
        trust_env=False,
        timeout=30,
    )


def test_an_account_is_not_guessed_at_for_long(strict: Site) -> None:
    for _ in range(ACCOUNT_A_MINUTE):
        assert sign_in(strict, "kim", "a guess").status_code == 403
    refused = sign_in(strict, " KIM ", PASSWORD)
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert "Too many sign-ins went wrong here. Please try again in" in refused.text
    assert "set-cookie" not in refused.headers
    assert sign_in(strict, "lena", PASSWORD).status_code == 303


def test_a_refusal_is_the_sign_in_page_and_the_same_for_unknown_logins(strict: Site) -> None:
    for login in ("kim", "nobody"):
        for _ in range(ACCOUNT_A_MINUTE):
            sign_in(strict, login, "a guess")
    for login in ("kim", "nobody"):
        refused = sign_in(strict, login, "a guess")
        assert refused.status_code == 429
        assert '<p class="refused" role="alert">Too many sign-ins' in html.unescape(refused.text)
        assert "Sign in to the desk" in refused.text


def test_an_address_does_not_go_through_the_accounts(strict: Site) -> None:
    answers = [
        sign_in(strict, f"person{count}", "Summer2026!").status_code
        for count in range(ADDRESS_A_MINUTE + 1)
    ]
    assert answers == [403] * ADDRESS_A_MINUTE + [429]
    assert sign_in(strict, "kim", PASSWORD).status_code == 429


def test_a_whole_team_signs_in_behind_one_address(strict: Site) -> None:
    logins = [f"agent{count}" for count in range(2 * ADDRESS_A_MINUTE)]
    for login in logins:
        account(strict, login)
    assert {sign_in(strict, login, PASSWORD).status_code for login in logins} == {303}
    assert sign_in(strict, "kim", "a slip of the finger").status_code == 403
    assert sign_in(strict, "kim", PASSWORD).status_code == 303


def test_guesses_sent_all_at_once_count_as_well(strict: Site) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: sign_in(strict, "kim", "a guess"), range(16)))
    looked_at = [answer for answer in answers if answer.status_code == 403]
    assert len(looked_at) <= ACCOUNT_A_MINUTE + 1
    assert {answer.status_code for answer in answers} == {403, 429}

"""The sample sign-in to the desk: for trying things on this machine, and nowhere else."""

from __future__ import annotations

from casework.people.accounts import deactivate, find_agent, one_time_sign_in
from casework.shop import now
from casework.storage.database import Database
from gateway.settings import Settings

SAMPLE_LOGIN, SAMPLE_NAME = "sample-lead", "Sam (sample)"


def is_public(settings: Settings) -> bool:
    """Whether anybody but this machine can reach the website."""
    own = settings.host in ("127.0.0.1", "localhost", "::1")
    return settings.public_url is not None or not own


def sample_sign_in(settings: Settings) -> str:
    """A line that says how to sign in to the desk once; empty where others can reach us."""
    with Database().begin() as session:
        if is_public(settings):
            return ""
        password = one_time_sign_in(session, SAMPLE_LOGIN, SAMPLE_NAME, now())
    return f"Desk {settings.address}/desk   (sign in once: {SAMPLE_LOGIN} {password})"


def close_sample_account(settings: Settings, database: Database) -> None:
    """Close the sample account where others can reach the website."""
    if not is_public(settings):
        return
    with database.begin() as session:
        sample = find_agent(session, SAMPLE_LOGIN)
        if sample is not None and sample.active:
            deactivate(session, sample, now())

"""Signing in: the slow look at the password happens while nobody waits for the database."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.people.accounts import Agent, find_agent, open_desk_session
from casework.people.audit import note_act
from casework.people.passwords import hash_again, is_right, nobodys_hash
from casework.storage.database import Database


@dataclass(frozen=True)
class Proof:
    """A password that was compared: with which hash, whether it is right, and what to keep."""

    known: str
    right: bool
    kept_if_once: str
    kept: str


def sign_in(
    database: Database, login: str, password: str, now: datetime
) -> tuple[Agent, str] | None:
    """Return the agent and a new session's token (256 bits), or None; both are in the audit log.

    An unknown login takes as long as a wrong password. No transaction is open while the password
    is hashed, so that a guess never holds up anybody else's work.
    """
    with database.read() as session:
        known = known_hash(session, login)
    proof = compare(known, password)
    with database.begin() as session:
        return enter(session, login, proof, now)


def known_hash(session: Session, login: str) -> str:
    """Return the hash to compare with; for an unknown login one that nothing fits."""
    agent = find_agent(session, login)
    return agent.password_hash if agent else nobodys_hash()


def compare(known: str, password: str) -> Proof:
    """Compare a password with a hash: slow on purpose, and to be done outside a transaction."""
    right = is_right(known, password)
    return Proof(known, right, nobodys_hash(), hash_again(known, password) if right else known)


def enter(session: Session, login: str, proof: Proof, now: datetime) -> tuple[Agent, str] | None:
    """Open the session if the proof is right and the account is still as it was compared."""
    wanted = select(Agent).where(Agent.login == login.strip().lower()).with_for_update()
    agent: Agent | None = session.scalars(wanted).first()
    still = agent is not None and agent.active and agent.password_hash == proof.known
    if agent is None or not (proof.right and still):
        subject = agent.login if agent else "unknown"
        note_act(session, actor="system", act="sign_in_failed", subject=subject, now=now)
        return None
    agent.password_hash = proof.kept_if_once if agent.one_time else proof.kept
    token = open_desk_session(session, agent, now)
    note_act(session, actor=agent.actor, act="signed_in", subject=agent.login, now=now)
    return agent, token

"""Agents' accounts and desk sessions. Passwords are kept as argon2 hashes, tokens as SHA-256."""

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    String,
    select,
    update,
)
from sqlalchemy.orm import Session, relationship

from casework.errors import CaseworkError
from casework.people.audit import note_act
from casework.people.passwords import hashed
from casework.storage.tables import Base, Mapped, Moment

ROLES = ("agent", "lead")
LIFETIME = timedelta(hours=12)
IDLE = timedelta(hours=2)

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
# Noted at most so often, or every page would be a write.
_SEEN_EVERY = timedelta(minutes=1)


class Agent(Base):
    """One of the shop's people; ``one_time``: the password serves for one sign-in only."""

    __tablename__ = "agents"
    __table_args__ = (CheckConstraint(f"role IN {ROLES}", name="role"),)

    id: Mapped[int] = Column(Integer, primary_key=True)
    login: Mapped[str] = Column(String(40), nullable=False, unique=True)
    name: Mapped[str] = Column(String(80), nullable=False)
    role: Mapped[str] = Column(String(10), nullable=False)
    password_hash: Mapped[str] = Column(String(200), nullable=False)
    active: Mapped[bool] = Column(Boolean, nullable=False, default=True)
    one_time: Mapped[bool] = Column(Boolean, nullable=False, default=False)
    created_at: Mapped[datetime] = Column(Moment, nullable=False)

    @property
    def actor(self) -> str:
        """How logs name this agent."""
        return f"agent:{self.login}"


class DeskSession(Base):
    """One signed-in browser; it ends after 12 hours, after 2 idle ones, or when it is revoked."""

    __tablename__ = "desk_sessions"

    token_sha256: Mapped[str] = Column(String(64), primary_key=True)
    agent_id: Mapped[int] = Column(ForeignKey("agents.id"), nullable=False, index=True)
    created_at: Mapped[datetime] = Column(Moment, nullable=False)
    seen_at: Mapped[datetime] = Column(Moment, nullable=False)
    ended_at: Mapped[datetime | None] = Column(Moment)
    agent: Mapped[Agent] = relationship("Agent", lazy="joined", innerjoin=True)


def add_agent(
    session: Session, *, login: str, name: str, role: str, password: str, now: datetime
) -> Agent:
    """Make an account.

    Raises:
        CaseworkError: a login, name, role or password that cannot be used, or a login in use.
    """
    login = login.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise CaseworkError(f"login: {login!r} is not 2 to 40 of a-z, 0-9, '.', '_' and '-'")
    if not 0 < len(name.strip()) <= 80:
        raise CaseworkError("name: give 1 to 80 characters; customers read it")
    if role not in ROLES:
        raise CaseworkError(f"role: {role!r} is not {' or '.join(ROLES)}")
    if find_agent(session, login) is not None:
        raise CaseworkError(f"login: {login} is taken")
    agent = Agent(
        login=login,
        name=name.strip(),
        role=role,
        password_hash=hashed(password),
        active=True,
        one_time=False,
        created_at=now,
    )
    session.add(agent)
    session.flush()
    note_act(session, actor="system", act="account_added", subject=login, now=now)
    return agent


def find_agent(session: Session, login: str) -> Agent | None:
    """Return the account of that login, or None."""
    wanted = select(Agent).where(Agent.login == login.strip().lower())
    found: Agent | None = session.scalars(wanted).first()
    return found


def agents(session: Session) -> list[Agent]:
    """Return every account, by login."""
    return list(session.scalars(select(Agent).order_by(Agent.login)))


def set_password(session: Session, agent: Agent, password: str, now: datetime) -> None:
    """Give the account another password; its sessions end. CaseworkError for a short one."""
    agent.password_hash, agent.one_time = hashed(password), False
    end_sessions(session, agent, now)
    note_act(session, actor="system", act="password_set", subject=agent.login, now=now)


def deactivate(session: Session, agent: Agent, now: datetime) -> None:
    """Close the account: its sessions end and nobody signs in with it."""
    agent.active = False
    end_sessions(session, agent, now)
    note_act(session, actor="system", act="account_closed", subject=agent.login, now=now)


def open_desk_session(session: Session, agent: Agent, now: datetime) -> str:
    """Open a session of the agent's; returns its token (256 bits)."""
    token = secrets.token_urlsafe(32)
    session.add(
        DeskSession(token_sha256=_digest(token), agent_id=agent.id, created_at=now, seen_at=now)
    )
    return token


def agent_of(session: Session, token: str, now: datetime) -> Agent | None:
    """Return who is signed in with the token, or None for an unknown, ended or idle session."""
    found: DeskSession | None = session.get(DeskSession, _digest(token))
    if found is None or found.ended_at is not None or not found.agent.active:
        return None
    if now - found.created_at > LIFETIME or now - found.seen_at > IDLE:
        return None
    return found.agent


def seen_a_while_ago(session: Session, token: str, now: datetime) -> bool:
    """Whether it is time to note that the session is in use."""
    found: DeskSession | None = session.get(DeskSession, _digest(token))
    return found is not None and found.seen_at < now - _SEEN_EVERY


def note_seen(session: Session, token: str, now: datetime) -> None:
    """Keep a session from falling idle; written at most once a minute."""
    session.execute(
        update(DeskSession)
        .where(DeskSession.token_sha256 == _digest(token), DeskSession.seen_at < now - _SEEN_EVERY)
        .values(seen_at=now)
    )


def sign_out(session: Session, token: str, now: datetime) -> None:
    """End one session."""
    found: DeskSession | None = session.get(DeskSession, _digest(token))
    if found is not None and found.ended_at is None:
        found.ended_at = now
        actor, login = found.agent.actor, found.agent.login
        note_act(session, actor=actor, act="signed_out", subject=login, now=now)


def end_sessions(session: Session, agent: Agent, now: datetime) -> None:
    """End every session of the agent."""
    session.execute(
        update(DeskSession)
        .where(DeskSession.agent_id == agent.id, DeskSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def one_time_sign_in(session: Session, login: str, name: str, now: datetime) -> str:
    """Give the sample account a new password that serves once; returns it."""
    password = secrets.token_urlsafe(12)
    agent = find_agent(session, login) or add_agent(
        session, login=login, name=name, role="lead", password=password, now=now
    )
    set_password(session, agent, password, now)
    agent.active = agent.one_time = True
    return password


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

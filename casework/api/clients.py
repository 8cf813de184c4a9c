"""The shop's own systems that use the API: a token and scopes each.

A token is 256 random bits, shown once; only its SHA-256 is kept. Who may do what is in the scopes:
``read`` cases, ``act`` on them.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Column, Integer, String, select, update
from sqlalchemy.orm import Session

from casework.errors import CaseworkError
from casework.people.audit import note_act
from casework.storage.tables import Base, Mapped, Moment

SCOPES = ("read", "act")
PREFIX = "aop_"

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
# What carriers and the shop report by events is logged under these names.
_TAKEN = ("carrier", "shop")
# Noted at most so often, or every reading would be a write.
_USED_EVERY = timedelta(minutes=1)


class ApiClient(Base):
    """One system; ``revoked_at`` None: its token is good. A name is never given out again."""

    __tablename__ = "api_clients"

    id: Mapped[int] = Column(Integer, primary_key=True)
    name: Mapped[str] = Column(String(40), nullable=False, unique=True)
    token_sha256: Mapped[str] = Column(String(64), nullable=False, unique=True)
    scope_words: Mapped[str] = Column("scopes", String(40), nullable=False)
    created_at: Mapped[datetime] = Column(Moment, nullable=False)
    revoked_at: Mapped[datetime | None] = Column(Moment)
    last_used_at: Mapped[datetime | None] = Column(Moment)

    @property
    def scopes(self) -> list[str]:
        """What the client may do."""
        return self.scope_words.split()

    @property
    def actor(self) -> str:
        """How logs name this client."""
        return f"system:{self.name}"


def add_client(
    session: Session, *, name: str, scopes: Iterable[str], now: datetime
) -> tuple[ApiClient, str]:
    """Make a client; returns it and its token, which cannot be shown again.

    Raises:
        CaseworkError: a name or scope that cannot be used, or a name in use.
    """
    wanted = set(scopes)
    if not _NAME.fullmatch(name):
        raise CaseworkError(f"name: {name!r} is not 2 to 40 of a-z, 0-9, '.', '_' and '-'")
    if name in _TAKEN or _find(session, name) is not None:
        raise CaseworkError(f"name: {name} is taken; a revoked client's name is not used again")
    if not wanted or not wanted <= set(SCOPES):
        raise CaseworkError(f"scope: give one or more of {', '.join(SCOPES)}")
    token = PREFIX + secrets.token_urlsafe(32)
    client = ApiClient(
        name=name,
        token_sha256=_digest(token),
        scope_words=" ".join(one for one in SCOPES if one in wanted),
        created_at=now,
    )
    session.add(client)
    session.flush()
    _note(session, client, "api_client_added", now)
    return client, token


def find_by_token(session: Session, token: str) -> ApiClient | None:
    """Return whose token this is; None for an unknown or revoked one, with the same effort."""
    digest = _digest(token)
    wanted = select(ApiClient).where(ApiClient.token_sha256 == digest)
    found: ApiClient | None = session.scalars(wanted).first()
    known = found.token_sha256 if found else "0" * len(digest)
    good = hmac.compare_digest(known, digest)
    return found if found is not None and good and found.revoked_at is None else None


def used_a_while_ago(client: ApiClient, now: datetime) -> bool:
    """Whether it is time to note that the token is in use."""
    return client.last_used_at is None or client.last_used_at < now - _USED_EVERY


def note_used(session: Session, client: ApiClient, now: datetime) -> None:
    """Keep when the token was used last, to the minute."""
    session.execute(update(ApiClient).where(ApiClient.id == client.id).values(last_used_at=now))


def revoke(session: Session, name: str, now: datetime) -> None:
    """End a client's token for good; CaseworkError where there is no such client."""
    client = _find(session, name)
    if client is None:
        raise CaseworkError(f"there is no client {name!r}; 'api-client list' prints them")
    if client.revoked_at is None:
        client.revoked_at = now
        _note(session, client, "api_client_revoked", now)


def clients(session: Session) -> list[ApiClient]:
    """Return every client, by name."""
    return list(session.scalars(select(ApiClient).order_by(ApiClient.name)))


def _find(session: Session, name: str) -> ApiClient | None:
    found: ApiClient | None = session.scalars(
        select(ApiClient).where(ApiClient.name == name)
    ).first()
    return found


def _note(session: Session, client: ApiClient, act: str, now: datetime) -> None:
    data = {"scopes": client.scopes}
    note_act(session, actor="system", act=act, subject=client.name, data=data, now=now)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

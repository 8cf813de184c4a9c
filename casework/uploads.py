"""Uploads: a customer's pictures from the moment they arrive, before and after they are sent.

A staged upload is the customer's own and can be taken back; once sent with a message it is
evidence and stays.
"""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, String, func, select
from sqlalchemy.orm import Session

from casework.conversations import Message, hold_conversation
from casework.evidence import add_evidence
from casework.tables import Base, Moment


class Upload(Base):
    """One picture; ``file_name`` is random, ``sha256`` that of the original, ``bytes`` as kept."""

    __tablename__ = "uploads"

    id: str = Column(String(43), primary_key=True)
    conversation_id: str = Column(ForeignKey("conversations.id"), nullable=False, index=True)
    message_id: Any = Column(ForeignKey("messages.id"), index=True)
    file_name: str = Column(String(100), nullable=False, unique=True)
    sha256: str = Column(String(64), nullable=False)
    media_type: str = Column(String(100), nullable=False)
    bytes: int = Column(Integer, nullable=False)
    width: int = Column(Integer, nullable=False)
    height: int = Column(Integer, nullable=False)
    created_at: datetime = Column(Moment, nullable=False)


def add_upload(
    session: Session,
    conversation_id: str,
    *,
    file_name: str,
    sha256: str,
    media_type: str,
    size: int,
    width: int,
    height: int,
    now: datetime,
) -> Upload:
    """Stage a picture that was stored as ``file_name``; its id cannot be guessed."""
    upload = Upload(
        id=secrets.token_urlsafe(24),
        conversation_id=conversation_id,
        file_name=file_name,
        sha256=sha256,
        media_type=media_type,
        bytes=size,
        width=width,
        height=height,
        created_at=now,
    )
    session.add(upload)
    session.flush()
    return upload


def find_upload(session: Session, conversation_id: str, upload_id: str) -> Upload | None:
    """The upload of that id if it belongs to the conversation, else None."""
    found: Upload | None = session.get(Upload, upload_id)
    return found if found is not None and found.conversation_id == conversation_id else None


def staged_uploads(session: Session, conversation_id: str) -> list[Upload]:
    """The pictures not yet sent, in the order in which they came."""
    return list(
        session.scalars(
            select(Upload)
            .where(Upload.conversation_id == conversation_id, Upload.message_id.is_(None))
            .order_by(Upload.created_at, Upload.id)
        )
    )


def count_uploads(session: Session, conversation_id: str, now: datetime) -> tuple[int, int]:
    """How many pictures the conversation has staged and in all, held still for this transaction."""
    hold_conversation(session, conversation_id, now)
    in_all: int = session.scalar(
        select(func.count()).select_from(Upload).where(Upload.conversation_id == conversation_id)
    )
    return len(staged_uploads(session, conversation_id)), in_all


def remove_upload(session: Session, conversation_id: str, upload_id: str) -> str | None:
    """Take a staged picture back; returns its file name for deletion, None if there is none."""
    upload = find_upload(session, conversation_id, upload_id)
    if upload is None or upload.message_id is not None:
        return None
    session.delete(upload)
    session.flush()
    return upload.file_name


def drop_staged(session: Session, before: datetime) -> list[str]:
    """Forget pictures that were staged before that moment and never sent; their file names."""
    stale = list(
        session.scalars(
            select(Upload).where(Upload.message_id.is_(None), Upload.created_at < before)
        )
    )
    for upload in stale:
        session.delete(upload)
    session.flush()
    return [upload.file_name for upload in stale]


def send_uploads(session: Session, uploads: list[Upload], message: Message, now: datetime) -> None:
    """Bind staged pictures to the message that sends them: from now on they are evidence."""
    for upload in uploads:
        upload.message_id = message.id
        add_evidence(
            session,
            conversation_id=upload.conversation_id,
            sha256=upload.sha256,
            media_type=upload.media_type,
            size=upload.bytes,
            file_name=upload.file_name,
            width=upload.width,
            height=upload.height,
            now=now,
            key=upload.id,
        )

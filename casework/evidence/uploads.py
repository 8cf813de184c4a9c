"""Uploads: the files of a conversation, a customer's also before they are sent.

A staged upload is the customer's own and can be taken back; once sent with a message it is
evidence and stays. What an agent sends belongs to its message from the start and is no evidence.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, String, func, select
from sqlalchemy.orm import Session

from casework.conversations.conversation import Message, hold_conversation
from casework.evidence.evidence import add_evidence
from casework.storage.tables import Base, Moment


class Upload(Base):
    """One file; ``file_name`` is random, ``sha256`` that of the original, ``bytes`` as kept.

    Pictures have sides; documents have a ``name``, which only their owner and agents get to see.
    """

    __tablename__ = "uploads"

    id: str = Column(String(43), primary_key=True)
    conversation_id: str = Column(ForeignKey("conversations.id"), nullable=False, index=True)
    message_id: Any = Column(ForeignKey("messages.id"), index=True)
    file_name: str = Column(String(100), nullable=False, unique=True)
    sha256: str = Column(String(64), nullable=False)
    media_type: str = Column(String(100), nullable=False)
    bytes: int = Column(Integer, nullable=False)
    width: Any = Column(Integer)
    height: Any = Column(Integer)
    created_at: datetime = Column(Moment, nullable=False)
    name: Any = Column(String(100))


def new_upload(
    conversation_id: str,
    *,
    file_name: str,
    sha256: str,
    media_type: str,
    size: int,
    width: int | None = None,
    height: int | None = None,
    name: str | None = None,
    now: datetime,
) -> Upload:
    """The particulars of a file stored as ``file_name``, not kept yet; its id cannot be guessed."""
    return Upload(
        id=secrets.token_urlsafe(24),
        conversation_id=conversation_id,
        file_name=file_name,
        sha256=sha256,
        media_type=media_type,
        bytes=size,
        width=width,
        height=height,
        name=name,
        created_at=now,
    )


def add_upload(session: Session, conversation_id: str, **particulars: Any) -> Upload:
    """Stage a file with the particulars that `new_upload` takes."""
    upload = new_upload(conversation_id, **particulars)
    session.add(upload)
    session.flush()
    return upload


def find_upload(
    session: Session, conversation_id: str, upload_id: str, audience: str = "customer"
) -> Upload | None:
    """The conversation's upload of that id, if ``audience`` may have it, else None.

    A customer may have what they staged, and the files of messages they read; agents whatever was
    sent, private notes included.
    """
    found: Upload | None = session.get(Upload, upload_id)
    if found is None or found.conversation_id != conversation_id:
        return None
    message: Message | None = session.get(Message, found.message_id) if found.message_id else None
    if audience == "agents":
        return found if message is not None else None
    return found if message is None or message.audience == audience else None


def staged_uploads(session: Session, conversation_id: str) -> list[Upload]:
    """The files not yet sent, in the order in which they came."""
    return list(
        session.scalars(
            select(Upload)
            .where(Upload.conversation_id == conversation_id, Upload.message_id.is_(None))
            .order_by(Upload.created_at, Upload.id)
        )
    )


def count_uploads(
    session: Session, conversation_id: str, now: datetime, author: str = "customer"
) -> tuple[int, int]:
    """How many files the conversation has staged, and in all of that author's.

    The conversation is held still for this transaction.
    """
    hold_conversation(session, conversation_id, now)
    staged = len(staged_uploads(session, conversation_id))
    sent: int = session.scalar(
        select(func.count())
        .select_from(Upload)
        .join(Message, Message.id == Upload.message_id)
        .where(Upload.conversation_id == conversation_id, Message.author == author)
    )
    return staged, sent + (staged if author == "customer" else 0)


def remove_upload(session: Session, conversation_id: str, upload_id: str) -> str | None:
    """Take a staged file back; returns its file name for deletion, None if there is none."""
    upload = find_upload(session, conversation_id, upload_id)
    if upload is None or upload.message_id is not None:
        return None
    session.delete(upload)
    session.flush()
    return upload.file_name


def drop_staged(session: Session, before: datetime) -> list[str]:
    """Forget files that were staged before that moment and never sent; their file names."""
    stale = list(
        session.scalars(
            select(Upload).where(Upload.message_id.is_(None), Upload.created_at < before)
        )
    )
    for upload in stale:
        session.delete(upload)
    session.flush()
    return [upload.file_name for upload in stale]


def files_payload(files: Iterable[Upload]) -> dict[str, list[dict[str, Any]]]:
    """How a message names the files it brings: its ``pictures`` and its ``documents``."""
    pictures, documents = [], []
    for one in files:
        if one.name is None:
            pictures.append({"id": one.id, "width": one.width, "height": one.height})
        else:
            documents.append({"id": one.id, "name": one.name, "bytes": one.bytes})
    return {"pictures": pictures, "documents": documents}


def send_uploads(session: Session, uploads: list[Upload], message: Message, now: datetime) -> None:
    """Bind staged files to the message that sends them: from now on they are evidence."""
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


def bring_uploads(session: Session, uploads: list[Upload], message: Message) -> None:
    """Keep new uploads as files of an agent's message: they are no evidence."""
    for upload in uploads:
        upload.message_id = message.id
    session.add_all(uploads)
    session.flush()

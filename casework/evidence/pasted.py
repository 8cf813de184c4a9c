"""Evidence that came as text: a carrier's e-mail or notice, pasted into the chat."""

import hashlib
import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from casework import settings
from casework.evidence.evidence import Evidence, add_evidence

MEDIA_TYPE = "text/plain"


def keep_pasted(
    session: Session, conversation_id: str, text: str, now: datetime, key: str
) -> Evidence:
    """Keep a pasted text as loose evidence of kind document; a replay of ``key`` keeps one.

    The file is written first, as for any upload: one that no row names is cleared away later.
    """
    content = text.encode()
    folder = settings.uploads_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{secrets.token_hex(16)}.txt"
    path.touch(mode=0o600)
    path.write_bytes(content)
    row = add_evidence(
        session,
        conversation_id=conversation_id,
        sha256=hashlib.sha256(content).hexdigest(),
        media_type=MEDIA_TYPE,
        size=len(content),
        file_name=path.name,
        now=now,
        key=f"pasted:{key}",
    )
    if row.file_name != path.name:
        path.unlink()
    return row

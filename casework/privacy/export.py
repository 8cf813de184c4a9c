"""Export: everything held of one customer, as one JSON file and their files beside it."""

import json
import shutil
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from casework.errors import CaseworkError
from casework.evidence.evidence import Evidence
from casework.evidence.uploads import Upload
from casework.outgoing.outbox import Notice
from casework.privacy.customer import Held
from casework.privacy.erase import evidence_held, news_about
from casework.privacy.export_parts import (
    case_part,
    conversation_part,
    news_part,
    order_part,
    rows,
)
from casework.privacy.tracker import memory_of

FILE_NAME = "customer.json"
PICTURES = "pictures"


def export(
    session: Session, held: Held, to: Path, *, uploads: Path, tracker: Engine | None, now: datetime
) -> list[str]:
    """Write the customer's data into the folder ``to``; returns the files that are missing.

    Raises:
        CaseworkError: nothing is held, or the folder has something in it or cannot be written.
    """
    if not held:
        raise CaseworkError("nothing is held of this customer")
    try:
        _make(to)
        pictures = dict(_pictures(session, held))
        text = json.dumps(
            _all(session, held, tracker, pictures) | {"exported_at": now},
            ensure_ascii=False,
            indent=2,
            sort_keys=True,
            default=_plain,
        )
        _write(to / FILE_NAME, text)
        return _copy(pictures, uploads, to / PICTURES)
    except OSError as error:
        raise CaseworkError(f"the folder cannot be written: {error.strerror}") from error


def _all(
    session: Session, held: Held, tracker: Engine | None, pictures: dict[str, str]
) -> dict[str, Any]:
    return {
        "orders": [order_part(session, one) for one in held.orders],
        "cases": [case_part(session, one) for one in held.cases],
        "conversations": [conversation_part(session, one, held) for one in held.conversations],
        "assistant_memory": {
            one: memory_of(tracker, one) if tracker else [] for one in held.conversations
        },
        "pictures": sorted(pictures),
        "news_sent": [news_part(one) for one in rows(session, _news(session, held))],
    }


def _news(session: Session, held: Held) -> Any:
    return select(Notice).where(news_about(session, held)).order_by(Notice.id)


def _pictures(session: Session, held: Held) -> Iterable[tuple[str, str]]:
    """Each file's exported name and its name on disk.

    Evidence is called by its id; what was not sent, and what agents sent, is counted.
    """
    evidence = select(Evidence).where(evidence_held(held)).order_by(Evidence.id)
    for one in rows(session, evidence):
        yield f"{one.id}{Path(one.file_name).suffix}", one.file_name
    uploads: Any = Upload
    theirs = select(uploads).where(uploads.conversation_id.in_(held.conversations))
    unsent = theirs.where(uploads.message_id.is_(None))
    others = theirs.where(
        uploads.message_id.is_not(None), uploads.file_name.not_in(select(Evidence.file_name))
    )
    for kind, wanted in (("unsent", unsent), ("chat", others)):
        found = rows(session, wanted.order_by(uploads.created_at, uploads.id))
        for place, one in enumerate(found, 1):
            yield f"{kind}-{place}{Path(one.file_name).suffix}", one.file_name


def _make(to: Path) -> None:
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise CaseworkError(f"{to.name}: there is something already; give a new or empty folder")
    to.mkdir(parents=True, exist_ok=True, mode=0o700)
    (to / PICTURES).mkdir(mode=0o700)


def _write(file: Path, text: str) -> None:
    file.touch(mode=0o600)
    file.write_text(text + "\n", "utf-8")


def _copy(pictures: dict[str, str], uploads: Path, to: Path) -> list[str]:
    missing = []
    for exported, name in pictures.items():
        if not (uploads / name).is_file():
            missing.append(exported)
            continue
        shutil.copyfile(uploads / name, to / exported)
        (to / exported).chmod(0o600)
    return missing


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)

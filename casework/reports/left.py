"""Where customers left: the last thing that was said to them before they wrote no more."""

import re
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case as sql_case
from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from casework.cases.case import Case
from casework.conversations.conversation import Conversation, Message
from casework.queue.rows import QueueRow
from casework.reports.by_itself import began_in
from casework.reports.period import Period
from casework.reports.report import Report, share

_SILENT = timedelta(hours=24)
_SHOWN = 25
# What fewer conversations share is not shown in words: it may be about one customer alone.
_AT_LEAST = 3
_ONE_ORDERS = re.compile(r"\S*@\S*|\bAOP-\S+|\S*\d\S*")
_BY_OTHERS = {"agent": "(a person wrote)", "system": "(a notice of the chat)"}
_UNANSWERED = "(nothing: no answer came)"
_CARD = "(the card of a case)"
_RARE = "(something said to few)"
_OUR_WORDS = frozenset({*_BY_OTHERS.values(), _UNANSWERED, _CARD})


def left(session: Session, period: Period, now: datetime) -> Report:
    """Group the conversations that began in the period, are silent for a day and have nothing open.

    The group is the first line of what was said to the customer last, without numbers, case numbers
    and addresses, and whether a request was sent.
    """
    found = [
        (_said(author, text), "yes" if sent else "no")
        for author, text, sent in session.execute(_last_words(period, now - _SILENT))
    ]
    groups: Counter[tuple[str, str]] = Counter()
    for place, ((said, sent), count) in enumerate(Counter(found).most_common()):
        shown = said in _OUR_WORDS or (count >= _AT_LEAST and place < _SHOWN)
        groups[said if shown else _RARE, sent] += count
    ordered = sorted(groups.items(), key=lambda one: (-one[1], one[0]))
    return Report(
        name="left",
        title="Where conversations were left",
        explanation=(
            "What customers were told last before they wrote no more for a day, where nothing is "
            f"open; words said to fewer than {_AT_LEAST} are not shown."
        ),
        columns=("Said last", "Request sent", "Conversations", "Share, percent"),
        rows=tuple((*one, count, share(count, len(found))) for one, count in ordered),
        unit="conversations",
    )


def _last_words(period: Period, silent_since: datetime) -> Any:
    """The author and text of each one's last message not by the customer; whether it has a case."""
    customers = Message.author == "customer"
    ends = (
        select(
            Message.conversation_id,
            func.max(sql_case((customers, Message.created_at))).label("wrote"),
            func.max(sql_case((~customers, Message.id))).label("last"),
        )
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(began_in(period), Message.audience == "customer")
        .group_by(Message.conversation_id)
        .subquery()
    )
    return (
        select(
            Message.author,
            func.substr(Message.text, 1, 300),
            exists().where(Case.conversation_id == ends.c.conversation_id),
        )
        .select_from(ends.outerjoin(Message, Message.id == ends.c.last))
        .where(
            ends.c.wrote <= silent_since,
            ~exists().where(QueueRow.conversation_id == ends.c.conversation_id),
        )
    )


def _said(author: str | None, text: str | None) -> str:
    if author != "assistant":
        return _BY_OTHERS.get(author or "", _UNANSWERED)
    lines = (text or "").strip().splitlines()
    return _ONE_ORDERS.sub("…", lines[0]) if lines else _CARD

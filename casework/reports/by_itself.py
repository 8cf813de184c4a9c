"""What was settled without a person."""

from collections import Counter
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from casework.cases.case import Case
from casework.cases.escalations import Escalation
from casework.cases.log import Entry
from casework.conversations.conversation import Conversation, Message
from casework.conversations.handling import JOINED
from casework.queue.rows import QueueRow
from casework.reports.period import Period, week_of
from casework.reports.report import Report, share


def by_itself(session: Session, period: Period, now: datetime) -> Report:
    """Count, by week, the conversations that began in the period and in which a customer wrote."""
    asked: Counter[date] = Counter()
    with_person: Counter[date] = Counter()
    still_open: Counter[date] = Counter()
    for began, person, waiting in session.execute(_conversations(period)):
        week = week_of(period.day(began))
        asked[week] += 1
        with_person[week] += bool(person)
        still_open[week] += bool(waiting and not person)
    alone = {week: asked[week] - with_person[week] - still_open[week] for week in period.weeks}
    return Report(
        name="by_itself",
        title="Settled without a person",
        explanation=(
            "Conversations by the week they began in: a person was in it where one was asked for, "
            "joined, wrote, or did anything in its cases; still open is what has an open case."
        ),
        columns=(
            "Week of", "Conversations", "Without a person", "With a person", "Still open",
            "Without a person, percent",
        ),
        rows=tuple(
            (
                week, asked[week], alone[week], with_person[week], still_open[week],
                share(alone[week], asked[week]),
            )
            for week in period.weeks
        ),
        unit="conversations",
    )  # fmt: skip


def _conversations(period: Period) -> Any:
    """When each began, whether a person was in it, and whether it has something open."""
    return select(
        Conversation.created_at,
        _person().label("person"),
        exists().where(QueueRow.conversation_id == Conversation.id).label("waiting"),
    ).where(began_in(period), said_by("customer"))


def _person() -> Any:
    joined = Message.text.like(JOINED.format(name="%"))
    acted = exists().where(
        Case.conversation_id == Conversation.id,
        Entry.case_id == Case.id,
        Entry.actor.like("agent%"),
    )
    return or_(
        Conversation.handler != "assistant",
        exists().where(Escalation.conversation_id == Conversation.id),
        said_by("agent"),
        said_by("system", joined),
        acted,
    )


def began_in(period: Period) -> Any:
    """Return the condition that a conversation began in the period."""
    return (Conversation.created_at >= period.begins) & (Conversation.created_at < period.ends)


def said_by(author: str, *conditions: Any) -> Any:
    """Return the condition that the author wrote to the customer in the conversation."""
    return exists().where(
        Message.conversation_id == Conversation.id,
        Message.audience == "customer",
        Message.author == author,
        *conditions,
    )

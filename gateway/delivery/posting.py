"""Writes the conversation: what a customer sends, what the assistant answers, what the web says."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from casework.conversations.conversation import (
    Message,
    add_message,
    hold_conversation,
    message_with_key,
)
from casework.conversations.turns import (
    Taken,
    change_turn,
    close_turn,
    close_turns,
    fail_turn,
    hold_on,
    offer_replies,
    open_turn,
    press_reply,
    take_turn,
)
from casework.evidence.uploads import files_payload, send_uploads, staged_uploads
from casework.operating.metrics import count_when_kept
from casework.storage.database import Database
from gateway.delivery.assistant import Said
from gateway.web import wording
from gateway.web.measures import EXCUSES
from gateway.web.running import now

logger = logging.getLogger(__name__)

MAX_FAILURES = 3
RETRY_SECONDS = 2.0


class Posted(NamedTuple):
    """A message that was kept, and the turn that was taken with it for the assistant, if any."""

    message_id: int
    turn: Taken | None


class CannotSendError(Exception):
    """What was to be sent is not there (any more); the message says so to the customer."""


def greet(session: Session, conversation_id: str) -> None:
    """Say the first message, once: what this is, what it can do, and ways to begin."""
    said = Said(wording.GREETING, wording.FIRST_REPLIES)
    _say(session, conversation_id, "greeting", said, "assistant")


def send_text(database: Database, conversation_id: str, client_id: str, text: str) -> Posted:
    """Keep a customer's text and let it wait for an answer; a repeat gives the first one back."""
    with database.begin() as session:
        return _wait(session, _post(session, conversation_id, client_id, text))


def press(database: Database, conversation_id: str, client_id: str, reply_id: str) -> Posted:
    """Send the stored text of a quick reply; raises `CannotSendError` for a used or foreign one."""
    with database.begin() as session:
        hold_conversation(session, conversation_id, now())
        title = press_reply(session, conversation_id, reply_id, key=client_id)
        if title is None:
            raise CannotSendError("That choice is no longer open. Please type your answer instead.")
        return _wait(session, _post(session, conversation_id, client_id, title))


def send_pictures(database: Database, conversation_id: str, client_id: str) -> Posted:
    """Turn the staged files into evidence and say so on the customer's behalf."""
    with database.begin() as session:
        hold_conversation(session, conversation_id, now())
        uploads = staged_uploads(session, conversation_id)
        if not uploads:
            earlier = message_with_key(session, conversation_id, _key(client_id))
            if earlier is None:
                raise CannotSendError("There is no file to send. Please add one first.")
            return _wait(session, earlier)
        payload = files_payload(uploads)
        said = wording.files_sent(len(payload["pictures"]), len(payload["documents"]))
        message = _post(session, conversation_id, client_id, said, payload)
        send_uploads(session, uploads, message, now())
        return _wait(session, message)


def _post(
    session: Session,
    conversation_id: str,
    client_id: str,
    text: str,
    payload: dict[str, Any] | None = None,
) -> Message:
    return add_message(
        session,
        conversation_id,
        audience="customer",
        author="customer",
        text=text,
        payload=payload,
        now=now(),
        key=_key(client_id),
    )


def _wait(session: Session, message: Message) -> Posted:
    """Let the message wait for an answer, and take the turn at once if it is its turn."""
    open_turn(session, message)
    return Posted(message.id, _take(session, message.conversation_id))


def _key(client_id: str) -> str:
    """What tells a customer's message from others of theirs: a repeat has the same."""
    return f"c:{client_id}"


def take(database: Database, conversation_id: str) -> Taken | None:
    """Take the next turn for the assistant; turns a person reads are closed on the way."""
    with database.begin() as session:
        return _take(session, conversation_id)


def _take(session: Session, conversation_id: str) -> Taken | None:
    moment = now()
    if hold_conversation(session, conversation_id, moment).handler == "agent":
        close_turns(session, conversation_id, moment)
        return None
    return take_turn(session, conversation_id, moment)


def keep_on(database: Database, turns: Iterable[Taken]) -> None:
    """Say that this process is alive and still waits for the answers to these turns."""
    with database.begin() as session:
        hold_on(session, turns, now())


def keep_answer(database: Database, turn: Taken, said: Sequence[Said]) -> tuple[bool, Taken | None]:
    """Keep the assistant's answer and close the turn; whether it was kept, and the next turn taken.

    Where a person took over in the meantime the answer is dropped; an empty one becomes an honest
    word that it did not work.
    """
    with database.begin() as session:
        conversation = hold_conversation(session, turn.conversation_id, now())
        kept = close_turn(session, turn, now()) and conversation.handler != "agent"
        if kept:
            _say_answer(session, turn, said)
        return kept, _take(session, turn.conversation_id)


def _say_answer(session: Session, turn: Taken, said: Sequence[Said]) -> None:
    if not said:
        logger.error("the assistant said nothing")
        _say_failed(session, turn)
    for place, one in enumerate(_joined(said)):
        key = f"a:{turn.message_id}:{place}"
        _say(session, turn.conversation_id, key, one, "assistant")


def excuse(database: Database, turn: Taken) -> None:
    """Tell the customer, once a turn, that it takes longer and that nothing is lost."""
    with database.begin() as session:
        hold_conversation(session, turn.conversation_id, now())
        if change_turn(session, turn, excused=True):
            key = f"slow:{turn.message_id}"
            _say(session, turn.conversation_id, key, Said(wording.slow()), "system")
            count_when_kept(session, EXCUSES)


def put_off(database: Database, turn: Taken) -> None:
    """Leave a turn for a moment: the assistant is not there."""
    with database.begin() as session:
        hold_conversation(session, turn.conversation_id, now())
        pause = timedelta(seconds=min(turn.tries, RETRY_SECONDS))
        change_turn(session, turn, held_until=now() + pause)


def note_failure(database: Database, turn: Taken) -> None:
    """Count a failed try; after the last one the turn is closed and the customer is told.

    Nothing where it was answered, or another process is at it.
    """
    with database.begin() as session:
        hold_conversation(session, turn.conversation_id, now())
        failures = fail_turn(session, turn, now() + timedelta(seconds=RETRY_SECONDS))
        if failures >= MAX_FAILURES and close_turn(session, turn, now()):
            _say_failed(session, turn)


def _joined(said: Sequence[Said]) -> list[Said]:
    """The request for pictures joined to the message before it, as one message with its replies."""
    joined: list[Said] = []
    for one in said:
        if joined and not one.text and not one.replies and "ask_evidence" in one.custom:
            joined[-1] = replace(joined[-1], custom={**joined[-1].custom, **one.custom})
        else:
            joined.append(one)
    return joined


def _say_failed(session: Session, turn: Taken) -> None:
    key = f"failed:{turn.message_id}"
    _say(session, turn.conversation_id, key, Said(wording.failed()), "system")


def _say(session: Session, conversation_id: str, key: str, said: Said, author: str) -> None:
    replies = [(secrets.token_urlsafe(18), title) for title in said.replies]
    payload: dict[str, Any] = {
        name: said.custom[name]
        for name in ("card", "ask_evidence")
        if isinstance(said.custom.get(name), dict)
    }
    if replies:
        payload["replies"] = [{"id": one, "title": title} for one, title in replies]
    message = add_message(
        session,
        conversation_id,
        audience="customer",
        author=author,
        text=said.text,
        payload=payload or None,
        now=now(),
        key=key,
    )
    if replies and message.payload == payload:  # not a replay
        offer_replies(session, message, replies)

"""The assistant as the website talks to it: both sides of the conversation are kept as there."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from casework.conversations.turns import QuickReply, open_replies
from casework.evidence.uploads import add_upload
from casework.storage.database import Database
from gateway.delivery.assistant import Said
from gateway.delivery.posting import greet, keep_answer, press, send_pictures, send_text
from gateway.web.running import now
from gateway.web.wording import PICTURES_SENT
from tests.conversations.records import MEDIA_TYPES
from tests.conversations.transcript import Reply
from tests.conversations.world import ConversationWorld


class OnTheWebsite(ConversationWorld):
    """A world whose customer stages pictures as the website does."""

    def add_evidence(self, kinds: Sequence[str]) -> str:
        with Database().begin() as session:
            for kind in kinds:
                name = secrets.token_hex(16)
                add_upload(
                    session,
                    self.conversation_id,
                    file_name=name,
                    sha256=name * 2,
                    media_type=MEDIA_TYPES[kind],
                    size=1000,
                    width=1,
                    height=1,
                    now=now(),
                )
        return str(PICTURES_SENT)


class Website:
    """Answers as the assistant does, and writes the messages down."""

    def __init__(self, assistant: Any, world: ConversationWorld) -> None:
        self._assistant = assistant
        self._world = world
        with Database().begin() as session:
            greet(session, world.conversation_id)

    async def say(self, conversation_id: str, text: str) -> Reply:
        self._world.tick()
        database = Database()
        client_id = secrets.token_hex(16)
        if text == PICTURES_SENT:
            posted = send_pictures(database, conversation_id, client_id)
        elif reply_id := self._offered(database, conversation_id, text):
            posted = press(database, conversation_id, client_id, reply_id)
        else:
            posted = send_text(database, conversation_id, client_id, text)
        assert posted.turn is not None
        reply: Reply = await self._assistant.say(conversation_id, text)
        said = [Said(one.text, one.buttons) for one in reply.messages]
        keep_answer(database, posted.turn, said)
        self._world.tick()  # what happens next comes after the answer
        return reply

    def _offered(self, database: Database, conversation_id: str, title: str) -> str | None:
        with database.read() as session:
            still_open = open_replies(session, conversation_id)
            wanted = select(QuickReply.id).where(
                QuickReply.id.in_(still_open), QuickReply.title == title
            )
            found: str | None = session.scalars(wanted).first()
            return found

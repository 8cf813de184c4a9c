"""Sends what waits in the outbox, by signed webhook and by e-mail, and runs the clock."""

from __future__ import annotations

import asyncio
import json
import logging
import smtplib
import ssl
from collections.abc import Awaitable, Callable
from datetime import timedelta
from email.message import EmailMessage

import anyio
import httpx
from standardwebhooks import Webhook

from casework.outgoing import outbox
from casework.outgoing.channels import Channels, MailServer, Receiver
from casework.outgoing.clock import notice_due
from casework.outgoing.mail import address_of, compose
from casework.outgoing.outbox import Notice
from casework.storage.database import Database
from gateway.web.running import now

logger = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
CLOCK_SECONDS = 60.0
WEBHOOK_SECONDS = 15.0
SMTP_SECONDS = 20.0
# Longer than any try can take, so that no other process sends the same meanwhile.
LEASE = timedelta(minutes=10)


class RefusedError(Exception):
    """The receiver did not take it; the message says so in a few words, without personal data."""


class Outgoing:
    """One sender a channel that is on, and the clock; nothing at all where none is on."""

    def __init__(self, database: Database, channels: Channels) -> None:
        self._database = database
        self._channels = channels
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to send and to look at the clock."""
        work: list[tuple[Callable[[], Awaitable[bool]], float]] = []
        if self._channels.webhook:
            work.append((lambda: self._send_next("webhook", self._post), LOOK_SECONDS))
        if self._channels.email:
            work.append((lambda: self._send_next("email", self._mail), LOOK_SECONDS))
        if work:
            work.append((self._look_at_the_clock, CLOCK_SECONDS))
        self._tasks = [asyncio.create_task(_keep_on(*one)) for one in work]

    async def stop(self) -> None:
        """Stop at once; what is under way is sent again by the next run."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _look_at_the_clock(self) -> bool:
        def look() -> int:
            with self._database.begin() as session:
                return notice_due(session, now())

        return await anyio.to_thread.run_sync(look) > 0

    async def _send_next(self, channel: str, send: Callable[[Notice], Awaitable[None]]) -> bool:
        """Send the channel's next notice that is due; False where there is none."""
        notice = await anyio.to_thread.run_sync(lambda: self._take(channel))
        if notice is None:
            return False
        error = ""
        try:
            await send(notice)
        except RefusedError as refused:
            error = str(refused)
        except Exception as failure:
            error = type(failure).__name__  # its message may hold an address
        await anyio.to_thread.run_sync(lambda: self._note(notice.id, error))
        return True

    def _take(self, channel: str) -> Notice | None:
        with self._database.read() as session:  # does not keep writers waiting while idle
            if not outbox.anything_due(session, channel, now()):
                return None
        with self._database.begin() as session:
            return outbox.take(session, channel, now(), now() + LEASE)

    def _note(self, id: int, error: str) -> None:
        with self._database.begin() as session:
            if error:
                outbox.failed(session, id, now(), error)
            else:
                outbox.delivered(session, id, now())
        if error:
            logger.warning("notice %d was not delivered (%s); it is kept", id, error)
        else:
            logger.info("notice %d was delivered", id)

    async def _post(self, notice: Notice) -> None:
        receiver = self._channels.webhook
        assert receiver
        await asyncio.wait_for(post(receiver, notice), WEBHOOK_SECONDS)

    async def _mail(self, notice: Notice) -> None:
        server = self._channels.email
        assert server

        def write_and_deliver() -> None:
            with self._database.read() as session:
                address = address_of(session, notice)
            deliver(server, compose(notice, address, server))

        # A mail server that hangs must not hold up the end of the gateway.
        await anyio.to_thread.run_sync(write_and_deliver, abandon_on_cancel=True)


async def _keep_on(work: Callable[[], Awaitable[bool]], seconds: float) -> None:
    """Work as long as there is some; then, and after a failure, pause for so many seconds."""
    while True:
        try:
            again = await work()
        except Exception:
            logger.exception("news could not be looked after")
            again = False
        if not again:
            await asyncio.sleep(seconds)


async def post(receiver: Receiver, notice: Notice) -> None:
    """Send the notice, signed; `RefusedError` unless the answer is a 2xx."""
    moment, body = now(), json.dumps(notice.payload)
    headers = {
        "content-type": "application/json",
        "webhook-id": notice.key,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(receiver.secret).sign(notice.key, moment, body),
    }
    # The answer's body is of no use, however long it is: it is not read.
    async with (
        httpx.AsyncClient(timeout=WEBHOOK_SECONDS) as client,
        client.stream("POST", receiver.url, content=body, headers=headers) as answer,
    ):
        if not answer.is_success:
            raise RefusedError(f"status {answer.status_code}")


def deliver(server: MailServer, message: EmailMessage) -> None:
    """Hand the e-mail to the mail server; raises what smtplib and the network raise."""
    secure = ssl.create_default_context()
    # The sender's domain as our name: asking the system for one can take long.
    name = server.sender.rpartition("@")[2]
    reach = (server.host, server.port, name)
    if server.security == "smtps":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(*reach, timeout=SMTP_SECONDS, context=secure)
    else:
        smtp = smtplib.SMTP(*reach, timeout=SMTP_SECONDS)
    with smtp:
        if server.security == "smtp+starttls":
            smtp.starttls(context=secure)
        if server.user:
            smtp.login(server.user, server.password)
        smtp.send_message(message)

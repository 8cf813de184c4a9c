"""What goes out arrives: signed webhooks at a real receiver, e-mails at a real mail server."""

import asyncio
import email
import json
import logging
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from email.message import Message
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from standardwebhooks import Webhook, WebhookVerificationError

from casework.cases.writing import open_case
from casework.errors import CaseworkError
from casework.outgoing.channels import channels
from casework.outgoing.outbox import standing
from casework.storage.database import Database
from gateway.app import create_app
from gateway.delivery import outgoing
from gateway.delivery.outgoing import Outgoing
from gateway.settings import Settings
from tests.casework.conftest import NOW, new_order, step
from tests.casework.outgoing import EMAIL, SECRET, WEBHOOK, notices, switch
from tests.gateway.site import free_port, running_site

TYPED = "My neighbour Zebulon dropped it"


class Hooks:
    """A receiver of webhooks: answers with ``status`` and keeps what it took."""

    def __init__(self, port: int = 0) -> None:
        self.status = 204
        self.tried = 0
        self.taken: list[tuple[dict[str, str], bytes]] = []
        hooks = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                hooks.tried += 1
                if hooks.status < 300:
                    hooks.taken.append((dict(self.headers), body))
                self.send_response(hooks.status)
                if hooks.status == 302:
                    self.send_header("location", "/elsewhere")
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Mailbox:
    """Keeps the e-mails a mail server takes; refuses them while ``down``."""

    def __init__(self) -> None:
        self.down = False
        self.mails: list[tuple[list[str], Message]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.down:
            return "451 try later"
        found = email.message_from_bytes(envelope.content, policy=default)
        self.mails.append((envelope.rcpt_tos, found))
        return "250 OK"


class Clock:
    """The gateway's time, which a test moves on."""

    def __init__(self) -> None:
        self.moment = NOW

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def hooks() -> Iterator[Hooks]:
    receiver = Hooks()
    yield receiver
    receiver.close()


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, str]]:
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield box, f"smtp://127.0.0.1:{controller.port}"
    controller.stop()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moved = Clock()
    monkeypatch.setattr(outgoing, "now", moved)
    monkeypatch.setattr(outgoing, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(outgoing, "CLOCK_SECONDS", 0.05)
    return moved


def decided_case(database: Database, number: str = "20001") -> None:
    """Open a case and decide it: two pieces of news a channel."""
    with database.begin() as session:
        order = new_order(number)
        session.add(order)
        case = open_case(
            session,
            order=order,
            situation="damaged",
            facts={"remedy": "refund", "description": TYPED},
            conversation_id="c",
            now=NOW,
            key=number,
        )
        step(session, case, "evidence_submitted", key=f"s{number}")
        step(session, case, "evidence_judged", {"evidence": "compelling"}, key=f"j{number}")


@asynccontextmanager
async def sending(database: Database) -> AsyncIterator[None]:
    sender = Outgoing(database, channels())
    sender.start()
    try:
        yield
    finally:
        await sender.stop()


async def until(true: Callable[[], bool]) -> None:
    for _ in range(1500):
        if true():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come to pass")


def waiting(database: Database, channel: str) -> int:
    with database.read() as session:
        return standing(session, channel).waiting


def to(hooks: Hooks) -> dict[str, str]:
    return WEBHOOK | {"OUT_WEBHOOK_URL": hooks.url}


async def test_a_receiver_that_fails_gets_all_of_it_later(
    database: Database,
    hooks: Hooks,
    monkeypatch: pytest.MonkeyPatch,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    switch(monkeypatch, to(hooks))
    caplog.set_level(logging.INFO, logger=outgoing.logger.name)
    monkeypatch.setattr(outgoing, "notice_due", lambda *_: 0)
    hooks.status = 503
    decided_case(database)
    async with sending(database):
        await until(lambda: hooks.tried == 2)
        hooks.status = 302  # is not followed
        clock.moment += timedelta(minutes=1, seconds=1)
        await until(lambda: hooks.tried == 4)
        hooks.status = 200
        await asyncio.sleep(0.2)
        assert hooks.tried == 4  # the pause is kept
        clock.moment += timedelta(minutes=2, seconds=1)
        await until(lambda: waiting(database, "webhook") == 0)
    assert [json.loads(body)["type"] for _, body in hooks.taken] == ["case.opened", "case.decided"]
    with database.read() as session:
        assert [one.tries for one in notices(session)] == [3, 3]
    ours = "\n".join(one.getMessage() for one in caplog.records if one.name.startswith("gateway"))
    assert "status 503" in ours
    for secret in ("pat@example.com", "Zebulon", SECRET, hooks.url):
        assert secret not in ours


async def test_a_receiver_that_is_away_loses_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    port = free_port()
    switch(monkeypatch, WEBHOOK | {"OUT_WEBHOOK_URL": f"http://127.0.0.1:{port}/hooks"})
    decided_case(database)

    def errors() -> list[str | None]:
        with database.read() as session:
            return [one.last_error for one in notices(session)]

    async with sending(database):
        await until(lambda: errors() == ["ConnectError", "ConnectError"])
    hooks = Hooks(port)
    clock.moment += timedelta(hours=30)  # and the gateway was restarted
    async with sending(database):
        await until(lambda: waiting(database, "webhook") == 0)
    assert len(hooks.taken) == 2
    hooks.close()


async def test_the_signature_is_the_standards(
    database: Database, hooks: Hooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch(monkeypatch, to(hooks))
    decided_case(database)
    async with sending(database):
        await until(lambda: len(hooks.taken) == 2)
    for headers, body in hooks.taken:
        assert Webhook(SECRET).verify(body, headers) == json.loads(body)
        with pytest.raises(WebhookVerificationError):
            Webhook(SECRET).verify(body + b" ", headers)
        assert b"Zebulon" not in body
        assert b"pat@" not in body
    ids = [{name.lower(): value for name, value in one.items()}["webhook-id"]
           for one, _ in hooks.taken]  # fmt: skip
    assert len(set(ids)) == 2


async def test_two_gateways_send_each_once(
    database: Database, hooks: Hooks, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    switch(monkeypatch, to(hooks))
    for number in range(20001, 20006):
        decided_case(database, str(number))
    async with sending(database), sending(database):
        await until(lambda: waiting(database, "webhook") == 0)
        await asyncio.sleep(0.2)
    assert hooks.tried == 10


async def test_e_mails_arrive_with_the_cards_words_and_a_link_back(
    database: Database,
    mailbox: tuple[Mailbox, str],
    monkeypatch: pytest.MonkeyPatch,
    clock: Clock,
) -> None:
    box, url = mailbox
    switch(monkeypatch, EMAIL | {"SMTP_URL": url})
    box.down = True
    decided_case(database)

    def tries() -> list[int]:
        with database.read() as session:
            return [one.tries for one in notices(session) if one.last_error]

    async with sending(database):
        await until(lambda: tries() == [1, 1])
        assert box.mails == []
        box.down = False
        clock.moment += timedelta(minutes=2)
        await until(lambda: len(box.mails) == 2)
        clock.moment += timedelta(days=10)
        await until(lambda: len(box.mails) == 3)
        await until(lambda: waiting(database, "email") == 0)
    assert {tuple(recipients) for recipients, _ in box.mails} == {("pat@example.com",)}
    texts = [mail.get_content() for _, mail in box.mails]  # type: ignore[attr-defined]
    assert "We have opened case" in texts[0]
    assert "The refund is $80.00." in texts[1]
    assert "by March 18, 2026" in texts[1]
    assert "We are late, and we are sorry." in texts[2]
    for text in texts:
        assert "https://help.example/chat" in text
        assert "1-213-737-9983" in text
        assert "Zebulon" not in text


async def test_signing_in_at_the_mail_server(
    database: Database, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    box, seen = Mailbox(), []

    def check(_server: Any, _session: Any, _envelope: Any, _how: str, data: Any) -> AuthResult:
        seen.append((data.login, data.password))
        return AuthResult(success=True)

    controller = Controller(
        box, hostname="127.0.0.1", port=free_port(), authenticator=check,
        auth_required=True, auth_require_tls=False,
    )  # fmt: skip
    controller.start()
    switch(monkeypatch, EMAIL | {"SMTP_URL": f"smtp://us%40er:p%2Fw@127.0.0.1:{controller.port}"})
    decided_case(database)
    try:
        async with sending(database):
            await until(lambda: len(box.mails) == 2)
    finally:
        controller.stop()
    assert seen[0] == (b"us@er", b"p/w")


async def test_a_mail_server_without_the_encryption_asked_for_gets_nothing(
    database: Database,
    mailbox: tuple[Mailbox, str],
    monkeypatch: pytest.MonkeyPatch,
    clock: Clock,
) -> None:
    box, url = mailbox
    switch(monkeypatch, EMAIL | {"SMTP_URL": url.replace("smtp:", "smtp+starttls:")})
    decided_case(database)

    def errors() -> list[str | None]:
        with database.read() as session:
            return [one.last_error for one in notices(session)]

    async with sending(database):
        await until(lambda: errors() == ["SMTPNotSupportedError"] * 2)
    assert box.mails == []


async def test_what_waits_for_a_channel_that_was_turned_off_stays(
    database: Database, hooks: Hooks, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    switch(monkeypatch, EMAIL)
    decided_case(database)
    switch(monkeypatch, to(hooks))
    decided_case(database, "20002")
    async with sending(database):
        await until(lambda: len(hooks.taken) == 2)
    assert waiting(database, "email") == 2


def test_the_running_site_sends(
    tmp_path: Path, hooks: Hooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch(monkeypatch, {})
    with running_site(tmp_path) as site:
        decided_case(site.database)
        with site.database.read() as session:
            assert notices(session) == []
        switch(monkeypatch, to(hooks))
        site.restart()
        decided_case(site.database, "20002")
        asyncio.run(until(lambda: len(hooks.taken) >= 2))


def test_a_wrong_setting_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    switch(monkeypatch, {"OUT_WEBHOOK_URL": "https://shop.example/hooks"})
    with pytest.raises(CaseworkError, match="OUT_WEBHOOK_SECRET"):
        create_app(Settings(var=tmp_path), Database(f"sqlite:///{tmp_path / 'x.db'}"))

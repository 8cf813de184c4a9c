"""Customers, each with a conversation of their own: say something, and wait for the answer."""

from __future__ import annotations

import asyncio
import re
import secrets
from typing import Protocol

import aiohttp

from gateway.delivery.assistant import Assistant

PATIENCE = 120.0


class Customer(Protocol):
    """One conversation."""

    async def begin(self) -> None:
        """Come in."""

    async def say(self, text: str) -> None:
        """Say something; returns with the first message of the answer."""

    async def leave(self) -> None:
        """Go."""


class OnTheWebsite:
    """A browser at the chat: POST, and the stream."""

    def __init__(self, address: str) -> None:
        jar = aiohttp.CookieJar(unsafe=True)  # an address without a name has cookies too
        self._client = aiohttp.ClientSession(address, cookie_jar=jar)
        self._lines: asyncio.Queue[str] = asyncio.Queue()
        self._csrf = ""
        self._listening: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Open the chat and its stream."""
        async with self._client.get("/chat") as page:
            found = re.search(r'data-csrf="([0-9a-f]+)"', await page.text())
        if not found:
            raise RuntimeError(f"the chat did not open: status {page.status}")
        self._csrf = found[1]
        self._listening = asyncio.create_task(self._listen())
        await self._next()  # the greeting

    async def say(self, text: str) -> None:
        """Send a text. Messages come in order: an answer is what comes after one's own.

        A word that it takes longer is no answer.
        """
        own = secrets.token_hex(16)
        form, headers = {"id": own, "text": text}, {"X-CSRF-Token": self._csrf}
        async with self._client.post("/chat/messages", data=form, headers=headers) as sent:
            sent.raise_for_status()
        while own not in await self._next():
            pass
        while "message assistant" not in await self._next():
            pass

    async def leave(self) -> None:
        """Close the page."""
        if self._listening:
            self._listening.cancel()
        await self._client.close()

    async def _listen(self) -> None:
        forever = aiohttp.ClientTimeout(total=None)
        async with self._client.get("/chat/stream", timeout=forever) as stream:
            stream.raise_for_status()
            async for line in stream.content:
                if line.startswith(b'data: <li class="message'):
                    self._lines.put_nowait(line.decode())

    async def _next(self) -> str:
        return await asyncio.wait_for(self._lines.get(), PATIENCE)


class AtRasa:
    """A conversation by the gateway's own channel, without the gateway."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._conversation = secrets.token_hex(16)

    async def begin(self) -> None:
        """Nothing is to be opened."""

    async def say(self, text: str) -> None:
        """Send a text by the channel."""
        answer = await self._assistant.ask(
            self._conversation, secrets.token_hex(16), text, again=False
        )
        if not answer.said:
            raise RuntimeError(f"no answer to {text!r}")

    async def leave(self) -> None:
        """Nothing is to be closed."""


class AtTheReference:
    """A conversation by the REST channel of the assistant that `rasa init` makes."""

    def __init__(self, client: aiohttp.ClientSession) -> None:
        self._client = client
        self._conversation = secrets.token_hex(16)

    async def begin(self) -> None:
        """Nothing is to be opened."""

    async def say(self, text: str) -> None:
        """Send a text by the REST channel."""
        body = {"sender": self._conversation, "message": text}
        async with self._client.post("/webhooks/rest/webhook", json=body) as response:
            if not await response.json():
                raise RuntimeError(f"no answer to {text!r}")

    async def leave(self) -> None:
        """Nothing is to be closed."""

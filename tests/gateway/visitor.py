"""A customer's browser without the browser: cookie, token, forms and the stream."""

import io
import json
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
from PIL import Image

from casework.conversations.web_sessions import conversation_of
from casework.storage.database import Database
from gateway.web.running import now

PATIENCE = 12.0  # less than the stream's pings, so that waiting in vain ends


@dataclass
class Event:
    """One server-sent event."""

    name: str
    data: str
    id: str | None


@dataclass
class Visitor:
    """One session at the site."""

    address: str
    client: httpx.Client = field(init=False)
    csrf: str = ""
    patience: float = PATIENCE

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=self.address, timeout=self.patience, trust_env=False)
        self.reload()

    def reload(self) -> str:
        page = self.client.get("/chat")
        assert page.status_code == 200, page.text
        found = re.search(r'data-csrf="([0-9a-f]+)"', page.text)
        assert found
        self.csrf = found[1]
        return page.text

    @property
    def headers(self) -> dict[str, str]:
        return {"X-CSRF-Token": self.csrf, "Origin": self.address, "Sec-Fetch-Site": "same-origin"}

    def send(self, text: str = "", client_id: str | None = None, **fields: str) -> httpx.Response:
        data = {"id": client_id or secrets.token_hex(16), **fields}
        if text:
            data["text"] = text
        return self.client.post("/chat/messages", data=data, headers=self.headers)

    def upload(self, content: bytes, name: str = "photo.jpg") -> httpx.Response:
        files = {"picture": (name, content, "image/jpeg")}
        return self.client.post("/chat/uploads", files=files, headers=self.headers)

    def stage(self, content: bytes | None = None) -> str:
        """Upload a good picture and return its id."""
        added = self.upload(content or photo())
        assert added.status_code == 201, added.text
        return re.findall(r'data-remove="([^"]+)"', added.text)[0]

    @contextmanager
    def stream(
        self, after: int | str = 0, last_event_id: str | None = None
    ) -> Iterator[Iterator[Event]]:
        headers = {"Last-Event-ID": last_event_id} if last_event_id else {}
        with self.client.stream(
            "GET", "/chat/stream", params={"after": after}, headers=headers
        ) as response:
            assert response.status_code == 200
            yield events_of(response)

    def wait_for(self, words: str, after: int | str = 0) -> list[Event]:
        """The message events up to and with the first that says `words`."""
        with self.stream(after) as events:
            return until(events, lambda event: words in event.data)

    def conversation(self, database: Database) -> str:
        """The id of the conversation that this browser's cookie stands for."""
        with database.read() as session:
            found = conversation_of(session, self.client.cookies["chat"], now())
        assert found
        return found

    def messages(self) -> list[tuple[str, str]]:
        """Author and text of every message on the page."""
        return shown(self.reload())


def shown(html: str) -> list[tuple[str, str]]:
    """Author and text of the messages in a page or an event."""
    return [
        (author, _plain(text))
        for author, text in re.findall(
            r'<li class="message (\w+)".*?<div class="bubble">(.*?)</div>', html, re.S
        )
    ]


def reply_ids(html: str) -> list[str]:
    return re.findall(r'name="reply" value="([^"]+)"', html)


def _plain(html: str) -> str:
    import html as entities

    return entities.unescape(re.sub(r"<[^>]+>", "", html)).strip()


def until(events: Iterator[Event], enough: Callable[[Event], bool]) -> list[Event]:
    """The message events up to and with the first for which `enough` holds."""
    taken = []
    for event in events:
        if event.name == "message":
            taken.append(event)
        if enough(event):
            return taken
    raise AssertionError("the stream ended before that came")


def events_of(response: httpx.Response) -> Iterator[Event]:
    name, data, key = "message", [], None
    for line in response.iter_lines():
        if line.startswith("event:"):
            name = line[6:].strip()
        elif line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))
        elif line.startswith("id:"):
            key = line[3:].strip()
        elif not line and data:
            yield Event(name, "\n".join(data), key)
            name, data, key = "message", [], None


def photo(kind: str = "JPEG", size: tuple[int, int] = (320, 240), **options: object) -> bytes:
    """A picture of that kind, as a phone would make it."""
    drawn = Image.effect_noise(size, 60).convert("RGB")
    content = io.BytesIO()
    drawn.save(content, kind, **options)
    return content.getvalue()


def error_of(response: httpx.Response) -> str:
    message: str = json.loads(response.text)["error"]
    return message

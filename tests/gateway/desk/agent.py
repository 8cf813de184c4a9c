"""An agent at the desk, without a browser: signs in, reads pages, sends forms."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from casework.people.accounts import add_agent, find_agent
from gateway.web.running import now
from tests.gateway.site import Site
from tests.gateway.visitor import PATIENCE, Event, events_of

PASSWORD = "a long enough password"


def account(site: Site, login: str, role: str = "agent") -> None:
    """Make the account unless it is there."""
    with site.database.begin() as session:
        if find_agent(session, login) is None:
            add_agent(
                session, login=login, name=login.title(), role=role, password=PASSWORD, now=now()
            )


@dataclass
class DeskAgent:
    """One signed-in browser at the desk."""

    site: Site
    login: str
    role: str = "agent"
    client: httpx.Client = field(init=False)
    csrf: str = ""
    patience: float = PATIENCE

    def __post_init__(self) -> None:
        account(self.site, self.login, self.role)
        address = self.site.address
        self.client = httpx.Client(base_url=address, timeout=self.patience, trust_env=False)
        self.headers = {"Origin": address, "Sec-Fetch-Site": "same-origin"}
        entered = self.sign_in(PASSWORD)
        assert entered.status_code == 303, entered.text
        found = re.search(r'data-csrf="([0-9a-f]+)"', self.page("/desk"))
        assert found
        self.csrf = found[1]

    def sign_in(self, password: str, **more: str) -> httpx.Response:
        data = {"login": self.login, "password": password, **more}
        return self.client.post("/desk/sign-in", data=data, headers=self.headers)

    def page(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (answer.status_code, answer.text)
        return answer.text

    def post(self, path: str, **data: str) -> httpx.Response:
        headers = {**self.headers, "X-CSRF-Token": self.csrf}
        return self.client.post(path, data=data, headers=headers)

    def preview(self, case: str, act: str, **data: str) -> httpx.Response:
        return self.post(f"/desk/cases/{case}/preview", act=act, **data)

    def seen(self, case: str, act: str, **data: str) -> dict[str, str]:
        """Look at what the customer will read; returns what the confirming form carries."""
        shown = self.preview(case, act, **data).text
        found = {
            name: re.search(rf'name="{name}" value="([^"]+)"', shown) for name in ("key", "seen")
        }
        assert all(found.values()), shown
        return {name: match[1] for name, match in found.items() if match}

    def act(self, case: str, act: str, **data: str) -> httpx.Response:
        """Look at what the customer will read, and confirm it."""
        seen = self.seen(case, act, **data)
        return self.post(f"/desk/cases/{case}/acts", act=act, **seen, **data)

    def write(self, conversation: str, text: str, as_: str = "reply") -> httpx.Response:
        fields = {"text": text, "as": as_, "id": secrets.token_hex(16)}
        return self.post(f"/desk/conversations/{conversation}/messages", **fields)

    def handle(self, conversation: str, act: str, **data: str) -> httpx.Response:
        return self.post(f"/desk/conversations/{conversation}/handling", act=act, **data)

    @contextmanager
    def stream(self, conversation: str, case: str = "") -> Iterator[Iterator[Event]]:
        path = f"/desk/conversations/{conversation}/stream"
        with self.client.stream("GET", path, params={"case": case}) as response:
            assert response.status_code == 200
            yield events_of(response)

"""Random customers and agents against an oracle of who may see what, on the wire.

Each thing that somebody writes or sends carries a secret word of its own. The oracle knows who may
ever read it; after every step, whatever anybody was answered is searched for words of others.
"""

import re
import secrets
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from casework.cases.writing import open_case
from casework.conversations.conversation import messages_after
from casework.orders.order import Order, OrderLine, find_order
from casework.orders.verification import verify
from gateway.web.running import now
from tests.gateway.desk.agent import DeskAgent
from tests.gateway.fuzz import EXAMPLES
from tests.gateway.site import Site
from tests.gateway.visitor import Visitor, events_of, photo

CUSTOMERS, AGENTS = ("ann", "bob"), ("kim", "lena")
LONG = 120.0
SMALL = photo("PNG", size=(8, 8))
who = st.sampled_from(CUSTOMERS)
agent = st.sampled_from(AGENTS)


class Wire(RuleBasedStateMachine):
    """Two customers and two agents at one site; ``site`` is set by the test."""

    site: Site

    @initialize()
    def arrive(self) -> None:
        self.secrets: dict[str, set[str]] = {}  # a secret word, and who may read it
        self.customers = {name: Visitor(self.site.address, patience=LONG) for name in CUSTOMERS}
        self.talks = {name: self._conversation(name) for name in CUSTOMERS}
        self.files: dict[str, list[str]] = defaultdict(list)
        self.cases: dict[str, str] = {}
        self.agents = {name: self._desk(name) for name in AGENTS}
        self.in_desk = set(AGENTS)
        self.answers: list[tuple[str, str, str]] = []

    def teardown(self) -> None:
        for one in [
            *getattr(self, "customers", {}).values(),
            *getattr(self, "agents", {}).values(),
        ]:
            one.client.close()

    def _conversation(self, name: str) -> str:
        return self.customers[name].conversation(self.site.database)

    def _desk(self, name: str) -> DeskAgent:
        role = "lead" if name == "lena" else "agent"
        return DeskAgent(self.site, name, role, patience=LONG)

    def _word(self, *readers: str) -> str:
        word = f"w{secrets.token_hex(8)}"
        self.secrets[word] = {*readers, *AGENTS}
        return word

    def _heard(self, name: str, answer: httpx.Response) -> httpx.Response:
        assert answer.status_code < 500, (name, answer.request.url, answer.text)
        self.answers.append((name, str(answer.request.url), answer.text + str(answer.headers)))
        return answer

    def _listens(self, name: str, client: httpx.Client, path: str) -> httpx.Response:
        """Open a stream and hear all it has to say so far; it is closed again."""
        with client.stream("GET", path) as stream:
            if stream.status_code != 200:
                stream.read()
                return self._heard(name, stream)
            for event in events_of(stream):
                self.answers.append((name, path, f"{event.name} {event.data}"))
                if event.name == "typing":  # is told after the messages
                    break
        return stream

    # What customers do.

    @rule(name=who)
    def write(self, name: str) -> None:
        self._heard(name, self.customers[name].send(f"I say {self._word(name)}"))

    @rule(name=who)
    def stage_a_file(self, name: str) -> None:
        added = self._heard(name, self.customers[name].upload(SMALL))
        self.files[name] += re.findall(r'data-remove="([^"]+)"', added.text)

    @rule(name=who)
    def send_the_files(self, name: str) -> None:
        self._heard(name, self.customers[name].send(pictures="1"))

    @rule(name=who)
    def look(self, name: str) -> None:
        for path in ("/chat", "/chat/transcript"):
            self._heard(name, self.customers[name].client.get(path))

    @rule(name=who)
    def listen(self, name: str) -> None:
        visitor = self.customers[name]
        assert self._listens(name, visitor.client, "/chat/stream").status_code == 200

    @rule(name=who)
    def ask_for_what_is_others(self, name: str) -> None:
        client, [other] = self.customers[name].client, [one for one in CUSTOMERS if one != name]
        for file in self.files[other]:
            assert client.get(f"/chat/uploads/{file}").status_code == 404
            headers = self.customers[name].headers
            assert client.delete(f"/chat/uploads/{file}", headers=headers).status_code == 404
        if other in self.cases:
            refused = self._heard(name, client.get(f"/chat/case/{self.cases[other]}"))
            assert refused.status_code == 404
        talk = f"/desk/conversations/{self.talks[other]}"
        for path in ("/desk", talk, f"{talk}/stream", "/api/v1/cases"):
            assert self._listens(name, client, path).status_code in (303, 401)

    @rule(name=who)
    def open_a_case(self, name: str) -> None:
        if name in self.cases:
            return
        with self.site.database.begin() as session:
            like = find_order(session, "10482")
            assert like
            days = ("placed_on", "ship_by", "shipped_on", "delivered_on")
            order = Order(
                number=str(secrets.randbelow(10**8) + 10**8), zip="90001",
                email=f"{self._word(name)}@example.com", status="delivered", total=189,
                currency="USD", **{day: getattr(like, day) for day in days},
                lines=[OrderLine(position=1, sku="A", title="Chair", quantity=1, unit_price=189)],
            )  # fmt: skip
            session.add(order)
            session.flush()
            verify(session, self.talks[name], order.number, order.email, now())
            case = open_case(
                session, order=order, situation="remorse",
                facts={"description": self._word(name)}, conversation_id=self.talks[name],
                now=now(), key=secrets.token_hex(8),
            )  # fmt: skip
            self.cases[name] = case.number
            self.secrets[case.number] = {name, *AGENTS}

    @rule(name=who)
    def forget_the_chat(self, name: str) -> None:
        visitor = self.customers[name]
        token = visitor.client.cookies["chat"]
        assert visitor.client.post("/chat/end", data={"csrf": visitor.csrf}).status_code == 303
        with httpx.Client(base_url=self.site.address, cookies={"chat": token}) as thief:
            assert self._heard("thief", thief.get("/chat/transcript")).status_code == 401
        visitor.client.cookies.clear()
        for readers in self.secrets.values():
            readers.discard(name)  # whoever comes after on this device reads nothing of it
        visitor.reload()
        self.talks[name], self.files[name] = self._conversation(name), []
        self.cases.pop(name, None)

    # What agents do.

    def _at_desk(self, name: str, do: Callable[[DeskAgent], httpx.Response]) -> None:
        self._as_at_desk(name, self._heard(name, do(self.agents[name])))

    def _as_at_desk(self, name: str, answer: httpx.Response) -> None:
        if name not in self.in_desk:
            assert answer.status_code in (303, 401), answer.request.url
            assert "/desk/sign-in" in answer.headers.get("location", "/desk/sign-in")

    @rule(name=agent, of=who, act=st.sampled_from(["take_over", "hand_back", "leave"]))
    def handle(self, name: str, of: str, act: str) -> None:
        self._at_desk(name, lambda desk: desk.handle(self.talks[of], act))

    @rule(name=agent, of=who)
    def answer(self, name: str, of: str) -> None:
        word = self._word(of)
        self._at_desk(name, lambda desk: desk.write(self.talks[of], f"We say {word}"))

    @rule(name=agent, of=who)
    def note(self, name: str, of: str) -> None:
        word = self._word()
        self._at_desk(name, lambda desk: desk.write(self.talks[of], f"Note {word}", "note"))

    @rule(name=agent, of=who)
    def read(self, name: str, of: str) -> None:
        paths = ["/desk", f"/desk/conversations/{self.talks[of]}"]
        paths += [f"/desk/cases/{self.cases[of]}"] if of in self.cases else []
        for path in paths:
            self._at_desk(name, lambda desk, path=path: desk.client.get(path))

    @rule(name=agent, of=who)
    def listen_at_the_desk(self, name: str, of: str) -> None:
        path = f"/desk/conversations/{self.talks[of]}/stream"
        self._as_at_desk(name, self._listens(name, self.agents[name].client, path))

    @rule(name=agent)
    def what_is_for_leads(self, name: str) -> None:
        answer = self._heard(name, self.agents[name].client.get("/desk/audit"))
        if name in self.in_desk:
            assert answer.status_code == (200 if name == "lena" else 403)

    @rule(name=agent, of=who)
    def reject(self, name: str, of: str) -> None:
        if of not in self.cases or name not in self.in_desk:
            return
        data = {"seller_decision": "reject", "reason": f"Because {self._word(of)}"}
        number, desk = self.cases[of], self.agents[name]
        shown = self._heard(name, desk.preview(number, "decide", **data))
        if shown.status_code == 200 and 'name="seen"' in shown.text:
            self._heard(name, desk.act(number, "decide", **data))

    @rule(name=agent)
    def sign_out(self, name: str) -> None:
        self._at_desk(name, lambda desk: desk.post("/desk/sign-out"))
        self.in_desk.discard(name)

    @rule(name=agent)
    def sign_in(self, name: str) -> None:
        self.agents[name].client.close()
        self.agents[name] = self._desk(name)
        self.in_desk.add(name)

    @invariant()
    def nobody_reads_what_is_not_theirs(self) -> None:
        for reader, where, text in getattr(self, "answers", []):
            allowed = reader in CUSTOMERS or reader in self.in_desk
            for word, readers in self.secrets.items():
                assert word not in text or (allowed and reader in readers), (reader, where, word)
        self.answers = []


def test_nobody_reads_what_is_not_theirs(site: Site) -> None:
    Wire.site = site
    machine: Any = Wire.TestCase
    machine.settings = settings(
        max_examples=EXAMPLES,
        stateful_step_count=20,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    machine("runTest").runTest()


@pytest.mark.parametrize(
    ("module", "read"),
    [("gateway.chat.page", Wire.look), ("gateway.web.message_stream", Wire.listen)],
)
def test_the_oracle_notices_a_leak(
    site: Site, monkeypatch: pytest.MonkeyPatch, module: str, read: Callable[[Wire, str], None]
) -> None:
    """With notes handed to customers the machine has to fail: a test of the test."""

    def leak(session: Any, conversation: str, _: str, last: int = 0) -> Any:
        return messages_after(session, conversation, "agents", last)

    monkeypatch.setattr(f"{module}.messages_after", leak)
    Wire.site = site
    wire = Wire()
    wire.arrive()
    try:
        wire.note("kim", "ann")
        read(wire, "ann")
        with pytest.raises(AssertionError):
            wire.nobody_reads_what_is_not_theirs()
    finally:
        wire.teardown()

"""Customers with whole lives, for the tests of privacy: every table, pictures, Rasa's memory."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, create_engine, select, text
from sqlalchemy.orm import Session

from casework.cases.acts import perform
from casework.cases.case import Case
from casework.cases.escalations import open_escalation
from casework.cases.writing import open_case, record
from casework.conversations.conversation import add_message
from casework.conversations.handling import ask_for_person
from casework.conversations.turns import close_turns, offer_replies, open_turn, press_reply
from casework.conversations.web_sessions import start_session
from casework.evidence.evidence import attach_evidence
from casework.evidence.uploads import (
    add_upload,
    bring_uploads,
    files_payload,
    new_upload,
    send_uploads,
)
from casework.orders.events import SeenEvent
from casework.orders.order import find_order
from casework.orders.verification import verify
from casework.outgoing.outbox import Notice
from casework.people.audit import note_act
from casework.shop import day_of
from casework.storage.database import Database
from tests.casework.conftest import NOW, new_order

EVENTS = """
CREATE TABLE events (id INTEGER PRIMARY KEY, sender_id VARCHAR(255) NOT NULL, type_name VARCHAR(255)
NOT NULL, timestamp FLOAT, intent_name VARCHAR(255), action_name VARCHAR(255), data TEXT)
"""
DAYS_AGO = {"placed_on": 9, "ship_by": 6, "shipped_on": 7, "delivered_on": 3}


@dataclass(frozen=True)
class Life:
    """A customer and what they said: every mark must be gone after their erasure."""

    name: str
    email: str
    zip: str
    numbers: tuple[str, str]
    words: str

    @property
    def marks(self) -> tuple[str, ...]:
        return (self.name, self.email, self.zip, self.words, f"1Z{self.words}")


PAT = Life("Patience", "Pat.Quill@Example.com", "90012", ("20001", "20002"), "wobblyquagga")
SAM = Life("Samuel", "sam@example.org", "10118", ("30001", "30002"), "crackedteapot")


@dataclass
class Shop:
    """Where everything lies."""

    database: Database
    url: str
    var: Path

    @property
    def uploads(self) -> Path:
        return self.var / "uploads"


def make_shop(database: Database, url: str, var: Path) -> Shop:
    """A shop with an empty tracker store, an outbox and a folder for pictures."""
    shop = Shop(database, url, var)
    shop.uploads.mkdir(parents=True)
    (var / "endpoints.yml").write_text(
        "tracker_store:\n  type: gateway.inside_rasa.tracker_store.ConversationStore\n"
        f"  dialect: sqlite\n  db: {var / 'tracker.db'}\n"
    )
    in_tracker(shop, EVENTS)
    return shop


def in_tracker(shop: Shop, sql: str, **values: Any) -> list[Any]:
    engine = create_engine(f"sqlite:///{shop.var / 'tracker.db'}", future=True)
    with engine.begin() as connection:
        result = connection.execute(text(sql), values)
        found = result.all() if result.returns_rows else []
    engine.dispose()
    return list(found)


def live(shop: Shop, who: Life, now: datetime = NOW, *, settled: bool = True) -> str:
    """Let a customer go through everything there is; returns the settled case's number."""
    with shop.database.begin() as session:
        conversation = _talk(session, shop, who, now)
        case = _case(session, who, conversation, now)
        session.add(
            Notice(
                channel="webhook", kind="case_opened", subject=case.number, tries=0,
                key=f"case_opened:{case.number}", payload={"words": f"{who.email} {who.words}"},
                created_at=now,
            )
        )  # fmt: skip
        if settled:
            _settle(session, case, who, now)
        number = str(case.number)
    for kind, said in (("user", who.words), ("bot", f"Hello {who.name}")):
        data = json.dumps({"event": kind, "text": said})
        in_tracker(
            shop,
            "INSERT INTO events (sender_id, type_name, data) VALUES (:id, :kind, :data)",
            id=conversation, kind=kind, data=data,
        )  # fmt: skip
    return number


def _talk(session: Session, shop: Shop, who: Life, now: datetime) -> str:
    for number in who.numbers:
        tracking = f"1Z{who.words}"
        days = {name: day_of(now) - timedelta(days=ago) for name, ago in DAYS_AGO.items()}
        session.add(new_order(number, email=who.email, zip=who.zip, tracking=tracking, **days))
    session.flush()
    conversation = start_session(session, now)[1]
    verify(session, conversation, who.numbers[0], "wrong@example.com", now)
    verify(session, conversation, who.numbers[0], who.email, now)
    say = {"audience": "customer", "now": now}
    said = add_message(
        session, conversation, author="customer", text=f"I am {who.name}, {who.words}",
        payload={"pictures": [{"id": who.words}]}, key=f"c:{who.name}", **say,
    )  # fmt: skip
    open_turn(session, said)
    close_turns(session, conversation, now)
    _pictures(session, shop, who, said, now)
    answer = add_message(session, conversation, author="assistant", text=f"Hi {who.name}", **say)
    offer_replies(session, answer, [(f"reply-{who.numbers[0]}", f"Yes, {who.words}")])
    press_reply(session, conversation, f"reply-{who.numbers[0]}", key=f"c:{who.name}")
    note = {"audience": "agents", "author": "agent", "payload": {"by": "Kim Park"}, "now": now}
    add_message(session, conversation, text=f"{who.name} sounds upset", **note)
    note_act(session, actor="agent:kim", act="note_written", subject=conversation, now=now)
    _from_agents(session, shop, who, conversation, now)
    session.add(SeenEvent(id=f"event-{who.numbers[0]}", received_at=now))
    return conversation


def _pictures(session: Session, shop: Shop, who: Life, message: Any, now: datetime) -> None:
    uploads = []
    for place, what in enumerate(("sent", "staged")):
        name = f"{who.numbers[place]}.jpg"
        (shop.uploads / name).write_bytes(f"picture of {who.words} {what}".encode())
        uploads.append(
            add_upload(
                session, message.conversation_id, file_name=name, sha256=name.ljust(64, "0"),
                media_type="image/jpeg", size=9, width=4, height=3, now=now,
            )
        )  # fmt: skip
    send_uploads(session, uploads[:1], message, now)


def _from_agents(session: Session, shop: Shop, who: Life, conversation: str, now: datetime) -> None:
    """A label for the customer, and a paper about them that only agents see."""
    for what, audience in (("label", "customer"), ("paper", "agents")):
        name = f"{who.numbers[0]}-{what}.pdf"
        (shop.uploads / name).write_bytes(f"{what} of {who.words}".encode())
        label = new_upload(
            conversation, file_name=name, sha256=name.ljust(64, "0"),
            media_type="application/pdf", size=9, name=f"{what} {who.words}.pdf", now=now,
        )  # fmt: skip
        payload = {"by": "Kim Park", **files_payload([label])}
        more = {"audience": audience, "author": "agent", "text": "", "payload": payload}
        bring_uploads(session, [label], add_message(session, conversation, **more, now=now))


def _case(session: Session, who: Life, conversation: str, now: datetime) -> Case:
    verified = session.scalars(select(Case.id)).all()
    case = open_case(
        session, order=_order(session, who), situation="damaged", conversation_id=conversation,
        facts={"remedy": "refund", "description": f"It is a {who.words}"},
        now=now, key=f"{conversation}:{len(verified)}:damaged",
    )  # fmt: skip
    attach_evidence(session, case, now)
    record(
        session, case, "note", {"text": f"{who.name}: {who.words}"},
        actor="customer", now=now, key=f"{conversation}:description",
    )  # fmt: skip
    ask_for_person(session, conversation, now)
    open_escalation(
        session, conversation_id=conversation, reason="customer_asked", case=case,
        facts={"description": who.words}, decision={"outcome": "entitled"},
        promised=[f"{who.name} gets a refund"], now=now, key=f"{conversation}:customer_asked",
    )  # fmt: skip
    return case


def _order(session: Session, who: Life) -> Any:
    return find_order(session, who.numbers[0])


def _settle(session: Session, case: Case, who: Life, now: datetime) -> None:
    steps = (
        ("judge_evidence", {"evidence": "compelling", "reason": f"{who.name} is right"}),
        ("record_label", {"label": f"1Z{who.words}"}),
        ("record_return_in_transit", {"return_in_transit_on": now.date().isoformat()}),
        ("record_refund", {"amount": "80.00"}),
    )
    for place, (act, data) in enumerate(steps, 1):
        moment = now + timedelta(minutes=place)
        perform(
            session, case, act, data,
            actor="agent:kim", role="agent", now=moment, key=f"{case.number}:{act}",
        )  # fmt: skip
        note_act(session, actor="agent:kim", act=act, subject=case.number, now=moment)


def everything(shop: Shop) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table as it lies in the database, whatever tables there are."""
    found = MetaData()
    found.reflect(shop.database.engine)
    with shop.database.read() as session:
        tables = {
            name: [
                dict(row)
                for row in session.execute(select(table).order_by(*table.primary_key)).mappings()
            ]
            for name, table in found.tables.items()
        }
    events = in_tracker(shop, "SELECT * FROM events")
    return tables | {"tracker": [{"row": tuple(row)} for row in events]}


def tells(who: Life, said: object) -> bool:
    """Whether anything of the customer's is in it."""
    return any(mark.casefold() in str(said).casefold() for mark in who.marks)


def traces(shop: Shop, who: Life) -> list[str]:
    """Where anything of the customer's can still be read: table and column, or file."""
    cells = [
        f"{name}.{column}: {value}"
        for name, rows in everything(shop).items()
        for row in rows
        for column, value in row.items()
        if tells(who, value)
    ]
    files = [path for path in shop.var.rglob("*") if path.is_file() and path.suffix != ".yml"]
    if shop.database.engine.dialect.name == "sqlite":
        database = Path(shop.database.engine.url.database)
        files += database.parent.glob(f"{database.name}*")
    return cells + [path.name for path in files if tells(who, path.read_bytes().decode("latin1"))]

"""Agents at the running site, and customers with a case of their own."""

import secrets
from collections.abc import Callable

import pytest

from casework.cases.case import Case, find_case
from casework.cases.writing import open_case
from casework.evidence.evidence import add_evidence, attach_evidence
from casework.orders.order import Order, OrderLine
from casework.orders.samples import find_order
from gateway.web.running import now
from tests.gateway.desk.agent import DeskAgent
from tests.gateway.site import Site
from tests.gateway.visitor import Visitor

Asker = Callable[..., str]
Attacher = Callable[[str], None]


@pytest.fixture
def kim(site: Site) -> DeskAgent:
    return DeskAgent(site, "kim")


@pytest.fixture
def lena(site: Site) -> DeskAgent:
    return DeskAgent(site, "lena", "lead")


@pytest.fixture
def conversation(site: Site, visitor: Visitor) -> str:
    return visitor.conversation(site.database)


@pytest.fixture
def asked(site: Site, conversation: str) -> Asker:
    """Opens a case in the visitor's chat, on a new order like a sample; returns its number."""

    def ask(situation: str, like: str = "10482", evidence: bool = False, **facts: str) -> str:
        with site.database.begin() as session:
            sample = find_order(session, like)
            assert sample
            order = Order(
                number=str(secrets.randbelow(10**8) + 10**8),
                **{
                    name: getattr(sample, name)
                    for name in (
                        "email", "zip", "placed_on", "ship_by", "shipped_on", "delivered_on",
                        "status", "carrier", "tracking", "total", "currency",
                    )
                },
                lines=[
                    OrderLine(
                        position=1, sku="A", title="Desk chair", quantity=1,
                        unit_price=sample.total,
                    )
                ],
            )  # fmt: skip
            session.add(order)
            session.flush()
            case = open_case(
                session, order=order, situation=situation, facts=facts,
                conversation_id=conversation, now=now(), key=secrets.token_hex(8),
            )  # fmt: skip
            if evidence:
                add_evidence(
                    session, conversation_id=conversation, sha256="0" * 64,
                    media_type="image/jpeg", size=1, file_name=f"{secrets.token_hex(8)}.jpg",
                    now=now(),
                )  # fmt: skip
                attach_evidence(session, case, now())
            return case.number

    return ask


@pytest.fixture
def attach(site: Site, conversation: str) -> Attacher:
    """Binds the pictures a customer has sent in the chat to their case, as the assistant does."""

    def bind(number: str) -> None:
        with site.database.begin() as session:
            case = find_case(session, number)
            assert case
            assert attach_evidence(session, case, now(), conversation_id=conversation)

    return bind


def case_of(site: Site, number: str) -> Case:
    with site.database.begin() as session:
        found = find_case(session, number)
        assert found
        return found

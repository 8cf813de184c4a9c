from sqlalchemy.orm import Session

from casework.cases.case import decision_of
from casework.cases.escalations import Escalation, escalations_of, open_escalation
from casework.cases.writing import open_case
from casework.conversations.conversation import add_message
from casework.storage.database import Database
from tests.casework.conftest import NOW, TODAY, MakeOrder, new_order


def test_a_person_gets_everything_that_is_known(database: Database) -> None:
    with database.begin() as session:
        order = new_order()
        session.add(order)
        case = open_case(
            session,
            order=order,
            situation="remorse",
            facts={},
            conversation_id="c",
            now=NOW,
            key="k",
        )
        decision = decision_of(case, None, TODAY).as_dict()
        open_escalation(
            session, conversation_id="c", reason="seller_decides", case=case,
            facts={"situation": "remorse"},
            decision=decision, promised=["An answer."], transcript=[{"who": "customer",
            "text": "Hi"}],
            now=NOW, key="e",
        )  # fmt: skip
    with database.read() as session:
        (kept,) = escalations_of(session, "c")
    assert kept.reason == "seller_decides"
    assert kept.order is not None
    assert kept.case is not None
    assert (kept.order.number, kept.case.number) == ("20001", case.number)
    assert kept.facts == {"situation": "remorse"}
    assert kept.decision == decision
    assert kept.promised == ["An answer."]
    assert kept.transcript == [{"who": "customer", "text": "Hi"}]
    assert kept.created_at == NOW


def escalate(session: Session, key: str) -> Escalation:
    return open_escalation(session, conversation_id="c", reason="customer_asked", now=NOW, key=key)


def test_a_replay_is_one_escalation(session: Session, make_order: MakeOrder) -> None:
    first = escalate(session, "a")
    assert escalate(session, "a") is first
    second = escalate(session, "b")
    assert escalations_of(session, "c") == [second, first]


def test_without_a_transcript_the_messages_are_taken_without_private_notes(
    session: Session,
) -> None:
    add_message(session, "c", audience="customer", author="customer", text="Help", now=NOW)
    add_message(session, "c", audience="agents", author="agent", text="rude?", now=NOW)
    assert [line["text"] for line in escalate(session, "a").transcript] == ["Help"]

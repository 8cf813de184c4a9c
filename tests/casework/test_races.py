"""Two processes want the same thing at the same moment."""

import contextlib
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from casework.cases.acts import perform
from casework.cases.case import Case, find_case
from casework.cases.writing import open_case, record
from casework.conversations.conversation import (
    Conversation,
    add_message,
    ensure_conversation,
    hand_over,
    messages_after,
)
from casework.errors import CaseworkError
from casework.orders.order import Order, find_order
from casework.orders.verification import MAX_FAILURES, verify
from casework.storage.database import Database
from tests.casework.conftest import NOW, at_once, new_order

ROUNDS = range(20)  # so that what goes wrong now and then is found


def test_two_sessions_open_one_case(database: Database) -> None:
    for number in ROUNDS:
        _open_one_case(database, str(20001 + number))
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == len(ROUNDS)


def _open_one_case(database: Database, order_number: str) -> None:
    with database.begin() as session:
        session.add(new_order(number=order_number))
    numbers: list[str] = []

    def customer(at: int) -> None:
        with database.begin() as session:
            order = find_order(session, order_number)
            assert order is not None
            case = open_case(
                session,
                order=order,
                situation="damaged",
                facts={},
                conversation_id=f"c{at}",
                now=NOW,
                key=f"{order_number} {at}",
            )
            numbers.append(case.number)

    at_once(6, customer)
    assert len(numbers) == 6
    assert len(set(numbers)) == 1


def test_a_replay_writes_one_entry(database: Database) -> None:
    with database.begin() as session:
        order = new_order()
        session.add(order)
        open_case(
            session,
            order=order,
            situation="remorse",
            facts={},
            conversation_id="c",
            now=NOW,
            key="k",
        )

    def agent(_: int) -> None:
        with database.begin() as session:
            case = session.scalars(select(Case)).one()
            data = {"seller_decision": "accept"}
            record(session, case, "seller_decided", data, actor="agent", now=NOW, key=key)

    for number in ROUNDS:
        key = f"decision {number}"
        at_once(4, agent)
    with database.read() as session:
        log = session.scalars(select(Case)).one().log
        assert [entry.kind for entry in log] == ["opened"] + ["seller_decided"] * len(ROUNDS)


def test_only_one_takes_a_conversation_over(database: Database) -> None:
    def agent(_: int) -> None:
        with database.begin() as session:
            taken.append(hand_over(session, key, expected="waiting", to="agent"))

    for number in ROUNDS:
        key, taken = f"c{number}", []
        with database.begin() as session:
            ensure_conversation(session, key, NOW)
            assert hand_over(session, key, expected="assistant", to="waiting")
        at_once(4, agent)
        assert sorted(taken) == [False, False, False, True]


def test_a_conversation_begins_once(database: Database) -> None:
    def begin(_: int) -> None:
        with database.begin() as session:
            ensure_conversation(session, key, NOW)

    for number in ROUNDS:
        key = f"c{number}"
        at_once(4, begin)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Conversation)) == len(ROUNDS)


def test_a_message_sent_twice_is_kept_once(database: Database) -> None:
    def send(_: int) -> None:
        with database.begin() as session:
            add_message(
                session,
                "c",
                audience="customer",
                author="customer",
                text="Hello",
                now=NOW,
                key=key,
            )

    for number in ROUNDS:
        key = f"m{number}"
        at_once(4, send)
    with database.read() as session:
        assert len(messages_after(session, "c", "customer")) == len(ROUNDS)


def test_guesses_made_at_once_are_all_counted(database: Database) -> None:
    def guess(_: int) -> None:
        with database.begin() as session:
            answers.append(verify(session, key, "20001", "wrong", NOW).status)

    for number in ROUNDS:
        key, answers = f"c{number}", []
        at_once(MAX_FAILURES + 2, guess)
        assert sorted(answers) == ["failed"] * (MAX_FAILURES - 1) + ["locked"] * 3


def test_several_processes_may_migrate(empty_url: str) -> None:
    def migrate(_: int) -> None:
        database = Database(empty_url)
        database.migrate()
        database.close()

    at_once(3, migrate)


def test_two_cases_of_one_order_do_not_both_pay_all_of_it_back(database: Database) -> None:
    for number in range(20001, 20007):  # it went wrong one time in four
        _two_cases_pay(database, str(number))


def _two_cases_pay(database: Database, number: str) -> None:
    with database.begin() as session:
        session.add(order := new_order(number=number))
        cases = [_opened(session, order, situation) for situation in ("other", "remorse")]
        judge = {"seller_decision": "accept", "fee_percent": "0"}
        for kind, data in (("seller_decided", judge), ("return_in_transit", {})):
            key = f"{number} {kind}"
            record(session, cases[1], kind, data, actor="agent:kim", now=NOW, key=key)
        numbers, total = [case.number for case in cases], str(order.total)
    paid: list[str] = []

    def pay(place: int) -> None:
        who: dict[str, Any] = {"actor": "agent:kim", "role": "agent", "now": NOW}
        with contextlib.suppress(CaseworkError), database.begin() as session:
            case = find_case(session, numbers[place])
            assert case is not None
            key = f"{number} paid {place}"
            perform(session, case, "record_refund", {"amount": total}, **who, key=key)
            paid.append(numbers[place])

    at_once(2, pay)
    assert len(paid) == 1


def _opened(session: Session, order: Order, situation: str) -> Case:
    return open_case(
        session,
        order=order,
        situation=situation,
        facts={"remedy": "refund"} if situation == "remorse" else {},
        line_ids=[],
        conversation_id="c",
        now=NOW,
        key=f"{order.number} {situation}",
    )


def test_a_new_file_may_be_opened_by_many_at_once(tmp_path: Path) -> None:
    for number in range(80):  # it went wrong one time in twenty
        file = f"sqlite:///{tmp_path / str(number)}.db"

        def use(_: int, file: str = file) -> None:
            database = Database(file)
            with database.begin() as session:
                session.execute(text("CREATE TABLE IF NOT EXISTS one (it INTEGER)"))
            database.close()

        at_once(4, use)

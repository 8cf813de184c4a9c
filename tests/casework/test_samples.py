import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from casework.cases.case import cases_of, decision_of, obligations_of
from casework.cases.writing import open_case
from casework.orders.fields import check_course
from casework.orders.order import find_order, order_facts
from casework.orders.sample_orders import sample_orders
from casework.orders.samples import load_samples, samples_table
from casework.orders.verification import verify
from casework.shop import policy_in_force
from casework.storage.database import Database
from policy_core import decide
from policy_core.space import OUTCOMES, SITUATIONS, STATUSES
from tests.casework.conftest import NOW, TODAY

# What a newcomer is promised: (order, situation, what the assistant answers).
STORIES = [
    ("10480", "cancel", "seller_decides"), ("10481", "late_shipment", "not_available"),
    ("10482", "damaged", "need_facts"), ("10482", "defective", "need_facts"),
    ("10482", "remorse", "seller_decides"), ("10483", "late_shipment", "entitled"),
    ("10483", "cancel", "entitled"), ("10484", "late_shipment", "entitled"),
    ("10485", "cancel", "not_available"), ("10485", "late_shipment", "not_available"),
    ("10486", "late_shipment", "seller_decides"), ("10487", "remorse", "seller_decides"),
    ("10488", "remorse", "seller_decides"), ("10491", "returned_in_transit", "need_facts"),
    ("10492", "destroyed_in_transit", "need_facts"), ("10494", "out_of_stock", "entitled"),
    ("10495", "cancel", "not_available"), ("10497", "wrong_information", "contact_us"),
    ("10498", "wrong_information", "contact_us"), ("10501", "other", "dispute"),
]  # fmt: skip
CASES = {
    "10503": "need_evidence", "10504": "seller_decides", "10505": "need_evidence",
    "10506": "entitled",
    "10507": "entitled", "10508": "entitled", "10509": "seller_decides", "10510": "entitled",
    "10511": "declined", "10512": "entitled", "10513": "declined", "10514": "entitled",
    "10515": "seller_decides", "10516": "entitled", "10517": "entitled", "10518": "entitled",
    "10519": "dispute", "10520": "entitled",
}  # fmt: skip


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The sample orders, loaded once, for reading."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('samples') / 'casework.db'}")
    database.migrate()
    with database.begin() as session:
        load_samples(session, NOW)
    yield database
    database.close()


@pytest.fixture
def loaded(database: Database) -> Database:
    with database.begin() as session:
        load_samples(session, NOW)
    return database


def everything(session: Session) -> dict[str, object]:
    """The sample orders as they stand, with their cases and logs."""
    numbers = [sample.number for sample in sample_orders(policy_in_force())]
    orders = [find_order(session, number) for number in numbers]
    return {
        order.number: (
            order_facts(order, TODAY),
            [(case.number, [entry.key for entry in case.log]) for case in cases_of(session, order)],
        )
        for order in orders
        if order is not None
    }


def test_every_sample_is_an_order_that_can_be(samples: Database) -> None:
    with samples.read() as session:
        for sample in sample_orders(policy_in_force()):
            order = find_order(session, sample.number)
            assert order is not None
            assert check_course(vars(order), [vars(line) for line in order.lines], TODAY) == []


@pytest.mark.parametrize(("number", "situation", "outcome"), STORIES)
def test_a_sample_gives_what_its_story_says(
    samples: Database, number: str, situation: str, outcome: str
) -> None:
    with samples.read() as session:
        order = find_order(session, number)
        assert order is not None
        facts = {
            "situation": situation,
            "requested_on": TODAY.isoformat(),
            **order_facts(order, TODAY),
        }
    assert decide(facts, today=TODAY).outcome == outcome


@pytest.mark.parametrize(("number", "outcome"), CASES.items())
def test_a_prepared_case_stands_where_its_story_says(
    samples: Database, number: str, outcome: str
) -> None:
    with samples.read() as session:
        order = find_order(session, number)
        assert order is not None
        (case,) = cases_of(session, order)
        assert decision_of(case, None, TODAY).outcome == outcome
        assert case.state == ("closed" if number == "10520" else "open")


@pytest.mark.parametrize(
    ("number", "action", "status"),
    [("10506", "prepaid_label", "done"), ("10506", "refund", "waiting"),
     ("10507", "refund", "running"),
     ("10508", "refund", "overdue"), ("10516", "refund", "running"),
     ("10517", "redelivery", "overdue"),
     ("10518", "refund", "running"), ("10514", "prepaid_label", "running")],
)  # fmt: skip
def test_the_shops_promises_in_the_prepared_cases(
    samples: Database, number: str, action: str, status: str
) -> None:
    with samples.read() as session:
        order = find_order(session, number)
        assert order is not None
        (case,) = cases_of(session, order)
        standing = {one.action: one.status for one in obligations_of(case, None, TODAY)}
    assert standing[action] == status


def test_the_samples_cover_every_situation_status_and_outcome() -> None:
    samples = sample_orders(policy_in_force())
    told = {situation for _, situation, _ in STORIES} | {
        s.case.situation for s in samples if s.case
    }
    assert told == set(SITUATIONS)
    assert {sample.status for sample in samples} == set(STATUSES)
    assert {outcome for _, _, outcome in STORIES} | set(CASES.values()) == set(OUTCOMES)


@pytest.mark.parametrize("window", [14, 60])
def test_the_edges_follow_the_policys_numbers(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, window: int
) -> None:
    path = policy_in_force().path
    assert path is not None
    text = path.read_text("utf-8")
    changed = re.sub(r"(filing_window_days: {value: )\d+", rf"\g<1>{window}", text)
    assert changed != text
    file = tmp_path / path.name
    file.write_text(changed, "utf-8")
    monkeypatch.setenv("POLICY_FILE", str(file))
    with database.begin() as session:
        load_samples(session, NOW)
        last, over = find_order(session, "10487"), find_order(session, "10488")
    assert last is not None
    assert over is not None
    assert last.delivered_on == TODAY - timedelta(days=window)
    assert over.delivered_on == TODAY - timedelta(days=window + 1)


def test_loading_again_on_the_same_day_changes_nothing(loaded: Database) -> None:
    with loaded.begin() as session:
        before = everything(session)
        again = load_samples(session, NOW + timedelta(hours=3))
        assert (again.added, again.moved, again.in_use) == ([], [], [])
        assert everything(session) == before


def test_loading_later_moves_the_dates(loaded: Database) -> None:
    later = NOW + timedelta(days=45)
    with loaded.begin() as session:
        assert len(load_samples(session, later).moved) == len(sample_orders(policy_in_force()))
        order = find_order(session, "10483")
        assert order is not None
        assert order.ship_by == later.date() - timedelta(days=1)
        overdue = find_order(session, "10508")
        assert overdue is not None
        (case,) = cases_of(session, overdue)
        standing = {one.action: one.status for one in obligations_of(case, None, later.date())}
        assert standing["refund"] == "overdue"


def test_a_sample_somebody_used_is_left_alone(loaded: Database) -> None:
    with loaded.begin() as session:
        order = find_order(session, "10482")
        assert order is not None
        delivered = order.delivered_on
        mine = open_case(
            session,
            order=order,
            situation="damaged",
            facts={},
            conversation_id="me",
            now=NOW,
            key="mine",
        )
        prepared = find_order(session, "10509")
        assert prepared is not None
        open_case(
            session,
            order=prepared,
            situation="remorse",
            facts={},
            conversation_id="me",
            now=NOW,
            key="again",
        )
        verify(session, "me", "10483", "78701", NOW)
    with loaded.begin() as session:
        assert load_samples(session, NOW + timedelta(days=2)).in_use == ["10482", "10509"]
        order = find_order(session, "10482")
        assert order is not None
        assert order.delivered_on == delivered
        assert [case.number for case in cases_of(session, order)] == [mine.number]


def test_the_table_names_every_sample(loaded: Database) -> None:
    samples = sample_orders(policy_in_force())
    rows = samples_table().splitlines()[2:]
    assert len(rows) == len(samples)
    with loaded.begin() as session:
        for sample, row in zip(samples, rows, strict=True):
            number, email, zip_code, story = (cell.strip() for cell in row.strip("|").split("|"))
            assert story == sample.story
            assert verify(session, f"e{number}", number, email.lower(), NOW).status == "verified"
            assert verify(session, f"z{number}", number, zip_code, NOW).status == "verified"

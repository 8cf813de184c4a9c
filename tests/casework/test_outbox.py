"""The outbox: put in with the change, on the channels that are on, and kept until it arrived."""

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.__main__ import main
from casework.cases.case import Case, decision_of
from casework.cases.in_words import card
from casework.cases.writing import open_case, record
from casework.errors import CaseworkError
from casework.orders.events import apply_event
from casework.outgoing import outbox
from casework.outgoing.channels import channels
from casework.outgoing.mail import address_of, compose
from casework.outgoing.outbox import Notice
from casework.shop import policy_in_force
from casework.storage.database import Database
from tests.casework.conftest import NOW, TODAY, MakeOrder, Opener, at_once, judged, new_order, step
from tests.casework.outgoing import BOTH, EMAIL, SECRET, WEBHOOK, notices, switch

TYPED = "My neighbour Zebulon dropped it"


@pytest.fixture(autouse=True)
def on(monkeypatch: pytest.MonkeyPatch) -> None:
    switch(monkeypatch, BOTH)


def kinds(session: Session, channel: str = "webhook") -> list[str]:
    return [one.kind for one in notices(session, channel=channel)]


def letter(session: Session, notice: Notice) -> str:
    server = channels().email
    assert server
    message = compose(notice, address_of(session, notice), server)
    headers = [f"{name}: {value}" for name, value in message.items()]
    return "\n".join([*headers, "", message.get_content()])


def test_off_by_default_nothing_is_put(
    session: Session, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch(monkeypatch, {})
    judged(session, opened())
    assert channels().on == ()
    assert notices(session) == []


@pytest.mark.parametrize(("variables", "channel"), [(WEBHOOK, "webhook"), (EMAIL, "email")])
def test_a_channel_that_is_off_gets_nothing(
    session: Session,
    opened: Opener,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    channel: str,
) -> None:
    switch(monkeypatch, variables)
    judged(session, opened())
    assert {one.channel for one in notices(session)} == {channel}


def test_opened_and_decided_once_each(session: Session, opened: Opener) -> None:
    case = opened()
    judged(session, case)
    step(session, case, "label_sent")
    step(session, case, "return_in_transit")
    step(session, case, "refund_paid")
    step(session, case, "note")
    for channel in ("webhook", "email"):
        assert kinds(session, channel) == ["case_opened", "case_decided"]


def test_waiting_for_somebody_is_no_decision(session: Session, opened: Opener) -> None:
    case = opened()
    step(session, case, "evidence_submitted")
    step(session, case, "evidence_judged", {"evidence": "insufficient"})
    assert kinds(session) == ["case_opened"]
    step(session, case, "seller_decided", {"seller_decision": "reject"})
    assert notices(session, channel="webhook")[-1].payload["data"]["outcome"] == "declined"


def test_what_is_decided_at_once_is_told_once(session: Session, opened: Opener) -> None:
    case = opened("defective", facts={"remedy": "refund", "evidence": "submitted"})
    step(session, case, "evidence_judged", {"evidence": "compelling"})
    again = opened(order=case.order, situation="defective", key="again")
    assert again is case
    assert kinds(session) == ["case_opened", "case_decided"]


def test_news_of_the_order_that_decides_is_told(session: Session, make_order: MakeOrder) -> None:
    order = make_order(status="shipped")
    open_case(
        session, order=order, situation="returned_in_transit", facts={"remedy": "refund"},
        conversation_id="c", now=NOW, key="k",
    )  # fmt: skip
    before = notices(session, channel="webhook")[-1].payload["data"]["outcome"]
    event = {"type": "returned_to_sender", "order": order.number, "on": "2026-03-12"}
    apply_event(session, event, id="e1", now=NOW)
    last = notices(session, channel="webhook")[-1]
    assert (before, last.kind) != ("entitled", "case_opened")
    assert last.payload["data"]["outcome"] == "entitled"


def test_a_channel_turned_on_later_hears_of_the_next_change(
    session: Session, opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch(monkeypatch, {})
    case = opened()
    judged(session, case)
    switch(monkeypatch, WEBHOOK)
    step(session, case, "label_sent")
    assert kinds(session) == ["case_decided"]


def test_it_goes_with_the_change_or_not_at_all(database: Database) -> None:
    def half_done() -> None:
        with database.begin() as session:
            order = new_order()
            session.add(order)
            open_case(
                session, order=order, situation="damaged", facts={}, conversation_id="c",
                now=NOW, key="k",
            )  # fmt: skip
            assert len(notices(session)) == 2
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_done()
    with database.read() as session:
        assert notices(session) == []


def test_nothing_anybody_typed_and_no_address_is_in_it(session: Session, opened: Opener) -> None:
    case = opened(facts={"remedy": "refund", "description": TYPED})
    step(session, case, "note", {"text": "Private: he is a friend of Kim's"})
    step(session, case, "evidence_submitted", {"text": TYPED})
    step(session, case, "evidence_judged", {"evidence": "compelling", "reason": "Kim is sure"})
    found = notices(session)
    assert len(found) == 4
    for one in found:
        shown = json.dumps(one.payload)
        if one.channel == "email":
            shown += letter(session, one)
            assert "To: pat@example.com" in shown
            shown = shown.replace("To: pat@example.com", "")
        for secret in ("Zebulon", "friend", "Kim", "pat@", "90012", "Thing 1"):
            assert secret not in shown


def test_a_webhook_carries_the_case_in_the_policys_words(session: Session, opened: Opener) -> None:
    case = opened()
    judged(session, case)
    body = notices(session, channel="webhook")[-1].payload
    assert (body["type"], body["timestamp"]) == ("case.decided", "2026-03-13T17:00:00+00:00")
    data = body["data"]
    assert (data["case"], data["order"], data["situation"]) == (case.number, "20001", "damaged")
    assert (data["outcome"], data["remedy"]) == ("entitled", "refund")
    assert data["amounts"] == {"refund_min": "80.00", "refund_max": "80.00", "fee_max": None}
    label = data["obligations"][0]
    assert (label["party"], label["action"], label["due"]) == (
        "seller", "prepaid_label", "2026-03-18",
    )  # fmt: skip


def test_a_decided_mail_says_what_the_card_shows(session: Session, opened: Opener) -> None:
    case = opened()
    judged(session, case)
    text = letter(session, notices(session, channel="email")[-1])
    for shown in (case.number, "$80.00", "March 18, 2026", "You get a refund"):
        assert shown in text
    shown_in_chat = card(policy_in_force(), decision_of(case, None, TODAY), case.number)
    assert all(line["value"] in text for line in shown_in_chat["lines"])
    assert f"Subject: A decision on your case {case.number}" in text
    assert "https://help.example/chat" in text
    assert "1-213-737-9983" in text
    assert "stood on March 13, 2026" in text


def test_growing_pauses_for_a_week_then_parked_and_counted(
    session: Session, opened: Opener
) -> None:
    opened()
    moment, pauses = NOW, []
    while True:
        taken = outbox.take(session, "webhook", moment, moment + timedelta(minutes=5))
        assert taken
        outbox.failed(session, taken.id, moment, "status 503")
        session.flush()
        if taken.next_try_at is None:
            break
        pauses.append(taken.next_try_at - moment)
        assert outbox.take(session, "webhook", moment, moment) is None
        moment = taken.next_try_at
    assert [pause.total_seconds() / 60 for pause in pauses[:4]] == [1, 2, 4, 8]
    assert pauses[-1] == timedelta(hours=6)
    assert sum(pauses, timedelta()) >= timedelta(days=7)
    standing = outbox.standing(session, "webhook")
    assert (standing.waiting, standing.parked) == (0, 1)
    assert outbox.retry_parked(session, moment) == 1
    assert outbox.take(session, "webhook", moment, moment)


def test_while_one_has_it_nobody_else_gets_it(database: Database) -> None:
    with database.begin() as session:
        for number in ("20001", "20002", "20003"):
            order = new_order(number)
            session.add(order)
            open_case(
                session, order=order, situation="damaged", facts={}, conversation_id="c",
                now=NOW, key=number,
            )  # fmt: skip
    taken: list[int] = []

    def process(_: int) -> None:
        with database.begin() as session:
            notice = outbox.take(session, "webhook", NOW, NOW + timedelta(minutes=5))
            if notice:
                taken.append(notice.id)

    at_once(6, process)
    assert len(taken) == len(set(taken)) == 3
    later = NOW + timedelta(minutes=5)
    with database.begin() as session:  # the processes died: the next one takes over
        again = outbox.take(session, "webhook", later, later + timedelta(minutes=5))
        assert again
        assert (again.id in taken, again.tries) == (True, 2)


def test_a_late_failure_does_not_undo_a_delivery(session: Session, opened: Opener) -> None:
    opened()
    taken = outbox.take(session, "webhook", NOW, NOW)
    assert taken
    outbox.delivered(session, taken.id, NOW)
    outbox.failed(session, taken.id, NOW, "TimeoutError")
    session.flush()
    assert (taken.delivered_at, taken.next_try_at) == (NOW, None)


def test_looking_for_what_is_due_uses_the_index(database: Database) -> None:
    if database.engine.dialect.name != "sqlite":
        pytest.skip("the plan is worded for SQLite")
    wanted = outbox._due("webhook", NOW).compile(
        database.engine, compile_kwargs={"literal_binds": False}
    )
    with database.engine.connect() as connection:
        plan = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {wanted}", ("webhook", NOW.isoformat(), 1, 0)
        ).all()
    assert "ix_outbox_waiting (channel=? AND next_try_at<?)" in str(plan)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OUT_WEBHOOK_URL", "shop.example"),
        ("OUT_WEBHOOK_URL", "ftp://shop.example"),
        ("OUT_WEBHOOK_URL", "https://shop.example:port/"),
        ("OUT_WEBHOOK_SECRET", ""),
        ("OUT_WEBHOOK_SECRET", "whsec_c2hvcnQ="),
        ("OUT_WEBHOOK_SECRET", "not base64 at all, but long enough"),
        ("SMTP_URL", "mail.example"),
        ("SMTP_URL", "http://mail.example"),
        ("SMTP_URL", "smtp://u:hidden@mail.example:x"),
        ("MAIL_FROM", ""),
        ("MAIL_FROM", "nobody"),
        ("MAIL_FROM", "a@b.example\nBcc: c@d.example"),
        ("GATEWAY_PUBLIC_URL", ""),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(CaseworkError) as refused:
        channels()
    said = str(refused.value)
    assert said.startswith(f"{name}: ")
    assert "\n" not in said
    assert "hidden" not in said


def test_no_secret_is_in_what_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_URL", "smtps://user%40x:pass%2Fword@mail.example")
    server = channels().email
    assert server
    assert (server.user, server.password, server.port) == ("user@x", "pass/word", 465)
    assert "pass/word" not in repr(channels())
    assert SECRET not in repr(channels())


def test_the_command_line_counts(
    database: Database,
    url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    switch(monkeypatch, WEBHOOK)
    with database.begin() as session:
        order = new_order()
        session.add(order)
        case: Case = open_case(
            session, order=order, situation="damaged", facts={"remedy": "refund"},
            conversation_id="c", now=NOW, key="k",
        )  # fmt: skip
        for number, kind in enumerate(("evidence_submitted", "evidence_judged")):
            data = {"evidence": "compelling"} if number else {}
            record(session, case, kind, data, actor="agent:Kim", now=NOW, key=f"k{number}")
    assert main(["outbox"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "webhook: 2 waiting, the oldest since 2026-03-13 17:00 UTC; 0 parked",
        "email (off): 0 waiting; 0 parked",
    ]
    assert main(["clock"]) == 0
    assert capsys.readouterr().out == "1 found due tomorrow or overdue\n"
    with database.begin() as session:
        notice = session.scalars(select(Notice)).first()
        assert isinstance(notice.created_at, datetime)
        notice.next_try_at = None
    assert main(["outbox", "--retry-parked"]) == 0
    assert "1 parked ones wait again" in capsys.readouterr().out

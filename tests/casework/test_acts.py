"""What the shop's people do to a case: allowed by the policy, shown beforehand, done once."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.cases.acts import OfferedAct, Told, offered, perform, preview
from casework.cases.case import Case, find_open_case, situation_of
from casework.cases.log import Entry
from casework.cases.needs import waits_for
from casework.cases.writing import open_case, record
from casework.conversations.conversation import Message, add_message, messages_after
from casework.errors import CaseworkError
from casework.orders.samples import load_samples
from casework.orders.verification import verify
from casework.shop import day_of, policy_in_force
from casework.storage.database import Database
from tests.casework.conftest import NOW, MakeOrder, Opener, at_once, judged, new_order, step

FILLED = {
    "evidence": "compelling",
    "seller_decision": "accept",
    "fee_percent": "20",
    "reason": "The frame is cracked at the weld.",
    "label": "1Z0RETURN",
    "tracking": "1Z0AGAIN",
    "correction": "4B instead of 4D",
}


def act(session: Session, case: Case, name: str, role: str = "agent", **data: Any) -> Told:
    more = {"now": data.pop("now", NOW), "key": data.pop("key", f"{name}-{len(case.log)}")}
    return perform(session, case, name, data, actor="agent:kim", role=role, **more)


def names(case: Case, role: str = "agent", now: datetime = NOW) -> list[str]:
    acts = offered(case, role=role, policy=policy_in_force(), today=day_of(now))
    return [("goodwill " if one.goodwill else "") + one.name for one in acts]


def filled(one: OfferedAct, case: Case) -> dict[str, str]:
    data = {
        field.name: field.choices[0][0]
        if field.choices
        else field.value or FILLED.get(field.name) or str(case.order.total)
        for field in one.fields
    }
    return data | ({"goodwill": "yes"} if one.goodwill else {})


@pytest.fixture
def samples(session: Session) -> list[Case]:
    load_samples(session, NOW)
    return list(session.scalars(select(Case).order_by(Case.id)))


def test_every_act_on_every_sample_case_is_done_as_it_was_shown(
    session: Session, samples: list[Case]
) -> None:
    seen = set()
    for case in samples:
        for one in offered(case, role="lead", policy=policy_in_force(), today=day_of(NOW)):
            seen.add((one.name, one.goodwill))
            how = {"actor": "agent:kim", "role": "lead", "now": NOW}
            before = session.scalar(select(func.count()).select_from(Entry))
            shown = preview(session, case, one.name, filled(one, case), **how)
            assert session.scalar(select(func.count()).select_from(Entry)) == before
            with session.begin_nested() as undo:
                done = perform(session, case, one.name, filled(one, case), **how, key="one")
                assert (done.text, done.card) == (shown.text, shown.card)
                said = session.scalars(select(Message).where(Message.key == "one")).one()
                assert (said.text, (said.payload or {}).get("card")) == (shown.text, shown.card)
                again = perform(session, case, one.name, filled(one, case), **how, key="one")
                assert (again.text, again.card) == (shown.text, shown.card)
                assert session.scalar(select(func.count()).select_from(Entry)) == before + 1
                undo.rollback()
            session.expire_all()
    assert len(seen) >= 10


def test_what_is_allowed_follows_the_case(session: Session, opened: Opener) -> None:
    case = opened()
    assert names(case) == []
    step(session, case, "evidence_submitted")
    assert names(case) == ["judge_evidence"]
    act(session, case, "judge_evidence", evidence="compelling")
    assert names(case) == ["record_label"]
    act(session, case, "record_label", label="1Z")
    assert names(case) == ["record_return_in_transit"]
    act(session, case, "record_return_in_transit", return_in_transit_on="2026-03-13")
    assert names(case) == ["record_refund"]
    told = act(session, case, "record_refund", amount="80.00")
    assert "$80.00" in told.text
    assert case.state == "closed"
    assert names(case) == []
    assert names(case, "lead") == ["reopen"]


def test_accepting_a_return_fixes_the_refund_by_the_policy(
    session: Session, opened: Opener
) -> None:
    case = opened("remorse")
    with pytest.raises(CaseworkError, match="0 keeps nothing"):
        act(session, case, "decide", seller_decision="accept")
    with pytest.raises(CaseworkError, match=r"0 to 35 percent.*Restocking"):
        act(session, case, "decide", seller_decision="accept", fee_percent="35.01")
    told = act(session, case, "decide", seller_decision="accept", fee_percent="20")
    assert told.decision.amounts["refund_max"] == "64.00"
    assert told.card is not None
    assert "$64.00" in str(told.card["lines"])


def test_no_less_than_the_policy_gives(session: Session, opened: Opener) -> None:
    case = opened()
    judged(session, case)
    with pytest.raises(CaseworkError, match=r"by right.*Damaged"):
        act(session, case, "decide", seller_decision="reject", reason="No.")
    with pytest.raises(CaseworkError, match=r"still owed.*Damaged"):
        act(session, case, "close", reason="Done.")
    step(session, case, "label_sent")
    step(session, case, "return_in_transit")
    with pytest.raises(CaseworkError, match=r"by right.*Damaged"):
        act(session, case, "record_refund", amount="79.99")
    with pytest.raises(CaseworkError, match="more than that"):
        act(session, case, "record_refund", amount="80.01")
    assert case.state == "open"


def test_more_is_goodwill_of_a_lead_and_called_so(session: Session, opened: Opener) -> None:
    case = opened("remorse")
    act(session, case, "decide", seller_decision="reject", reason="It was used.")
    gift = {"amount": "40.00", "reason": "You waited long.", "goodwill": "yes"}
    with pytest.raises(CaseworkError, match="lead"):
        act(session, case, "record_refund", **gift)
    with pytest.raises(CaseworkError, match="Why we go beyond"):
        act(session, case, "record_refund", "lead", amount="40.00", goodwill="yes")
    told = act(session, case, "record_refund", "lead", **gift)
    assert "courtesy" in told.text
    assert case.log[-1].data["goodwill"] is True


@pytest.mark.parametrize("situation", ["damaged", "defective", "other", "remorse"])
def test_goodwill_never_ends_a_case_that_is_still_open_to_a_right(
    session: Session, opened: Opener, situation: str
) -> None:
    case = opened(situation)
    assert not [name for name in names(case, "lead") if name.startswith("goodwill")]


def test_goodwill_beside_a_right_is_never_less(session: Session, opened: Opener) -> None:
    case = opened()
    judged(session, case)
    assert [name for name in names(case, "lead") if name.startswith("goodwill")] == [
        "goodwill record_refund"
    ]
    with pytest.raises(CaseworkError, match="by right"):
        act(session, case, "record_refund", "lead", amount="10", reason="Here.", goodwill="yes")


def test_a_rejection_and_a_doubt_need_a_reason_the_customer_reads(
    session: Session, opened: Opener
) -> None:
    case = opened()
    step(session, case, "evidence_submitted")
    with pytest.raises(CaseworkError, match="Reason"):
        act(session, case, "judge_evidence", evidence="insufficient")
    told = act(session, case, "judge_evidence", evidence="insufficient", reason="Too dark.")
    assert "Too dark." in told.text
    assert told.decision.outcome == "need_evidence"
    with pytest.raises(CaseworkError, match="Reason"):
        act(session, case, "decide", seller_decision="reject")
    told = act(session, case, "decide", seller_decision="reject", reason="Nothing to see.")
    assert told.decision.outcome == "declined"
    assert names(case) == ["close"]


def test_a_late_request_is_accepted_and_goes_on_as_if_in_time(
    session: Session, opened: Opener, make_order: MakeOrder
) -> None:
    old = NOW.date() - timedelta(days=40)
    order = make_order(
        placed_on=old, ship_by=old, shipped_on=old, delivered_on=old + timedelta(days=2)
    )
    case = opened(order=order)
    step(session, case, "evidence_submitted")
    act(session, case, "decide", seller_decision="accept")
    assert names(case) == ["judge_evidence"]


def test_a_cancellation_is_accepted_and_the_order_canceled(
    session: Session, opened: Opener, make_order: MakeOrder
) -> None:
    order = make_order(status="processing", ship_by=NOW.date() + timedelta(days=2))
    case = opened("cancel", order=order, facts={})
    act(session, case, "decide", seller_decision="accept")
    assert names(case) == ["cancel_order", "record_refund"]  # paid last: it ends the case
    act(session, case, "record_refund", amount="80")
    act(session, case, "cancel_order")
    assert order.status == "cancelled"


def test_a_dispute_is_settled_in_words_or_in_goods(session: Session, opened: Opener) -> None:
    case = opened("other", facts={})
    assert names(case) == ["record_refund", "record_redelivery", "record_replacement", "close"]
    told = act(session, case, "close", reason="The missing box was found at the depot.")
    assert "found at the depot" in told.text
    with pytest.raises(CaseworkError, match="closed"):
        act(session, case, "close", reason="Again.")


def test_what_is_done_is_not_promised_again(session: Session, opened: Opener) -> None:
    case = opened()
    judged(session, case)
    told = act(session, case, "record_label", label="1Z")
    assert told.card is not None
    assert "We send you a prepaid return label" not in str(told.card["lines"])
    assert "Done on Friday, March 13: the prepaid return label." in str(told.card["lines"])


def test_an_order_is_not_paid_back_twice(session: Session, opened: Opener) -> None:
    case = opened("other")
    other = opened("remorse", order=case.order, key="k2")
    act(session, other, "decide", seller_decision="accept", fee_percent="0")
    step(session, other, "return_in_transit")
    act(session, case, "record_refund", amount="30.00")
    with pytest.raises(CaseworkError, match=r"\$30.00 of its \$80.00 already"):
        act(session, other, "record_refund", amount="80.00")
    act(session, other, "record_refund", amount="50.00")
    third = opened("damaged", order=case.order, key="k3")
    judged(session, third)
    step(session, third, "return_in_transit")
    assert "close" in names(third)  # nothing is left to be paid


def test_a_case_opened_again_is_ended_again(session: Session, opened: Opener) -> None:
    case = opened()
    judged(session, case)
    step(session, case, "label_sent")
    step(session, case, "return_in_transit")
    act(session, case, "record_refund", amount="80.00")
    act(session, case, "reopen", role="lead", reason="The bank sent it back.")
    now = situation_of(case, policy_in_force(), day_of(NOW))
    assert waits_for(now) == "dispute"
    assert names(case) == ["record_refund", "close"]
    act(session, case, "record_refund", amount="80.00", key="again")
    assert case.state == "closed"


def test_a_rejection_can_be_decided_anew_once_it_was_opened_again(
    session: Session, opened: Opener
) -> None:
    case = opened("remorse")
    act(session, case, "decide", seller_decision="reject", reason="No.")
    act(session, case, "close", reason="We declined it.")
    act(session, case, "reopen", role="lead", reason="We were wrong.")
    assert names(case) == ["decide"]
    told = act(session, case, "decide", seller_decision="accept", fee_percent="0")
    assert told.decision.outcome == "entitled"


def test_a_fee_over_a_new_cap_is_set_anew(
    session: Session, opened: Opener, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    case = opened("remorse")
    act(session, case, "decide", seller_decision="accept", fee_percent="35")
    file = tmp_path / "2026-03-20.yml"
    text = policy_in_force().path.read_text("utf-8").replace('value: "35"', 'value: "20"')
    file.write_text(text.replace('"2026-01-01"\neffective: 2026-01-01',
                                 '"2026-03-20"\neffective: 2026-03-20'), "utf-8")  # fmt: skip
    monkeypatch.setenv("POLICY_FILE", str(file))
    later = NOW + timedelta(days=10)
    assert names(case, now=later) == ["decide"]
    assert waits_for(situation_of(case, policy_in_force(), day_of(later))) == "decide"
    with pytest.raises(CaseworkError, match="0 to 20 percent"):
        act(session, case, "decide", seller_decision="accept", fee_percent="21", now=later)
    told = act(
        session, case, "decide", seller_decision="accept", fee_percent="20", now=later, key="anew"
    )
    assert told.decision.amounts["refund_max"] == "64.00"


def test_opening_again_is_for_leads_and_for_one_open_case(session: Session, opened: Opener) -> None:
    case = opened("other", facts={})
    act(session, case, "close", reason="Done.")
    with pytest.raises(CaseworkError):
        act(session, case, "reopen", reason="Wrong.")
    act(session, case, "reopen", "lead", reason="We were wrong.")
    assert find_open_case(session, case.order, "other") is case
    act(session, case, "close", reason="Done.")
    opened("other", order=case.order, facts={}, key="second")
    with pytest.raises(CaseworkError, match="another open case"):
        act(session, case, "reopen", "lead", reason="We were wrong.")


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ({"amount": "abc"}, "Amount"),
        ({"amount": "-5"}, "Amount"),
        ({"amount": "5.001"}, "Amount"),
        ({"amount": "NaN"}, "Amount"),
        ({}, "Amount"),
        ({"amount": "80", "color": "red"}, "color"),
    ],
)
def test_a_bad_field_is_named(
    session: Session, opened: Opener, data: dict[str, str], named: str
) -> None:
    case = opened("other", facts={})
    with pytest.raises(CaseworkError, match=named):
        act(session, case, "record_refund", **data)


def test_the_customer_hears_of_it_where_they_wrote_last(session: Session, opened: Opener) -> None:
    case = opened("other", facts={})
    for conversation in ("c", "later", "a-strangers"):
        add_message(
            session, conversation, audience="customer", author="customer", text="Hi", now=NOW
        )
    verify(session, "later", case.order.number, "90012", NOW)
    act(session, case, "close", reason="Done.")
    heard = [one.conversation_id for one in session.scalars(
        select(Message).where(Message.author == "assistant"))]  # fmt: skip
    assert heard == ["later"]
    assert len(messages_after(session, "later", "customer")) == 2


def test_a_key_serves_one_act_of_one_case(session: Session, opened: Opener) -> None:
    case = opened("other", facts={})
    act(session, case, "close", reason="Done.", key="k1")
    other = opened("remorse", order=case.order, key="second")
    with pytest.raises(CaseworkError, match="something else"):
        act(session, other, "decide", seller_decision="reject", reason="No.", key="k1")
    with pytest.raises(CaseworkError, match="something else"):
        act(session, case, "record_refund", amount="1", key="k1")


@pytest.fixture
def waiting(database: Database) -> None:
    with database.begin() as session:
        order = new_order()
        session.add(order)
        session.flush()
        open_case(
            session,
            order=order,
            situation="remorse",
            facts={},
            conversation_id="c",
            now=NOW,
            key="o",
        )


def test_of_two_agents_at_once_one_decides(database: Database, waiting: None) -> None:
    refused: list[str] = []

    def decide_it(number: int) -> None:
        with database.begin() as session:
            case = session.scalars(select(Case)).one()
            try:
                perform(
                    session, case, "decide",
                    {"seller_decision": ("accept", "reject")[number], "fee_percent": "0",
                     "reason": "So."},
                    actor=f"agent:{number}", role="agent", now=NOW, key=f"k{number}",
                )  # fmt: skip
            except CaseworkError as error:
                refused.append(str(error))

    at_once(2, decide_it)
    assert len(refused) == 1
    with database.begin() as session:
        assert len(list(session.scalars(select(Message)))) == 1


def test_notes_stay_possible_beside_acts(session: Session, opened: Opener) -> None:
    case = opened("other", facts={})
    record(session, case, "note", {"text": "Asked the depot."}, actor="agent:kim", now=NOW, key="n")
    assert names(case)[0] == "record_refund"

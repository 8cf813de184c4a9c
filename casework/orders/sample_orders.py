"""The sample orders: one for every situation and edge of the policy, dated from today.

A day is an offset from today: -3 is three days ago. The edges are the policy file's own numbers.
"""

from dataclasses import dataclass, field
from typing import Any

from policy_core import Policy

Goods = tuple[str, str, str]

CHAIR: Goods = ("CH-210", "Mesh desk chair", "189.00")
DESK: Goods = ("DK-140", "Sit-stand desk, 55 inch", "429.00")
LAMP: Goods = ("LA-033", "LED desk lamp", "33.33")
PAPER: Goods = ("PA-500", "Copy paper, case of 10 reams", "48.90")
PRINTER: Goods = ("PR-820", "Laser printer", "249.50")
SHREDDER: Goods = ("SH-060", "Paper shredder", "119.99")
CABINET: Goods = ("CB-300", "Filing cabinet, 3 drawers", "164.75")
PENS: Goods = ("PN-024", "Gel pens, box of 24", "17.40")


_CUSTOMERS = """\
10480 maria.lopez 90012
10481 james.carter 60614
10482 dana.kim 94110
10483 omar.haddad 78701
10484 lucy.brandt 02139
10485 peter.novak 80205
10486 grace.liu 98101
10487 tom.becker 33130
10488 aisha.bello 30303
10489 henry.wood 55401
10490 nina.petrov 19103
10491 carlos.mendes 85004
10492 ruth.cohen 11215
10493 ben.fischer 48226
10494 ivy.chan 97205
10495 samuel.green 37203
10496 elena.rossi 07302
10497 victor.osei 20001
10498 joan.murphy 44114
10499 felix.wagner 63101
10500 sara.ahmed 89101
10501 kevin.brown 46204
10502 MONA.Reyes 92101-4410
10503 leo.martin 28202
10504 olga.ivanova 73102
10505 paul.nguyen 95814
10506 rosa.diaz 87102
10507 adam.scott 53202
10508 wendy.cole 40202
10509 yusuf.demir 43215
10510 hannah.price 23219
10511 george.bell 64106
10512 lena.schmidt 84101
10513 mark.evans 70112
10514 tina.walsh 15222
10515 ralph.stone 32801
10516 julia.adams 96813
10517 diego.silva 33602
10518 nora.quinn 27601
10519 ian.clark 04101
10520 amy.foster 83702"""
_PEOPLE = {
    number: (who, zip_code) for number, who, zip_code in map(str.split, _CUSTOMERS.splitlines())
}


@dataclass(frozen=True)
class Step:
    """What happened to a sample case: how many days from today, and the log entry."""

    day: int
    kind: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SampleCase:
    """A case that is there already, asked for on ``day``."""

    day: int
    situation: str
    claims: dict[str, str] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Sample:
    """A sample order; ``story`` is what a newcomer can try with it."""

    number: str
    email: str
    zip: str
    story: str
    goods: tuple[tuple[Goods, int], ...]
    status: str
    placed: int
    ship_by: int
    shipped: int | None = None
    delivered: int | None = None
    case: SampleCase | None = None


def sample_orders(policy: Policy) -> list[Sample]:
    """Return every sample order, in the order of their numbers."""
    window = int(policy.number("filing_window_days"))
    return [*_orders(window), *_orders_with_cases(policy, window)]


def _orders(window: int) -> list[Sample]:
    return [
        _waiting("10480", 4, "Not shipped yet, still in time: cancel it", CHAIR),
        _waiting("10481", 0, "Must ship today: not late yet", LAMP),
        _delivered("10482", -3, "Arrived 3 days ago: damaged, defective or not wanted", CHAIR),
        _waiting("10483", -1, "Should have shipped yesterday: full refund on request", PRINTER),
        _waiting("10484", -10, "Ten days late and still not shipped", DESK),
        _shipped("10485", -2, 1, "Shipped in time, on its way: too late to cancel", PAPER),
        _shipped("10486", -1, -4, "Shipped three days late, on its way", SHREDDER),
        _delivered("10487", -window, "Today is the last day to ask", PRINTER),
        _delivered("10488", -window - 1, "The time to ask ended yesterday", PRINTER),
        _delivered("10489", -3 * window, "Arrived long ago", CABINET),
        _delivered("10490", 0, "Arrived today", LAMP),
        _stuck("10491", "returned_to_sender", "The parcel came back to the shop", SHREDDER),
        _stuck("10492", "destroyed", "The carrier reports the parcel destroyed", LAMP),
        _shipped("10493", -6, -5, "On its way by our record; say that it was destroyed", DESK),
        _waiting("10494", 3, "The shop cannot supply it", CABINET, status="unfulfillable"),
        _waiting("10495", 1, "Was canceled before", PENS, status="cancelled"),
        _delivered("10496", -5, "Several items: say which one", CHAIR, LAMP, (PAPER, 3)),
        _waiting("10497", 3, "Wrong address, not shipped yet", PENS),
        _shipped("10498", -1, 0, "Wrong address, already shipped", PENS),
        _delivered("10499", -8, "Costs 33.33: the highest return fee is rounded down", LAMP),
        _shipped("10500", -9, -8, "On its way by our record; say that it came back", CHAIR),
        _delivered("10501", -1, "Marked delivered yesterday; say that it never came", PAPER),
        _delivered("10502", -4, "Capitals and a long ZIP on record: type it your way", (PENS, 2)),
    ]  # fmt: skip


def _orders_with_cases(policy: Policy, window: int) -> list[Sample]:
    refund = int(policy.number("refund_business_days"))
    redelivery = int(policy.number("redelivery_business_days"))
    fee = str(policy.number("restocking_fee_percent_max"))
    # Twice the days and a week more lie past any due date, weekends and holidays included.
    refund_over, redelivery_over = -2 * refund - 7, -2 * redelivery - 7
    money_back, new_one = {"remedy": "refund"}, {"remedy": "replacement"}
    sent, label, back = "evidence_submitted", "label_sent", "return_in_transit"
    good, poor = (("evidence_judged", {"evidence": how}) for how in ("compelling", "insufficient"))
    yes, no = (("seller_decided", {"seller_decision": how}) for how in ("accept", "reject"))
    yes_with_fee = ("seller_decided", yes[1] | {"fee_percent": fee})
    return [
        _asked("10503", "Damaged: the case waits for pictures", CHAIR,
               _case(-2, "damaged", money_back | {"evidence": "none"})),
        _asked("10504", "Damaged: pictures sent, nobody has judged them yet", DESK,
               _case(-2, "damaged", money_back, (-1, sent))),
        _asked("10505", "Damaged: the pictures were not enough, send more", PRINTER,
               _case(-4, "damaged", money_back, (-4, sent), (-2, *poor))),
        _asked("10506", "Damaged and proved: label sent, we wait for the return", LAMP,
               _case(-4, "damaged", money_back, (-4, sent), (-3, *good), (-3, label))),
        _asked("10507", "Damaged: the return is on its way, the refund is running", CHAIR,
               _case(-5, "damaged", money_back, (-5, sent), (-4, *good), (-3, label), (0, back))),
        _asked("10508", "Damaged: the refund is overdue", SHREDDER,
               _case(refund_over - 4, "damaged", money_back, (refund_over - 4, sent),
                     (refund_over - 3, *good), (refund_over - 2, label), (refund_over, back))),
        _asked("10509", "Not wanted: the shop has not decided yet", CABINET,
               _case(-1, "remorse", money_back)),
        _asked("10510", "Not wanted: accepted, with the highest return fee", PRINTER,
               _case(-3, "remorse", money_back, (-2, *yes_with_fee))),
        _asked("10511", "Not wanted: the shop said no", PAPER,
               _case(-3, "remorse", money_back, (-1, *no))),
        _asked("10512", "Damaged, asked a day too late: the shop accepted it anyway", DESK,
               _case(-2, "damaged", money_back, (-2, sent), (-1, *good), (-1, *yes)),
               after=window + 1),
        _asked("10513", "Damaged, asked a day too late: the shop declined", LAMP,
               _case(-2, "damaged", money_back, (-2, sent), (-1, *no)), after=window + 1),
        _asked("10514", "Defective: a replacement was chosen, the label is on its way", PRINTER,
               _case(-1, "defective", new_one, (-1, sent), (-1, *good))),
        _waiting("10515", 2, "A cancellation was asked for, the shop has not decided", DESK,
                 case=_case(-1, "cancel")),
        _waiting("10516", 2, "A cancellation was accepted, the refund is running", CHAIR,
                 case=_case(-1, "cancel", {}, (0, *yes), (0, "order_cancelled"))),
        _stuck("10517", "returned_to_sender", "Came back: the new delivery is overdue", CABINET,
               case=_case(redelivery_over, "returned_in_transit", {"remedy": "redelivery"})),
        _waiting("10518", -8, "Not shipped in time: the refund is running", SHREDDER,
                 case=_case(-1, "late_shipment", money_back)),
        _asked("10519", "An item is missing: a person is taking care of it", PENS,
               _case(-1, "other", {"description": "One of the boxes was missing."})),
        _asked("10520", "A refund was paid and the case is closed", LAMP,
               _case(-9, "damaged", money_back, (-9, sent), (-8, *good), (-8, label),
                     (-6, back), (-5, "refund_paid"))),
    ]  # fmt: skip


def _waiting(number: str, ship_by: int, story: str, *goods: Any, **more: Any) -> Sample:
    placed = min(ship_by, 0) - 4
    fields = {"status": "processing", "placed": placed, "ship_by": ship_by}
    return _sample(number, story, goods, **fields | more)


def _shipped(number: str, shipped: int, ship_by: int, story: str, *goods: Any) -> Sample:
    placed = min(shipped, ship_by) - 3
    return _sample(
        number, story, goods, status="shipped", placed=placed, ship_by=ship_by, shipped=shipped
    )


def _left(number: str, shipped: int, story: str, goods: Any, **more: Any) -> Sample:
    return _sample(
        number, story, goods, placed=shipped - 2, ship_by=shipped + 1, shipped=shipped, **more
    )


def _stuck(
    number: str, status: str, story: str, *goods: Any, case: SampleCase | None = None
) -> Sample:
    shipped = (case.day if case else 0) - 10
    return _left(number, shipped, story, goods, status=status, case=case)


def _delivered(number: str, day: int, story: str, *goods: Any) -> Sample:
    return _left(number, day - 3, story, goods, status="delivered", delivered=day)


def _asked(number: str, story: str, goods: Goods, case: SampleCase, *, after: int = 3) -> Sample:
    delivered = case.day - after
    return _left(
        number, delivered - 3, story, (goods,), status="delivered", delivered=delivered, case=case
    )


def _case(
    day: int, situation: str, claims: dict[str, str] | None = None, *steps: tuple[Any, ...]
) -> SampleCase:
    return SampleCase(day, situation, claims or {}, tuple(Step(*step) for step in steps))


def _sample(number: str, story: str, goods: tuple[Any, ...], **days: Any) -> Sample:
    who, zip_code = _PEOPLE[number]
    counted = tuple(one if isinstance(one[0], tuple) else (one, 1) for one in goods)
    return Sample(number, f"{who}@example.com", zip_code, story, counted, **days)

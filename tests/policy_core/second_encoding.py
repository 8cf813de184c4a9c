"""The policy once more, as plain if/else: written from the policy's text and rulings alone, not
from the rules file, so that a slip in either shows as a difference.

`opinion` takes complete facts in their classes and says what a decision has to hold.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

READY_TO_SHIP = "processing"
LATE = "late"


class Asked(NamedTuple):
    """A request with every fact known. Timings are in_time, last_day, late or "-"."""

    situation: str
    status: str
    wait: str
    dispatch: str
    window: str
    remedy: str
    evidence: str
    seller: str


class Duty(NamedTuple):
    party: str
    action: str
    clock: str | None = None


@dataclass(frozen=True)
class Opinion:
    outcome: str
    clause: str
    remedy: str | None = None
    clauses: frozenset[str] = frozenset()
    readings: frozenset[int] = frozenset()
    alternatives: tuple[str, ...] = ()
    duties: tuple[Duty, ...] = ()
    money: str | None = None
    time: str | None = None
    """What is said about the time to ask: in time, late and taken up all the same, no limit."""

    def resting_on(self, *clauses: str, readings: tuple[int, ...] = ()) -> "Opinion":
        return replace(
            self, clauses=self.clauses | set(clauses), readings=self.readings | set(readings)
        )


OWN_CLAUSE = {
    "cancel": "cancel-before-shipment",
    "late_shipment": "late-shipment",
    "out_of_stock": "out-of-stock",
    "damaged": "damaged-goods",
    "defective": "defective-goods",
    "remorse": "remorse-discretion",
    "wrong_information": "wrong-information",
    "returned_in_transit": "returned-in-transit",
    "destroyed_in_transit": "destroyed-in-transit",
    "other": "other-circumstances",
}


def opinion(asked: Asked) -> Opinion:
    found = SITUATIONS[asked.situation](asked)
    clauses = found.clauses | {found.clause, OWN_CLAUSE[asked.situation]}
    found = replace(found, clauses=frozenset(clauses))
    return found if found.outcome == "declined" else with_time_to_ask(asked, found)


def with_time_to_ask(asked: Asked, found: Opinion) -> Opinion:
    """What is open or given says how it stands with the window; a no says only why."""
    time = time_to_ask(asked)
    if time == "no limit":
        found = found.resting_on(readings=(8,))
    elif time is not None:
        found = found.resting_on("filing-window", readings=(1,))
    return replace(found, time=time)


def time_to_ask(asked: Asked) -> str | None:
    """Goods that were delivered have a window; parcels that never arrived have none (ruling 8)."""
    if asked.situation in ("damaged", "defective", "remorse") and asked.status == "delivered":
        if asked.window != LATE:
            return "in time"
        return "late, accepted" if asked.seller == "accept" else None
    lost = asked.situation == "destroyed_in_transit" and asked.status in ("shipped", "destroyed")
    back = asked.situation == "returned_in_transit" and asked.status == "returned_to_sender"
    return "no limit" if lost or back else None


# --- what is given ---------------------------------------------------------------------------


def refund_now(clause: str, *, readings: tuple[int, ...] = (), remedy: str = "refund") -> Opinion:
    """Three business days from the request."""
    return Opinion(
        "entitled",
        clause,
        remedy,
        clauses=frozenset({"processing-times"}),
        readings=frozenset({3, 6, 18, *readings}),
        duties=(Duty("seller", "refund", "request"),),
        money="full",
    )


def send_now(remedy: str, clause: str) -> Opinion:
    """Something goes out within the redelivery time, counted from the request."""
    return Opinion(
        "entitled",
        clause,
        remedy,
        clauses=frozenset({"processing-times"}),
        readings=frozenset({3}),
        duties=(Duty("seller", remedy, "request"),),
    )


def give_now(remedy: str, clause: str) -> Opinion:
    return refund_now(clause) if remedy == "refund" else send_now(remedy, clause)


def give_after_return(remedy: str, clause: str, situation: str) -> Opinion:
    """The goods go back with the shop's label; what is given follows once they travel."""
    label = (Duty("seller", "prepaid_label", "request"), Duty("customer", "return_goods", "label"))
    given = Opinion(
        "entitled",
        clause,
        remedy,
        clauses=frozenset({"processing-times", OWN_CLAUSE[situation]}),
        readings=frozenset({3}),
        duties=(*label, Duty("seller", remedy, "return")),
    )
    if situation == "defective":
        given = given.resting_on(readings=(15,))
    if remedy == "refund":
        return replace(given.resting_on(readings=(6, 18)), money="full")
    if situation == "damaged":
        given = given.resting_on(readings=(9,))
    return given


def elsewhere(clause: str, *alternatives: str, readings: tuple[int, ...] = ()) -> Opinion:
    return Opinion("not_available", clause, alternatives=alternatives, readings=frozenset(readings))


def disputed(clause: str, *alternatives: str) -> Opinion:
    """The record says something else: a dispute is one way on (reading 22)."""
    found = elsewhere(clause, *alternatives, "other")
    return found.resting_on("other-circumstances", readings=(22,))


def before_shipment(asked: Asked) -> tuple[str, ...]:
    """What is open for an order that has not left: the full refund only once it is late."""
    return ("late_shipment", "cancel") if asked.wait == LATE else ("cancel",)


def better_situation(asked: Asked) -> Opinion | None:
    """Where the order is decides some things for every situation about goods."""
    if asked.status == "returned_to_sender":
        return elsewhere("returned-in-transit", "returned_in_transit")
    if asked.status == "destroyed":
        return elsewhere("destroyed-in-transit", "destroyed_in_transit")
    if asked.status == "unfulfillable":
        return elsewhere("out-of-stock", "out_of_stock")
    return None


def cancelled_but_claimed() -> Opinion:
    return disputed("other-circumstances")


# --- the situations --------------------------------------------------------------------------


def cancel(asked: Asked) -> Opinion:
    own = "cancel-before-shipment"
    if asked.status == READY_TO_SHIP:
        if asked.wait == LATE:  # ruling 7: a right beats discretion
            return refund_now("late-shipment", readings=(7, 8))
        if asked.seller == "accept":
            return refund_now(own, remedy="cancellation")
        if asked.seller == "reject":
            return Opinion("declined", own)
        return Opinion("seller_decides", own, "cancellation")
    if asked.status == "unfulfillable":
        return refund_now("out-of-stock", readings=(7,))
    if asked.status in ("shipped", "delivered"):  # ruling 11
        return elsewhere(own, "remorse", readings=(11,))
    return better_situation(asked) or elsewhere(own)


def late_shipment(asked: Asked) -> Opinion:
    own = "late-shipment"
    if asked.status == READY_TO_SHIP:
        if asked.wait == LATE:
            return refund_now(own, readings=(7, 8))
        on_time = elsewhere(own, "cancel", readings=(7,))
        return on_time.resting_on("cancel-before-shipment")
    if asked.status == "unfulfillable":
        return refund_now("out-of-stock", readings=(7,))
    if asked.status in ("shipped", "delivered"):
        if asked.dispatch != LATE:
            return elsewhere(own, "remorse").resting_on("remorse-discretion")
        if asked.seller == "accept":
            return refund_now(own, readings=(14,))
        if asked.seller == "reject":
            declined = Opinion("declined", own, alternatives=("remorse",))
            return declined.resting_on("remorse-discretion", readings=(14,))
        return Opinion(
            "seller_decides", own, "refund", readings=frozenset({14}), alternatives=("remorse",)
        )
    return better_situation(asked) or elsewhere("cancel-before-shipment")


def out_of_stock(asked: Asked) -> Opinion:
    own = "out-of-stock"
    if asked.status == "unfulfillable":
        return refund_now(own, readings=(7,))
    if asked.status == READY_TO_SHIP:
        return elsewhere(own, *before_shipment(asked))
    if asked.status in ("shipped", "delivered"):
        return disputed(own, "remorse").resting_on("remorse-discretion")
    return better_situation(asked) or cancelled_but_claimed()


def goods(asked: Asked) -> Opinion:
    """Damaged and defective goods share the window and the evidence."""
    if asked.status == READY_TO_SHIP:
        return disputed("other-circumstances", *before_shipment(asked))
    if asked.status == "shipped":
        return disputed("destroyed-in-transit", "destroyed_in_transit")
    if asked.status != "delivered":
        return better_situation(asked) or cancelled_but_claimed()
    if asked.window == LATE:
        if asked.seller == "undecided":  # ruling 2
            return Opinion(
                "seller_decides", "filing-window", asked.remedy, readings=frozenset({1, 2})
            )
        if asked.seller == "reject":
            return Opinion("declined", "filing-window", readings=frozenset({1, 2}))
        return judged(asked).resting_on(readings=(2,))
    return judged(asked)


def judged(asked: Asked) -> Opinion:
    """The evidence of damaged and defective goods, the window being settled."""
    if asked.evidence == "compelling":
        return damaged_right(asked) if asked.situation == "damaged" else defective_right(asked)
    if asked.evidence == "insufficient" and asked.seller == "accept":
        if asked.window == LATE:  # the one acceptance was for the late request
            return lacking(asked, 10, 20)
        given = give_after_return(asked.remedy, "evidence", asked.situation)
        return given.resting_on(readings=(20,))
    return unproved(asked)


def unproved(asked: Asked) -> Opinion:
    """What every request with evidence has in common while it proves nothing yet."""
    if asked.evidence == "submitted":  # ruling 10
        return Opinion("seller_decides", "evidence", asked.remedy, readings=frozenset({10}))
    if asked.seller == "reject":
        return Opinion("declined", "evidence", readings=frozenset({10}))
    if asked.evidence == "none":
        return lacking(asked, 19)
    return lacking(asked, 10)


def lacking(asked: Asked, *readings: int) -> Opinion:
    duty = Duty("customer", "provide_evidence")
    return Opinion(
        "need_evidence", "evidence", asked.remedy, readings=frozenset(readings), duties=(duty,)
    )


def damaged_right(asked: Asked) -> Opinion:
    """A refund by right; anything else is the shop's to give (ruling 9)."""
    own = "damaged-goods"
    if asked.remedy == "refund":
        return give_after_return("refund", own, "damaged")
    if asked.seller == "undecided":
        return Opinion("seller_decides", own, asked.remedy, readings=frozenset({9}))
    granted = asked.remedy if asked.seller == "accept" else "refund"
    return give_after_return(granted, own, "damaged").resting_on(readings=(9,))


def defective_right(asked: Asked) -> Opinion:
    """A refund or a replacement, as the customer likes; a redelivery is the shop's to give."""
    own = "defective-goods"
    if asked.remedy in ("refund", "replacement"):
        return give_after_return(asked.remedy, own, "defective")
    if asked.seller == "undecided":
        return Opinion("seller_decides", own, asked.remedy, readings=frozenset({16}))
    granted = asked.remedy if asked.seller == "accept" else "refund"
    return give_after_return(granted, own, "defective").resting_on(readings=(16,))


def remorse(asked: Asked) -> Opinion:
    own = "remorse-discretion"
    if asked.status == READY_TO_SHIP:  # ruling 11
        found = elsewhere(own, *before_shipment(asked), readings=(11,))
        return found.resting_on("cancel-before-shipment")
    if asked.status not in ("shipped", "delivered"):
        return better_situation(asked) or elsewhere("cancel-before-shipment")
    arrived_late = asked.status == "delivered" and asked.window == LATE
    return in_or_out_of_window(asked, returned_for_no_fault(asked, late=arrived_late))


def returned_for_no_fault(asked: Asked, *, late: bool) -> Opinion:
    own = "remorse-discretion"
    fee = ("restocking-fee",)
    if asked.seller == "accept":
        return Opinion(
            "entitled",
            own,
            "refund",
            duties=(Duty("customer", "return_goods"), Duty("seller", "refund", "return")),
            money="less_fee",
        ).resting_on(*fee, "processing-times", readings=(3, 4, 5, 6, 17, 18))
    if asked.seller == "reject":
        return Opinion("declined", "filing-window" if late else own)
    decides = Opinion("seller_decides", "filing-window" if late else own, "refund")
    return replace(decides, money="less_fee").resting_on(*fee, readings=(4, 5, 18, 21))


def in_or_out_of_window(asked: Asked, found: Opinion) -> Opinion:
    if asked.status == "delivered" and asked.window == LATE:
        return found.resting_on("filing-window", readings=(1, 2))
    return found


def wrong_information(asked: Asked) -> Opinion:
    own = "wrong-information"
    if asked.status == "delivered":
        return disputed(own).resting_on(readings=(12,))
    if asked.status == "cancelled":
        return elsewhere("cancel-before-shipment")
    call = Opinion("contact_us", own, "correction").resting_on("contact", readings=(12,))
    if asked.status == "shipped":
        return call.resting_on("returned-in-transit")
    other = better_situation(asked)
    if other is not None:
        return replace(call, alternatives=other.alternatives).resting_on(other.clause)
    return call


def returned_in_transit(asked: Asked) -> Opinion:
    own = "returned-in-transit"
    if asked.status == "returned_to_sender":
        if asked.remedy in ("refund", "redelivery"):
            return give_now(asked.remedy, own)
        return unnamed_remedy(asked, own)
    if asked.status == READY_TO_SHIP:
        return disputed("other-circumstances", *before_shipment(asked))
    if asked.status in ("shipped", "delivered"):
        return disputed(own)
    return better_situation(asked) or cancelled_but_claimed()


def unnamed_remedy(asked: Asked, own: str) -> Opinion:
    """The text names a refund and a redelivery here; a replacement is the shop's to give."""
    if asked.seller == "undecided":
        return Opinion("seller_decides", own, asked.remedy, readings=frozenset({16}))
    granted = asked.remedy if asked.seller == "accept" else "refund"
    return give_now(granted, own).resting_on(readings=(16,))


def destroyed_in_transit(asked: Asked) -> Opinion:
    own = "destroyed-in-transit"
    if asked.status in ("shipped", "destroyed"):
        return proof_of_loss(asked)
    if asked.status == READY_TO_SHIP:
        return disputed("other-circumstances", *before_shipment(asked))
    if asked.status == "delivered":
        return disputed(own, "damaged")
    return better_situation(asked) or cancelled_but_claimed()


def proof_of_loss(asked: Asked) -> Opinion:
    own = "destroyed-in-transit"
    if asked.evidence == "compelling":
        if asked.remedy in ("refund", "redelivery"):
            return give_now(asked.remedy, own)
        return unnamed_remedy(asked, own)
    if asked.evidence == "insufficient" and asked.seller == "accept":
        return give_now(asked.remedy, "evidence").resting_on(readings=(20,))
    return unproved(asked)


def other(asked: Asked) -> Opinion:
    return Opinion("dispute", "other-circumstances").resting_on("contact")


SITUATIONS = {
    "cancel": cancel,
    "late_shipment": late_shipment,
    "out_of_stock": out_of_stock,
    "damaged": goods,
    "defective": goods,
    "remorse": remorse,
    "wrong_information": wrong_information,
    "returned_in_transit": returned_in_transit,
    "destroyed_in_transit": destroyed_in_transit,
    "other": other,
}

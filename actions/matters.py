"""What customers can bring to the assistant: the policy's situations, and two kinds of status."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True)
class Matter:
    """One thing a customer can bring.

    `name` is a situation of the policy, or one of `order_status`, `case_status`, `withdrawal` and
    `record`: nothing was said but that something is wrong, and the shop's record is looked at.
    `title` is how a customer would say it: a button bears it, and typing it means the same. `about`
    completes "I can help you with …". `intent` is what the language model calls it (None: reached
    by its title or an offer alone). `goods` tells whether it matters which items it is about.
    """

    name: str
    title: str
    about: str
    intent: str | None = None
    goods: bool = False


MATTERS: dict[str, Matter] = {
    matter.name: matter
    for matter in (
        Matter("cancel", "Cancel my order", "canceling the order", "cancel_order"),
        Matter("late_shipment", "Refund my late order", "a refund for the late order"),
        Matter("out_of_stock", "Refund my out-of-stock order", "a refund for what is out of stock"),
        Matter("damaged", "It arrived damaged", "damaged goods", "report_damaged_item", True),
        Matter("defective", "It does not work", "goods that do not work", "report_defective_item",
               True),
        Matter("remorse", "I no longer want it", "returning what you no longer want",
               "return_unwanted_item", True),
        Matter("wrong_information", "Correct the delivery address",
               "correcting the delivery details", "correct_address"),
        Matter("returned_in_transit", "My parcel went back to you",
               "a parcel that came back to us", "report_returned_in_transit"),
        Matter("destroyed_in_transit", "My parcel was destroyed on the way",
               "a parcel destroyed on its way", "report_destroyed_in_transit"),
        Matter("other", "Something else is wrong with my order",
               "what went wrong with the order", "report_other_problem", True),
        Matter("order_status", "Where is my order?", "finding out where the order is",
               "ask_order_status"),
        Matter("case_status", "Check on my refund or claim",
               "checking on a refund, return or claim", "ask_case_status"),
        Matter("withdrawal", "Withdraw my request", "withdrawing a request", "withdraw_request"),
        Matter("record", "Look at my order", "your order"),
    )
}  # fmt: skip

STATUS_MATTERS = frozenset({"order_status", "case_status", "record"})

FAULTS = ("damaged", "defective", "other")
_PARCEL = ("order_status", "returned_in_transit", "destroyed_in_transit", "late_shipment")
# Where it is to be sent, if it is sent again, belongs to these.
_SENT_AGAIN = ("returned_in_transit", "destroyed_in_transit")
SAME_STORY = frozenset(
    frozenset(pair)
    for pair in (
        *((goods, "remorse") for goods in FAULTS),
        *combinations(FAULTS, 2),
        *((parcel, "cancel") for parcel in _PARCEL),
        *((parcel, "order_status") for parcel in _PARCEL),
        *((parcel, "wrong_information") for parcel in _SENT_AGAIN),
    )
)
"""Pairs of which the second, said in the middle of the first, only tells more of it."""

REMEDIES_OF = {
    "late_shipment": ("refund",),
    "out_of_stock": ("refund",),
    "cancel": ("refund",),
    "remorse": ("refund",),
    "damaged": ("refund",),
    "defective": ("refund", "replacement"),
    "returned_in_transit": ("refund", "redelivery"),
    "destroyed_in_transit": ("refund", "redelivery"),
}
"""The remedies a customer gets or may choose between, matter by matter."""

_BY_INTENT = {matter.intent: matter for matter in MATTERS.values() if matter.intent}
_BY_TITLE = {matter.title.casefold(): matter for matter in MATTERS.values()}

# What a customer may want to settle who has not said what happened, the likeliest first.
WHAT_HAPPENED = ("damaged", "defective", "remorse", "order_status", "other")


def matter_for(text: str, intent: str | None) -> Matter | None:
    """The matter a message brings: by a button's title first, else by its intent."""
    return _BY_TITLE.get(text.strip().rstrip(".!").casefold()) or _BY_INTENT.get(intent or "")


def matter_of_intent(intent: str) -> Matter | None:
    """The matter of an intent, None where the intent brings none."""
    return _BY_INTENT.get(intent)


def buttons(names: list[str] | tuple[str, ...]) -> list[dict[str, str]]:
    """Quick replies for matters. Their payload is their title: plain text, never a command."""
    return [quick_reply(MATTERS[name].title) for name in names]


def quick_reply(title: str) -> dict[str, str]:
    """A button that says what it shows."""
    return {"title": title, "payload": title}

"""From the content of a policy file to a Policy; the first thing that is wrong is named."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from zoneinfo import ZoneInfo

from policy_core.model import (
    OWN,
    Clause,
    Contact,
    Context,
    Interpretation,
    Number,
    Policy,
    Situation,
    Step,
    Topic,
)
from policy_core.node import Node, read_yaml
from policy_core.rules_reader import read_rules, read_when
from policy_core.sentences_reader import StepReader, complete, read_promises
from policy_core.space import REMEDIES, SITUATIONS
from policy_core.wording import Wording

NUMBERS = (
    "filing_window_days",
    "label_business_days",
    "refund_business_days",
    "redelivery_business_days",
    "restocking_fee_percent_max",
)
ASKED_FACTS = ("order_status", "ship_by", "shipped_on", "delivered_on", "remedy", "evidence")
"""The facts `missing` may name, in the order worth asking."""

CLAUSES = (
    "terms-change", "filing-window", "cancel-before-shipment", "out-of-stock", "damaged-goods",
    "remorse-discretion", "restocking-fee", "processing-times", "evidence", "late-shipment",
    "returned-in-transit", "destroyed-in-transit", "wrong-information", "defective-goods",
    "other-circumstances", "contact",
)  # fmt: skip
TOPICS = (
    "overview",
    "filing_window", "cancellation", "damaged", "defective", "remorse", "restocking_fee",
    "return_shipping", "refund_timing", "redelivery_timing", "replacement", "evidence",
    "late_shipment", "returned_in_transit", "destroyed_in_transit", "wrong_information",
    "out_of_stock", "other_disputes", "terms_change", "business_days", "contact",
)  # fmt: skip
_SAID = (
    "need_facts", "choose_remedy", "version_changed", "version_honored", "version_enforced",
    "version_caps_fee",
)  # fmt: skip
WORDS = (*REMEDIES, "cancellation", "correction", "or", "and")
_SECTIONS = (
    "version", "effective", "seller", "zone", "contact", "numbers", "clauses", "interpretations",
    "facts", "words", "situations", "steps", "context", "obligations", "amounts", "said", "rules",
    "topics",
)  # fmt: skip
_PHONE = re.compile(r"[+0-9][0-9 ()\-.]{5,24}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def read_policy(path: Path) -> Policy:
    """The policy of a file. PolicyError naming the place of whatever is wrong."""
    root = read_yaml(path)
    root.only(*_SECTIONS, required=_SECTIONS)
    numbers = _numbers(root.child("numbers"))
    contact = _contact(root.child("contact"))
    known = {
        "phone": contact.phone,
        "reach": contact.reach,
        **{name: str(number.value) for name, number in numbers.items()},
    }
    wording = Wording(known)
    clauses = _clauses(root.child("clauses"), wording)
    readings = _interpretations(root.child("interpretations"), wording)
    situations = _situations(root.child("situations"), clauses)
    read_steps = StepReader(wording, clauses, readings)
    steps = read_steps(root.child("steps"))
    promises = read_promises(root.child("obligations"), numbers, read_steps)
    return Policy(
        version=root.child("version").text(),
        effective=root.child("effective").day(),
        seller=root.child("seller").text(),
        zone=_zone(root.child("zone")),
        contact=contact,
        numbers=numbers,
        clauses=clauses,
        interpretations=readings,
        facts=_named_texts(root.child("facts"), ASKED_FACTS),
        words=_named_texts(root.child("words"), WORDS),
        situations=situations,
        steps=steps,
        context=_context(root.child("context"), steps),
        promises=promises,
        amounts=read_steps(root.child("amounts"), ("full", "fee_open", "fee_known")),
        said=read_steps(
            root.child("said"),
            _SAID,
        ),
        rules=read_rules(root.child("rules"), (*clauses, OWN), steps, promises),
        topics=_topics(root.child("topics"), wording, clauses),
        path=path,
    )


def _zone(node: Node) -> ZoneInfo:
    name = node.text()
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise node.error(f"no such time zone {name!r}") from None


def _named_texts(node: Node, names: tuple[str, ...]) -> dict[str, str]:
    complete(node, names)
    return {name: node.child(name).text() for name in names}


def _numbers(node: Node) -> dict[str, Number]:
    complete(node, NUMBERS)
    numbers: dict[str, Number] = {}
    for name, entry in node.children():
        complete(entry, ("value", "unit", "since", "clause"))
        value = entry.child("value")
        is_percent = name.endswith("percent_max")
        numbers[name] = Number(
            value=_percentage(value) if is_percent else value.whole_number(at_least=1),
            unit=entry.child("unit").text(),
            clause=entry.child("clause").one_of(CLAUSES, "clause"),
            since=entry.child("since").day(),
        )
    return numbers


def _percentage(node: Node) -> Decimal:
    try:
        value = Decimal(str(node.value))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or not 0 <= value <= 100:
        raise node.error(f"must be a percentage from 0 to 100, got {node.value!r}")
    return value


def _contact(node: Node) -> Contact:
    keys = ("phone", "email", "by_phone", "by_phone_or_email")
    node.only(*keys, required=("phone", "by_phone", "by_phone_or_email"))
    phone, email = node.child("phone").text(), node.child("email").optional_text()
    if not _PHONE.fullmatch(phone):
        raise node.child("phone").error(f"must be a phone number, got {phone!r}")
    if email is not None and not _EMAIL.fullmatch(email):
        raise node.child("email").error(f"must be an e-mail address or null, got {email!r}")
    way = node.child("by_phone" if email is None else "by_phone_or_email")
    known = {"phone": phone} if email is None else {"phone": phone, "email": email}
    return Contact(phone, email, Wording(known).plain(way.text(), way.place))


def _clauses(node: Node, wording: Wording) -> dict[str, Clause]:
    complete(node, CLAUSES)
    clauses: dict[str, Clause] = {}
    for id in CLAUSES:
        entry = node.child(id)
        complete(entry, ("where", "title", "summary"))
        summary = wording.plain(entry.child("summary").text(), f"{entry.place}.summary")
        clauses[id] = Clause(id, entry.child("where").text(), entry.child("title").text(), summary)
    return clauses


def _interpretations(node: Node, wording: Wording) -> dict[int, Interpretation]:
    readings: dict[int, Interpretation] = {}
    for number, entry in node.children():
        if not isinstance(number, int) or number < 1:
            raise entry.error("an interpretation is named by a number from 1")
        complete(entry, ("title", "reading", "reason"))
        readings[number] = Interpretation(
            *(
                wording.plain(entry.child(key).text(), f"{entry.place}.{key}")
                for key in ("title", "reading", "reason")
            )
        )
    return readings


def _situations(node: Node, clauses: Mapping[str, Clause]) -> dict[str, Situation]:
    complete(node, SITUATIONS)
    situations: dict[str, Situation] = {}
    for name in SITUATIONS:
        entry = node.child(name)
        entry.only(
            "title", "clause", "unstated_remedy", "remedies", "evidence",
            required=("title", "clause"),
        )  # fmt: skip
        unstated = entry.child("unstated_remedy")
        situations[name] = Situation(
            name=name,
            title=entry.child("title").text(),
            clause=entry.child("clause").one_of(clauses, "clause"),
            unstated_remedy=None if unstated.value is None else unstated.one_of(REMEDIES, "remedy"),
            remedies=entry.child("remedies").names(REMEDIES, "remedy"),
            evidence=_evidence(entry.child("evidence")),
        )
    return situations


def _evidence(node: Node) -> tuple[dict[str, str], ...]:
    if node.value is None:
        return ()
    return tuple(_named_texts(kind, ("kind", "description")) for kind in node.items())


def _context(node: Node, steps: Mapping[str, Step]) -> tuple[Context, ...]:
    found = []
    for entry in node.items():
        complete(entry, ("step", "situations", "when"))
        found.append(
            Context(
                step=entry.child("step").one_of(steps, "step"),
                situations=entry.child("situations").names(SITUATIONS, "situation"),
                when=read_when(entry.child("when")),
            )
        )
    return tuple(found)


def _topics(node: Node, wording: Wording, clauses: Mapping[str, Clause]) -> dict[str, Topic]:
    complete(node, TOPICS)
    topics: dict[str, Topic] = {}
    for name in TOPICS:
        entry = node.child(name)
        complete(entry, ("title", "clauses", "text"))
        topics[name] = Topic(
            name=name,
            title=entry.child("title").text(),
            text=wording.plain(entry.child("text").text(), f"{entry.place}.text"),
            clauses=entry.child("clauses").names(clauses, "clause"),
        )
    return topics

"""Reading the sentences of a policy file: the steps of explanations, and the promises."""

from collections.abc import Mapping

from policy_core.facts import FACT_NAMES
from policy_core.model import OWN, Clause, Interpretation, Number, Promise, Step, Text
from policy_core.node import Node
from policy_core.space import SITUATIONS
from policy_core.wording import Wording

_DATED = ("requested_on", "ship_by", "shipped_on", "delivered_on", "return_in_transit_on")


def complete(node: Node, names: tuple[str, ...]) -> None:
    """Refuse a mapping that does not hold exactly these keys."""
    node.only(*names, required=names)


class StepReader:
    """Reads the sections whose entries are steps."""

    def __init__(
        self,
        wording: Wording,
        clauses: Mapping[str, Clause],
        readings: Mapping[int, Interpretation],
    ) -> None:
        self.wording, self.clauses, self.readings = wording, clauses, readings

    def __call__(self, node: Node, names: tuple[str, ...] | None = None) -> dict[str, Step]:
        """The steps of a section; exactly these names, where any are given."""
        if names is not None:
            complete(node, names)
        return {name: self._step(name, entry) for name, entry in node.children()}

    def _step(self, name: str, node: Node) -> Step:
        node.only(
            "clause", "facts", "interpretations", "text", "otherwise", required=("clause", "text")
        )
        return Step(
            name=name,
            clause=node.child("clause").one_of((*self.clauses, OWN), "clause"),
            facts=node.child("facts").names(FACT_NAMES, "fact"),
            interpretations=node.child("interpretations").numbers(self.readings),
            text=self.sentence(node.child("text"), node.child("otherwise")),
        )

    def sentence(self, text: Node, otherwise: Node | None = None) -> Text:
        """The sentence of a node, with what is said where a date is not known."""
        fallback = None if otherwise is None else otherwise.optional_text()
        return self.wording.sentence(text.text(), fallback, text.place)


def read_promises(
    node: Node, numbers: Mapping[str, Number], steps: StepReader
) -> dict[str, Promise]:
    """The promises of the `obligations` section, with their numbers of days filled in."""
    promises: dict[str, Promise] = {}
    for name, entry in node.children():
        entry.only(
            "party", "action", "within", "from", "after", "ends_with", "clause",
            "interpretations", "interpretations_in", "text", "waiting",
            required=("party", "action"),
        )  # fmt: skip
        within, start, ends = (entry.child(key) for key in ("within", "from", "ends_with"))
        if (within.value is None) != (start.value is None):
            raise entry.error("'within' and 'from' belong together")
        days = None if within.value is None else numbers[within.one_of(numbers, "number")].value
        text, waiting = entry.child("text"), entry.child("waiting")
        promises[name] = Promise(
            name=name,
            party=entry.child("party").one_of(("seller", "customer"), "party"),
            action=entry.child("action").one_of(_ACTIONS, "action"),
            days=None if days is None else int(days),
            starts_with=None if start.value is None else start.one_of(_DATED, "dated fact"),
            ends_with=None if ends.value is None else ends.one_of(_DATED, "dated fact"),
            after=entry.child("after").optional_text(),
            clause=OWN
            if entry.child("clause").value is None
            else entry.child("clause").one_of(steps.clauses, "clause"),
            interpretations=entry.child("interpretations").numbers(steps.readings),
            interpretations_in=_by_situation(entry.child("interpretations_in"), steps.readings),
            text=None if text.value is None else steps.sentence(text),
            waiting=None if waiting.value is None else steps.sentence(waiting),
        )
    return promises


def _by_situation(node: Node, readings: Mapping[int, Interpretation]) -> dict[str, tuple[int, ...]]:
    if node.value is None:
        return {}
    node.only(*SITUATIONS)
    return {name: entry.numbers(readings) for name, entry in node.children()}


_ACTIONS = (
    "prepaid_label", "refund", "redelivery", "replacement", "return_goods", "provide_evidence",
)  # fmt: skip

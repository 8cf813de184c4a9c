"""The whole classified fact space, cell by cell: nothing is sampled here."""

from itertools import product

import pytest

from policy_core import Policy
from policy_core.check import findings
from policy_core.classify import classify
from policy_core.decision import cell_of
from policy_core.engine import Rulebook
from policy_core.examples import example
from policy_core.facts import parse_facts
from policy_core.model import OWN
from policy_core.reader import ASKED_FACTS, CLAUSES
from policy_core.space import DOMAINS, SITUATIONS, Cell, all_cells, complete_cells
from policy_core.versions import decide
from tests.policy_core.comparing import as_opinion, asked, completed, second

COMPLETE = tuple(complete_cells())
STANDING = {
    "declined": 0,
    "need_evidence": 1,
    "seller_decides": 1,
    "entitled": 2,
}
"""How well a customer stands; evidence to send or a person to decide are both still open."""


def test_the_space_has_the_size_the_docs_state() -> None:
    assert len(set(COMPLETE)) == len(COMPLETE) == 8280
    cells = list(all_cells())
    assert len(set(cells)) == len(cells) == 27000
    assert set(COMPLETE) <= set(cells)


def test_exactly_one_undefeated_rule_in_every_cell(book: Rulebook) -> None:
    wrong = [cell for cell in COMPLETE if len(book.match(cell).undefeated) != 1]
    assert wrong == []


def test_no_rule_is_dead(policy: Policy, book: Rulebook) -> None:
    assert {book.rule(cell).id for cell in COMPLETE} == {rule.id for rule in policy.rules}


def test_only_the_approved_catch_all_reaches_cells_alone(book: Rulebook) -> None:
    alone = {book.rule(cell).id for cell in COMPLETE if not book.rule(cell).when}
    assert alone == {"any-other-dispute"}
    assert book.rule(next(cell for cell in COMPLETE if cell.situation == "other")).outcome == (
        "dispute"
    )


def test_every_operative_clause_is_cited(policy: Policy, book: Rulebook) -> None:
    cited = {clause for cell in COMPLETE for clause in book.verdict(cell).clauses}
    assert cited == set(CLAUSES) - {"terms-change"}  # cited where versions meet
    assert policy.said["version_changed"].clause == "terms-change"


def test_every_interpretation_is_named_by_a_decision(policy: Policy, book: Rulebook) -> None:
    named = {number for cell in COMPLETE for number in book.verdict(cell).interpretations}
    assert named == set(policy.interpretations) - {13}


def test_check_finds_nothing_in_the_published_version(policy: Policy) -> None:
    assert list(findings(policy)) == []


@pytest.mark.parametrize("situation", SITUATIONS)
def test_the_second_encoding_says_the_same_everywhere(book: Rulebook, situation: str) -> None:
    for cell in COMPLETE:
        if cell.situation == situation:
            assert as_opinion(book.verdict(cell)) == second(cell), asked(cell)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_unknown_facts_are_asked_for_only_where_they_decide(book: Rulebook, situation: str) -> None:
    """Every cell with unknown facts, against the definition of `missing` and the second encoding:
    a fact is decisive where some way to fill in the others leaves the outcome hanging on it.
    """
    outcomes = {
        tuple(each[0] for each in cell[1:]): second(cell).outcome
        for cell in COMPLETE
        if cell.situation == situation
    }
    for cell in all_cells((situation,)):
        verdict = book.verdict(cell)
        stated = cell._replace(remedy=("refund",)) if _unstated_is_refund(cell) else cell
        filled = {
            at: outcomes[tuple(each[0] for each in completed(situation, at)[1:])]
            for at in product(*stated[1:])
        }
        decisive = _decisive(filled)
        assert set(verdict.missing) == decisive, cell
        if decisive:
            assert verdict.outcome == "need_facts", cell
        else:
            assert {verdict.outcome} == set(filled.values()), cell


def _unstated_is_refund(cell: Cell) -> bool:
    """For damaged goods a refund is the right, so a wish is never asked for (ruling 9)."""
    return cell.situation == "damaged" and len(cell.remedy) > 1


def _decisive(filled: dict[tuple[str, ...], str]) -> set[str]:
    decisive = set()
    for index, fact in enumerate(DOMAINS):
        by_others: dict[tuple[str, ...], set[str]] = {}
        for at, outcome in filled.items():
            by_others.setdefault((*at[:index], *at[index + 1 :]), set()).add(outcome)
        if any(len(found) > 1 for found in by_others.values()):
            decisive.add(fact)
    return decisive


def test_unknown_facts_leave_only_what_all_completions_share(book: Rulebook) -> None:
    """Where the outcome is settled early, nothing is promised that a later fact could take back."""
    for cell in all_cells():
        verdict = book.verdict(cell)
        if cell.complete or verdict.outcome == "need_facts" or _unstated_is_refund(cell):
            continue
        opinions = [second(completed(cell.situation, at)) for at in product(*cell[1:])]
        for opinion in opinions:
            duties = {(duty.party, duty.action) for duty in opinion.duties}
            assert {(each.party, each.action) for each in verdict.promises} <= duties, cell
            assert set(verdict.alternatives) <= set(opinion.alternatives), cell
        if verdict.outcome == "entitled" and len({opinion.remedy for opinion in opinions}) == 1:
            assert verdict.remedy == opinions[0].remedy


def test_every_cell_has_an_example_that_is_classified_to_it(policy: Policy) -> None:
    for cell in all_cells():
        facts = parse_facts(example(cell, policy), fee_percent_max=35)
        assert cell_of(facts, policy) == cell


def test_every_cell_can_be_decided_and_is_told_in_words(policy: Policy) -> None:
    for cell in all_cells():
        decision = decide({**example(cell, policy), "order_total": "100.00"}, policy=policy)
        assert decision.explanation, cell
        assert decision.clauses, cell
        assert (decision.outcome == "need_facts") == bool(decision.missing), cell
        assert decision.missing == [name for name in ASKED_FACTS if name in decision.missing]
        assert decision.contact == {"phone": policy.contact.phone, "email": None}
        for step in decision.explanation:
            assert step["text"].strip(), cell
            assert "{" not in step["text"], cell
            assert step["clause"] in decision.clauses, cell


def test_missing_facts_were_not_given(policy: Policy) -> None:
    for cell in all_cells():
        facts = example(cell, policy)
        assert not set(decide(facts, policy=policy).missing) & set(facts), cell


def _varied(fact: str, *values: str) -> list[tuple[Cell, ...]]:
    """For every cell with the first value of a fact, that cell with each of the values."""
    return [
        tuple(cell._replace(**{fact: (value,)}) for value in values)
        for cell in COMPLETE
        if getattr(cell, fact) == (values[0],)
    ]


def _standing(book: Rulebook, cell: Cell) -> int:
    return STANDING.get(book.verdict(cell).outcome, 0)


@pytest.mark.parametrize(
    ("worse", "better"),
    [("none", "submitted"), ("none", "insufficient"), ("none", "compelling"),
     ("submitted", "compelling"), ("insufficient", "compelling")],
)  # fmt: skip
def test_more_evidence_never_hurts(book: Rulebook, worse: str, better: str) -> None:
    for less, more in _varied("evidence", worse, better):
        assert _standing(book, less) <= _standing(book, more), asked(less)


def test_asking_earlier_never_hurts(book: Rulebook) -> None:
    for in_time, last_day, late in _varied("window", "in_time", "last_day", "late"):
        assert as_opinion(book.verdict(in_time)) == as_opinion(book.verdict(last_day))
        assert _standing(book, last_day) >= _standing(book, late), asked(late)


def test_a_later_shipment_never_hurts_the_customer(book: Rulebook) -> None:
    for fact in ("wait", "dispatch"):
        for in_time, last_day, late in _varied(fact, "in_time", "last_day", "late"):
            assert as_opinion(book.verdict(in_time)) == as_opinion(book.verdict(last_day))
            assert _standing(book, last_day) <= _standing(book, late), asked(late)


def test_a_yes_never_hurts(book: Rulebook) -> None:
    for undecided, accepted in _varied("seller_decision", "undecided", "accept"):
        assert _standing(book, undecided) <= _standing(book, accepted), asked(undecided)


def test_a_no_takes_no_right_away(book: Rulebook) -> None:
    for undecided, rejected in _varied("seller_decision", "undecided", "reject"):
        if book.verdict(undecided).outcome == "entitled":
            assert book.verdict(rejected).outcome == "entitled", asked(undecided)


def test_only_a_person_declines(book: Rulebook) -> None:
    for cell in COMPLETE:
        if book.verdict(cell).outcome == "declined":
            assert cell.seller_decision == ("reject",)


def test_evidence_nobody_judged_is_never_decided_upon(book: Rulebook) -> None:
    """Ruling 10, also after a late request was accepted."""
    for cell in COMPLETE:
        verdict = book.verdict(cell)
        if cell.evidence == ("submitted",) and verdict.outcome in ("entitled", "need_evidence"):
            assert not book.policy.situations[cell.situation].evidence


def test_alternatives_are_other_situations_that_lead_somewhere(book: Rulebook) -> None:
    for cell in COMPLETE:
        for name in book.verdict(cell).alternatives:
            assert name != cell.situation
            fresh = cell._replace(situation=name, seller_decision=("undecided",))
            assert book.verdict(fresh).outcome != "not_available", (asked(cell), name)


def test_a_dead_end_is_always_shown_a_way_on_but_for_cancelled_orders(book: Rulebook) -> None:
    for cell in COMPLETE:
        verdict = book.verdict(cell)
        if verdict.outcome == "not_available" and cell.order_status != ("cancelled",):
            assert verdict.alternatives, asked(cell)


def test_what_is_given_has_a_promise_and_the_shop_keeps_it(book: Rulebook) -> None:
    for cell in COMPLETE:
        verdict = book.verdict(cell)
        actions = {each.action for each in verdict.promises if each.party == "seller"}
        if verdict.outcome == "entitled":
            given = "refund" if verdict.remedy == "cancellation" else verdict.remedy
            assert given in actions, asked(cell)
        else:
            assert not actions, asked(cell)


def test_goods_that_go_back_for_a_fault_never_cost_a_fee(book: Rulebook) -> None:
    for cell in COMPLETE:
        if cell.situation != "remorse":
            assert book.verdict(cell).refund != "less_fee"


def test_own_clause_of_each_situation_is_relied_on(book: Rulebook) -> None:
    for cell in COMPLETE:
        own = book.policy.situations[cell.situation].clause
        verdict = book.verdict(cell)
        assert own in verdict.clauses
        assert OWN not in verdict.clauses


def test_classified_dates_hang_on_the_window_of_the_file(policy: Policy) -> None:
    days = policy.days("filing_window_days")
    cell = next(cell for cell in COMPLETE if cell.window == ("last_day",))
    facts = parse_facts(example(cell, policy), fee_percent_max=35)
    assert classify(facts, window_days=days).window == ("last_day",)
    assert classify(facts, window_days=days - 1).window == ("late",)
    assert classify(facts, window_days=days + 1).window == ("in_time",)

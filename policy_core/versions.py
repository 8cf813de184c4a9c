"""The versions of the policy: which one is in force, and what a change means for a request made
before it (clause terms-change, interpretation 13).
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from policy_core.decision import Decision, decide_under
from policy_core.errors import InputError, NoReadingError, PolicyError
from policy_core.explanation import ExplanationStep
from policy_core.facts import Facts, parse_facts
from policy_core.model import Policy
from policy_core.money import NO_AMOUNTS
from policy_core.reader import read_policy

_HIGHEST_PERCENT = Decimal(100)
POLICIES = Path(__file__).parent / "policies"
"""Where the published versions live, one file a version, named by the day it comes into force."""


def load_policy(path: Path | None = None, *, on: date | None = None) -> Policy:
    """A policy file, or without one the published version in force on a day (default: today in
    the shop's time zone; before the first version: the first).

    Read once and again only when the file changes. Raises PolicyError naming what is wrong.
    """
    if path is not None:
        return _load(Path(path))
    versions = _published(POLICIES)
    if not versions:
        raise PolicyError(f"there is no policy in {POLICIES.name}/")
    if on is None:
        on = _load(versions[-1][1]).today()
    in_force = [file for day, file in versions if day <= on]
    return _load(in_force[-1] if in_force else versions[0][1])


def _load(path: Path) -> Policy:
    try:
        stat = path.stat()
    except OSError as error:
        raise NoReadingError(path, error) from None
    found = _read(path, (stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino, stat.st_size))
    if isinstance(found, str):
        raise PolicyError(found)
    return found


@lru_cache(maxsize=32)
def _read(path: Path, changed: tuple[int, ...]) -> Policy | str:
    """The file's policy, or what is wrong with it: a broken one is asked for as often."""
    try:
        policy = read_policy(path)
    except NoReadingError:
        raise
    except PolicyError as wrong:
        return str(wrong)
    named = _day_of(path)
    if named is not None and named != policy.effective:
        return f"{path.name}: the file's name and 'effective' {policy.effective} differ"
    return policy


def _day_of(path: Path) -> date | None:
    try:
        return date.fromisoformat(path.stem)
    except ValueError:
        return None


def _published(folder: Path) -> tuple[tuple[date, Path], ...]:
    # Asked many times a message: names are read each time, what they mean only when they change.
    try:
        names = tuple(os.listdir(folder))
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise NoReadingError(folder, error) from None
    return _dated(folder, names)


@lru_cache(maxsize=8)
def _dated(folder: Path, names: tuple[str, ...]) -> tuple[tuple[date, Path], ...]:
    dated = [(_day_of(folder / name), folder / name) for name in names if name.endswith(".yml")]
    return tuple(sorted((day, file) for day, file in dated if day is not None))


def older_version(policy: Policy, day: date) -> Policy | None:
    """The version before `policy` that was in force on a day, if there was one: among the
    published ones and those beside the policy's own file.
    """
    folders = {POLICIES} if policy.path is None else {POLICIES, policy.path.resolve().parent}
    older = [
        (since, file)
        for folder in folders
        for since, file in _published(folder)
        if since < policy.effective and since <= day
    ]
    return _load(max(older)[1]) if older else None


def decide(
    facts: Mapping[str, object], *, policy: Policy | None = None, today: date | None = None
) -> Decision:
    """What the policy gives for the facts of a request (keys and values: the decision contract).

    Without a policy the version in force on the day is used; without a day it is today in the
    shop's time zone. Raises InputError naming the fact that cannot be right.
    """
    if policy is None:
        policy = load_policy(on=today)
    if today is None:
        today = policy.today()
    try:
        known = parse_facts(facts, fee_percent_max=_fee_cap(policy))
    except InputError as error:
        if error.fields != ("fee_percent",):
            raise
        return _with_an_older_fee(facts, error, policy, today)
    decision = decide_under(known, policy, today)
    if known.requested_on < policy.effective:
        older = older_version(policy, known.requested_on)
        if older is not None:
            return _across_versions(known, decision, policy, older, today)
    return decision


def _fee_cap(policy: Policy) -> Decimal:
    return Decimal(policy.number("restocking_fee_percent_max"))


def _with_an_older_fee(
    facts: Mapping[str, object], wrong: InputError, policy: Policy, today: date
) -> Decision:
    """A fee that only the version in force when the customer asked allowed: a yes that rests on it
    is a person's to give anew. Raises what was wrong where that version did not allow it either.
    """
    known = parse_facts(facts, fee_percent_max=_HIGHEST_PERCENT)
    asked_before = known.requested_on < policy.effective
    older = older_version(policy, known.requested_on) if asked_before else None
    if older is None or (known.fee_percent or 0) > _fee_cap(older):
        raise wrong
    if known.seller_decision != "accept":
        return decide({**facts, "fee_percent": None}, policy=policy, today=today)
    anew = {**facts, "fee_percent": None, "seller_decision": None}
    decision = decide(anew, policy=policy, today=today)
    return _noting(decision, "version_caps_fee", policy, known)


def _across_versions(
    facts: Facts, now: Decision, policy: Policy, older: Policy, today: date
) -> Decision:
    before = decide_under(facts, older, today)
    if not worse(now, before):
        return now
    if facts.seller_decision == "accept":
        return _noting(before, "version_honored", policy, facts)
    if facts.seller_decision == "reject":
        return _noting(now, "version_enforced", policy, facts)
    undecided = replace(
        now,
        outcome="seller_decides",
        remedy=before.remedy,
        obligations=[],
        amounts=NO_AMOUNTS.as_dict(),
        explanation=now.explanation if now.outcome == "seller_decides" else [],
    )
    return _noting(undecided, "version_changed", policy, facts)


_RANK = {
    "declined": 0,
    "not_available": 0,
    "need_evidence": 1,
    "contact_us": 1,
    "dispute": 1,
    "seller_decides": 1,
    "entitled": 2,
}


def worse(new: Decision, old: Decision) -> bool:
    """Whether a newer version leaves the customer worse off: another outcome that is no better, a
    lower refund, a later promise of the shop's, or one that is gone. While facts are missing
    nothing is compared.
    """
    if "need_facts" in (new.outcome, old.outcome):
        return False
    if new.outcome != old.outcome:
        return _RANK[new.outcome] <= _RANK[old.outcome]
    return _refunds_less(new, old) or _promises_less(new, old)


def _refunds_less(new: Decision, old: Decision) -> bool:
    for name in ("refund_min", "refund_max"):
        had, has = old.amounts[name], new.amounts[name]
        if had is not None and (has is None or Decimal(has) < Decimal(had)):
            return True
    return False


def _promises_less(new: Decision, old: Decision) -> bool:
    due = {each["action"]: each["due"] or "" for each in new.obligations}
    return any(
        each["action"] not in due or (each["due"] or "") < due[each["action"]]
        for each in old.obligations
        if each["party"] == "seller"
    )


def _noting(decision: Decision, said: str, policy: Policy, facts: Facts) -> Decision:
    step = policy.said[said]
    given = {name: facts.given[name] for name in step.facts if name in facts.given}
    note: ExplanationStep = {"text": step.text.text, "clause": step.clause, "facts": given}
    return replace(
        decision,
        clauses=list(dict.fromkeys([step.clause, *decision.clauses])),
        interpretations=sorted({*step.interpretations, *decision.interpretations}),
        explanation=[note, *decision.explanation],
    )

"""What a new version of the policy would change for the cases that are open; nothing is changed.

Both versions decide on the facts known today, as of the day on which both could be asked: today,
or the day the new version takes effect where that is later. Where the new version would leave a
customer worse off than the one they asked under, the policy core itself says so and gives the case
to a person; that is then the difference shown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.cases.case import Case, case_facts
from policy_core import Decision, InputError, Policy, decide

_BATCH = 500


@dataclass(frozen=True)
class Difference:
    """One open case that the two versions decide differently; ``what`` names in which points.

    ``then`` is None where the new version cannot take what was settled under the old one (a fee
    over its cap, say); ``why`` says what.
    """

    case_number: str
    order_number: str
    situation: str
    what: tuple[str, ...]
    now: Decision
    then: Decision | None
    why: str = ""


def impact(session: Session, new: Policy, *, now: Policy, today: date) -> list[Difference]:
    """Return every open case that ``new`` would decide otherwise than ``now``, oldest first."""
    day = max(today, new.effective)
    compared = (_compare(case, now, new, today, day) for case in _open_cases(session))
    return [found for found in compared if found is not None]


def in_lines(differences: Sequence[Difference]) -> str:
    """The differences as text: what changes, and both explanations, a case after the other."""
    if not differences:
        return "No open case would be decided differently."
    parts = [f"{len(differences)} open cases would be decided differently.\n"]
    for one in differences:
        parts.append(f"{one.case_number}  order {one.order_number}  {one.situation}")
        parts.append(f"  differs in: {', '.join(one.what)}")
        for title, decision in (("now", one.now), ("then", one.then)):
            if decision is None:
                parts.append(f"  {title}: a person has to look: {one.why}")
                continue
            parts.append(f"  {title}: {decision.outcome} {decision.remedy or ''}".rstrip())
            parts += [f"    {step['text']} ({step['clause']})" for step in decision.explanation]
        parts.append("")
    return "\n".join(parts)


def _open_cases(session: Session) -> Iterator[Case]:
    last = 0
    while True:
        wanted = select(Case).where(Case.state == "open", Case.id > last)
        batch = list(session.scalars(wanted.order_by(Case.id).limit(_BATCH)))
        if not batch:
            return
        yield from batch
        last = batch[-1].id
        session.expunge_all()


def _compare(case: Case, now: Policy, new: Policy, today: date, day: date) -> Difference | None:
    facts = case_facts(case, today)
    before = decide(facts, policy=now, today=day)
    about = (case.number, case.order.number, case.situation)
    try:
        after = decide(facts, policy=new, today=day)
    except InputError as error:
        return Difference(*about, ("outcome",), before, None, str(error))
    what = _differing(before, after)
    return Difference(*about, what, before, after) if what else None


def _differing(now: Decision, then: Decision) -> tuple[str, ...]:
    before, after = _points(now), _points(then)
    return tuple(name for name, value in before.items() if after[name] != value)


def _points(one: Decision) -> dict[str, object]:
    dates = [(each["action"], each["due"]) for each in one.obligations]
    return {"outcome": one.outcome, "remedy": one.remedy, "amounts": one.amounts, "dates": dates}

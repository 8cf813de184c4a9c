"""A conversation's rows put together as one case of a conversation test, in plain data."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from casework.cases.case import Case, find_case
from casework.cases.log import Entry
from casework.kept.acts import act_step
from casework.kept.as_it_was import order_as_it_was
from casework.kept.at_the_end import at_the_end
from casework.kept.earlier_cases import earlier_cases
from casework.kept.identity import Mask
from casework.kept.replies import Expected, expected, titles
from casework.kept.rows import BY_CUSTOMERS, Rows, Turn, rows_of
from casework.kept.timing import Clock
from casework.shop import policy_in_force

_PLACE = re.compile(r"\{case(?: of \d+)?\}")
_MEDIA = {"image": "photo", "video": "video"}
_CUT = (
    "A person took over after the last step; from there on people spoke, and nothing is asked for."
)
_LEFT_OUT = "What the shop wrote down here cannot be written in a test and is left out: {}."


@dataclass(frozen=True)
class Asked:
    """One message of the customer's and what is expected of the reply, for the agent to correct."""

    message_id: int
    said: str
    expected: Expected


@dataclass(frozen=True)
class Kept:
    """A test case (``case``: its keys and values as in a file), its day, and what to say of it."""

    case: dict[str, Any]
    day: str
    asked: list[Asked]
    remarks: list[str]


def as_test(
    session: Session,
    conversation_id: str,
    *,
    name: str = "",
    corrected: Mapping[int, Expected] | None = None,
) -> Kept:
    """Return the conversation as a test; ``corrected`` replaces what is expected of replies.

    Raises:
        CaseworkError: there is no such conversation, or nothing in it that was answered.
    """
    rows = rows_of(session, conversation_id)
    mask = Mask(rows.orders, _texts(rows), _stays(rows))
    return _Writing(session, rows, mask, corrected or {}).kept(name)


class _Writing:
    """Goes through what happened in its order, and writes the steps."""

    def __init__(
        self, session: Session, rows: Rows, mask: Mask, corrected: Mapping[int, Expected]
    ) -> None:
        self._session = session
        self._rows = rows
        self._mask = mask
        self._corrected = corrected
        self._zone = policy_in_force().zone
        self._clock = Clock(rows.began.astimezone(self._zone))
        self._steps: list[dict[str, Any]] = []
        self._asked: list[Asked] = []
        self._remarks = [_CUT] if rows.end else []
        self._offered: tuple[str, ...] = ()

    def kept(self, name: str) -> Kept:
        began = self._clock.now
        orders = [self._order(order, began) for order in self._rows.orders]
        for moment, write in self._happenings():
            wait = self._clock.wait(moment.astimezone(self._zone))
            if wait:
                self._steps.append({"wait": wait})
            write()
        case: dict[str, Any] = {"test_case": self._name(name), "today": f"{began:%Y-%m-%d %H:%M}"}
        if orders:
            case["orders"] = orders
        case["steps"] = self._steps
        case["database"] = at_the_end(self._rows, self._mask, self._clock.now.date())
        return Kept(case, f"{began:%Y-%m-%d}", self._asked, list(dict.fromkeys(self._remarks)))

    def _order(self, order: Any, began: datetime) -> dict[str, Any]:
        today = began.date()
        written: dict[str, Any] = order_as_it_was(self._rows, order, self._mask, today)
        earlier = earlier_cases(self._rows, order, self._mask, today)
        return written | ({"cases": earlier} if earlier else {})

    def _name(self, given: str) -> str:
        first = self._mask(given or self._rows.turns[0].message.text)
        return " ".join(first.split())[:80].strip() or "kept from the desk"

    def _happenings(self) -> list[tuple[datetime, Callable[[], None]]]:
        """Messages and the shop's acts, as they came."""
        happened: list[tuple[datetime, Callable[[], None]]] = [
            (turn.message.created_at, partial(self._turn, turn)) for turn in self._rows.turns
        ]
        for case in self._rows.cases:
            for entry in self._rows.entries(case):
                by_shop = entry.actor.split(":")[0] not in BY_CUSTOMERS
                if by_shop and not self._rows.is_earlier(entry):
                    happened.append((entry.created_at, partial(self._act, case, entry)))
        return sorted(happened, key=lambda one: one[0])

    def _act(self, case: Case, entry: Entry) -> None:
        last = self._rows.came_up_before(entry)[-1:]
        order = None if last == [case] else self._mask(case.order.number)
        step = act_step(entry, order, self._mask, told=entry.key in self._rows.told)
        if step is None:
            self._remarks.append(_LEFT_OUT.format(entry.kind))
        else:
            self._steps.append(step)

    def _turn(self, turn: Turn) -> None:
        self._clock.type()
        said = self._said(turn)
        if turn.media_types:
            kinds = [_MEDIA.get(one.split("/")[0], "document") for one in turn.media_types]
            self._steps.append({"evidence": kinds})
        elif turn.pressed and turn.message.text in self._offered:
            self._steps.append({"press": self._mask(turn.message.text)})
        else:
            self._steps.append({"user": said})
        self._offered = titles(turn.answers)
        self._expect(turn, said)

    def _said(self, turn: Turn) -> str:
        at, typed = turn.message.created_at, _as_typed(turn.message.text)
        return self._mask(typed, lambda number: self._case_at(number, at, surely=True))

    def _expect(self, turn: Turn, said: str) -> None:
        if not turn.answers:
            return
        at = turn.answers[-1].created_at

        def mask(text: str) -> str:
            return self._mask(text, lambda number: self._case_at(number, at))

        wanted = self._corrected.get(turn.message.id)
        if wanted is None:
            wanted = expected(turn.answers, lambda text: mask(_as_typed(text)))
        else:
            wanted = Expected(tuple(map(mask, wanted.parts)), tuple(map(mask, wanted.buttons)))
        self._asked.append(Asked(turn.message.id, said, wanted))
        if wanted.parts:
            self._steps.append({"bot_contains": list(wanted.parts)})
        if wanted.buttons:
            self._steps.append({"buttons": list(wanted.buttons)})

    def _case_at(self, number: str, at: datetime, *, surely: bool = False) -> str | None:
        """How the test names a case at a moment: the last that came up, or an order's last."""
        case = find_case(self._session, number)
        if case is None or case not in self._rows.cases:
            return None
        if self._rows.came_up(at)[-1:] == [case]:
            return "{case}"
        of_order = [one for one in self._rows.cases if one.order_id == case.order_id]
        newest = [one for one in of_order if one.created_at <= at][-1:] == [case]
        return f"{{case of {self._mask(case.order.number)}}}" if newest or surely else None


def _as_typed(text: str) -> str:
    """Twice the braces of what a customer typed, or a reply repeats: it names no case."""
    return _PLACE.sub(lambda found: "{" + found[0] + "}", text)


def _texts(rows: Rows) -> list[str]:
    """All that was said or written down, to know names by and to keep stand-ins apart from."""
    said = [turn.message.text for turn in rows.turns]
    said += [answer.text for turn in rows.turns for answer in turn.answers]
    for case in rows.cases:
        said += [str(value) for entry in case.log for value in entry.data.values()]
    return said


def _stays(rows: Rows) -> list[str]:
    contact = policy_in_force().contact
    goods = [line.title for order in rows.orders for line in order.lines]
    return [contact.phone, contact.email or "", *goods]

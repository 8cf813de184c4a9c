"""What the shop did to a case, as the step of a conversation test that does it again."""

from collections.abc import Callable
from typing import Any

from casework.cases.catalog import CATALOG, REOPEN
from casework.cases.log import Entry

# News of the order, which the act finds again by itself.
_NEWS = frozenset({"order", "order_status"})
_ACTS = {act.kind: act.name for act in (*CATALOG, REOPEN)}


def act_step(
    entry: Entry, order: str | None, mask: Callable[[str], str], *, told: bool
) -> dict[str, Any] | None:
    """The `agent` step for a log entry, or None where the format has none.

    ``order``: the stand-in of its order's number, where the case is not the one that came up last.
    ``told``: the customer was told in a message of its own, as with every act of the desk; anything
    else is the bare entry.
    """
    act = _ACTS.get(entry.kind) if told else None
    said = {name: value for name, value in entry.data.items() if not (act and name in _NEWS)}
    if any(isinstance(value, dict | list) for value in said.values()):
        return None
    data = {name: _written(value, mask) for name, value in said.items() if value is not None}
    which = {"order": order} if order else {}
    if act is None:
        return {"agent": which | {"records": entry.kind} | ({"data": data} if data else {})}
    lead = {"role": "lead"} if act == REOPEN.name or entry.data.get("goodwill") else {}
    return {"agent": which | {"does": act} | ({"with": data} if data else {}) | lead}


def _written(value: Any, mask: Callable[[str], str]) -> str:
    return str(value).lower() if isinstance(value, bool) else mask(str(value))

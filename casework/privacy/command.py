"""The command line of privacy: ``python -m casework export | erase | retain``."""

import argparse
from pathlib import Path
from typing import Any

from casework import settings
from casework.errors import CaseworkError
from casework.privacy.customer import find_customer
from casework.privacy.everywhere import Places, erase_customer, erase_ended, rewrite, would_erase
from casework.privacy.export import FILE_NAME, export
from casework.privacy.retention import retention
from casework.privacy.tracker import tracker_engine
from casework.shop import now
from casework.storage.database import Database

_TRACES = (
    "Another process holds a database file just now: what was deleted can still be found in its "
    "free pages. Run the command again when it is quieter, or with the assistant stopped."
)


def add_commands(commands: Any) -> None:
    """Say what the commands take."""
    given = commands.add_parser("export", help="write down all that is held of one customer")
    gone = commands.add_parser("erase", help="erase one customer; without --yes only says what")
    for one in (given, gone):
        one.add_argument("--email", default="", help="the address on the customer's orders")
        one.add_argument("--order", default="", metavar="NUMBER", help="one of their orders")
    given.add_argument("--to", type=Path, required=True, metavar="FOLDER")
    gone.add_argument("--yes", action="store_true", help="do it; it cannot be undone")
    gone.add_argument("--also-open", action="store_true", help="even where a case is open")
    given.set_defaults(run=_export)
    gone.set_defaults(run=_erase)
    ended = commands.add_parser("retain", help="erase what ended more than RETENTION_DAYS ago")
    ended.set_defaults(run=_retain)


def _places() -> Places:
    places = Places(Database(), tracker_engine(), settings.uploads_folder())
    if places.tracker is None:
        print("The assistant has no stored memory (no tracker database): nothing to do there.")
    return places


def _whom(chosen: argparse.Namespace) -> dict[str, str]:
    if not (chosen.email.strip() or chosen.order.strip()):
        raise CaseworkError("say whom: --email ADDRESS or --order NUMBER")
    return {"email": chosen.email, "order_number": chosen.order}


def _export(chosen: argparse.Namespace) -> int:
    whom, places = _whom(chosen), _places()
    with places.database.read() as session:
        held = find_customer(session, **whom)
        missing = export(
            session, held, chosen.to, uploads=places.uploads, tracker=places.tracker, now=now()
        )
    print(
        f"{len(held.orders)} orders, {len(held.cases)} cases and {len(held.conversations)} "
        f"conversations written to {FILE_NAME}"
    )
    if missing:
        print(f"Files that are not on disk: {', '.join(missing)}")
    return 0


def _erase(chosen: argparse.Namespace) -> int:
    whom, places = _whom(chosen), _places()
    if not chosen.yes:
        counts, still_open = would_erase(places, **whom)
        _say("Would be erased", counts)
        if still_open:
            print(f"Open cases, which need --also-open: {', '.join(still_open)}")
        print("Nothing was changed. To erase it for good, run this again with --yes.")
        return 0
    counts = erase_customer(places, **whom, also_open=chosen.also_open, now=now())
    _say("Erased", counts)
    _rewrite(places)
    return 0


def _retain(chosen: argparse.Namespace) -> int:
    kept = retention()
    if kept is None:
        print("RETENTION_DAYS is not set: everything is kept.")
        return 0
    places = _places()
    counts = erase_ended(places, kept, now())
    _say("Erased", counts)
    if counts:
        _rewrite(places)
    return 0


def _rewrite(places: Places) -> None:
    if not rewrite(places):
        print(_TRACES)


def _say(done: str, counts: dict[str, int]) -> None:
    if not counts:
        print(f"{done}: nothing.")
        return
    print(f"{done}:")
    for what, count in counts.items():
        print(f"  {count} {what}")

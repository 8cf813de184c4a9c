"""The command line: ``python -m casework migrate | import-orders | sample-orders | …``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from casework import account_command
from casework.database import Database
from casework.errors import CaseworkError
from casework.impact import impact, in_lines
from casework.importer import import_orders
from casework.outgoing import command as outgoing_command
from casework.queue import fill, rebuild
from casework.samples import load_samples, samples_table
from casework.shop import day_of, now, policy_in_force
from policy_core import InputError, PolicyError, load_policy

REFUSED_SOME = 1
CANNOT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns 0 when all is done, 1 when orders were refused, 2 when it cannot."""
    parser = argparse.ArgumentParser(prog="python -m casework", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("migrate", help="bring the database up to date")
    orders = commands.add_parser("import-orders", help="read orders from a CSV or JSON file")
    orders.add_argument("file", type=Path, metavar="FILE")
    samples = commands.add_parser("sample-orders", help="load orders to try, dated from today")
    samples.add_argument("--table", action="store_true", help="print them as a Markdown table only")
    commands.add_parser("rebuild-queue", help="make the queue anew from the cases' logs")
    impact_of = commands.add_parser("impact", help="what a new policy would change for open cases")
    impact_of.add_argument("file", type=Path, metavar="NEW.yml")
    outgoing_command.add_arguments(commands)
    account_command.add_arguments(commands.add_parser("agent", help="accounts of the desk"))
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "migrate":
            return _migrate()
        if chosen.command == "import-orders":
            return _import(chosen.file)
        if chosen.command == "rebuild-queue":
            with Database().begin() as session:
                print(f"{rebuild(session)} open cases")
            return 0
        if chosen.command == "impact":
            return _impact(chosen.file)
        if chosen.command == "agent":
            return account_command.run(chosen)
        if chosen.command in ("outbox", "clock"):
            return outgoing_command.run(chosen)
        return _samples(chosen.table)
    except (CaseworkError, InputError, PolicyError) as error:
        return _fail(str(error))
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        return _fail(f"the database does not work: {cause} (was 'migrate' run?)")


def _migrate() -> int:
    database = Database()
    database.migrate()
    with database.begin() as session:
        fill(session)
    return 0


def _import(file: Path) -> int:
    with Database().begin() as session:
        result = import_orders(session, file, now())
    for refused in result.refused:
        print(f"refused: {refused}")
    print(
        f"{result.added} added, {result.updated} updated, {result.unchanged} unchanged, "
        f"{result.refused_orders} refused"
    )
    return REFUSED_SOME if result.refused else 0


def _impact(file: Path) -> int:
    new, moment = load_policy(file), now()
    with Database().read() as session:
        print(in_lines(impact(session, new, now=policy_in_force(), today=day_of(moment))))
    return 0


def _samples(table_only: bool) -> int:
    if table_only:
        print(samples_table())
        return 0
    with Database().begin() as session:
        loaded = load_samples(session, now())
    print(
        f"Sample orders: {len(loaded.added)} added, {len(loaded.moved)} moved to today, "
        f"{len(loaded.unchanged)} unchanged"
    )
    if loaded.in_use:
        print(f"Left as they are, because somebody used them: {', '.join(loaded.in_use)}")
    return 0


def _fail(message: str) -> int:
    print(f"casework: {message}", file=sys.stderr)
    return CANNOT


if __name__ == "__main__":
    sys.exit(main())

"""The command line: ``python -m casework --help`` lists what it can do."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from casework.api import command as api_client_command
from casework.backup import command as backup_command
from casework.cases.impact import impact, in_lines
from casework.errors import CaseworkError
from casework.kept import command as kept_command
from casework.orders.importer import import_orders
from casework.orders.samples import load_samples, samples_table
from casework.outgoing import command as outgoing_command
from casework.people import command as account_command
from casework.privacy import command as privacy_command
from casework.queue.queue import fill, rebuild
from casework.shop import day_of, now, policy_in_force
from casework.storage.database import Database
from casework.training import command as training_command
from policy_core import InputError, PolicyError, load_policy

REFUSED_SOME = 1
CANNOT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns 0 when all is done, 1 when orders were refused, 2 when it cannot."""
    chosen = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = chosen.run
    try:
        return run(chosen)
    except (CaseworkError, InputError, PolicyError) as error:
        return _fail(str(error))
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        return _fail(f"the database does not work: {cause} (was 'migrate' run?)")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m casework", description="Orders and cases.")
    commands = parser.add_subparsers(dest="command", required=True)

    def add(
        name: str, run: Callable[[argparse.Namespace], int], does: str
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=does)
        command.set_defaults(run=run)
        return command

    add("migrate", _migrate, "bring the database up to date")
    orders = add("import-orders", _import, "read orders from a CSV or JSON file")
    orders.add_argument("file", type=Path, metavar="FILE")
    samples = add("sample-orders", _samples, "load orders to try, dated from today")
    samples.add_argument("--table", action="store_true", help="print them as a Markdown table only")
    add("rebuild-queue", _rebuild, "make the queue anew from logs and conversations")
    impact_of = add("impact", _impact, "what a new policy would change for open cases")
    impact_of.add_argument("file", type=Path, metavar="NEW.yml")
    account_command.add_arguments(add("agent", account_command.run, "accounts of the desk"))
    api_client_command.add_arguments(
        add("api-client", api_client_command.run, "the shop's systems that use the API")
    )
    kept_command.add_arguments(
        add("keep", kept_command.run, "write a conversation down as a conversation test")
    )
    outgoing_command.add_commands(commands)
    backup_command.add_commands(commands)
    privacy_command.add_commands(commands)
    training_command.add_commands(commands)
    return parser


def _migrate(chosen: argparse.Namespace) -> int:
    database = Database()
    database.migrate()
    with database.begin() as session:
        fill(session)
    return 0


def _rebuild(chosen: argparse.Namespace) -> int:
    with Database().begin() as session:
        print(f"{rebuild(session)} open cases and waiting conversations")
    return 0


def _import(chosen: argparse.Namespace) -> int:
    with Database().begin() as session:
        result = import_orders(session, chosen.file, now())
    for refused in result.refused:
        print(f"refused: {refused}")
    print(
        f"{result.added} added, {result.updated} updated, {result.unchanged} unchanged, "
        f"{result.refused_orders} refused"
    )
    return REFUSED_SOME if result.refused else 0


def _impact(chosen: argparse.Namespace) -> int:
    new, moment = load_policy(chosen.file), now()
    with Database().read() as session:
        print(in_lines(impact(session, new, now=policy_in_force(), today=day_of(moment))))
    return 0


def _samples(chosen: argparse.Namespace) -> int:
    if chosen.table:
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

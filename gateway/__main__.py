"""The command line: ``python -m gateway setup | serve | run``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from sqlalchemy.exc import SQLAlchemyError

from casework.errors import CaseworkError
from casework.storage.private_files import keep_private
from gateway.settings import SettingsError, read_settings
from gateway.start.own_folder import shut
from policy_core import InputError, PolicyError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status, 2 with one line where it cannot begin."""
    parser = argparse.ArgumentParser(prog="python -m gateway", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("setup", help="fetch the front-end packages from npm")
    commands.add_parser("serve", help="serve the web alone")
    commands.add_parser("run", help="start the web, the assistant and its actions together")
    chosen: Callable[[], int] = {"setup": _setup, "serve": _serve, "run": _run}[
        parser.parse_args(arguments).command
    ]
    try:
        return chosen()
    except (SettingsError, CaseworkError, InputError, PolicyError) as error:
        print(error, file=sys.stderr)
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        print(f"The database cannot be used: {cause}", file=sys.stderr)
    return 2


def _setup() -> int:
    from gateway.start.packages import fetch

    return fetch()


def _serve() -> int:
    from gateway.start.web_server import serve

    _for_this_user_alone()
    return serve()


def _run() -> int:
    from gateway.start.processes import run

    _for_this_user_alone()
    return run()


def _for_this_user_alone() -> None:
    """What is written from now on, and what an earlier run has left, is nobody else's."""
    keep_private()
    shut(read_settings().var)


if __name__ == "__main__":
    sys.exit(main())

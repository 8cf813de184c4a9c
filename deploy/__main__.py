"""The command line: ``python -m deploy up | restart TIER``."""

from __future__ import annotations

import argparse
import sys

from deploy.engines import EngineMissingError
from deploy.scale import TIERS, restart, up
from gateway.settings import SettingsError


def main() -> int:
    """Run one command; returns its exit status, 2 with one line where it cannot begin."""
    parser = argparse.ArgumentParser(prog="python -m deploy", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("up", help="start everything on this machine, until Ctrl-C")
    rolling = commands.add_parser("restart", help="restart a tier, one process after the other")
    rolling.add_argument("tier", choices=TIERS)
    chosen = parser.parse_args()
    try:
        return up() if chosen.command == "up" else restart(chosen.tier)
    except (EngineMissingError, SettingsError) as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())

"""The command line's ``outbox`` and ``clock``."""

import argparse

from casework.database import Database
from casework.outgoing.channels import channels
from casework.outgoing.clock import notice_due
from casework.outgoing.outbox import CHANNELS, retry_parked, standing
from casework.shop import now


def add_arguments(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add both commands to the command line."""
    outbox = commands.add_parser("outbox", help="what news waits to be delivered")
    outbox.add_argument("--retry-parked", action="store_true", help="send what was given up again")
    commands.add_parser("clock", help="find once what is due tomorrow and overdue")


def run(chosen: argparse.Namespace) -> int:
    """Run the one that was chosen; returns the exit status."""
    return _clock() if chosen.command == "clock" else _outbox(chosen.retry_parked)


def _outbox(again: bool) -> int:
    on, database = channels().on, Database()
    if again:
        with database.begin() as session:
            print(f"{retry_parked(session, now())} parked ones wait again")
    with database.read() as session:
        for channel in CHANNELS:
            stands = standing(session, channel)
            since = (
                f", the oldest since {stands.oldest:%Y-%m-%d %H:%M} UTC" if stands.oldest else ""
            )
            state = "" if channel in on else " (off)"
            print(f"{channel}{state}: {stands.waiting} waiting{since}; {stands.parked} parked")
    return 0


def _clock() -> int:
    database, total = Database(), 0
    while True:
        with database.begin() as session:
            found = notice_due(session, now())
        total += found
        if not found:
            print(f"{total} found due tomorrow or overdue")
            return 0

"""The command line's ``outbox`` and ``clock``."""

import argparse

from casework.outgoing.channels import channels
from casework.outgoing.clock import notice_due
from casework.outgoing.outbox import CHANNELS, retry_parked, standing
from casework.shop import now
from casework.storage.database import Database


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add both commands to the command line."""
    outbox = commands.add_parser("outbox", help="what news waits to be delivered")
    outbox.add_argument("--retry-parked", action="store_true", help="send what was given up again")
    outbox.set_defaults(run=_outbox)
    clock = commands.add_parser("clock", help="find once what is due tomorrow and overdue")
    clock.set_defaults(run=_clock)


def _outbox(chosen: argparse.Namespace) -> int:
    on, database = channels().on, Database()
    if chosen.retry_parked:
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


def _clock(chosen: argparse.Namespace) -> int:
    database, total = Database(), 0
    while True:
        with database.begin() as session:
            found = notice_due(session, now())
        total += found
        if not found:
            print(f"{total} found due tomorrow or overdue")
            return 0

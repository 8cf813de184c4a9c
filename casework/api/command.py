"""The command line of the API's clients: ``python -m casework api-client add | list | revoke``."""

import argparse
import sys

from casework.api.clients import SCOPES, ApiClient, add_client, clients, revoke
from casework.shop import now
from casework.storage.database import Database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    acts = parser.add_subparsers(dest="act", required=True)
    add = acts.add_parser("add", help="make a client; prints its token, once")
    add.add_argument("name", metavar="NAME", help="how logs name it")
    add.add_argument(
        "--scope", choices=SCOPES, action="append", required=True, help="may be given twice"
    )
    acts.add_parser("list", help="print every client")
    acts.add_parser("revoke", help="end a client's token").add_argument("name", metavar="NAME")


def run(chosen: argparse.Namespace) -> int:
    """Do what was chosen; CaseworkError where it cannot be done."""
    with Database().begin() as session:
        if chosen.act == "list":
            for one in clients(session):
                print(_line(one))
            return 0
        if chosen.act == "revoke":
            revoke(session, chosen.name, now())
            return 0
        token = add_client(session, name=chosen.name, scopes=chosen.scope, now=now())[1]
    # Printed once it is written, and alone on standard output, for scripts to keep.
    print(token)
    print("This token is not shown again.", file=sys.stderr)
    return 0


def _line(client: ApiClient) -> str:
    used = f"used {client.last_used_at:%Y-%m-%d %H:%M} UTC" if client.last_used_at else "not used"
    revoked = " (revoked)" if client.revoked_at else ""
    return f"{client.name}  {'+'.join(client.scopes)}  {used}{revoked}"

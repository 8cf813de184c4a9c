"""The command line of agents' accounts: ``python -m casework agent add | list | …``."""

import argparse
import getpass
import sys

from sqlalchemy.orm import Session

from casework.errors import CaseworkError
from casework.people.accounts import (
    ROLES,
    Agent,
    add_agent,
    agents,
    deactivate,
    end_sessions,
    find_agent,
    set_password,
)
from casework.people.audit import note_act
from casework.shop import now
from casework.storage.database import Database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    acts = parser.add_subparsers(dest="act", required=True)
    add = acts.add_parser("add", help="make an account; asks for the password")
    add.add_argument("login", metavar="LOGIN")
    add.add_argument("--name", required=True, help="what customers and colleagues read")
    add.add_argument("--role", choices=ROLES, default="agent")
    acts.add_parser("list", help="print every account")
    for act, what in (
        ("password", "set another password; sessions end"),
        ("sign-out", "end every session of the account"),
        ("deactivate", "close the account; sessions end"),
    ):
        acts.add_parser(act, help=what).add_argument("login", metavar="LOGIN")


def run(chosen: argparse.Namespace) -> int:
    """Do what was chosen; CaseworkError where it cannot be done."""
    # Asked for before anything is held: somebody may think for a while.
    password = _password() if chosen.act in ("add", "password") else ""
    with Database().begin() as session:
        if chosen.act == "list":
            for one in agents(session):
                state = "" if one.active else " (closed)"
                print(f"{one.login}  {one.role}  {one.name}{state}")
            return 0
        if chosen.act == "add":
            add_agent(
                session,
                login=chosen.login,
                name=chosen.name,
                role=chosen.role,
                password=password,
                now=now(),
            )
            return 0
        agent = find_agent(session, chosen.login)
        if agent is None:
            raise CaseworkError(f"there is no account {chosen.login!r}; 'agent list' prints them")
        _change(session, agent, chosen.act, password)
    return 0


def _change(session: Session, agent: Agent, act: str, password: str) -> None:
    if act == "password":
        set_password(session, agent, password, now())
    elif act == "deactivate":
        deactivate(session, agent, now())
    else:
        end_sessions(session, agent, now())
        note_act(session, actor="system", act="sessions_ended", subject=agent.login, now=now())


def _password() -> str:
    """The password: asked for twice at a terminal, else the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise CaseworkError("password: the two are not the same")
    return password

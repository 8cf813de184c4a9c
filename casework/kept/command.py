"""The command line's ``keep``."""

import argparse

from casework.kept.as_test import as_test
from casework.kept.in_yaml import in_yaml
from casework.storage.database import Database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Say what the command takes."""
    parser.add_argument("conversation", metavar="CONVERSATION_ID")
    parser.add_argument("--name", default="", help="what the test is called")


def run(chosen: argparse.Namespace) -> int:
    """Print a conversation as a conversation test."""
    with Database().read() as session:
        print(in_yaml(as_test(session, chosen.conversation, name=chosen.name)), end="")
    return 0

"""The command line: decide, check, table, diff, explain, jsonld.

Exit status 0 with an answer, 1 where `check` finds something wrong, 2 with one line on standard
error for input that cannot be used. Never a traceback.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, NoReturn, TextIO

from policy_core.check import findings
from policy_core.diff import differences
from policy_core.errors import InputError, PolicyError
from policy_core.explain import explain
from policy_core.facts import read_date
from policy_core.jsonld import merchant_return_policy
from policy_core.model import Policy
from policy_core.table import table
from policy_core.versions import decide, load_policy

MAX_INPUT_BYTES = 65_536
"""The facts of one request are far smaller than this; anything larger is junk."""


class _Parser(argparse.ArgumentParser):
    """An argument parser that complains in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{' '.join(message.split())} (see {self.prog} --help)\n")


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        run: Callable[[argparse.Namespace], int] = options.run
        return run(options)
    except (InputError, PolicyError) as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m policy_core", description="The shop's policy as rules.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    command = commands.add_parser("decide", help="facts (JSON on standard input) to a decision")
    command.add_argument("--batch", action="store_true", help="JSON Lines in, JSON Lines out")
    _add_policy(command)
    _add_today(command)
    command.set_defaults(run=_decide)
    command = commands.add_parser("check", help="find what is wrong with a policy file")
    command.add_argument("file", type=Path, metavar="FILE")
    command.set_defaults(run=_check)
    command = commands.add_parser("table", help="the whole policy as Markdown")
    _add_policy(command)
    command.set_defaults(run=_table)
    command = commands.add_parser("diff", help="which situations get another outcome")
    command.add_argument("old", type=Path, metavar="OLD")
    command.add_argument("new", type=Path, metavar="NEW")
    command.set_defaults(run=_diff)
    command = commands.add_parser("explain", help="a decision in plain words (facts as JSON)")
    _add_policy(command)
    _add_today(command)
    command.set_defaults(run=_explain)
    command = commands.add_parser("jsonld", help="the schema.org MerchantReturnPolicy")
    _add_policy(command)
    command.set_defaults(run=_jsonld)
    return parser


def _add_policy(command: argparse.ArgumentParser) -> None:
    command.add_argument("--policy", type=Path, metavar="FILE", help="another policy file")


def _add_today(command: argparse.ArgumentParser) -> None:
    command.add_argument("--today", metavar="YYYY-MM-DD", help="the day (the shop's today)")


def _policy_and_day(options: argparse.Namespace) -> tuple[Policy, date]:
    today = None if options.today is None else read_date("--today", options.today)
    policy = load_policy(options.policy, on=today)
    return policy, today or policy.today()


def read_facts(text: bytes) -> dict[str, Any]:
    """One JSON object of facts. InputError for anything else."""
    if len(text) > MAX_INPUT_BYTES:
        raise InputError("facts", f"input is longer than {MAX_INPUT_BYTES} bytes")
    try:
        facts = _DECODER.decode(text.decode("utf-8"))
    except UnicodeDecodeError:
        raise InputError("facts", "input is not UTF-8 text") from None
    except RecursionError:
        raise InputError("facts", "input is nested too deeply") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise InputError("facts", f"input is not JSON: {error.msg} at {where}") from None
    except InputError:
        raise
    except ValueError:
        raise InputError("facts", "input holds a number that is too long") from None
    if not isinstance(facts, dict):
        raise InputError("facts", "input must be one JSON object")
    return facts


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    facts = dict(pairs)
    if len(facts) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise InputError(json.dumps(twice[:40]), "is given twice")
    return facts


_DECODER = json.JSONDecoder(object_pairs_hook=_no_duplicates)
_ENCODER = json.JSONEncoder(check_circular=False)


def _decide(options: argparse.Namespace) -> int:
    policy, today = _policy_and_day(options)
    if options.batch:
        decide_lines(sys.stdin.buffer, sys.stdout, policy, today)
        return 0
    facts = read_facts(sys.stdin.buffer.read(MAX_INPUT_BYTES + 1))
    print(json.dumps(decide(facts, policy=policy, today=today).as_dict(), indent=2))
    return 0


def _check(options: argparse.Namespace) -> int:
    if not options.file.is_file():
        raise PolicyError(f"there is no file {options.file}")
    try:
        found = list(findings(load_policy(options.file)))
    except PolicyError as error:
        found = [f"not a policy: {error}"]
    for finding in found:
        print(finding)
    if not found:
        print(f"{options.file.name}: nothing wrong")
    return 1 if found else 0


def _table(options: argparse.Namespace) -> int:
    print(table(load_policy(options.policy)), end="")
    return 0


def _diff(options: argparse.Namespace) -> int:
    changes = list(differences(load_policy(options.old), load_policy(options.new)))
    print("\n".join(changes or ["no difference"]))
    return 0


def _explain(options: argparse.Namespace) -> int:
    policy, today = _policy_and_day(options)
    facts = read_facts(sys.stdin.buffer.read(MAX_INPUT_BYTES + 1))
    print(explain(facts, policy, today), end="")
    return 0


def _jsonld(options: argparse.Namespace) -> int:
    print(json.dumps(merchant_return_policy(load_policy(options.policy)), indent=2))
    return 0


def decide_lines(lines: BinaryIO, out: TextIO, policy: Policy, today: date) -> None:
    """A decision for each line of facts, or an error in its place; blank lines are skipped."""
    for line in _bounded_lines(lines):
        try:
            facts = read_facts(line)
            answer = decide(facts, policy=policy, today=today).as_dict()
        except (InputError, PolicyError) as error:
            answer = {"error": " ".join(str(error).split())}
        out.write(_ENCODER.encode(answer) + "\n")


def _bounded_lines(lines: BinaryIO) -> Iterator[bytes]:
    """Lines without reading more of one than can be used."""
    while line := lines.readline(MAX_INPUT_BYTES + 1):
        rest = line
        while len(rest) > MAX_INPUT_BYTES and not rest.endswith(b"\n"):
            rest = lines.readline(MAX_INPUT_BYTES + 1)
        if line.strip():
            yield line

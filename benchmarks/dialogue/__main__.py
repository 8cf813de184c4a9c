"""How well whole conversations go: ``python -m benchmarks.dialogue [--seed N] [--customers N]``.

The same seed plays the same customers. The figures also go to ``var/dialogue.json``.
"""

from __future__ import annotations

import argparse
import sys

from benchmarks.dialogue.goals import crowd
from benchmarks.dialogue.play import play, seed_of
from benchmarks.dialogue.report import save, table
from tests.conversations.model import ROOT
from tests.conversations.stage import Stage

CUSTOMERS = 250


def main() -> int:
    """Play the customers and print the table; 1 where an action failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dialogue")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--customers", type=int, default=CUSTOMERS)
    parser.add_argument(
        "--show-failures", action="store_true", help="print what did not reach its goal"
    )
    parser.add_argument("--show-all", action="store_true", help="print every conversation")
    asked = parser.parse_args()
    stage = Stage()
    outcomes = []
    for place, goal in enumerate(crowd(asked.customers, asked.seed)):
        one = play(stage, goal, seed_of(asked.seed, place))
        outcomes.append(one)
        if asked.show_all or (asked.show_failures and not one.reached):
            print(f"{one.transcript}\n\n> {one.missed or 'reached'}; {one.counted()}\n{'-' * 96}")
            sys.stdout.flush()
    stage.close()
    print(table(outcomes))
    save(outcomes, asked.seed, ROOT / "var" / "dialogue.json")
    errors = [error for one in outcomes for error in one.errors]
    print(f"{len(errors)} actions failed.{' The first: ' + errors[0] if errors else ''}")
    return min(len(errors), 1)


if __name__ == "__main__":
    sys.exit(main())

"""How well whole conversations go: ``python -m benchmarks.dialogue [--seed N …] [--customers N]``.

The same seed plays the same crowd of so many customers; the table is about all crowds together. The
figures and every customer also go to ``var/benchmarks/``.
"""

from __future__ import annotations

import argparse
import sys

from benchmarks.dialogue.goals import crowd
from benchmarks.dialogue.play import play, seed_of
from benchmarks.dialogue.report import customer, rows, table
from benchmarks.figures import keep
from tests.conversations.stage import Stage

CUSTOMERS = 250


def main() -> int:
    """Play the customers and print the table; 1 where an action failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dialogue")
    parser.add_argument("--seed", type=int, nargs="+", default=[1])
    parser.add_argument("--customers", type=int, default=CUSTOMERS)
    parser.add_argument(
        "--show-failures", action="store_true", help="print what did not reach its goal"
    )
    parser.add_argument("--show-all", action="store_true", help="print every conversation")
    asked = parser.parse_args()
    stage = Stage()
    outcomes = []
    everybody = [
        (seed_of(seed, place), goal)
        for seed in asked.seed
        for place, goal in enumerate(crowd(asked.customers, seed))
    ]
    for seed, goal in everybody:
        one = play(stage, goal, seed)
        outcomes.append(one)
        if asked.show_all or (asked.show_failures and not one.reached):
            print(f"{one.transcript}\n\n> {one.missed or 'reached'}; {one.counted()}\n{'-' * 96}")
            sys.stdout.flush()
    stage.close()
    print(table(outcomes))
    people = [customer(one) for one in outcomes]
    keep("dialogue", rows(outcomes), f"Seeds {asked.seed}.", customers=people)
    errors = [error for one in outcomes for error in one.errors]
    print(f"{len(errors)} actions failed.{' The first: ' + errors[0] if errors else ''}")
    return min(len(errors), 1)


if __name__ == "__main__":
    sys.exit(main())

"""The command line: `python -m benchmarks.load throughput | gateway | turns | streams …`."""

from __future__ import annotations

import argparse
import importlib
import sys


def main() -> int:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("throughput", help="crowds, beside the assistant of rasa init")
    one.add_argument("--crowds", type=int, nargs="+", default=[1, 8, 32, 100])
    one.add_argument("--seconds", type=float, default=15.0)
    one.add_argument("--rounds", type=int, default=2)
    one.add_argument("--workers", type=int, nargs="+", default=[1])
    one = commands.add_parser("gateway", help="the gateway alone: processor's time a message")
    one.add_argument("--crowds", type=int, nargs="+", default=[1, 16])
    one.add_argument("--messages", type=int, default=1600)
    one = commands.add_parser("turns", help="turns of one long conversation")
    one.add_argument("--last", type=int, default=300)
    one = commands.add_parser("streams", help="idle customers who only listen")
    one.add_argument("--count", type=int, default=1000)
    one = commands.add_parser("start", help="cold start, training, memory, the model's size")
    one.add_argument("--train", action="store_true", help="train, too")
    one = commands.add_parser("profile", help="where Rasa's time goes")
    one.add_argument("--talks", type=int, default=40)
    arguments = vars(parser.parse_args())
    module = importlib.import_module(f"benchmarks.load.{arguments.pop('command')}")
    module.measure(**arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main())

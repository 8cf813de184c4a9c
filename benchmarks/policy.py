"""How many decisions a second the policy core makes in batch, in one process.

    python -m benchmarks.policy [--requests N]

The requests are spread over the whole classified fact space, with dates and money that differ, and
go through the very code of `python -m policy_core decide --batch`. Beside it, measured in the same
run on the same data: the same lines read and the same answers written as JSON, nothing decided. The
table goes to `var/benchmarks/`, too.
"""

import argparse
import io
import json
import random
import time
from collections.abc import Callable
from datetime import date, timedelta

from benchmarks.figures import show
from policy_core import load_policy
from policy_core.cli import decide_lines
from policy_core.examples import example
from policy_core.model import Policy
from policy_core.space import all_cells

AIM = 20_000
_SHIFT = 300
_DATES = ("requested_on", "ship_by", "shipped_on", "delivered_on")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Decisions a second, in batch, one process.")
    parser.add_argument("--requests", type=int, default=200_000)
    count = parser.parse_args().requests
    policy = load_policy()
    today = policy.today()
    lines = _requests(policy, count)
    answers = io.StringIO()
    cold = _seconds(lambda: decide_lines(io.BytesIO(lines), answers, policy, today))
    warm = _seconds(lambda: decide_lines(io.BytesIO(lines), io.StringIO(), policy, today))
    decided = [json.loads(line) for line in answers.getvalue().splitlines()]
    reference = _seconds(lambda: _round_trip(io.BytesIO(lines), decided, io.StringIO()))
    passes = {
        "decide --batch, first pass": cold,
        "decide --batch, again": warm,
        "reference: JSON only": reference,
    }
    show(
        "policy",
        [
            {"a second": name, "by the clock": count / elapsed, "of processor time": count / busy}
            for name, (elapsed, busy) in passes.items()
        ],
        f"{count} requests, {len(lines) / count:.0f} bytes in, {_size(answers) / count:.0f} out;"
        f" aim: {AIM:,}.",
    )


def _size(answers: io.StringIO) -> int:
    return len(answers.getvalue())


def _seconds(run: Callable[[], None]) -> tuple[float, float]:
    """Seconds by the clock, and of processor time (the fairer one on a busy machine)."""
    start, start_busy = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - start, time.process_time() - start_busy


def _requests(policy: Policy, count: int) -> bytes:
    """Requests at random over all cells, moved to random days, with random money."""
    chance = random.Random(1)
    cells = list(all_cells())
    lines = []
    for _ in range(count):
        facts = example(chance.choice(cells), policy)
        days = timedelta(days=chance.randrange(_SHIFT))
        for name in _DATES:
            if name in facts:
                facts[name] = (date.fromisoformat(facts[name]) + days).isoformat()
        facts["order_total"] = f"{chance.randrange(100_000)}.{chance.randrange(100):02}"
        lines.append(json.dumps(facts))
    return "\n".join(lines).encode()


def _round_trip(lines: io.BytesIO, answers: list[object], out: io.StringIO) -> None:
    for line, answer in zip(lines, answers, strict=True):
        json.loads(line)
        out.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()

"""`python -m language.evaluate`: measures how well customers are understood."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from language.evaluate import floors
from language.evaluate.before_after import compare, in_lines
from language.evaluate.examples import Example, read_examples
from language.evaluate.rasa_model import ROOT, Understanding, default_config
from language.evaluate.report import (
    PICTURES,
    TRAINING,
    full_report,
    on_set,
    several_sets,
    unseen_sets,
)
from language.evaluate.tables import changes, in_words, intent_table, markdown, table

MODEL = ROOT / "models" / "assistant.tar.gz"


def _say(text: str) -> None:
    print(f"evaluate: {text}", file=sys.stderr, flush=True)


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m language.evaluate", description=__doc__)
    parser.add_argument("--model", type=Path, default=MODEL, help="the trained model to measure")
    parser.add_argument(
        "--quick", action="store_true", help="the test sets only, no cross-validation"
    )
    parser.add_argument(
        "--against-default",
        action="store_true",
        help="also train the pipeline of a fresh `rasa init` on the same data (many minutes)",
    )
    parser.add_argument(
        "--keep", action="store_true", help="make today's figures the floors that tests hold to"
    )
    parser.add_argument(
        "--compare",
        type=Path,
        default=PICTURES / "report.json",
        metavar="JSON",
        help="an earlier report to tell the changes from (default: the last one)",
    )
    parser.add_argument(
        "--with",
        type=Path,
        dest="further",
        metavar="FILE",
        help="only tell what these further training sentences would change (trains two models)",
    )
    return parser.parse_args(words)


def _write(report: dict[str, Any], earlier: Path) -> None:
    """Write the report, and print what changed from the earlier one."""
    before = json.loads(earlier.read_text()) if earlier.exists() else {}
    PICTURES.mkdir(parents=True, exist_ok=True)
    (PICTURES / "report.json").write_text(json.dumps(report, indent=2))
    (PICTURES / "report.md").write_text(markdown(report))
    for line in changes(before, report):
        print(f"changed: {line}")


def _default_report() -> dict[str, Any]:
    """Return the report of the `rasa init` pipeline; it knows intents, no topics."""
    _say("training the `rasa init` pipeline on the same data …")
    training = [Example(e.text, e.intent) for e in read_examples([TRAINING])]
    model = Understanding.trained(training, default_config())
    return {
        f"rasa init: {name}": on_set(model, examples, f"rasa_init_{name}")
        for name, examples in unseen_sets().items()
    }


def main(words: list[str]) -> int:
    """Run the command; return 1 where a kept figure dropped."""
    arguments = _arguments(words)
    if arguments.further:
        if not arguments.further.is_file():
            print(f"There is no file {arguments.further}.", file=sys.stderr)
            return 2
        print(in_lines(compare(TRAINING, arguments.further, unseen_sets(), _say)))
        return 0
    if not arguments.model.exists():
        print(f"There is no model at {arguments.model}: run `make train`.", file=sys.stderr)
        return 2
    report = full_report(arguments.model, cross=not arguments.quick, say=_say)
    if arguments.against_default:
        report |= _default_report()
    _write(report, arguments.compare)
    print(table(report), end="\n\n")
    main_set = next(iter(unseen_sets()))
    print(intent_table(report[main_set]), end="\n\n")
    print(f"entities: {in_words(report['entities'])}")
    for name in several_sets():
        print(f"{name}: {in_words(report[name])}")
    if "cross_validation" in report:
        held_out = report["cross_validation"]["several_found"]
        print(f"several matters, held out of the training data: found {held_out:.3f}")
    print(f"median of a message: {report[main_set]['median_ms']:.1f} ms")
    _say(f"the whole report and pictures of the confusions are in {PICTURES.relative_to(ROOT)}")
    if arguments.keep:
        floors.keep(report)
        return 0
    dropped = floors.drops(report) if floors.FLOORS.exists() else []
    for line in dropped:
        print(f"DROPPED {line}")
    return 1 if dropped else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

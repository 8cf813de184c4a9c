"""What was measured: printed as a table, and kept as JSON under `var/benchmarks/`."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

from gateway.settings import PROJECT


def show(name: str, rows: Sequence[dict[str, Any]], note: str = "") -> None:
    """Print rows of the same columns, and write them to `var/benchmarks/NAME.json`."""
    columns = list(rows[0])
    cells = [columns, *([_cell(row[column]) for column in columns] for row in rows)]
    widths = [max(len(line[at]) for line in cells) for at in range(len(columns))]
    for line in cells:
        first, *others = (text for text in line)
        right = (text.rjust(width) for text, width in zip(others, widths[1:], strict=True))
        print("  ".join([first.ljust(widths[0]), *right]))
    print(
        f"{note}{' ' if note else ''}Load of the machine at the end: {_load():.1f}.\n", flush=True
    )
    keep(name, rows, note)


def keep(name: str, rows: Sequence[dict[str, Any]], note: str = "", **more: Any) -> None:
    """Write rows, and whatever else, to `var/benchmarks/NAME.json`; when and on what, too."""
    folder = PROJECT / "var" / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    measured = {
        "measured_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "processors": os.cpu_count(),
        "load": _load(),
        "note": note,
        "rows": list(rows),
        **more,
    }
    (folder / f"{name}.json").write_text(json.dumps(measured, indent=1), "utf-8")


def _load() -> float:
    return os.getloadavg()[0]


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.1f}" if abs(value) < 1000 else f"{value:,.0f}"
    return "" if value is None else str(value)

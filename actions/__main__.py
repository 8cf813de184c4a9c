"""The action server: ``python -m actions --port 5055``, on ACTIONS_HOST (default: loopback)."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from actions.server import action_server
from casework.operating.log_lines import set_up_logs

LOOPBACK = "127.0.0.1"


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until stopped; returns 2 with one line where it cannot begin."""
    parser = argparse.ArgumentParser(prog="python -m actions", description=__doc__)
    parser.add_argument("--port", type=int, default=5055)
    port = parser.parse_args(arguments).port
    set_up_logs("actions")
    try:
        app = action_server(os.environ.get("ACTIONS_TOKEN", ""))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    app.run(os.environ.get("ACTIONS_HOST", LOOPBACK), port, access_log=False, motd=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())

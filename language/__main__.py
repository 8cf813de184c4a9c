"""`python -m language setup`: fetches and builds the files that understanding text needs."""

from __future__ import annotations

import sys

from language.setup import SetupError, set_up


def main(arguments: list[str]) -> int:
    """Run the command; return the exit status."""
    if arguments != ["setup"]:
        print("usage: python -m language setup", file=sys.stderr)
        return 2
    try:
        set_up()
    except SetupError as error:
        print(f"language: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Sees to the system's programs that some tests drive: `python -m tests.setup_system`.

Chromium, and PostgreSQL, Redis and nginx. Installs them where that can be done quietly (root on
Debian or a relative of it), and starts no service; otherwise says what will be skipped. Always ends
with 0: the other tests need none of them.
"""

import os
import shutil
import subprocess
import sys

from deploy.engines import missing
from tests.gateway.browser import find_chromium

PACKAGES = {
    "postgresql": "postgresql",
    "redis": "redis-server",
    "nginx": "nginx-light",
}


def main() -> int:
    """Find or install them."""
    wanted = _wanted()
    if wanted and _may_install():
        print(f"Installing {', '.join(wanted)} for the tests …", flush=True)
        _install(wanted)
    if find_chromium() is None:
        print(
            "No Chromium here: the tests that drive a real browser will be skipped.\n"
            "Install it (Debian: apt-get install chromium) or name one in CHROMIUM=/path/to/it.",
            file=sys.stderr,
        )
    if lacking := missing(tuple(PACKAGES)):
        print(f"Tests will be skipped, and 'make scale' cannot run: {lacking}", file=sys.stderr)
    return 0


def _wanted() -> list[str]:
    wanted = [package for name, package in PACKAGES.items() if missing((name,))]
    return ["chromium", *wanted] if find_chromium() is None else wanted


def _may_install() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _install(packages: list[str]) -> None:
    # RUNLEVEL: the packages' own services are not started; ours run from folders of their own.
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        done = subprocess.run(command, env=quiet, capture_output=True, text=True, check=False)
        if done.returncode:
            print((done.stderr or done.stdout).strip()[-800:], file=sys.stderr)
            return


if __name__ == "__main__":
    sys.exit(main())

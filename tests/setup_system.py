"""Sees to the system's Chromium for the browser tests: `python -m tests.setup_system`.

Installs it where that can be done quietly (root on Debian or a relative of it); otherwise says what
will be skipped. No browser is downloaded from anywhere else. Always ends with 0: the other tests
need no browser.
"""

import os
import shutil
import subprocess
import sys

from tests.gateway.browser import find_chromium


def main() -> int:
    """Find or install Chromium."""
    if find_chromium() is None and _may_install():
        print("Installing Chromium for the browser tests …", flush=True)
        _install()
    if find_chromium() is None:
        print(
            "No Chromium here: the tests that drive a real browser will be skipped.\n"
            "Install it (Debian: apt-get install chromium) or name one in CHROMIUM=/path/to/it.",
            file=sys.stderr,
        )
    return 0


def _may_install() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _install() -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
    ):
        done = subprocess.run(command, env=quiet, capture_output=True, text=True, check=False)
        if done.returncode:
            print((done.stderr or done.stdout).strip()[-800:], file=sys.stderr)
            return


if __name__ == "__main__":
    sys.exit(main())

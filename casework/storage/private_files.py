"""Files for the owner alone, on a machine that several people share."""

from __future__ import annotations

import os
from pathlib import Path

NOBODY_ELSE = 0o077


def keep_private() -> None:
    """From now on, what this process and those it starts create is for its user alone."""
    os.umask(NOBODY_ELSE)


def make_private(path: Path) -> None:
    """Take a file or folder of ours that is there out of everybody else's reach.

    What belongs to another user is left as whoever set it up wanted it.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        return
    if found.st_uid == os.getuid() and found.st_mode & NOBODY_ELSE:
        path.chmod(found.st_mode & ~NOBODY_ELSE & 0o7777)

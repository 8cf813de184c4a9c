"""The folder of what we write: on a machine that several people share it is shut to the others."""

from __future__ import annotations

import os
from pathlib import Path

from casework.storage.private_files import make_private

_PASS_THROUGH = 0o711


def shut(folder: Path) -> None:
    """Take the folder and all that is in it out of everybody else's reach.

    What they may only pass through is left so: `let_pass` opened it, and it shows them nothing.
    """
    for one in (folder, *(inner for inner in folder.glob("*") if not inner.is_symlink())):
        if one.exists() and one.stat().st_mode & 0o066:
            make_private(one)


def let_pass(folder: Path) -> None:
    """Let others through the folder to what is theirs in it; the rest of it is shut to them."""
    shut(folder)
    if folder.stat().st_uid == os.getuid():
        folder.chmod(_PASS_THROUGH)

"""Secrets: made on first use, kept under `var/secrets/` where only the owner can read them."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret(var: Path, name: str) -> str:
    """The secret of that name (256 bits, URL-safe text), made and kept the first time.

    Two processes that start together get the same one: whoever creates the file first wins.
    """
    folder = var / "secrets"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    if not path.exists():
        draft = folder / f".{name}.{secrets.token_hex(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32))
        try:
            os.link(draft, path)  # fails where another process was first: never half a secret
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="ascii").strip()

"""What can be wrong with what a caller gives: the facts of a request, or a policy file."""

from pathlib import Path


class InputError(ValueError):
    """A fact that cannot be right, or two that cannot both be.

    `fields` names the facts, `message` says what is wrong with them; `str()` is both in one line.
    """

    def __init__(self, fields: str | tuple[str, ...], message: str) -> None:
        self.fields = (fields,) if isinstance(fields, str) else fields
        self.message = message
        super().__init__(f"{' and '.join(self.fields)}: {message}")


class PolicyError(ValueError):
    """A policy file that cannot be used. The message names the place in the file."""


class NoReadingError(PolicyError):
    """A file or folder that cannot be read at the moment, whatever it holds."""

    def __init__(self, path: Path, error: OSError) -> None:
        reason = error.strerror or type(error).__name__
        super().__init__(f"cannot read policy file {path}: {reason}")

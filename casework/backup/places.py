"""What is kept, and where: the two databases, the customers' files, the secrets."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from casework import settings
from casework.errors import CaseworkError
from casework.privacy.tracker import tracker_address


@dataclass(frozen=True)
class Places:
    """``databases`` by name; ``folders`` by name. Absent ones are no error: nothing is there yet.

    Settings are not among them: they stand in the operator's own configuration.
    """

    databases: dict[str, URL]
    folders: dict[str, Path]


def places() -> Places:
    """Return where this installation keeps what.

    The assistant's memory comes first: what it has not heard yet is heard again, while what it
    remembered beyond the shop's own record would answer a later message.

    Raises:
        CaseworkError: a setting cannot be read, or the assistant keeps its memory elsewhere.
    """
    memory = tracker_address()
    if memory is None:
        raise CaseworkError("Rasa keeps conversations in memory: they cannot be backed up")
    uploads = settings.uploads_folder()
    return Places(
        {"tracker": memory, "casework": make_url(settings.database_url())},
        {"uploads": uploads, "secrets": uploads.parent / "secrets"},
    )

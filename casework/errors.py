"""The errors of this room."""


class CaseworkError(Exception):
    """Something that was asked of casework cannot be done; one line says what and why."""

"""The errors of this room."""


class CaseworkError(Exception):
    """Something that was asked of casework cannot be done; one line says what and why."""


class FieldError(CaseworkError):
    """A field of what was asked is missing, unknown or not of its kind."""

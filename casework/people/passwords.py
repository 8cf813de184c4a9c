"""Passwords as argon2 hashes: made, compared, and made anew when the settings have moved on."""

import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from casework.errors import CaseworkError

MIN_PASSWORD, MAX_PASSWORD = 12, 200


def hashed(password: str) -> str:
    """Return the hash to keep; CaseworkError for a password that is too short or too long."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise CaseworkError(
            f"password: give at least {MIN_PASSWORD} characters and at most {MAX_PASSWORD}"
        )
    return _hasher().hash(password)


def is_right(known: str, given: str) -> bool:
    """Whether the password is the one that was hashed."""
    try:
        return _hasher().verify(known, given)
    except VerifyMismatchError:
        return False


def hash_again(known: str, password: str) -> str:
    """Return the hash, made anew where it was made with older settings."""
    return _hasher().hash(password) if _hasher().check_needs_rehash(known) else known


@lru_cache(maxsize=1)
def nobodys_hash() -> str:
    """Return a hash that no password fits."""
    return _hasher().hash(secrets.token_urlsafe(32))


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher()

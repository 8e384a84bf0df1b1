"""Passwords are stored as argon2id hashes, and checked by few at a time."""

from __future__ import annotations

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()
# A hash takes 64 MiB and a good part of a second of a core: more than two at once and sign-in would be
# the way to bring the site down.
_ROOM = BoundedSemaphore(2)
#: Checked when nobody has the address, so that a wrong address takes as long as a wrong password.
_NOBODY = _HASHER.hash("nobody has this password")


def hash_password(password: str) -> str:
    """Return the argon2id hash of ``password``."""
    with _ROOM:
        return _HASHER.hash(password)


def verify_password(stored: str | None, password: str) -> bool:
    """Tell whether ``password`` is the one that ``stored`` was made from."""
    with _ROOM:
        try:
            return _HASHER.verify(stored or _NOBODY, password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False

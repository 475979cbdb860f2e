"""Passwords: argon2id hashes, and temporary ones an administrator hands over."""

import secrets
import unicodedata
from functools import cache
from typing import NamedTuple

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

_HASHER = PasswordHash((Argon2Hasher(),))
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LENGTH = 4, 4


class Checked(NamedTuple):
    """Whether a password fits; ``new_hash`` is to be stored when today's cost is higher than its hash's."""

    fits: bool
    new_hash: str | None = None


def hash_password(password: str) -> str:
    """Return the argon2id hash of ``password``, with its salt and cost."""
    return _HASHER.hash(_canonical(password))


def check(password: str, hash: str) -> Checked:
    """Tell whether ``password`` belongs to ``hash``.

    An empty hash belongs to no password, and finding that out takes as long as a wrong one.
    """
    if not hash:
        _HASHER.verify(_canonical(password), _nobodys_hash())
        return Checked(False)
    return Checked(*_HASHER.verify_and_update(_canonical(password), hash))


def temporary_password() -> str:
    """Return sixteen random characters in four groups, without those that look alike (0 o, 1 l i)."""
    letters = [secrets.choice(_ALPHABET) for _ in range(_GROUPS * _GROUP_LENGTH)]
    return "-".join("".join(letters[at : at + _GROUP_LENGTH]) for at in range(0, len(letters), _GROUP_LENGTH))


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash(secrets.token_urlsafe())


def _canonical(password: str) -> str:
    """Return the one form of a password that different keyboards may send differently (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", password)

"""Passwords: argon2id hashes, and temporary ones an administrator hands over."""

import secrets

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

_HASHER = PasswordHash((Argon2Hasher(),))
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LENGTH = 4, 4


def hash_password(password: str) -> str:
    """Return the argon2id hash of ``password``, with its salt and cost."""
    return _HASHER.hash(password)


def verify(password: str, hash: str) -> bool:
    """Tell whether ``password`` belongs to ``hash``; an empty hash belongs to no password."""
    return bool(hash) and _HASHER.verify(password, hash)


def temporary_password() -> str:
    """Return sixteen random characters in four groups, without those that look alike (0 o, 1 l i)."""
    letters = [secrets.choice(_ALPHABET) for _ in range(_GROUPS * _GROUP_LENGTH)]
    return "-".join("".join(letters[at : at + _GROUP_LENGTH]) for at in range(0, len(letters), _GROUP_LENGTH))

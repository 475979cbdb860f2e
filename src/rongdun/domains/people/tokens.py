"""Secrets a browser carries: the session's token, and the token that proves a page is the centre's own."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode

_BYTES = 32


def new_token() -> str:
    """Return a fresh secret of 256 bits, as URL-safe text."""
    return secrets.token_urlsafe(_BYTES)


def token_hash(token: str) -> bytes:
    """Return the SHA-256 of ``token``: all that is stored. A token is too long to be guessed from it."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


def csrf_of(token: str) -> str:
    """Return the CSRF token that belongs to a session's ``token``; it changes whenever that one does."""
    digest = hmac.digest(token.encode("utf-8", "surrogateescape"), b"rongdun csrf", "sha256")
    return urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def same(left: str, right: str) -> bool:
    """Compare two secrets in a time that tells nothing about where they differ."""
    return hmac.compare_digest(
        left.encode("utf-8", "surrogateescape"), right.encode("utf-8", "surrogateescape")
    )

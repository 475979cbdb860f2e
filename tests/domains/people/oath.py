"""Codes of time as RFC 6238 and RFC 4226 describe them, written down anew to check the product's."""

import base64
import hashlib
import hmac


def totp(secret: str, at: int) -> str:
    """Return the six digits of the base32 ``secret`` at the Unix second ``at``."""
    digest = hmac.new(base64.b32decode(secret), (at // 30).to_bytes(8, "big"), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 1_000_000:06d}"

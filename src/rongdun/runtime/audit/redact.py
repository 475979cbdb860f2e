"""What may be remembered: personal data is masked and secrets are struck out before anything is written.

Two nets, because either alone has holes: keys that say what they hold, and patterns that look like a
phone number, an identity number or a card number wherever they stand. What remains are the values that
JSON can hold exactly.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

STRUCK = "***"

_CARD_LIKE = 10**14
"""An integer this large is no amount in fen but somebody's card number."""

_STRUCK_KEY = re.compile(
    r"passw|passwd|pwd|secret|token|csrf|totp|otp_|recovery|private_key|cookie|authorization|credential"
    r"|(?<!ip_)address|residence|birth|e_?mail|wechat|(^|_)qq($|_)|narrative|transcript"
)
_PERSONAL = re.compile(
    r"phone|mobile|(^|_)tel($|_)|id_?number|id_?no($|_)|id_?card|identity_no|card_?no|card_?number"
    r"|account_?no|account_?number|bank_?account"
)
_PATTERN = re.compile(
    r"(?<![0-9A-Za-z])(?:"
    r"\d{17}[0-9Xx]"  # identity number of 18 places, GB 11643
    r"|\d{15,19}"  # card and account numbers, identity numbers of 15 places
    r"|\d{4}(?:[ -]\d{4}){3}(?:[ -]\d{1,3})?"  # a card number written in groups
    r"|(?:\+?86[ -]?)?1[3-9]\d(?:\d{8}|[ -]\d{4}[ -]\d{4})"  # a mobile number
    r")(?![0-9A-Za-z])"
)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def redact(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return ``values`` as they may be stored: masked, and free of what JSON cannot hold exactly."""
    if values is None:
        return None
    return {mask_text(str(key)): _value_of(str(key), value) for key, value in values.items()}


def mask_text(text: str) -> str:
    """Return ``text`` with every phone, identity or card number masked and no unstorable character."""
    return _PATTERN.sub(lambda found: mask(found.group()), _UNSTORABLE.sub("\ufffd", text))


def mask(value: str) -> str:
    """Return ``value`` with all but its first 3 and last 4 characters hidden; all of it when short."""
    if len(value) < 11:
        return "*" * len(value)
    return f"{value[:3]}{'*' * (len(value) - 7)}{value[-4:]}"


def _value_of(key: str, value: Any) -> Any:
    lowered = key.lower()
    if value is None or isinstance(value, bool):
        return value
    if _STRUCK_KEY.search(lowered):
        return STRUCK
    if _PERSONAL.search(lowered) and isinstance(value, str | int):
        return mask(_UNSTORABLE.sub("\ufffd", str(value)))
    return _plain(key, value)


def _plain(key: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return redact(value)
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else value
        return [_value_of(key, item) for item in items]
    if isinstance(value, int) and abs(value) < _CARD_LIKE:
        return int(value)
    return mask_text(_words(value))


def _words(value: Any) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return f"({len(bytes(value))} bytes)"
    return str(value)


def instant(moment: datetime) -> str:
    """Return a timezone-aware moment as text in UTC with microseconds, the one form used in hashes."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

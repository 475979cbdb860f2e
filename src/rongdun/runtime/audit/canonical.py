r"""Canonical JSON: one text for one value, so that a hash over it can be recomputed by anybody.

The rules are those of RFC 8785 (JCS) with numbers restricted to what needs no rounding rules:

* objects have their keys sorted by UTF-16 code units, no white space anywhere;
* strings are escaped only where JSON demands it (``\b \t \n \f \r \" \\`` and ``\u00xx`` below 0x20);
* numbers are integers between -(2**53-1) and 2**53-1; there are no floats;
* the text is UTF-8; a string with a lone surrogate has no canonical form.
"""

import re
from typing import Any

import msgspec

LARGEST_INTEGER = 2**53 - 1
"""Integers beyond this lose digits in readers that keep numbers as doubles (RFC 8785, 3.2.2.3)."""

_SORTED = msgspec.json.Encoder(order="sorted")
_AS_GIVEN = msgspec.json.Encoder()
_BEYOND_BMP = re.compile(rb"[\xf0-\xf4]")


class NotCanonical(ValueError):
    """The value has no canonical form: a float, a huge integer, a lone surrogate or a foreign type."""


def canonical_json(value: Any) -> bytes:
    """Return the canonical UTF-8 text of ``value`` (objects, arrays, strings, integers, booleans, null).

    Raises :class:`NotCanonical`.
    """
    _require_exact(value)
    return encode(value)


def encode(value: Any) -> bytes:
    """Return the canonical text of a value already known to be free of floats and foreign types."""
    try:
        body = _SORTED.encode(value)
    except UnicodeEncodeError as error:
        raise NotCanonical("a string holds a lone surrogate") from error
    if _BEYOND_BMP.search(body):
        # Only now can sorting by UTF-8 byte, which the encoder does, differ from sorting by UTF-16 unit.
        return _AS_GIVEN.encode(_ordered(msgspec.to_builtins(value)))
    return body


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value, key=_utf16)}
    if isinstance(value, list | tuple):
        return [_ordered(item) for item in value]
    return value


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be")


def _require_exact(value: Any) -> None:
    if value is None or isinstance(value, bool | str):
        return
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise NotCanonical(f"{value} is beyond 2**53-1; write it as a string")
    elif isinstance(value, dict):
        for key, item in value.items():
            _require_key(key)
            _require_exact(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _require_exact(item)
    else:
        raise NotCanonical(f"{type(value).__name__} has no canonical form")


def _require_key(key: Any) -> None:
    if not isinstance(key, str):
        raise NotCanonical(f"a key must be a string, not {type(key).__name__}")

"""Keeping personal data out of logs and screens of machinery: by the name of a field, and by its shape.

What cannot be recognised by shape (a name, an address, a narrative) is recognised by its key; what may
turn up anywhere (a phone, a card, an identity number) by its shape. Neither is a licence to log such
data: this is the net below, not the rope.
"""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

HIDDEN = "***"
"""What stands in place of a value whose key says it is personal or secret."""

_KEY = re.compile(
    r"(?:^|_)(?:"
    r"password|secret|token|cookie|authorization|csrf|credential|passkey|totp|otp|recovery_code"
    r"|recovery_codes|session_id|api_key|private_key|dsn"
    r"|name|full_name|real_name|nickname|person|victim|reporter|holder|suspect|payee|payer"
    r"|contact|relative"
    r"|id_number|id_no|id_card|identity|phone|mobile|tel|number|email|wechat|qq"
    r"|card|card_no|account|account_no|account_name|iban|serial"
    r"|address|residence|workplace|birth_date|birthday"
    r"|narrative|transcript|story|note|remark|query|search|q|body|payload|parameters|before"
    r"|after|label"
    r")$"
)

_SAFE_KEYS = frozenset({"logger", "event", "task_name", "queue_name", "worker_name", "file_name"})


_SHAPES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\[parameters: .*?\]\s*$", re.DOTALL | re.MULTILINE), "[parameters hidden]"),
    (re.compile(r"(?m)^DETAIL: .*$"), "DETAIL hidden"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "<email>"),
    (re.compile(r"(?<![\dA-Za-z])\d{6}[ -]?(?:\d{8}[ -]?\d{3}[\dXx]|\d{6}[ -]?\d{3})(?![\dA-Za-z])"), "<id>"),
    (
        re.compile(r"(?<![\dA-Za-z])(?<![\dA-Fa-f]-)\d{4}(?:[ -]?\d{4}){2,3}[ -]?\d{1,4}(?![\dA-Za-z]|-\w)"),
        "<card>",
    ),
    (
        re.compile(
            r"(?<![\dA-Za-z])(?<![\dA-Fa-f]-)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\dA-Za-z]|-\w)"
        ),
        "<phone>",
    ),
    (re.compile(r"(?<![\dA-Za-z])(?<![\dA-Fa-f]-)0\d{2,3}[ -]\d{7,8}(?![\dA-Za-z]|-\w)"), "<phone>"),
)

_DEEPEST = 8


def is_sensitive(key: str) -> bool:
    """Tell whether a field called ``key`` holds personal or secret data, whatever its value looks like."""
    lowered = key.lower().replace("-", "_")
    return lowered not in _SAFE_KEYS and bool(_KEY.search(lowered))


def mask_text(text: str) -> str:
    """Return ``text`` with phones, cards, identity numbers, e-mails and SQL parameters replaced."""
    for shape, stand_in in _SHAPES:
        text = shape.sub(stand_in, text)
    return text


def mask_value(value: Any, *, depth: int = 0) -> Any:
    """Return ``value`` (nested mappings, sequences, text, numbers) with personal data replaced."""
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return _mask_number(value)
    if depth >= _DEEPEST:
        return HIDDEN
    if isinstance(value, Mapping):
        return mask_mapping(value, depth=depth)
    if isinstance(value, bytes | bytearray):
        return f"<{len(value)} bytes>"
    if isinstance(value, Sequence | AbstractSet):
        return [mask_value(item, depth=depth + 1) for item in value]
    return value if isinstance(value, float) else mask_text(str(value))


def mask_mapping(values: Mapping[Any, Any], *, depth: int = 0) -> dict[str, Any]:
    """Return ``values`` with sensitive keys hidden and every other value masked by its shape."""
    return {
        mask_text(str(key)): HIDDEN if is_sensitive(str(key)) else mask_value(value, depth=depth + 1)
        for key, value in values.items()
    }


def _mask_number(value: int) -> int | str:
    masked = mask_text(str(value))
    return value if masked == str(value) else masked

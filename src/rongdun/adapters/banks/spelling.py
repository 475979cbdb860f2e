"""How single values are spelled on the wire: money, moments, codes and text; both ways."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rongdun.adapters.banks.profile import Field, Profile
from rongdun.domains.exchange import Malformed
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.errors import Text

_YUAN = re.compile(r"(-?)(\d{1,15})(?:\.(\d{1,2}))?")
_FORBIDDEN = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WORDS: Mapping[str, Any] = {"True": True, "False": False}


def spell(profile: Profile, field: Field, value: Any) -> str | None:
    """Return ``value`` as it stands in the element; None where there is nothing to write."""
    if field.form == "cap":
        return "02" if value is None else "01"
    if value is None or value == "":
        return None
    if field.form == "yuan":
        return _spell_yuan(value)
    if field.form == "time":
        return str(value.astimezone(SHANGHAI).strftime(profile.time))
    if field.form.startswith("list:"):
        return _spell_code(profile, field, value)
    text = str(value)
    return (text if text.isprintable() else _FORBIDDEN.sub("", text))[: field.most]


def understand(profile: Profile, field: Field, text: str) -> Any:
    """Return what ``text`` in the element means.

    Raises :class:`Malformed` naming the element: unreadable, unknown code, too long.
    """
    if len(text) > field.most:
        raise Malformed.at(
            field.tag, Text(f"超过 {field.most} 字", f"is longer than {field.most} characters")
        )
    if field.form == "yuan":
        return _read_yuan(field, text)
    if field.form == "time":
        return _read_time(profile, field, text)
    if field.form == "int":
        return _read_int(field, text)
    if field.form.startswith("list:"):
        return _read_code(profile, field, text)
    return text


def _spell_yuan(fen: int) -> str:
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole}.{rest:02d}"


def _read_yuan(field: Field, text: str) -> int:
    found = _YUAN.fullmatch(text)
    if not found:
        raise Malformed.at(field.tag, Text("不是金额", "is no amount"))
    sign, whole, rest = found.groups()
    fen = int(whole) * 100 + int((rest or "0").ljust(2, "0"))
    return -fen if sign else fen


def _read_time(profile: Profile, field: Field, text: str) -> datetime:
    try:
        return datetime.strptime(text, profile.time).replace(tzinfo=SHANGHAI)
    except ValueError:
        raise Malformed.at(field.tag, Text("不是时间", "is no moment")) from None


def _read_int(field: Field, text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text):
        raise Malformed.at(field.tag, Text("不是整数", "is no whole number"))
    return int(text)


def _spell_code(profile: Profile, field: Field, value: Any) -> str:
    try:
        return profile.lists[field.form.removeprefix("list:")][str(value)]
    except KeyError:
        raise Malformed.at(field.tag, Text("没有对应的代码", "has no code")) from None


def _read_code(profile: Profile, field: Field, text: str) -> Any:
    word = profile.words[field.form.removeprefix("list:")].get(text)
    if word is None:
        raise Malformed.at(field.tag, Text("代码未知", "holds an unknown code"))
    return _WORDS.get(word, word)

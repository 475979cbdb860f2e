"""Reading the value of a filter as the kind its column is; what cannot be read is refused with a reason."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.errors import FieldError, Invalid, Text
from rongdun.runtime.tables.spec import Column, Kind

_MAX_LENGTH = 500
_INT = re.compile(r"-?[0-9]{1,18}")
_PATH = re.compile(r"([a-z0-9_]+\.)+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_BOOLS = {"true": True, "false": False}

_EXPECTED: Mapping[Kind, Text] = {
    "text": Text("不含控制字符的文字", "text without control characters"),
    "path": Text("单位路径，如 cn.fj.fz.", "a unit path such as cn.fj.fz."),
    "uuid": Text("编号（UUID）", "an identifier (UUID)"),
    "bool": Text("true 或 false", "true or false"),
    "int": Text("整数", "a whole number"),
    "money": Text("以分为单位的整数", "a whole number of fen"),
    "time": Text(
        "日期或时间，如 2026-03-01 或 2026-03-01T08:00:00Z", "a date or time such as 2026-03-01T08:00:00Z"
    ),
    "date": Text("日期，如 2026-03-01", "a date such as 2026-03-01"),
}


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch of time: a civil day of the centre, or one microsecond for an exact moment."""

    start: datetime
    end: datetime


def read_value(name: str, column: Column, text: str) -> Any:
    """Return ``text`` as the kind ``column`` is (``time`` gives a :class:`Span`).

    A time without an offset is civil time of the centre. Raises :class:`Invalid` that says what was expected.
    """
    if column.choices is not None:
        return _choice(name, column.choices, text)
    try:
        return _READERS[column.meaning](text)
    except (ValueError, OverflowError):
        expected = _EXPECTED[column.meaning]
        raise refuse(
            Text(f"“{name}”应为{expected.zh}，收到“{text}”", f"{name!r} takes {expected.en}, got {text!r}")
        ) from None


def read_flag(name: str, text: str) -> bool:
    """Return the value of a ``null`` condition; :class:`Invalid` unless it is ``true`` or ``false``."""
    if text not in _BOOLS:
        raise refuse(Text(f"“{name}:null”只接受 true 或 false", f"'{name}:null' takes true or false"))
    return _BOOLS[text]


def refuse(message: Text) -> Invalid:
    """Return the refusal of a filter."""
    return Invalid(fields=[FieldError("filter", message)])


def _choice(name: str, choices: Mapping[str, Text], text: str) -> str:
    if text in choices:
        return text
    allowed = list(choices)
    raise refuse(
        Text(
            f"“{name}”没有取值“{text}”，可用：{'、'.join(allowed)}",
            f"{name!r} has no value {text!r}; use one of: {', '.join(allowed)}",
        )
    )


def _text(text: str) -> str:
    if len(text) > _MAX_LENGTH or not all(char.isprintable() for char in text):
        raise ValueError(text)
    return text


def _path(text: str) -> str:
    if not _PATH.fullmatch(text):
        raise ValueError(text)
    return text


def _int(text: str) -> int:
    if not _INT.fullmatch(text):
        raise ValueError(text)
    return int(text)


def _bool(text: str) -> bool:
    if text not in _BOOLS:
        raise ValueError(text)
    return _BOOLS[text]


def _span(text: str) -> Span:
    if _DAY.fullmatch(text):
        day = datetime.combine(date.fromisoformat(text), time.min, SHANGHAI)
        return Span(day.astimezone(UTC), (day + timedelta(days=1)).astimezone(UTC))
    moment = datetime.fromisoformat(text)
    moment = (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).astimezone(UTC)
    return Span(moment, moment + timedelta(microseconds=1))


_READERS: Mapping[Kind, Callable[[str], Any]] = {
    "text": _text,
    "path": _path,
    "uuid": UUID,
    "bool": _bool,
    "int": _int,
    "money": _int,
    "time": _span,
    "date": date.fromisoformat,
}

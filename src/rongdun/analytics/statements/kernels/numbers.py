"""Cells → fen, moments, account numbers. A cell out of the ordinary is left to the exact rule in Python. Pure."""

from typing import Final

from rongdun.analytics.statements.kernels.compiled import (
    Bytes,
    Marks,
    Numbers,
    Places,
    compiled_bare,
    compiled_within,
    copy_bytes,
    whole,
)

OK: Final = 0
EMPTY: Final = 1
ASK: Final = 2
"""What a kernel says of a cell: read, empty, or to be read by the exact rule."""

_MOST_DIGITS = 17
_DAY_US = 86_400_000_000
_EIGHT_HOURS_US = 28_800_000_000
_FIRST_YEAR = 1992
"""Shanghai has kept UTC+8 without summer time since 1992; earlier moments are left to the time zone's table."""


@compiled_within
def _amount(data: Bytes, at: int, end: int, places: int) -> tuple[int, int, int]:
    """Read ``[-+]?¥?digits[,ddd]*[.digits]``; return (units of 10^-places, written sign, OK or ASK)."""
    sign = 0
    if data[at] == 0x2D or data[at] == 0x2B:
        sign = -1 if data[at] == 0x2D else 1
        at += 1
    if at + 1 < end and data[at] == 0xC2 and data[at + 1] == 0xA5:
        at += 2
    value, digits, group, grouped = 0, 0, 0, False
    while at < end and data[at] != 0x2E:
        byte = data[at]
        if 0x30 <= byte <= 0x39:
            value, digits, group = value * 10 + whole(byte) - 0x30, digits + 1, group + 1
        elif byte == 0x2C and 0 < group <= 3 and (not grouped or group == 3):
            group, grouped = 0, True
        else:
            return 0, 0, ASK
        at += 1
    if digits == 0 or digits + places > _MOST_DIGITS or (grouped and group != 3):
        return 0, 0, ASK
    at += 1
    for _ in range(places):
        value *= 10
        if at < end:
            if not 0x30 <= data[at] <= 0x39:
                return 0, 0, ASK
            value += whole(data[at]) - 0x30
            at += 1
    while at < end:
        if data[at] != 0x30:
            return 0, 0, ASK
        at += 1
    return value, sign, OK


@compiled_bare
def read_amounts(
    data: Bytes, starts: Places, ends: Places, places: int, values: Numbers, signs: Marks, states: Marks
) -> int:
    """Fill ``values`` (not negative, 10^-places of the written unit) and ``signs`` (-1, 0, +1); return the ASKs."""
    asks = 0
    for row in range(len(starts)):
        values[row], signs[row], states[row] = 0, 0, EMPTY
        if ends[row] > starts[row]:
            values[row], signs[row], states[row] = _amount(data, starts[row], ends[row], places)
            if states[row] == ASK:
                asks += 1
    return asks


@compiled_within
def _digits(data: Bytes, at: int, count: int) -> int:
    """Return the number of ``count`` digits at ``at``; -1 when one of them is no digit."""
    value = 0
    for place in range(at, at + count):
        byte = whole(data[place]) - 0x30
        if not 0 <= byte <= 9:
            return -1
        value = value * 10 + byte
    return value


@compiled_bare
def _days(year: int, month: int, day: int) -> int:
    """Return days since 1970-01-01 (H. Hinnant, days_from_civil); -1 for a date that does not exist."""
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return -1
    if day > 28:
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        longest = 31 - (month == 4 or month == 6 or month == 9 or month == 11)
        if month == 2:
            longest = 29 if leap else 28
        if day > longest:
            return -1
    if month <= 2:
        year -= 1
    era = year // 400
    of_era = year - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


@compiled_bare
def _date(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """Read ``yyyymmdd`` or ``yyyy-m-d`` (also ``/`` and ``.``); return (days since 1970 or -1, place behind)."""
    if end - at < 8:
        return -1, at
    year = _digits(data, at, 4)
    if not _FIRST_YEAR <= year <= 2100:
        return -1, at
    mark = data[at + 4]
    if mark != 0x2D and mark != 0x2F and mark != 0x2E:
        return _days(year, _digits(data, at + 4, 2), _digits(data, at + 6, 2)), at + 8
    at += 5
    month, at = _short(data, at, end)
    if at >= end or data[at] != mark:
        return -1, at
    day, at = _short(data, at + 1, end)
    return _days(year, month, day), at


@compiled_within
def _short(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """Read one or two digits; return (number or -1, place behind)."""
    if at >= end:
        return -1, at
    value = _digits(data, at, 1)
    if value >= 0 and at + 1 < end and 0x30 <= data[at + 1] <= 0x39:
        return _digits(data, at, 2), at + 2
    return value, at + 1


@compiled_bare
def _clock(data: Bytes, at: int, end: int) -> tuple[int, int]:
    """Read ``hhmmss[fff…]``, ``h:mm[:ss[.f…]]``; return (µs since midnight or -1, precision)."""
    colon = end - at >= 3 and (data[at + 1] == 0x3A or data[at + 2] == 0x3A)
    second, precision = 0, 2
    if colon:
        hour, at = _short(data, at, end)
        minute, at = _short(data, at + 1, end)
        if at < end and data[at] == 0x3A:
            second, at = _short(data, at + 1, end)
        else:
            precision = 1
    else:
        if end - at < 6:
            return -1, 0
        hour, minute, second = _digits(data, at, 2), _digits(data, at + 2, 2), _digits(data, at + 4, 2)
        at += 6
    if not (0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second <= 59):
        return -1, 0
    micro = 0
    if at < end:
        micro = _fraction(data, at, end, colon)
        if micro < 0 or precision == 1:
            return -1, 0
        precision = 3
    return ((hour * 60 + minute) * 60 + second) * 1_000_000 + micro, precision


@compiled_bare
def _fraction(data: Bytes, at: int, end: int, colon: bool) -> int:
    """Read ``.f`` to ``.ffffff`` (in a row of digits, three without a dot); return µs or -1."""
    if data[at] == 0x2E:
        at += 1
    elif colon or end - at != 3:
        return -1
    length = end - at
    value = _digits(data, at, length) if 1 <= length <= 6 else -1
    if value >= 0:
        for _ in range(6 - length):
            value *= 10
    return value


@compiled_bare
def read_moment(data: Bytes, at: int, end: int) -> tuple[int, int, int]:
    """Read a date with or without a clock, in Shanghai's time; return (µs since 1970 UTC, precision, OK or ASK)."""
    days, at = _date(data, at, end)
    if days < 0:
        return 0, 0, ASK
    if at == end:
        return days * _DAY_US - _EIGHT_HOURS_US, 0, OK
    if data[at] == 0x20 or data[at] == 0x54:
        at += 1
        while at < end and data[at] == 0x20:
            at += 1
    micro, precision = _clock(data, at, end)
    if micro < 0:
        return 0, 0, ASK
    return days * _DAY_US + micro - _EIGHT_HOURS_US, precision, OK


@compiled_bare
def read_moments(
    data: Bytes, starts: Places, ends: Places, values: Numbers, precisions: Marks, states: Marks
) -> int:
    """Fill ``values`` (µs since 1970, UTC) and ``precisions``; return how many cells are left to the exact rule."""
    asks = 0
    for row in range(len(starts)):
        values[row], precisions[row], states[row] = 0, 0, EMPTY
        if ends[row] > starts[row]:
            values[row], precisions[row], states[row] = read_moment(data, starts[row], ends[row])
            if states[row] == ASK:
                asks += 1
    return asks


@compiled_bare
def add_clocks(
    data: Bytes, starts: Places, ends: Places, values: Numbers, precisions: Marks, states: Marks
) -> int:
    """Add the clock of a column of its own to moments that are days; return how many cells are left to the rule."""
    asks = 0
    for row in range(len(starts)):
        if states[row] != OK or precisions[row] != 0 or ends[row] <= starts[row]:
            continue
        micro, precision = _clock(data, starts[row], ends[row])
        if micro < 0:
            states[row] = ASK
            asks += 1
        else:
            values[row] += micro
            precisions[row] = precision
    return asks


@compiled_within
def _account(data: Bytes, at: int, end: int, out: Bytes, place: int) -> tuple[int, int]:
    """Write a number of digits without its separators; return (place behind it, OK or ASK)."""
    plain, begun = at, place
    while plain < end and 0x30 <= data[plain] <= 0x39:
        plain += 1
    if plain == end and 5 <= end - at <= 34:
        copy_bytes(out, place, data, at, end - at)
        return place + end - at, OK
    while at < end:
        byte = data[at]
        at += 1
        if byte == 0x20 or byte == 0x09 or byte == 0x2D:
            continue
        if not 0x30 <= byte <= 0x39:
            return begun, ASK
        out[place] = byte
        place += 1
    return (place, OK) if 5 <= place - begun <= 34 else (begun, ASK)


@compiled_bare
def write_accounts(
    data: Bytes, starts: Places, ends: Places, out: Bytes, offsets: Places, states: Marks
) -> int:
    """Write account numbers of digits into ``out`` with Arrow ``offsets``; return how many are left to the rule."""
    place, asks = whole(0), 0
    offsets[0] = 0
    for row in range(len(starts)):
        states[row] = EMPTY
        if ends[row] > starts[row]:
            place, states[row] = _account(data, starts[row], ends[row], out, place)
            if states[row] == ASK:
                asks += 1
        offsets[row + 1] = place
    return asks

"""The exact rules for single cells, in Python: what the kernels leave over, and what they are tested against. Pure."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from rongdun.analytics.statements.schema import DAY, MASKED, MINUTE, PLAIN, RECOVERED, SECOND, SUBSECOND
from rongdun.kernel.account import WrongAccount, account_from_number, parse_account
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.digits import half_width
from rongdun.kernel.money import LARGEST_FEN

_CURRENCY: Final = r"(?:CNY|RMB|人民币|¥)?"
_AMOUNT: Final = re.compile(
    rf"{_CURRENCY}\s*([-+]?)\s*{_CURRENCY}\s*(\d[\d,]*(?:\.\d*)?|\.\d+)\s*(?:元|圆|CNY|RMB)?", re.ASCII
)
_GROUPED: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d*)?")
_STATED_UNIT: Final = re.compile(r"\d\s*(?:[百千万亿wW分角]|百万|千万)")

_FORMULA_TEXT: Final = re.compile(r'=\s*"(.*)"')
_SCIENTIFIC: Final = re.compile(r"[0-9]+(?:\.[0-9]*)?E\+?[0-9]+", re.IGNORECASE)
_MASKED: Final = re.compile(r"(?=.*[*X]{2}|.*\*)(?=.*[0-9])[0-9A-Z*]{5,34}")
_BLANKS: Final = re.compile(r"[\s\-‐-―]+")
_BANK_LIKE: Final = re.compile(r"['`]*[0-9][0-9 \t.\-]*(?:[Ee]\+?[0-9]+|_[0-9]+)?")
_WALLET: Final = re.compile(r"[!-~]{3,128}")

_MOMENT: Final = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[\sT-]*(\d{1,2})[:.时点](\d{1,2})(?:[:.分](\d{1,2})?(?:[秒.]?(\d{1,6}))?秒?)?)?",
    re.ASCII,
)
_COMPACT: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(?:\s*(\d\d):?(\d\d):?(\d\d)(?:\.?(\d{1,6}))?)?", re.ASCII)
_CLOCK_DIGITS: Final = re.compile(r"\d{5,6}", re.ASCII)
_DAY_SHARE: Final = re.compile(r"0\.\d+", re.ASCII)
_SERIAL: Final = re.compile(r"[2-7]\d{4}(?:\.\d+)?", re.ASCII)
_EPOCH: Final = re.compile(r"1\d{9}(?:\d{3})?", re.ASCII)
_ISO_ZONED: Final = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)", re.ASCII
)
_SERIAL_ZERO: Final = datetime(1899, 12, 30, tzinfo=SHANGHAI)
"""Day 0 of a spreadsheet's 1900 system as it counts from March 1900 on."""


class Refused(Exception):
    """A cell cannot be taken; ``reason`` is a key of :data:`reasons.REASONS`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Moment(NamedTuple):
    """Microseconds since 1970 UTC, and how finely the cell told the time."""

    micros: int
    precision: int


class Number(NamedTuple):
    """An account number, its sub-account mark ("" for none) and its flag."""

    number: str
    mark: str
    flag: int


def exact_amount(text: str, power: int, numeric: bool = False) -> tuple[int, int]:
    """Return (fen, written sign -1, 0 or +1) of an amount whose unit is ``10**power`` fen; raise :class:`Refused`.

    ``numeric``: a spreadsheet's number, of which fifteen digits hold. 万 and 亿 inside a cell are refused: the
    heading states the unit of its column, and rounded words are no bookkeeping.
    """
    plain = half_width(text).replace("\u2212", "-")
    if numeric:
        value, sign = _numeric(plain)
    else:
        value, sign = _written(plain)
    fen = value.scaleb(power)
    if fen != fen.to_integral_value():
        raise Refused("finer_than_fen")
    if fen > LARGEST_FEN:
        raise Refused("amount_too_large")
    return int(fen), sign


def _numeric(text: str) -> tuple[Decimal, int]:
    try:
        value = Decimal(format(float(text), ".15g"))
    except ValueError:
        raise Refused("bad_amount") from None
    if not value.is_finite():
        raise Refused("bad_amount")
    return abs(value), -1 if value < 0 else 0


def _written(text: str) -> tuple[Decimal, int]:
    found = _AMOUNT.fullmatch(text.upper())
    if not found:
        raise Refused("unit_in_cell" if _STATED_UNIT.search(text) else "bad_amount")
    sign, number = found[1], found[2]
    if "," in number and not _GROUPED.fullmatch(number):
        raise Refused("bad_amount")
    return Decimal(number.replace(",", "")), {"-": -1, "+": 1, "": 0}[sign]


def exact_account(text: str, *, wallet: bool = False, numeric: bool = False) -> Number:
    """Return the account number a cell names, by the rules of :mod:`rongdun.kernel.account`; raise :class:`Refused`.

    Masked digits are kept as ``*``. ``wallet``: a payment institution's user name, of any printable ASCII.
    """
    plain = half_width(text)
    inner = _FORMULA_TEXT.fullmatch(plain)
    plain = inner[1] if inner else plain
    if wallet and not numeric and not _BANK_LIKE.fullmatch(plain):
        return _doubtful(plain, wallet, numeric)
    try:
        if numeric:
            return Number(account_from_number(float(plain)).number, "", PLAIN)
        number, mark = parse_account(plain)
    except (WrongAccount, ValueError):
        return _doubtful(plain, wallet, numeric)
    return Number(number, mark, RECOVERED if _SCIENTIFIC.fullmatch(_BLANKS.sub("", plain)) else PLAIN)


def _doubtful(text: str, wallet: bool, numeric: bool) -> Number:
    compact = _BLANKS.sub("", text.lstrip("'`’‘"))
    if numeric or _SCIENTIFIC.fullmatch(compact):
        raise Refused("lost_digits" if numeric or "." in compact or "E" in compact.upper() else "bad_account")
    main, _, mark = compact.upper().partition("_")
    if _MASKED.fullmatch(main):
        return Number(re.sub(r"X(?=X)|(?<=[X*])X|(?<=\*)X", "*", main), mark, MASKED)
    name = text.strip()
    if wallet and _WALLET.fullmatch(name):
        return Number(name.lower() if "@" in name else name, "", MASKED if "*" in name else PLAIN)
    raise Refused("bad_account")


def exact_moment(text: str, numeric: bool = False) -> Moment:
    """Return the moment a cell tells, in Shanghai's civil time unless it names a zone; raise :class:`Refused`.

    Also reads Chinese dates, a spreadsheet's day numbers (1900 system) and seconds or milliseconds since 1970.
    """
    plain = half_width(text)
    if numeric or _SERIAL.fullmatch(plain):
        return _from_serial(plain)
    if _EPOCH.fullmatch(plain):
        return Moment(
            int(plain) * (1_000_000 if len(plain) == 10 else 1_000), SECOND if len(plain) == 10 else SUBSECOND
        )
    if _ISO_ZONED.fullmatch(plain):
        return Moment(_micros(datetime.fromisoformat(plain)), SUBSECOND if "." in plain else SECOND)
    found = _MOMENT.fullmatch(plain) or _COMPACT.fullmatch(plain)
    if not found:
        raise Refused("bad_time")
    return _from_parts(*found.groups())


def exact_clocked(date: str, clock: str) -> Moment:
    """Return the moment of a day and a clock that stand in two columns; a leading zero may be lost.

    A spreadsheet's clock is a share of the day.
    """
    plain = half_width(clock)
    if _DAY_SHARE.fullmatch(plain):
        plain = str(timedelta(seconds=int(round(Decimal(plain) * 86_400, 0))))
    if _CLOCK_DIGITS.fullmatch(plain):
        padded = plain.zfill(6)
        plain = f"{padded[:2]}:{padded[2:4]}:{padded[4:]}"
    day = datetime.fromtimestamp(exact_moment(date).micros / 1_000_000, SHANGHAI)
    return exact_moment(f"{day:%Y-%m-%d} {plain}")


def _from_parts(
    year: str,
    month: str,
    day: str,
    hour: str | None,
    minute: str | None,
    second: str | None,
    fraction: str | None,
) -> Moment:
    try:
        told = datetime(
            int(year),
            int(month),
            int(day),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            tzinfo=SHANGHAI,
        )
    except ValueError:
        raise Refused("bad_time") from None
    if not 1900 <= told.year <= 2100:
        raise Refused("bad_time")
    told += timedelta(microseconds=int((fraction or "0").ljust(6, "0")))
    precision = DAY if hour is None else MINUTE if second is None else SUBSECOND if fraction else SECOND
    return Moment(_micros(told), precision)


def _from_serial(text: str) -> Moment:
    if not _SERIAL.fullmatch(text):
        compact = text.split(".", maxsplit=1)[0]
        if text != compact or len(compact) not in (8, 14):
            raise Refused("bad_time")
        return exact_moment(compact)
    seconds = round(Decimal(text) * 86_400, 0)
    told = (_SERIAL_ZERO.replace(tzinfo=None) + timedelta(seconds=int(seconds))).replace(tzinfo=SHANGHAI)
    return Moment(_micros(told), DAY if Decimal(text) == int(Decimal(text)) else SECOND)


def _micros(told: datetime) -> int:
    since = told.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds

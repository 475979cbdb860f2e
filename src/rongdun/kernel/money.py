"""Money is a whole number of fen (分). Reading what people and banks write, and writing it back. Pure.

Nothing is guessed: text that can be read in two ways, or that names less than a fen, is refused with the
reason, because a wrong amount makes a bank refuse a stop order.
"""

import re
from decimal import ROUND_HALF_UP, Decimal

from rongdun.kernel.digits import half_width
from rongdun.kernel.errors import Invalid, Text

FEN_PER_YUAN = 100
LARGEST_FEN = 9_223_372_036_854_775_807
"""What a PostgreSQL ``bigint`` holds: ninety-two quadrillion yuan."""

_SCALES = {
    "": 1,
    "百": 100,
    "千": 1_000,
    "万": 10_000,
    "w": 10_000,
    "百万": 1_000_000,
    "千万": 10_000_000,
    "亿": 100_000_000,
}
_CURRENCY = r"(?:人民币|RMB|CNY|¥)"
_SHAPE = re.compile(
    rf"{_CURRENCY}?\s*(?P<sign>[-+]?)\s*{_CURRENCY}?\s*"
    r"(?P<number>\d[\d,]*(?:\.\d+)?|\.\d+)\s*"
    r"(?P<scale>百万|千万|[百千万亿w]?)\s*(?P<unit>元|块|圆|分|RMB|CNY)?(?:整|正)?",
    re.IGNORECASE | re.ASCII,
)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_EXCEL_DIGITS = ".15g"
"""A spreadsheet keeps fifteen significant digits; what lies beyond is noise of binary fractions."""


class WrongAmount(Invalid):
    """An amount cannot be read with certainty."""

    code = "wrong_amount"
    action = Text(
        "请写成“12345.60”“12,345.60”或“1.2万”",
        "Write it as 12345.60, 12,345.60 or 1.2万",
    )

    @classmethod
    def because(cls, text: object, reason: Text) -> "WrongAmount":
        """Build the error from what was written and why it cannot be taken."""
        return cls(Text(f"金额“{text}”{reason.zh}", f"The amount “{text}” {reason.en}"))


def parse_fen(text: str, *, signed: bool = False) -> int:
    """Return the fen that ``text`` names; raise :class:`WrongAmount` when it is not certain.

    Reads ``12345.6``, ``12,345.60``, ``¥1,000``, ``1.2万``, ``3亿元``, ``50分``, full-width digits. A minus sign
    needs ``signed``, as statements have it and forms do not.
    """
    found = _SHAPE.fullmatch(half_width(text))
    if not found:
        raise WrongAmount.because(text, Text("无法识别", "cannot be read"))
    if found["sign"] and not signed:
        raise WrongAmount.because(text, Text("不应带正负号", "must not carry a sign"))
    fen = _number(text, found["number"]) * _scale(text, found["scale"], found["unit"] or "元")
    return _whole(text, -fen if found["sign"] == "-" else fen)


def fen_from_number(yuan: float | Decimal) -> int:
    """Return the fen of an amount in yuan that came as a number, as spreadsheet cells do.

    A float is read to the fifteen digits a spreadsheet keeps, so that 0.1 + 0.2 is thirty fen; whatever
    still names less than a fen, or is not finite, raises :class:`WrongAmount`.
    """
    exact = Decimal(format(yuan, _EXCEL_DIGITS)) if isinstance(yuan, float) else Decimal(yuan)
    if not exact.is_finite():
        raise WrongAmount.because(yuan, Text("不是数字", "is not a number"))
    return _whole(yuan, exact * FEN_PER_YUAN)


def format_yuan(fen: int) -> str:
    """Return the exact amount in yuan with grouping, e.g. ``12,345.60``; :func:`parse_fen` reads it back."""
    sign, whole = ("-" if fen < 0 else ""), abs(fen)
    return f"{sign}{whole // FEN_PER_YUAN:,}.{whole % FEN_PER_YUAN:02d}"


def format_short(fen: int) -> str:
    """Return the amount as a board shows it, at most two decimals: ``950元``, ``1.23万元``, ``2.4亿元``.

    Rounded half up; an amount that rounds to a whole 万 of 万 is shown in 亿.
    """
    yuan = Decimal(abs(fen)) / FEN_PER_YUAN
    sign = "-" if fen < 0 else ""
    for name in ("", "万"):
        shown = _rounded(yuan / _SCALES[name])
        if shown < _SCALES["万"]:
            return f"{sign}{_trimmed(shown)}{name}元"
    return f"{sign}{_trimmed(_rounded(yuan / _SCALES['亿']))}亿元"


def _number(text: str, number: str) -> Decimal:
    if "," in number and not _GROUPED.fullmatch(number):
        raise WrongAmount.because(text, Text("的千分位逗号位置不对", "has a misplaced thousands separator"))
    return Decimal(number.replace(",", ""))


def _scale(text: str, scale: str, unit: str) -> int:
    if unit == "分" and scale:
        raise WrongAmount.because(text, Text("的单位不明确", "has an unclear unit"))
    return 1 if unit == "分" else _SCALES[scale.lower()] * FEN_PER_YUAN


def _whole(text: object, fen: Decimal) -> int:
    if fen != fen.to_integral_value():
        raise WrongAmount.because(text, Text("精确到了分以下", "is finer than a fen"))
    if abs(fen) > LARGEST_FEN:
        raise WrongAmount.because(text, Text("过大", "is too large"))
    return int(fen)


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _trimmed(amount: Decimal) -> str:
    return f"{amount:,}".rstrip("0").rstrip(".")

"""Amounts of money as people say and write them. Pure."""

import re
from collections.abc import Iterator

from rongdun.analytics.reading.numerals import CHARACTERS, chinese_number, mixed_number
from rongdun.kernel.digits import half_width
from rongdun.kernel.money import FEN_PER_YUAN, WrongAmount, parse_fen

_UNIT = r"(?:元钱|块钱|人民币|元|块|圆|RMB|rmb)"
_TAIL = re.compile(rf"\s*{_UNIT}?(?:整|正)?$")
_HALF = re.compile(r"(?P<head>[\d零一二三四五六七八九十百千两]+)(?P<unit>[万千百])半")
_MENTION = re.compile(
    rf"(?<![\dA-Za-z*.])(?:¥\s*)?(?P<amount>\d[\d,]*(?:\.\d{{1,2}})?\s*(?:万|千|百|亿)?(?:\d{{1,4}}千?)?"
    rf"|[{CHARACTERS}]+)\s*(?P<unit>{_UNIT})(?![\d年月日号])|(?<![\dA-Za-z*.])"
    rf"(?P<short>\d+(?:\.\d+)?[万千]\d?千?|[{CHARACTERS}]*[万千][{CHARACTERS}]*)(?![\d年月日号{_UNIT[0]}])"
)


def read_amount(text: str) -> int:
    """Return the fen that ``text`` names; :class:`~rongdun.kernel.money.WrongAmount` when it is not certain.

    Beyond :func:`~rongdun.kernel.money.parse_fen` it reads 三万五, 两千三百元, 3万5, 一万半 as people say them.
    """
    plain = half_width(text)
    bare = _TAIL.sub("", plain)
    halved = _HALF.fullmatch(bare)
    if halved:
        return read_amount(halved["head"] + halved["unit"]) + _half(halved["unit"])
    number = mixed_number(bare)
    if number is not None and number == int(number):
        return int(number) * FEN_PER_YUAN
    spoken = chinese_number(bare)
    return parse_fen(plain if spoken is None else str(spoken))


def find_amounts(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield ``(start, end, fen)`` of every amount a text mentions with 元, 块 or 万, left to right."""
    for found in _MENTION.finditer(text):
        try:
            fen = read_amount(found[0])
        except WrongAmount:
            continue
        if fen:
            yield found.start(), found.end(), fen


def _half(unit: str) -> int:
    return {"万": 5_000, "千": 500, "百": 50}[unit] * FEN_PER_YUAN

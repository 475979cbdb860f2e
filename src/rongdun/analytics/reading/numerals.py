"""Chinese numerals as people say them: 十五, 二十, 三万五, 两千三百. Pure."""

import re
from decimal import Decimal

DIGITS = {name: value for value, name in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
UNITS = {"十": 10, "百": 100, "千": 1_000}
LARGE = {"万": 10_000, "亿": 100_000_000}
CHARACTERS = "".join((*DIGITS, *UNITS, *LARGE))
"""Every character a numeral may hold."""

_MIXED = re.compile(r"(?P<head>\d+(?:\.\d+)?)(?P<unit>[百千万])(?P<tail>\d{1,4})?(?P<second>[百千])?")


def chinese_number(text: str) -> int | None:
    """Return the number that a Chinese numeral names, or None when it is none.

    A single digit after 万, 千 or 百 counts the next lower unit, as people speak: 三万五 is 35,000, 两千三 2,300.
    """
    if not text or any(character not in CHARACTERS for character in text):
        return None
    if all(character in DIGITS for character in text):
        return int("".join(str(DIGITS[character]) for character in text))
    return _spoken(text)


def mixed_number(text: str) -> Decimal | None:
    """Return the number that digits with Chinese units name: ``1.2万``, ``3万5`` (35,000), ``3万5千``; else None."""
    found = _MIXED.fullmatch(text)
    if found is None:
        return None
    unit = _value(found["unit"])
    head = Decimal(found["head"]) * unit
    if not found["tail"]:
        return head if not found["second"] else None
    if found["second"]:
        second = _value(found["second"])
        return head + Decimal(found["tail"]) * second if second < unit else None
    return head + Decimal(found["tail"]) * (unit // 10 if len(found["tail"]) == 1 else 1)


def _value(unit: str) -> int:
    return (UNITS | LARGE)[unit]


def _spoken(text: str) -> int | None:
    total, section, digit, last, zero = 0, 0, None, 1, False
    for character in text:
        if character in DIGITS:
            if digit is not None and not zero:
                return None
            digit, zero = DIGITS[character], DIGITS[character] == 0
            continue
        unit = _value(character)
        if character in LARGE:
            section += digit or 0
            if not section + total:
                return None
            total, section = (total + section) * unit, 0
        elif digit is None and character != "十":
            return None
        else:
            section += (1 if digit is None else digit) * unit
        digit, last, zero = None, unit, False
    if digit and last >= 100 and text[-2] not in "零〇":
        digit *= last // 10
    return total + section + (digit or 0)

"""Identity numbers: of residents (GB 11643-1999) and of organisations (GB 32100-2015). Pure."""

import re
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from rongdun.kernel.digits import half_width
from rongdun.kernel.errors import Invalid, Text

_RESIDENT = re.compile(r"[1-8][0-9]{16}[0-9X]")
_OLD_RESIDENT = re.compile(r"[1-8][0-9]{14}")
_CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")
_SPACES = re.compile(r"[\s\-]+")

_RESIDENT_WEIGHTS = tuple(2**place % 11 for place in range(17, 0, -1))
_RESIDENT_CHECKS = "10X98765432"
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = tuple(3**place % 31 for place in range(17))

_PROVINCES = "1112131415212223313233343536374142434445465051525354616263646571818283"

PROVINCES = frozenset(_PROVINCES[place : place + 2] for place in range(0, len(_PROVINCES), 2))
"""First two digits in use (GB/T 2260); 83 stands on residence permits of Taiwan's residents."""


class Sex(StrEnum):
    """Sex as the seventeenth digit states it: odd is male."""

    MALE = "male"
    FEMALE = "female"


class Resident(NamedTuple):
    """What a resident's number says; ``number`` always has eighteen places."""

    number: str
    birth_date: date
    sex: Sex
    region: str
    """Six-digit code of the place of first registration; may be a code abolished since."""


class WrongIdNumber(Invalid):
    """An identity number or credit code is not valid."""

    code = "wrong_id_number"
    message = Text("证件号码有误", "The identity number is not valid")
    action = Text("请与证件原件核对", "Check it against the document itself")


def parse_resident(text: str, *, on: date | None = None) -> Resident:
    """Return what a resident's identity number says; raise :class:`WrongIdNumber` with the reason.

    Fifteen-digit numbers (issued until 1999) are brought to eighteen: born in the nineteen hundreds, check
    character added. ``on`` refuses births later than that day.
    """
    number = _SPACES.sub("", half_width(text)).upper()
    if _OLD_RESIDENT.fullmatch(number):
        number = _lengthened(number)
    if not _RESIDENT.fullmatch(number):
        raise _wrong("证件号码应为18位(旧证15位)", "An identity number has 18 places (old ones 15)")
    if resident_check(number[:17]) != number[17]:
        raise _wrong(
            "证件号码校验位不符,请检查是否输错", "The check character is wrong; look for a typing error"
        )
    if number[:2] not in PROVINCES:
        raise _wrong("证件号码的地区码不存在", "The region of the number does not exist")
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return Resident(number, _birth(number[6:14], on), sex, number[:6])


def resident_check(first_seventeen: str) -> str:
    """Return the check character of a resident's number (ISO 7064 MOD 11-2, GB 11643)."""
    total = sum(weight * int(digit) for weight, digit in zip(_RESIDENT_WEIGHTS, first_seventeen, strict=True))
    return _RESIDENT_CHECKS[total % 11]


def parse_credit_code(text: str) -> str:
    """Return a unified social credit code in capitals; raise :class:`WrongIdNumber` when its check fails."""
    code = _SPACES.sub("", half_width(text)).upper()
    if not _CREDIT_CODE.fullmatch(code):
        raise _wrong(
            "统一社会信用代码应为18位数字或大写字母(不含I、O、S、V、Z)",
            "A unified social credit code has 18 digits or capitals (without I, O, S, V, Z)",
        )
    if credit_check(code[:17]) != code[17]:
        raise _wrong("统一社会信用代码校验位不符", "The check character of the credit code is wrong")
    return code


def credit_check(first_seventeen: str) -> str:
    """Return the check character of a unified social credit code (ISO 7064 MOD 31-3, GB 32100)."""
    values = (_CREDIT_ALPHABET.index(character) for character in first_seventeen)
    total = sum(weight * value for weight, value in zip(_CREDIT_WEIGHTS, values, strict=True))
    return _CREDIT_ALPHABET[-total % 31]


def mask_id_number(number: str) -> str:
    """Return ``350***********0017``: the first three and last four; what is shorter than 15 is hidden whole."""
    if len(number) < 15:
        return "*" * len(number)
    return number[:3] + "*" * (len(number) - 7) + number[-4:]


def _lengthened(number: str) -> str:
    longer = f"{number[:6]}19{number[6:]}"
    return longer + resident_check(longer)


def _birth(digits: str, on: date | None) -> date:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise _wrong("证件号码的出生日期不存在", "The date of birth in the number does not exist") from None
    if on and born > on:
        raise _wrong("证件号码的出生日期晚于今天", "The date of birth in the number lies in the future")
    return born


def _wrong(zh: str, en: str) -> WrongIdNumber:
    return WrongIdNumber(Text(zh, en))

"""Telephone numbers of the mainland: read, told apart, masked. Pure.

Sources: 工业和信息化部《电信网编号计划》(2017) for the kinds; the prefixes of virtual operators and of
internet-of-things cards change with new allocations, so callers may pass those of the policy table.
"""

import re
from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple

from rongdun.kernel.digits import half_width, is_digits
from rongdun.kernel.errors import Invalid, Text

MVNO_PREFIXES = frozenset({"162", "165", "167", "170", "171"})
"""Numbers resold by virtual operators (转售号段), as in the policy rule ``number.mvno_prefixes``."""

IOT_PREFIXES = frozenset({"140", "141", "144", "146", "148", "149", "172"})
"""Eleven- and thirteen-digit numbers given to machines (物联网号段)."""

_IOT_LONG = re.compile(r"(?:1064[0-9]|14[0-9]{3})\d{8}")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d{2}))([2-9]\d{6,7})")
_SERVICE_400 = re.compile(r"[48]00\d{7}")
_SERVICE_95 = re.compile(r"9[56]\d{3,6}")
_SMS_PORT = re.compile(r"106\d{5,17}")
_SHORT = re.compile(r"1[0-2]\d{1,3}")
_INTERNATIONAL = re.compile(r"[1-9]\d{6,14}")
_DECORATION = re.compile(r"[\s\-‐-―()().·]+")


class PhoneKind(StrEnum):
    """Kinds of numbers; the words are those of the policy rule ``number.kinds``, and ``short`` beside them."""

    MOBILE = "mobile"
    MVNO = "mvno"
    IOT = "iot"
    LANDLINE = "landline"
    SERVICE_400 = "service_400"
    SERVICE_95 = "service_95"
    SMS_PORT = "sms_port"
    SHORT = "short"
    """Emergency and service codes: 110, 12381, 10086."""
    INTERNATIONAL = "international"

    @property
    def personal(self) -> bool:
        """Tell whether such a number belongs to a subscriber and is masked."""
        return self in _PERSONAL


_HIDDEN = 4
"""However short a number, this many of its digits are hidden."""

_PERSONAL = frozenset(
    {PhoneKind.MOBILE, PhoneKind.MVNO, PhoneKind.IOT, PhoneKind.LANDLINE, PhoneKind.INTERNATIONAL}
)


class Phone(NamedTuple):
    """A number written one way.

    Digits only: national numbers without the country code, landlines with their area code (``0591…``),
    international numbers with ``+``.
    """

    number: str
    kind: PhoneKind


class WrongPhone(Invalid):
    """A telephone number cannot be read."""

    code = "wrong_phone"
    message = Text("电话号码无法识别", "The telephone number cannot be read")
    action = Text(
        "请填写11位手机号、带区号的固定电话（如0591-87654321），或400、95、106等号码",
        "Give an 11-digit mobile, a landline with its area code (0591-87654321), or a 400, 95 or 106 number",
    )


def parse_phone(
    text: str,
    *,
    mvno: Collection[str] = MVNO_PREFIXES,
    iot: Collection[str] = IOT_PREFIXES,
) -> Phone:
    """Return the number that ``text`` names, with its kind; raise :class:`WrongPhone` otherwise.

    Takes ``+86``, ``0086``, ``86`` and the ``0`` before a mobile away, and spaces, dashes, brackets and
    full-width digits. A landline without its area code is refused: which city it is in is not guessed.
    """
    plain = _DECORATION.sub("", half_width(text))
    digits, abroad = _without_country(plain)
    if not is_digits(digits):
        raise WrongPhone
    if abroad:
        return _abroad(digits)
    return _national(digits, mvno=mvno, iot=iot)


def mask_phone(phone: Phone) -> str:
    """Return ``138****5678``; numbers that belong to no subscriber (95, 400, 106, 110) stay readable."""
    number = phone.number
    if not phone.kind.personal:
        return number
    head = 4 if number.startswith(("0", "+")) else 3
    tail = max(0, min(4, len(number) - head - _HIDDEN))
    return number[:head] + "*" * (len(number) - head - tail) + number[len(number) - tail :]


def _without_country(plain: str) -> tuple[str, bool]:
    """Return the digits, and whether a country other than 86 stood before them."""
    for prefix in ("+86", "0086"):
        if plain.startswith(prefix):
            return _with_trunk(plain.removeprefix(prefix)), False
    if plain.startswith("+"):
        return plain[1:], True
    if plain.startswith("00"):
        return plain[2:], True
    for prefix in ("86", "0"):
        bare = plain.removeprefix(prefix)
        if _MOBILE.fullmatch(bare):
            return bare, False
    return plain, False


def _with_trunk(national: str) -> str:
    return (
        "0" + national
        if _LANDLINE.fullmatch("0" + national) and not _MOBILE.fullmatch(national)
        else national
    )


def _abroad(digits: str) -> Phone:
    if not _INTERNATIONAL.fullmatch(digits):
        raise WrongPhone
    return Phone("+" + digits, PhoneKind.INTERNATIONAL)


def _national(digits: str, *, mvno: Collection[str], iot: Collection[str]) -> Phone:
    if _MOBILE.fullmatch(digits):
        return Phone(digits, _mobile_kind(digits, mvno=mvno, iot=iot))
    for shape, kind in _SHAPES:
        if shape.fullmatch(digits):
            return Phone(digits, kind)
    raise WrongPhone


_SHAPES = (
    (_IOT_LONG, PhoneKind.IOT),
    (_SMS_PORT, PhoneKind.SMS_PORT),
    (_SERVICE_400, PhoneKind.SERVICE_400),
    (_SERVICE_95, PhoneKind.SERVICE_95),
    (_LANDLINE, PhoneKind.LANDLINE),
    (_SHORT, PhoneKind.SHORT),
)


def _mobile_kind(digits: str, *, mvno: Collection[str], iot: Collection[str]) -> PhoneKind:
    if digits.startswith(tuple(mvno)):
        return PhoneKind.MVNO
    return PhoneKind.IOT if digits.startswith(tuple(iot)) else PhoneKind.MOBILE

"""Accounts: an institution and a number written one way, so that the same account is always the same key. Pure.

Numbers arrive pasted from chats, messages and spreadsheets. The management platform's messages write
``主账号_识别号`` (main account, sub-account mark); a spreadsheet may have turned a number into
``6.22202E+18``, which is taken back only where no digit was lost.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from rongdun.kernel.digits import half_width, is_digits
from rongdun.kernel.errors import Invalid, Text

_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?E\+?[0-9]{1,2}")
_SEPARATORS = re.compile(r"[\s\-‐-―]+")
_ACCEPTED = re.compile(r"[0-9A-Z]{5,34}")
"""Five characters (old ledgers) to thirty-four (ISO 13616); payment accounts may hold letters."""

_EXCEL_DIGITS = 15
_CARD_LENGTHS = range(13, 20)


class WrongAccount(Invalid):
    """An account number cannot be taken as it stands."""

    code = "wrong_account"
    action = Text("请核对原始凭证上的账号", "Check the number on the original voucher")

    @classmethod
    def because(cls, reason: Text) -> "WrongAccount":
        """Build the error; the number itself is left out, so that it reaches no log."""
        return cls(reason)


class AccountNumber(NamedTuple):
    """A number written one way; ``mark`` is the sub-account mark (识别号), empty when there is none."""

    number: str
    mark: str = ""

    @property
    def message_form(self) -> str:
        """Return the number as messages to banks carry it: ``主账号`` or ``主账号_识别号``."""
        return f"{self.number}_{self.mark}" if self.mark else self.number


class AccountKey(NamedTuple):
    """What makes two accounts the same: the institution's code and the number."""

    institution: str
    number: AccountNumber


def parse_account(text: str) -> AccountNumber:
    """Return the account number that ``text`` names; raise :class:`WrongAccount` with the reason.

    Spaces, dashes, quotes a spreadsheet adds, full-width characters and letter case do not matter.
    """
    main, _, mark = half_width(text).lstrip("'`’‘").upper().partition("_")
    number = _SEPARATORS.sub("", main)
    if _SCIENTIFIC.fullmatch(number):
        number = _from_scientific(number)
    _must_be_whole(number)
    mark = _SEPARATORS.sub("", mark)
    if mark and not (mark.isascii() and mark.isalnum()):
        raise WrongAccount.because(Text("账号的识别号部分有误", "The sub-account mark is not valid"))
    return AccountNumber(number, mark)


def account_from_number(value: float) -> AccountNumber:
    """Return the account of a spreadsheet cell that holds a number.

    A float beyond fifteen digits has lost its last ones and is refused: the digits cannot be known.
    """
    if isinstance(value, int):
        return parse_account(str(value))
    if not value.is_integer():
        raise WrongAccount.because(Text("账号不是整数", "The account number is not a whole number"))
    if len(str(int(value))) > _EXCEL_DIGITS:
        raise _lost_digits()
    return parse_account(str(int(value)))


def luhn_holds(number: str) -> bool | None:
    """Tell whether a card number's check digit is right (ISO/IEC 7812-1, annex B).

    A hint only: None when the number is not shaped like a card; corporate and old accounts have no check digit.
    """
    if not is_digits(number) or len(number) not in _CARD_LENGTHS:
        return None
    total = 0
    for place, digit in enumerate(reversed(number)):
        doubled = int(digit) * (2 if place % 2 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def mask_account(number: str) -> str:
    """Return ``6222 **** **** 0123``: the first and last four, the middle in groups of four.

    A number of eight characters or fewer shows its last two only, one of four or fewer nothing.
    """
    if len(number) <= 8:
        shown = 2 if len(number) > 4 else 0
        return "*" * (len(number) - shown) + number[len(number) - shown :]
    hidden = "*" * (len(number) - 8)
    groups = [hidden[start : start + 4] for start in range(0, len(hidden), 4)]
    return " ".join([number[:4], *groups, number[-4:]])


def _from_scientific(text: str) -> str:
    value = Decimal(text)
    if value.as_tuple().exponent != 0:
        raise _lost_digits()
    return str(int(value))


def _lost_digits() -> WrongAccount:
    return WrongAccount.because(
        Text(
            "账号被表格转成了科学计数法，末尾数字已丢失，无法还原",
            "A spreadsheet has turned the number into scientific notation and its last digits are lost",
        )
    )


def _must_be_whole(number: str) -> None:
    if "*" in number or "XX" in number:
        raise WrongAccount.because(Text("账号有打码，须补全", "The number is masked; give it in full"))
    if not _ACCEPTED.fullmatch(number) or not any(character.isdigit() for character in number):
        raise WrongAccount.because(
            Text("账号应为5至34位数字或字母", "An account number has 5 to 34 digits or letters")
        )

"""The numbers of a user: read, sealed with their look-up values, and masked.

Private ones: phone and identity number. Those of the service: police number and work phone, which stand on instructions
to banks (operator and investigator of 100101 and the others); the private ones never do.
"""

import re
from collections.abc import Callable
from typing import Literal

from rongdun.domains.people.model import User
from rongdun.kernel.digits import half_width
from rongdun.kernel.errors import FieldError, Invalid, Text
from rongdun.kernel.id_number import mask_id_number, parse_resident
from rongdun.kernel.phone import mask_phone, parse_phone
from rongdun.kernel.workday import civil_date
from rongdun.runtime.authz import permissions_of
from rongdun.runtime.crypto import Vault
from rongdun.runtime.uow import Uow

Field = Literal["phone", "id_number", "police_number", "work_phone"]

FIELDS: tuple[Field, ...] = ("phone", "id_number", "police_number", "work_phone")

OF_SERVICE: tuple[Field, ...] = ("police_number", "work_phone")
"""What an instruction to a bank names its officers by, beside their names."""

SIGNING = frozenset({"order.draft", "order.review", "freeze.approve_county", "freeze.approve_city"})
"""Who may do one of these is named on instructions to banks."""

_POLICE = re.compile(r"[0-9A-Z]{4,18}")


class WrongPoliceNumber(Invalid):
    """A text is no police number."""

    code = "wrong_police_number"
    message = Text("警号为4至18位数字或大写字母", "A police number has 4 to 18 digits or capital letters")


def read_number(uow: Uow, field: Field, text: str | None) -> str | None:
    """Return what ``text`` names, written one way; ``None`` for nothing; :class:`Invalid` otherwise."""
    if not text:
        return None
    if field == "police_number":
        return _police_number(text)
    if field in ("phone", "work_phone"):
        return parse_phone(text).number
    return parse_resident(text, on=civil_date(uow.now)).number


def numbers_wrong(uow: Uow, field: Field, text: str | None) -> list[FieldError]:
    """Return what is wrong with ``text``, pointing at the field."""
    try:
        read_number(uow, field, text)
    except Invalid as error:
        return [FieldError(field, error.message)]
    return []


def put_number(vault: Vault, user: User, field: Field, number: str | None) -> None:
    """Seal ``number`` into the user's ``field`` beside its look-up value; ``None`` empties both."""
    sealed = vault.seal(number, context_of(user, field)) if number else None
    setattr(user, field, sealed)
    setattr(user, f"{field}_blind", blind(vault, field, number) if number else None)


def open_number(vault: Vault, user: User, field: Field) -> str | None:
    """Return the user's ``field`` in clear."""
    sealed: bytes | None = getattr(user, field)
    return None if sealed is None else vault.open(sealed, context_of(user, field))


def masked_number(vault: Vault, user: User, field: Field) -> str | None:
    """Return the user's ``field`` as screens show it."""
    number = open_number(vault, user, field)
    return None if number is None else _MASKS[field](number)


def blind(vault: Vault, field: Field, number: str) -> bytes:
    """Return the look-up value of a normalised ``number``."""
    return vault.blind(number, f"users.{field}")


def not_on_orders(user: User) -> list[Field]:
    """Return which numbers of the service instructions to banks go without; none for who is named on none."""
    signs = not SIGNING.isdisjoint(permissions_of(user.roles))
    return [field for field in OF_SERVICE if signs and getattr(user, field) is None]


def _police_number(text: str) -> str:
    number = half_width(text).replace(" ", "").upper()
    if not _POLICE.fullmatch(number):
        raise WrongPoliceNumber
    return number


def _mask_police_number(number: str) -> str:
    return "*" * (len(number) - 2) + number[-2:]


def context_of(user: User, field: Field) -> str:
    """Return the context a user's ``field`` is sealed in."""
    return f"users.{field}:{user.id}"


_MASKS: dict[Field, Callable[[str], str]] = {
    "phone": lambda number: mask_phone(parse_phone(number)),
    "id_number": mask_id_number,
    "police_number": _mask_police_number,
    "work_phone": lambda number: mask_phone(parse_phone(number)),
}

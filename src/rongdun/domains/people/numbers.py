"""The phone and identity number of a user: read, sealed with their look-up values, and masked."""

from collections.abc import Callable
from typing import Literal

from rongdun.domains.people.model import User
from rongdun.kernel.errors import FieldError, Invalid
from rongdun.kernel.id_number import mask_id_number, parse_resident
from rongdun.kernel.phone import mask_phone, parse_phone
from rongdun.kernel.workday import civil_date
from rongdun.runtime.crypto import Vault
from rongdun.runtime.uow import Uow

Field = Literal["phone", "id_number"]

FIELDS: tuple[Field, ...] = ("phone", "id_number")


def read_number(uow: Uow, field: Field, text: str | None) -> str | None:
    """Return what ``text`` names, written one way; ``None`` for nothing; :class:`Invalid` otherwise."""
    if not text:
        return None
    if field == "phone":
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


def context_of(user: User, field: Field) -> str:
    """Return the context a user's ``field`` is sealed in."""
    return f"users.{field}:{user.id}"


_MASKS: dict[Field, Callable[[str], str]] = {
    "phone": lambda number: mask_phone(parse_phone(number)),
    "id_number": mask_id_number,
}

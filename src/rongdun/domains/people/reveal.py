"""The numbers of users that may be shown in clear, with a purpose and on record."""

from uuid import UUID

from rongdun.domains.people import store
from rongdun.domains.people.numbers import FIELDS, Field, open_number
from rongdun.runtime.reveal import Loader, Revealed, register_reveal
from rongdun.runtime.uow import Uow


def _loader(field: Field) -> Loader:
    def load(uow: Uow, record: str) -> Revealed | None:
        found = store.find_user(uow.session, uow.actor.scope, UUID(record)) if _is_id(record) else None
        if found is None:
            return None
        user = found.user
        return Revealed(open_number(uow.vault, user, field), user.reference, user.unit_path)

    return load


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


REVEALABLE = ("user", FIELDS)
"""Kind and fields, declared when this module is imported."""

for _field in FIELDS:
    register_reveal("user", _field, _loader(_field), "user.reveal")

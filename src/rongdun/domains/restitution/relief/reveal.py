"""Fields of relief requests that may be shown in clear, with a purpose and on record."""

from uuid import UUID

from rongdun.domains.restitution.relief import store
from rongdun.domains.restitution.relief.model import details_of
from rongdun.runtime.reveal import Loader, Revealed, register_reveal
from rongdun.runtime.uow import Uow

FIELDS = ("account", "holder", "applicant_name", "phone")


def _loader(field: str) -> Loader:
    def load(uow: Uow, record: str) -> Revealed | None:
        found = store.find(uow.session, uow.actor.scope, UUID(record))
        if found is None:
            return None
        value: str = getattr(details_of(uow.vault, found), field)
        return Revealed(value or None, found.reference, found.unit_path)

    return load


for _field in FIELDS:
    register_reveal("relief_request", _field, _loader(_field), "relief.read")

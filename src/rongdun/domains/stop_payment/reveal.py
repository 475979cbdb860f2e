"""Numbers and names of orders that may be shown in clear, with a purpose and on record."""

from collections.abc import Callable
from uuid import UUID

from rongdun.domains.stop_payment import store
from rongdun.domains.stop_payment.model import Details, details_of
from rongdun.domains.stop_payment.reasons import reason_of
from rongdun.runtime.reveal import Loader, Revealed, register_reveal
from rongdun.runtime.uow import Uow

FIELDS: dict[str, Callable[[Details], str]] = {
    "account": lambda told: told.number,
    "name": lambda told: told.name,
    "payer_account": lambda told: told.payer.number,
    "payer_name": lambda told: told.payer.name,
    "reason": lambda told: reason_of(told).zh,
}


def _loader(read: Callable[[Details], str]) -> Loader:
    def load(uow: Uow, record: str) -> Revealed | None:
        try:
            order = store.find_order(uow.session, uow.actor.scope, UUID(record))
        except ValueError:
            return None
        if order is None:
            return None
        return Revealed(read(details_of(uow.vault, order)) or None, order.reference, order.unit_path)

    return load


for _field, _read in FIELDS.items():
    register_reveal("order", _field, _loader(_read), "order.read")

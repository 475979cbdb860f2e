"""Fields of returns and claims that may be shown in clear, with a purpose and on record."""

from uuid import UUID

from rongdun.domains.restitution.returns import store
from rongdun.domains.restitution.returns.model import (
    ReturnClaim,
    ReturnOrder,
    claimant,
    frozen_account,
    payee_of,
)
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.reveal import Loader, Revealed, register_reveal
from rongdun.runtime.uow import Uow

ORDER_FIELDS = ("account", "holder")
CLAIM_FIELDS = ("name", "id_number", "phone", "account", "pays_to")


def _of_order(field: str) -> Loader:
    def load(uow: Uow, record: str) -> Revealed | None:
        found = store.find(uow.session, uow.actor.scope, UUID(record))
        if found is None:
            return None
        value: str = getattr(frozen_account(uow.vault, found), field)
        return Revealed(value or None, found.reference, found.unit_path)

    return load


def _of_claim(field: str) -> Loader:
    def load(uow: Uow, record: str) -> Revealed | None:
        order, _, claim = record.partition(".")
        found = store.find(uow.session, uow.actor.scope, UUID(order))
        rows = store.claims_of(uow.session, uow.actor.scope, found.id) if found else []
        one = next((row for row in rows if str(row.id) == claim), None)
        if found is None or one is None:
            return None
        return _shown(uow, found, one, field)

    return load


def _shown(uow: Uow, found: ReturnOrder, one: ReturnClaim, field: str) -> Revealed:
    person = claimant(uow.vault, one)
    value: str = payee_of(uow.vault, one).account if field == "pays_to" else getattr(person, field)
    subject = SubjectRef("return_claim", str(one.id), found.number)
    return Revealed(value or None, subject, found.unit_path)


for _field in ORDER_FIELDS:
    register_reveal("return_order", _field, _of_order(_field), "return.read")
for _field in CLAIM_FIELDS:
    register_reveal("return_claim", _field, _of_claim(_field), "return.read")

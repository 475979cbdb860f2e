"""Finding orders, and whose they are."""

from dataclasses import dataclass
from uuid import UUID

from rongdun.domains import cases
from rongdun.domains.stop_payment import store
from rongdun.domains.stop_payment.model import Order
from rongdun.domains.stop_payment.wide import everything
from rongdun.kernel.errors import NotFound, StaleVersion
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.uow import Uow


@dataclass(frozen=True, slots=True)
class Owner:
    """The unit an order is of."""

    unit_path: str
    unit_name: str


def find(uow: Uow, order_id: UUID) -> Order:
    """Return an order; :class:`NotFound` outside the scope."""
    order = store.find_order(uow.session, uow.actor.scope, order_id)
    if order is None:
        raise NotFound
    return order


def locked(uow: Uow, order_id: UUID) -> Order:
    """Return an order, locked; :class:`NotFound` outside the scope."""
    order = store.lock_order(uow.session, uow.actor.scope, order_id)
    if order is None:
        raise NotFound
    return order


def seen(uow: Uow, order_id: UUID, version: int) -> Order:
    """Return an order, locked; :class:`StaleVersion` when it is not the version the actor has seen.

    So of two who act on the same version in the same second only one does.
    """
    order = locked(uow, order_id)
    StaleVersion.unless_seen(version, state=order.state, now=order.version)
    return order


def whose(uow: Uow, subject: SubjectRef, unit_path: str = "") -> Owner:
    """Return the unit that orders about ``subject`` are of: the case's, else ``unit_path``, else the actor's."""
    if subject.kind == "case":
        ref = cases.case_of(uow, UUID(subject.id))
        return Owner(ref.unit_path, ref.unit_name)
    path = unit_path or uow.actor.unit_path
    if path == uow.actor.unit_path:
        return Owner(path, uow.actor.unit_name)
    with everything(uow) as scope:
        names = store.units_named(uow.session, scope, {path})
    return Owner(path, names[path][0] if path in names else "")

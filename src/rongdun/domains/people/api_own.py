"""The endpoints of one's own numbers, on the router of signing in."""

from rongdun.domains.people import own
from rongdun.domains.people.api_auth import router
from rongdun.domains.people.model import User
from rongdun.domains.people.numbers import masked_number, not_on_orders
from rongdun.domains.people.schemas_auth import OwnNumbersOut, WorkPhoneIn
from rongdun.runtime.uow import Uow
from rongdun.runtime.web import SIGNED_IN, UowDep


@router.get("/numbers", permission=SIGNED_IN)
def read_own_numbers(uow: UowDep) -> OwnNumbersOut:
    """本人警号、办公电话 / One's own police number and work phone, masked, as instructions to banks name one."""
    return _out(uow, own.own(uow))


@router.put("/numbers", permission=SIGNED_IN)
def write_work_phone(uow: UowDep, body: WorkPhoneIn) -> OwnNumbersOut:
    """登记本人办公电话 / Enter one's own work phone; an empty one removes it."""
    return _out(uow, own.set_work_phone(uow, version=body.version, number=body.work_phone))


def _out(uow: Uow, user: User) -> OwnNumbersOut:
    return OwnNumbersOut(
        police_number=masked_number(uow.vault, user, "police_number"),
        work_phone=masked_number(uow.vault, user, "work_phone"),
        not_on_orders=list(not_on_orders(user)),
        version=user.version,
    )

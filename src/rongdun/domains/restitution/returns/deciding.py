"""Approving a return, taking it to the bank, and what the bank answers."""

from dataclasses import dataclass
from uuid import UUID

from rongdun.domains import people
from rongdun.domains.restitution.errors import WrongOfficers
from rongdun.domains.restitution.measures import paid_out
from rongdun.domains.restitution.returns import store
from rongdun.domains.restitution.returns.model import ReturnOrder
from rongdun.domains.restitution.returns.moves import move
from rongdun.domains.restitution.returns.service import seen
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.workday import civil_date
from rongdun.runtime import policies
from rongdun.runtime.uow import Uow


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the bank says it paid: its number, its clerk, fen by claim, and the fee it took (none is allowed)."""

    number: str
    clerk: str
    paid: dict[UUID, int]
    fee_fen: int = 0


def approve(uow: Uow, return_id: UUID, *, version: int, note: str = "") -> ReturnOrder:
    """Approve a return for the city: the decision gets its number. Never by whoever drafted it."""
    found = seen(uow, return_id, version)
    year = uow.now.astimezone(SHANGHAI).year
    serial = store.last_decision(uow.session, uow.actor.scope, year) + 1
    pattern = policies.text_value(uow.session, "return.decision_number", on=civil_date(uow.now))
    number = pattern.format(year=year, number=serial)

    def write() -> None:
        found.decision_year, found.decision_serial, found.decision_number = year, serial, number
        found.approver_id, found.approver_name, found.approved_at = uow.actor.user_id, uow.actor.name, uow.now

    move(uow, found, "approve", reason=note, write=write, after={"decision": number})
    return found


def notice_bank(uow: Uow, return_id: UUID, *, version: int, with_officer: UUID) -> ReturnOrder:
    """Take the notice to the bank: the actor and another officer of the unit; the bank's clock begins.

    Raises :class:`WrongOfficers` unless the other is somebody else of the unit who may do it.
    """
    found = seen(uow, return_id, version)
    other = next((one for one in people.colleagues(uow, "return.execute") if one.id == with_officer), None)
    if other is None or uow.actor.user_id is None or other.id == uow.actor.user_id:
        raise WrongOfficers
    found.officer_ids = [uow.actor.user_id, other.id]
    found.officer_names = [uow.actor.name, other.name]

    def write() -> None:
        found.bank_noticed_at = uow.now

    move(uow, found, "notice_bank", write=write, after={"officers": found.officer_names})
    return found


def fail(uow: Uow, return_id: UUID, *, version: int, reason: str) -> ReturnOrder:
    """Enter that the bank could not pay, and why; the officers choose another account or withdraw."""
    found = seen(uow, return_id, version)
    move(uow, found, "fail", reason=reason)
    return found


def pay(uow: Uow, return_id: UUID, *, version: int, receipt: Receipt) -> ReturnOrder:
    """Enter the bank's receipt: every claim paid its share, no fee; what was paid leaves the freeze."""
    found = seen(uow, return_id, version)
    claims = [one for one in store.claims_of(uow.session, uow.actor.scope, found.id) if one.share_fen]
    exactly = receipt.fee_fen == 0 and receipt.paid == {one.id: one.share_fen for one in claims}
    after: dict[str, object] = {"receipt": receipt.number, "paid_fen": sum(receipt.paid.values())}

    def write() -> None:
        for one in claims:
            one.paid_fen = one.share_fen or 0
        found.paid_fen, found.paid_at = found.share_fen, uow.now
        found.receipt_number, found.receipt_clerk, found.receipt_by = (
            receipt.number,
            receipt.clerk,
            uow.actor.name,
        )

    move(uow, found, "pay", paid_exactly=exactly, write=write, after=after)
    paid_out(uow, found.order_id, found.paid_fen, found.number)
    return found


def file_receipt(uow: Uow, return_id: UUID, *, version: int) -> ReturnOrder:
    """File the receipt with the case."""
    found = seen(uow, return_id, version)

    def write() -> None:
        found.receipt_filed_at = uow.now

    move(uow, found, "file_receipt", write=write)
    return found

"""The endpoints of a return's claims."""

from typing import Any
from uuid import UUID

from rongdun.domains.restitution.returns import claims
from rongdun.domains.restitution.returns.claims import Progress
from rongdun.domains.restitution.returns.model import Claimant, Payee
from rongdun.domains.restitution.returns.schemas import AccountIn, ClaimIn, ProgressIn, ReturnDetailOut
from rongdun.domains.restitution.returns.views import detail_out
from rongdun.runtime.web import Router, UowDep

router = Router(prefix="/api/returns/{return_id}/claims", tags=["restitution"])


@router.post("", permission="return.draft", response_model=ReturnDetailOut)
def enter_claim(uow: UowDep, return_id: UUID, body: ClaimIn) -> Any:
    """登记被害人 / Enter a victim the case does not name yet."""
    person = Claimant(**body.model_dump(exclude={"version", "loss_fen"}))
    found = claims.add_claim(uow, return_id, version=body.version, person=person, loss_fen=body.loss_fen)
    return detail_out(uow, found)


@router.put("/{claim_id}", permission="return.draft", response_model=ReturnDetailOut)
def write_claim(uow: UowDep, return_id: UUID, claim_id: UUID, body: ProgressIn) -> Any:
    """登记告知、申请、材料、核实 / How a claim stands: told, applied, papers, verified, set aside."""
    progress = Progress(**body.model_dump(exclude={"version"}))
    found = claims.set_progress(uow, return_id, claim_id, version=body.version, progress=progress)
    return detail_out(uow, found)


@router.put("/{claim_id}/account", permission="return.draft", response_model=ReturnDetailOut)
def write_account(uow: UowDep, return_id: UUID, claim_id: UUID, body: AccountIn) -> Any:
    """收款账户 / Pay to another account of the victim, with a reason; without one, to the original."""
    payee = Payee(institution=body.institution, account=body.account) if body.account else None
    found = claims.set_account(
        uow, return_id, claim_id, version=body.version, payee=payee, reason=body.reason
    )
    return detail_out(uow, found)

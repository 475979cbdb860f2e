"""The endpoints of what officers add to a trace: marks, notes, decisions, transfers by hand."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Path

from rongdun.domains.tracing.traces import findings, service
from rongdun.domains.tracing.traces.account_views import account_out, subject_of
from rongdun.domains.tracing.traces.findings import Party, WrittenTransfer
from rongdun.domains.tracing.traces.schemas import (
    ChoiceIn,
    HandTransferIn,
    MarksIn,
    NoteIn,
    TraceAccountOut,
    TraceDetailOut,
    WithdrawIn,
)
from rongdun.domains.tracing.traces.views import detail_out
from rongdun.runtime.web import Router, UowDep

router = Router(prefix="/api/traces/{trace_id}", tags=["tracing"])

AccountId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="账户地址 / the account's address")]


@router.get("/accounts/{account_id}", permission="trace.read", response_model=TraceAccountOut)
def read_trace_account(uow: UowDep, trace_id: UUID, account_id: AccountId) -> Any:
    """追踪中的账户 / An account of a trace: marks, notes, and other traces that touch it; on record."""
    found = service.find(uow, trace_id)
    shown = account_out(uow, found, account_id)
    uow.record("trace.account_read", subject_of(found, account_id), unit_path=found.unit_path)
    return shown


@router.put("/accounts/{account_id}/marks", permission="trace.run", response_model=TraceAccountOut)
def mark_account(uow: UowDep, trace_id: UUID, account_id: AccountId, body: MarksIn) -> Any:
    """标注账户 / Let exactly these marks stand on an account."""
    return account_out(uow, findings.set_marks(uow, trace_id, account_id, body.marks), account_id)


@router.post(
    "/accounts/{account_id}/notes", permission="trace.run", response_model=TraceAccountOut, status_code=201
)
def note_account(uow: UowDep, trace_id: UUID, account_id: AccountId, body: NoteIn) -> Any:
    """账户备注 / Add a note to an account."""
    return account_out(uow, findings.add_note(uow, trace_id, account_id, body.text), account_id)


@router.put("/accounts/{account_id}/choice", permission="trace.run", response_model=TraceAccountOut)
def choose_for_account(uow: UowDep, trace_id: UUID, account_id: AccountId, body: ChoiceIn) -> Any:
    """单个账户的处理 / Stop at an account or follow through it, and its own time window, from the next time on."""
    found = findings.choose(uow, trace_id, account_id, hub=body.hub, delta_minutes=body.delta_minutes)
    return account_out(uow, found, account_id)


@router.post("/transfers", permission="trace.run", response_model=TraceDetailOut, status_code=201)
def add_transfer(uow: UowDep, trace_id: UUID, body: HandTransferIn) -> Any:
    """手工添加转账 / Add a transfer no statement shows; it enters the next computation."""
    written = WrittenTransfer(
        payer=Party(**body.payer.model_dump()),
        payee=Party(**body.payee.model_dump()),
        amount=body.amount,
        time=body.time,
        reason=body.reason,
    )
    return detail_out(uow, findings.add_transfer(uow, trace_id, written))


@router.post("/transfers/{transfer_id}/withdraw", permission="trace.run", response_model=TraceDetailOut)
def withdraw_transfer(uow: UowDep, trace_id: UUID, transfer_id: UUID, body: WithdrawIn) -> Any:
    """撤下手工转账 / Leave a transfer by hand out of later computations."""
    return detail_out(uow, findings.withdraw_transfer(uow, trace_id, transfer_id, reason=body.reason))

"""The endpoints of returns: candidates, the list, one return and its steps."""

from typing import Any
from uuid import UUID

from fastapi import Response

from rongdun.domains import people
from rongdun.domains.restitution.returns import deciding, notices, reckoning, service, store
from rongdun.domains.restitution.returns.deciding import Receipt
from rongdun.domains.restitution.returns.model import Objector
from rongdun.domains.restitution.returns.schemas import (
    ApproveIn,
    BackIn,
    BankIn,
    CandidateOut,
    ColleagueOut,
    ObjectionIn,
    PublishIn,
    ReceiptIn,
    ReckonIn,
    ReturnDetailOut,
    ReturnIn,
    ReturnOut,
    SettleIn,
    StepIn,
)
from rongdun.domains.restitution.returns.views import candidate_out, detail_out, return_out
from rongdun.domains.restitution.shapes import ReasonIn
from rongdun.kernel.errors import Text
from rongdun.runtime.downloads import export_table
from rongdun.runtime.i18n import LanguageDep
from rongdun.runtime.tables import Page, TableQueryDep, run_table
from rongdun.runtime.web import Router, UowDep

router = Router(prefix="/api/returns", tags=["restitution"])


@router.get("", permission="return.read", response_model=Page[ReturnOut])
def list_returns(uow: UowDep, query: TableQueryDep) -> Any:
    """返还单列表 / Returns of the actor's scope, the newest first; a bank sees those that were decided."""
    page = run_table(uow.session, store.returns_in(uow.actor.scope), store.RETURNS, query)
    return page.map(lambda found: return_out(uow, found))


@router.post("", permission="return.draft", response_model=ReturnDetailOut, status_code=201)
def draft_return(uow: UowDep, body: ReturnIn) -> Any:
    """新建返还单 / Begin a return out of a freeze; the victims of the case become its claims."""
    return detail_out(uow, service.draft(uow, body.order_id))


@router.get("/export.xlsx", permission="return.read", response_class=Response)
def export_returns(uow: UowDep, query: TableQueryDep, language: LanguageDep) -> Response:
    """导出返还单 / Returns as an Excel sheet; the export is recorded."""
    statement, title = store.returns_in(uow.actor.scope), Text("返还单", "Returns")
    return export_table(uow, statement, store.RETURNS, query, title=title, language=language)


@router.get("/candidates", permission="return.read", response_model=list[CandidateOut])
def list_candidates(uow: UowDep, case_id: UUID) -> Any:
    """可返还的冻结账户 / Frozen accounts of a case, and what of each is free for a return."""
    return [candidate_out(measure, free) for measure, free in service.candidates(uow, case_id)]


@router.get("/colleagues", permission="return.execute", response_model=list[ColleagueOut])
def list_colleagues(uow: UowDep) -> Any:
    """同去银行的民警 / Officers of the own unit who may go to the bank too."""
    found = people.colleagues(uow, "return.execute")
    return [ColleagueOut(id=one.id, name=one.name) for one in found if one.id != uow.actor.user_id]


@router.get("/{return_id}", permission="return.read", response_model=ReturnDetailOut)
def read_return(uow: UowDep, return_id: UUID) -> Any:
    """一张返还单 / One return: claims, arithmetic, notice, decision, receipt, and what may be done."""
    return detail_out(uow, service.find(uow, return_id))


@router.post("/{return_id}/step", permission="return.draft", response_model=ReturnDetailOut)
def take_step(uow: UowDep, return_id: UUID, body: StepIn) -> Any:
    """推进 / A step without a reason: told, applied, complete, objections settled, receipt filed, closed."""
    if body.action == "file_receipt":
        return detail_out(uow, deciding.file_receipt(uow, return_id, version=body.version))
    return detail_out(uow, service.step(uow, return_id, body.action, version=body.version))


@router.post("/{return_id}/back", permission="return.draft", response_model=ReturnDetailOut)
def take_back(uow: UowDep, return_id: UUID, body: BackIn) -> Any:
    """退回、撤销 / Send it back to be completed, or withdraw it, with a reason."""
    found = service.step(uow, return_id, body.action, version=body.version, reason=body.reason)
    return detail_out(uow, found)


@router.post("/{return_id}/send-back", permission="return.approve", response_model=ReturnDetailOut)
def send_back(uow: UowDep, return_id: UUID, body: BackIn) -> Any:
    """市级退回、撤销 / The city sends it back to be completed, or ends it, with a reason."""
    found = service.step(uow, return_id, body.action, version=body.version, reason=body.reason)
    return detail_out(uow, found)


@router.post("/{return_id}/reckon", permission="return.draft", response_model=ReturnDetailOut)
def reckon_return(uow: UowDep, return_id: UUID, body: ReckonIn) -> Any:
    """测算 / Reckon who gets what: the lawful mode with its reason, shares to the fen."""
    return detail_out(uow, reckoning.reckon(uow, return_id, version=body.version, trace_id=body.trace_id))


@router.post("/{return_id}/publish", permission="return.draft", response_model=ReturnDetailOut)
def publish_return(uow: UowDep, return_id: UUID, body: PublishIn) -> Any:
    """发布公告 / Publish a pro-rata return; thirty days begin."""
    return detail_out(uow, notices.publish(uow, return_id, version=body.version, place=body.place))


@router.post("/{return_id}/objections", permission="return.draft", response_model=ReturnDetailOut)
def object_to_return(uow: UowDep, return_id: UUID, body: ObjectionIn) -> Any:
    """登记异议 / Enter an objection against the notice."""
    objector = Objector(name=body.name, phone=body.phone, text=body.text)
    return detail_out(uow, notices.raise_objection(uow, return_id, version=body.version, objector=objector))


@router.post(
    "/{return_id}/objections/{objection_id}", permission="return.draft", response_model=ReturnDetailOut
)
def settle_objection(uow: UowDep, return_id: UUID, objection_id: UUID, body: SettleIn) -> Any:
    """处理异议 / Settle an objection; once none is open the notice goes on."""
    return detail_out(uow, notices.settle(uow, return_id, objection_id, **body.model_dump()))


@router.post("/{return_id}/approve", permission="return.approve", response_model=ReturnDetailOut)
def approve_return(uow: UowDep, return_id: UUID, body: ApproveIn) -> Any:
    """批准返还 / Approve for the city; the decision gets its number."""
    return detail_out(uow, deciding.approve(uow, return_id, version=body.version, note=body.note))


@router.post("/{return_id}/bank", permission="return.execute", response_model=ReturnDetailOut)
def take_to_bank(uow: UowDep, return_id: UUID, body: BankIn) -> Any:
    """持通知书到银行 / Two officers take the notice to the bank; three working days begin."""
    found = deciding.notice_bank(uow, return_id, version=body.version, with_officer=body.with_officer)
    return detail_out(uow, found)


@router.post("/{return_id}/fail", permission="return.receipt", response_model=ReturnDetailOut)
def fail_return(uow: UowDep, return_id: UUID, body: ReasonIn) -> Any:
    """银行未能支付 / The bank could not pay, and why."""
    return detail_out(uow, deciding.fail(uow, return_id, version=body.version, reason=body.reason))


@router.post("/{return_id}/receipt", permission="return.receipt", response_model=ReturnDetailOut)
def enter_receipt(uow: UowDep, return_id: UUID, body: ReceiptIn) -> Any:
    """登记支付回执 / The bank's receipt: every claim paid its share, no fee."""
    paid = {one.claim_id: one.fen for one in body.paid}
    receipt = Receipt(number=body.number, clerk=body.clerk, paid=paid, fee_fen=body.fee_fen)
    return detail_out(uow, deciding.pay(uow, return_id, version=body.version, receipt=receipt))

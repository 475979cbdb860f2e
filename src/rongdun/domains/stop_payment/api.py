"""The endpoints of orders: lists, one order, making drafts one by one and by the batch."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Response

from rongdun.domains import cases
from rongdun.domains.stop_payment import drafting, finding, reviewing, store
from rongdun.domains.stop_payment.batching import Batch, draft_batch
from rongdun.domains.stop_payment.drafting import Draft, Target, Transfer
from rongdun.domains.stop_payment.errors import WrongOrder
from rongdun.domains.stop_payment.schemas import (
    BatchIn,
    BatchOut,
    CountsOut,
    OrderDetailOut,
    OrderEditIn,
    OrderIn,
    OrderOut,
    ReviewOut,
    SubjectIn,
)
from rongdun.domains.stop_payment.table import TABLE
from rongdun.domains.stop_payment.views import detail_out, order_out, reviews_out
from rongdun.kernel.errors import FieldError, Text
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.downloads import export_table
from rongdun.runtime.i18n import LanguageDep
from rongdun.runtime.tables import Page, TableQueryDep, run_table
from rongdun.runtime.uow import Uow
from rongdun.runtime.web import Router, UowDep

router = Router(prefix="/api/orders", tags=["stop_payment"])


@router.get("", permission="order.read", response_model=Page[OrderOut])
def list_orders(uow: UowDep, query: TableQueryDep) -> Any:
    """止付、调单、冻结列表 / Orders of the actor's scope, the newest first; a bank sees its own once sent."""
    page = run_table(uow.session, store.orders_in(uow.actor.scope), TABLE, query)
    return page.map(lambda order: order_out(uow, order))


@router.post("", permission="order.draft", response_model=OrderDetailOut, status_code=201)
def make_order(uow: UowDep, body: OrderIn) -> Any:
    """起草一张指令 / Make a draft of an order, or of the next on the account of another; nothing is sent."""
    return detail_out(uow, drafting.make(uow, drafting.based(uow, _draft(uow, body))))


@router.get("/export.xlsx", permission="order.read", response_class=Response)
def export_orders(uow: UowDep, query: TableQueryDep, language: LanguageDep) -> Response:
    """导出指令列表 / Orders as an Excel sheet, masked; the export is recorded."""
    return export_table(
        uow,
        store.orders_in(uow.actor.scope),
        TABLE,
        query,
        title=Text("止付调单冻结", "Orders to banks"),
        language=language,
        convert=lambda order: order_out(uow, order),
    )


@router.get("/counts", permission="order.read", response_model=CountsOut)
def count_orders(uow: UowDep) -> Any:
    """各环节数量 / How many orders wait for whom."""
    return CountsOut(**reviewing.counts(uow))


@router.get("/review", permission="order.read", response_model=list[ReviewOut])
def list_reviews(uow: UowDep) -> Any:
    """待审核 / Drafts to be reviewed or approved, the most pressing first, each with what sending it would mean."""
    return reviews_out(uow, reviewing.to_review(uow))


@router.post("/batch", permission="order.draft", response_model=BatchOut, status_code=201)
def make_batch(uow: UowDep, body: BatchIn) -> Any:
    """按层级批量起草 / Drafts on several accounts of a trace in one act."""
    fields = body.model_dump(exclude={"subject"})
    batch_id, orders = draft_batch(uow, Batch(subject=_subject(uow, body.subject), **fields))
    return BatchOut(batch_id=batch_id, orders=[order_out(uow, one) for one in orders])


@router.get("/{order_id}", permission="order.read", response_model=OrderDetailOut)
def read_order(uow: UowDep, order_id: UUID) -> Any:
    """一张指令 / One order: its clocks, instructions, answers and everything that happened to it."""
    order = finding.find(uow, order_id)
    uow.record("order.open", order.reference, unit_path=order.unit_path)
    return detail_out(uow, order)


@router.put("/{order_id}", permission="order.draft", response_model=OrderDetailOut)
def edit_order(uow: UowDep, order_id: UUID, body: OrderEditIn) -> Any:
    """修改草稿 / Correct a draft."""
    wanted = drafting.based(uow, _draft(uow, body))
    return detail_out(uow, drafting.edit(uow, order_id, wanted, version=body.version))


def _draft(uow: Uow, body: OrderIn) -> Draft:
    return Draft(
        kind=body.kind,
        subject=_subject(uow, body.subject),
        target=Target(**body.target.model_dump()),
        transfer=Transfer(**body.transfer.model_dump()),
        reason=body.reason,
        remark=body.remark,
        urgent=body.urgent,
        question=body.question,
        scope=body.scope,
        amount_fen=body.amount_fen,
        months=body.months,
        fruits=body.fruits,
        period=_period(uow, body),
        trace_id=body.trace_id,
        from_order=body.from_order,
    )


def _period(uow: Uow, body: OrderIn) -> tuple[datetime, datetime] | None:
    """Return the period a query asks for, up to now if it has no end; none at all where neither is told.

    Raises :class:`WrongOrder` for one without a beginning, or whose end is not later.
    """
    begin, end = body.period_from, body.period_to
    if begin is None and end is None:
        return None
    if begin is None:
        raise WrongOrder(
            fields=[FieldError("period_from", Text("请填写起始时间", "Give the beginning, too"))]
        )
    end = end or uow.now
    if begin >= end:
        text = Text("结束时间须晚于开始时间", "The end lies after the beginning")
        raise WrongOrder(fields=[FieldError("period_to", text)])
    return begin, end


def _subject(uow: Uow, given: SubjectIn) -> SubjectRef:
    """Return what an order is for as it is called: a case by its own number, a report as its orders call it."""
    if given.kind == "case":
        ref = cases.case_of(uow, given.id)
        return SubjectRef("case", str(ref.id), ref.number)
    return SubjectRef("report", str(given.id), given.label)

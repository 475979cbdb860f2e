"""The endpoints of relief."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query, Response

from rongdun.domains.restitution.handing import hand_over
from rongdun.domains.restitution.relief import papers, service, store
from rongdun.domains.restitution.relief.schemas import (
    DecisionIn,
    FiguresOut,
    FindingIn,
    ReliefDetailOut,
    ReliefIn,
    ReliefOut,
)
from rongdun.domains.restitution.relief.service import Objection
from rongdun.domains.restitution.relief.views import detail_out, relief_out
from rongdun.domains.restitution.shapes import VersionIn
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.errors import Text
from rongdun.runtime.downloads import export_table
from rongdun.runtime.i18n import LanguageDep
from rongdun.runtime.tables import Page, TableQueryDep, run_table
from rongdun.runtime.web import Router, UowDep

router = Router(prefix="/api/relief", tags=["restitution"])

Day = Annotated[date | None, Query(description="民事日期 / civil date")]


@router.get("", permission="relief.read", response_model=Page[ReliefOut])
def list_relief(uow: UowDep, query: TableQueryDep) -> Any:
    """异议列表 / Relief requests of the actor's scope, the newest first."""
    page = run_table(uow.session, store.requests_in(uow.actor.scope), store.REQUESTS, query)
    return page.map(lambda found: relief_out(uow, found))


@router.post("", permission="relief.write", response_model=ReliefDetailOut, status_code=201)
def submit_relief(uow: UowDep, body: ReliefIn) -> Any:
    """登记异议 / Enter an objection to a stop or freeze; its clocks begin."""
    return detail_out(uow, service.submit(uow, Objection(**body.model_dump())))


@router.get("/export.xlsx", permission="relief.read", response_class=Response)
def export_relief(uow: UowDep, query: TableQueryDep, language: LanguageDep) -> Response:
    """导出异议列表 / Relief requests as an Excel sheet; the export is recorded."""
    statement, title = store.requests_in(uow.actor.scope), Text("异议", "Relief requests")
    return export_table(uow, statement, store.REQUESTS, query, title=title, language=language)


@router.get("/figures", permission="relief.read", response_model=FiguresOut)
def read_figures(uow: UowDep, since: Day = None, until: Day = None) -> Any:
    """误控统计 / Money wrongly held: by default of the last 90 days; ``until`` is the first day left out."""
    end = _midnight(until) if until else uow.now + timedelta(seconds=1)
    start = _midnight(since) if since else end - timedelta(days=90)
    found = store.figures(uow.session, uow.actor.scope, start, end)
    return {name: getattr(found, name) for name in FiguresOut.model_fields}


@router.get("/{request_id}", permission="relief.read", response_model=ReliefDetailOut)
def read_relief(uow: UowDep, request_id: UUID) -> Any:
    """一件异议 / One request: what is held, who asks, what was found, what may be done."""
    return detail_out(uow, service.find(uow, request_id))


@router.post("/{request_id}/accept", permission="relief.write", response_model=ReliefDetailOut)
def accept_relief(uow: UowDep, request_id: UUID, body: VersionIn) -> Any:
    """受理 / Accept a request."""
    return detail_out(uow, service.accept(uow, request_id, version=body.version))


@router.post("/{request_id}/verify", permission="relief.write", response_model=ReliefDetailOut)
def verify_relief(uow: UowDep, request_id: UUID, body: VersionIn) -> Any:
    """开始核查 / Begin to verify a request."""
    return detail_out(uow, service.verify(uow, request_id, version=body.version))


@router.post("/{request_id}/finding", permission="relief.write", response_model=ReliefDetailOut)
def find_relief(uow: UowDep, request_id: UUID, body: FindingIn) -> Any:
    """登记核查结论 / Enter what was found; unrelated money is to be released within three days."""
    return detail_out(uow, service.find_out(uow, request_id, **body.model_dump()))


@router.post("/{request_id}/decide", permission="relief.decide", response_model=ReliefDetailOut)
def decide_relief(uow: UowDep, request_id: UUID, body: DecisionIn) -> Any:
    """决定 / Lift in full, in part, or refuse; never by whoever ordered the measure."""
    return detail_out(uow, service.decide(uow, request_id, **body.model_dump()))


@router.post("/{request_id}/tell", permission="relief.write", response_model=ReliefDetailOut)
def tell_relief(uow: UowDep, request_id: UUID, body: VersionIn) -> Any:
    """登记已告知 / Put on record that the applicant was told."""
    return detail_out(uow, service.tell(uow, request_id, version=body.version))


@router.get("/{request_id}/notice.{kind}", permission="relief.write", response_class=Response)
def take_notice(
    uow: UowDep, request_id: UUID, kind: Literal["pdf", "docx"], language: LanguageDep
) -> Response:
    """告知书、解除通知书 / The notice with reason, channel and documents, as PDF or Word; on record."""
    found = service.find(uow, request_id)
    blocks = papers.notice(uow, found, language=language)
    return hand_over(
        uow, found, blocks, papers.title_of(found), action="relief.notice_taken", kind=kind, language=language
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)

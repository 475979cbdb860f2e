"""The endpoints of cases."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response

from rongdun.domains.cases import accepting, moves, service, store
from rongdun.domains.cases.schemas import (
    CaseCheckIn,
    CaseCheckOut,
    CaseDetailOut,
    CaseIn,
    CaseOut,
    FaultOut,
    HandleIn,
    HistoryOut,
    MoveIn,
)
from rongdun.domains.cases.views import case_out, detail_out, fraud_types, words
from rongdun.domains.oversight import history_of
from rongdun.kernel.errors import Text
from rongdun.runtime.downloads import export_table
from rongdun.runtime.i18n import LanguageDep
from rongdun.runtime.tables import Page, TableQueryDep, run_table
from rongdun.runtime.web import Router, UowDep

router = Router(prefix="/api/cases", tags=["cases"])

TOLD = frozenset({"report", "order", "stop_order", "trace", "relief", "return", "return_order"})
"""Kinds of subjects whose history may stand in a case's timeline."""

AlsoQuery = Annotated[
    list[str],
    Query(
        max_length=400, default_factory=list, description="一并列出的对象 / further subjects, each as kind:id"
    ),
]


@router.get("", permission="case.read", response_model=Page[CaseOut])
def list_cases(uow: UowDep, query: TableQueryDep) -> Any:
    """案件列表 / Cases of the actor's scope, the newest first."""
    kinds = fraud_types(uow)
    page = run_table(uow.session, store.cases_in(uow.actor.scope), store.CASES, query)
    return page.map(lambda found: case_out(found, kinds))


@router.post("", permission="case.write", response_model=CaseDetailOut, status_code=201)
def accept_case(uow: UowDep, body: CaseIn) -> Any:
    """受案 / Accept a case that no report came before; the actor's unit handles it."""
    return detail_out(uow, accepting.accept(uow, body))


@router.post("/check", permission="case.write", response_model=CaseCheckOut)
def check_case(body: CaseCheckIn) -> Any:
    """边填边核 / What the form of a case says while it is typed; nothing is kept."""
    faults, losses = accepting.check(body)
    told = [FaultOut(path=one.path, message=words(one.message)) for one in faults]
    return CaseCheckOut(faults=told, losses=losses)


@router.get("/export.xlsx", permission="case.read", response_class=Response)
def export_cases(uow: UowDep, query: TableQueryDep, language: LanguageDep) -> Response:
    """导出案件列表 / Cases as an Excel sheet; the export is recorded."""
    statement = store.cases_in(uow.actor.scope)
    return export_table(uow, statement, store.CASES, query, title=Text("案件", "Cases"), language=language)


@router.get("/{case_id}", permission="case.read", response_model=CaseDetailOut)
def read_case(uow: UowDep, case_id: UUID) -> Any:
    """一起案件 / One case; that it was read goes on record."""
    found = service.find(uow, case_id)
    uow.record("case.read", found.reference, unit_path=found.unit_path)
    return detail_out(uow, found)


@router.get("/{case_id}/timeline", permission="case.read", response_model=list[HistoryOut])
def read_timeline(uow: UowDep, case_id: UUID, also: AlsoQuery) -> Any:
    """案件时间线 / What was done to the case, and to the ``also`` subjects the actor may see, newest first."""
    found = service.find(uow, case_id)
    pairs = [tuple(each.split(":", 1)) for each in also if ":" in each]
    others = {(kind, name) for kind, name in pairs if kind in TOLD}
    lines = history_of(uow, {(found.reference.kind, found.reference.id), *others})
    return [HistoryOut.model_validate(line, from_attributes=True) for line in lines]


@router.post("/{case_id}/move", permission="case.read", response_model=CaseDetailOut)
def move_case(uow: UowDep, case_id: UUID, body: MoveIn) -> Any:
    """办理案件 / Take a step of the case's life; its table of transitions says who may."""
    found = moves.move(
        uow,
        case_id,
        body.action,
        version=body.version,
        reason=body.reason,
        transfer_to=body.transfer_to,
    )
    return detail_out(uow, found)


@router.post("/{case_id}/handle", permission="case.write", response_model=CaseDetailOut)
def handle_case(uow: UowDep, case_id: UUID, body: HandleIn) -> Any:
    """主办 / Become one of the case's handlers, or leave it to others."""
    return detail_out(uow, moves.handle(uow, case_id, version=body.version, handle=body.handle))

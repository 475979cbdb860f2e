"""The endpoints of intake."""

from typing import Any
from uuid import UUID

from fastapi import Response

from rongdun.domains import exchange
from rongdun.domains.intake import checking, deciding, following, service, store
from rongdun.domains.intake.form_of import form_of
from rongdun.domains.intake.lists import KEYS, entries_of
from rongdun.domains.intake.receipt import TITLE, receipt
from rongdun.domains.intake.schemas import (
    CheckOut,
    ExtractOut,
    FollowedOut,
    FormOut,
    ListsOut,
    ReportDetailOut,
    ReportOut,
    TakenOut,
)
from rongdun.domains.intake.schemas_in import (
    AcceptIn,
    CheckIn,
    EditReportIn,
    ExtractIn,
    MoveIn,
    NewReportIn,
    StopsIn,
)
from rongdun.domains.intake.service import Taken
from rongdun.domains.intake.views import detail_out, list_names, made_out, report_out
from rongdun.kernel.errors import Text
from rongdun.runtime.downloads import PDF, download, export_table
from rongdun.runtime.i18n import LanguageDep, say
from rongdun.runtime.tables import Page, TableQueryDep, run_table
from rongdun.runtime.uow import Uow
from rongdun.runtime.web import Router, UowDep

router = Router(prefix="/api/reports", tags=["intake"])


@router.get("", permission="report.read", response_model=Page[ReportOut])
def list_reports(uow: UowDep, query: TableQueryDep) -> Any:
    """警情列表 / Reports of the actor's scope, the newest first."""
    names = list_names(uow)
    page = run_table(uow.session, store.reports_in(uow.actor.scope), store.REPORTS, query)
    return page.map(lambda found: report_out(found, names))


@router.post("", permission="report.write", response_model=TakenOut, status_code=201)
def take_report(uow: UowDep, body: NewReportIn) -> Any:
    """接警登记 / Take a report, and make the orders it calls for; urgent ones may go out at once."""
    return _taken_out(uow, service.take(uow, body))


@router.get("/export.xlsx", permission="report.read", response_class=Response)
def export_reports(uow: UowDep, query: TableQueryDep, language: LanguageDep) -> Response:
    """导出警情列表 / Reports as an Excel sheet; the export is recorded."""
    statement = store.reports_in(uow.actor.scope)
    return export_table(
        uow, statement, store.REPORTS, query, title=Text("警情", "Reports"), language=language
    )


@router.get("/lists", permission="report.write", response_model=ListsOut)
def read_lists(uow: UowDep) -> Any:
    """表单列表项 / The lists of the form as they are in force, and the institutions known."""
    lists = {name: entries_of(uow, name) for name in KEYS if name != "items"}
    names = [one.name for one in exchange.institutions(uow)]
    return ListsOut(**lists, institutions=names)


@router.post("/check", permission="report.write", response_model=CheckOut)
def check_report(uow: UowDep, body: CheckIn) -> Any:
    """边填边核 / What a form says while it is typed: faults, readings, what is known, the orders it would make."""
    return checking.check(uow, body)


@router.post("/extract", permission="report.write", response_model=ExtractOut)
def extract_report(uow: UowDep, body: ExtractIn) -> Any:
    """识读案情 / What a pasted narrative holds, as suggestions; nothing is kept."""
    return checking.extract(uow, body.text)


@router.get("/{report_id}", permission="report.read", response_model=ReportDetailOut)
def read_report(uow: UowDep, report_id: UUID) -> Any:
    """一起警情 / One report; that it was read goes on record."""
    found = service.find(uow, report_id)
    uow.record("report.read", found.reference, unit_path=found.unit_path)
    return detail_out(uow, found)


@router.get("/{report_id}/form", permission="report.write", response_model=FormOut)
def read_form(uow: UowDep, report_id: UUID) -> Any:
    """警情表单 / A report in clear, to go on typing it; that it was opened goes on record."""
    found = service.find(uow, report_id)
    uow.record("report.open_form", found.reference, unit_path=found.unit_path)
    return FormOut(form=form_of(found, service.content_of(uow, found)), version=found.version)


@router.patch("/{report_id}", permission="report.write", response_model=ReportDetailOut)
def edit_report(uow: UowDep, report_id: UUID, body: EditReportIn) -> Any:
    """修改警情 / Change a report that is still open."""
    return detail_out(uow, service.edit(uow, report_id, body, version=body.version))


@router.post("/{report_id}/move", permission="report.write", response_model=ReportDetailOut)
def move_report(uow: UowDep, report_id: UUID, body: MoveIn) -> Any:
    """办理警情 / Classify, enter, refer or close a report."""
    return detail_out(uow, deciding.step(uow, report_id, body))


@router.post("/{report_id}/stops", permission="report.write", response_model=TakenOut)
def stop_report(uow: UowDep, report_id: UUID, body: StopsIn) -> Any:
    """起草止付 / Draft stops for every payee of a report; calling it again doubles nothing."""
    return _taken_out(uow, service.make_stops(uow, report_id, version=body.version, send=body.send))


@router.post("/{report_id}/accept", permission="case.write", response_model=ReportDetailOut)
def accept_report(uow: UowDep, report_id: UUID, body: AcceptIn) -> Any:
    """受案 / Accept a report as a case; its orders follow it."""
    deciding.accept(uow, report_id, body)
    return detail_out(uow, service.find(uow, report_id))


@router.post("/{report_id}/trace", permission="trace.run", response_model=FollowedOut, status_code=201)
def follow_report(uow: UowDep, report_id: UUID) -> Any:
    """追踪资金 / Make a trace of what the report tells; once it is a case's, of all the case's reports."""
    return FollowedOut(trace_id=following.follow_report(uow, report_id))


@router.post("/of-case/{case_id}/trace", permission="trace.run", response_model=FollowedOut, status_code=201)
def follow_case(uow: UowDep, case_id: UUID) -> Any:
    """追踪案件资金 / Make a trace of what all reports of a case tell; the unit that handles it works on it, too."""
    return FollowedOut(trace_id=following.follow_case(uow, case_id))


@router.get("/{report_id}/receipt.pdf", permission="report.read", response_class=Response)
def print_receipt(uow: UowDep, report_id: UUID, language: LanguageDep) -> Response:
    """受案回执 / The receipt as PDF, with the reporter's name in clear; on record."""
    found = service.find(uow, report_id)
    content = receipt(uow, found, language)
    name = f"{say(TITLE, language)} {found.number}.pdf"
    return download(content, file_name=name, media_type=PDF)


def _taken_out(uow: Uow, taken: Taken) -> TakenOut:
    return TakenOut(report=detail_out(uow, taken.report), stops=[made_out(one) for one in taken.stops])

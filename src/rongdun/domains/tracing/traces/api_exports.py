"""The endpoints that hand a trace over: the fund-flow table as a workbook and as PDF."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from rongdun.domains.tracing.traces import exports, service
from rongdun.domains.tracing.traces.api import RuleQuery
from rongdun.domains.tracing.traces.results import result_of
from rongdun.kernel.clock import SHANGHAI
from rongdun.runtime.downloads import PDF, XLSX, download
from rongdun.runtime.i18n import Language, LanguageDep, say
from rongdun.runtime.uow import Uow
from rongdun.runtime.web import Router, UowDep

router = Router(prefix="/api/traces/{trace_id}", tags=["tracing"])

Purpose = Annotated[
    str,
    Query(max_length=50, description="明文用途,不填则脱敏 / purpose of an export in clear; masked without"),
]
Note = Annotated[str, Query(max_length=500, description="事由 / why")]


@router.get("/flow.xlsx", permission="trace.read", response_class=Response)
def take_flow_table(
    uow: UowDep,
    trace_id: UUID,
    language: LanguageDep,
    rule: RuleQuery = None,
    purpose: Purpose = "",
    note: Note = "",
) -> Response:
    """资金流向表 / The fund-flow table as a workbook; masked, or in clear with a purpose; on record."""
    found, paper = _paper(uow, trace_id, language, rule, ("xlsx", purpose, note))
    return download(exports.workbook(paper), file_name=_name(uow, found, language, "xlsx"), media_type=XLSX)


@router.get("/flow.pdf", permission="trace.read", response_class=Response)
def print_flow_table(
    uow: UowDep,
    trace_id: UUID,
    language: LanguageDep,
    rule: RuleQuery = None,
    purpose: Purpose = "",
    note: Note = "",
) -> Response:
    """资金流向表 PDF / The fund-flow table as PDF; masked, or in clear with a purpose; on record."""
    found, paper = _paper(uow, trace_id, language, rule, ("pdf", purpose, note))
    content = exports.letter(uow, service.find(uow, trace_id), paper, language=language)
    return download(content, file_name=_name(uow, found, language, "pdf"), media_type=PDF)


def _paper(
    uow: Uow, trace_id: UUID, language: Language, rule: str | None, asked: tuple[str, str, str]
) -> tuple[str, exports.Paper]:
    found = service.find(uow, trace_id)
    opened = result_of(uow, found, rule or found.rule)
    kind, purpose, note = asked
    clear = exports.clear_allowed(uow, found, opened.told.rule, kind, purpose=purpose, note=note)
    return found.number, exports.paper_of(uow, found, opened, clear=clear, language=language)


def _name(uow: Uow, number: str, language: Language, ending: str) -> str:
    stamp = uow.now.astimezone(SHANGHAI).strftime("%Y%m%d-%H%M")
    return f"{say(exports.TITLE, language)}-{number}-{stamp}.{ending}"

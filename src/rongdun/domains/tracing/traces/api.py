"""The endpoints of traces."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Response

from rongdun.domains.tracing.schemas import VersionIn
from rongdun.domains.tracing.traces import service, store
from rongdun.domains.tracing.traces.results import result_of
from rongdun.domains.tracing.traces.schemas import (
    ArchiveIn,
    ResultOut,
    Rule,
    SeedIn,
    SettingsIn,
    TraceDetailOut,
    TraceEditIn,
    TraceIn,
    TraceOut,
)
from rongdun.domains.tracing.traces.seeds import Written
from rongdun.domains.tracing.traces.service import Settings
from rongdun.domains.tracing.traces.views import detail_out, result_out, trace_out
from rongdun.kernel.errors import Text
from rongdun.runtime.downloads import export_table
from rongdun.runtime.i18n import LanguageDep
from rongdun.runtime.tables import Page, TableQueryDep, run_table
from rongdun.runtime.web import Router, UowDep

router = Router(prefix="/api/traces", tags=["tracing"])

RuleQuery = Annotated[
    Rule | None, Query(description="规则,缺省为该追踪的规则 / the rule; its own by default")
]


@router.get("", permission="trace.read", response_model=Page[TraceOut])
def list_traces(uow: UowDep, query: TableQueryDep) -> Any:
    """资金追踪列表 / Traces of the actor's scope, the newest first."""
    page = run_table(uow.session, store.traces_in(uow.actor.scope), store.TRACES, query)
    return page.map(lambda found: trace_out(uow, found))


@router.post("", permission="trace.run", response_model=TraceDetailOut, status_code=201)
def create_trace(uow: UowDep, body: TraceIn) -> Any:
    """新建资金追踪 / Make a trace; it is computed in the background."""
    found = service.create(uow, _settings(body), _written(body.seeds), compute=body.compute)
    return detail_out(uow, found)


@router.get("/export.xlsx", permission="trace.read", response_class=Response)
def export_traces(uow: UowDep, query: TableQueryDep, language: LanguageDep) -> Response:
    """导出追踪列表 / Traces as an Excel sheet; the export is recorded."""
    statement = store.traces_in(uow.actor.scope)
    title = Text("资金追踪", "Traces")
    return export_table(uow, statement, store.TRACES, query, title=title, language=language)


@router.get("/{trace_id}", permission="trace.read", response_model=TraceDetailOut)
def read_trace(uow: UowDep, trace_id: UUID) -> Any:
    """一条追踪 / One trace: what it starts from, how far it goes, whether it is up to date."""
    return detail_out(uow, service.find(uow, trace_id))


@router.patch("/{trace_id}", permission="trace.run", response_model=TraceDetailOut)
def edit_trace(uow: UowDep, trace_id: UUID, body: TraceEditIn) -> Any:
    """修改追踪 / Change what a trace starts from or how far it goes; it is then to be computed again."""
    written = None if body.seeds is None else _written(body.seeds)
    found = service.edit(uow, trace_id, _settings(body), written, version=body.version)
    return detail_out(uow, found)


@router.get("/{trace_id}/result", permission="trace.read", response_model=ResultOut)
def read_result(uow: UowDep, trace_id: UUID, rule: RuleQuery = None) -> Any:
    """追踪结果 / What a rule says: accounts, transfers, whose money; that it was read goes on record."""
    found = service.find(uow, trace_id)
    opened = result_of(uow, found, rule or found.rule)
    uow.record("trace.read", found.reference, unit_path=found.unit_path, after={"rule": opened.told.rule})
    return result_out(uow, found, opened)


@router.post("/{trace_id}/compute", permission="trace.run", response_model=TraceDetailOut)
def compute_trace(uow: UowDep, trace_id: UUID, body: VersionIn) -> Any:
    """重新计算 / Compute a trace on the ledger as it is now."""
    return detail_out(uow, service.compute(uow, trace_id, version=body.version))


@router.post("/{trace_id}/cancel", permission="trace.run", response_model=TraceDetailOut)
def cancel_trace(uow: UowDep, trace_id: UUID, body: VersionIn) -> Any:
    """取消计算 / Stop a computation; an earlier result stays."""
    return detail_out(uow, service.cancel(uow, trace_id, version=body.version))


@router.post("/{trace_id}/archive", permission="trace.run", response_model=TraceDetailOut)
def archive_trace(uow: UowDep, trace_id: UUID, body: ArchiveIn) -> Any:
    """归档 / Close a trace for good, with a reason."""
    found = service.archive(uow, trace_id, version=body.version, reason=body.reason)
    return detail_out(uow, found)


def _settings(body: SettingsIn) -> Settings:
    return Settings(
        title=body.title,
        rule=body.rule,
        depth=body.depth,
        window_hours=body.window_hours,
        delta_minutes=body.delta_minutes,
        as_of=body.as_of,
    )


def _written(seeds: list[SeedIn]) -> list[Written]:
    return [Written(**one.model_dump()) for one in seeds]

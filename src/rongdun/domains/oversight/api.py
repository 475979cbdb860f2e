"""The oversight endpoints."""

from typing import Any
from uuid import UUID

from fastapi import Response

from rongdun.domains.oversight import reveal as revealing
from rongdun.domains.oversight import service, store
from rongdun.domains.oversight.purposes import limit_per_hour, purposes_in_force
from rongdun.domains.oversight.schemas import (
    AuditDetailOut,
    AuditEntryOut,
    PurposesOut,
    RevealIn,
    RevealOut,
    RootOut,
    VerifyIn,
    VerifyOut,
)
from rongdun.domains.oversight.views import detail_out, entry_out, fault_out, purpose_out, root_out
from rongdun.kernel.errors import Text
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.downloads import export_table
from rongdun.runtime.i18n import LanguageDep
from rongdun.runtime.tables import Page, TableQueryDep
from rongdun.runtime.web import SIGNED_IN, Router, UowDep

router = Router(prefix="/api", tags=["oversight"])


@router.get("/audit", permission="audit.read", response_model=Page[AuditEntryOut])
def list_entries(uow: UowDep, query: TableQueryDep) -> Any:
    """审计记录列表 / The audit, newest first."""
    names = {purpose.code: purpose.name for purpose in purposes_in_force(uow)}
    return service.search(uow, query).map(lambda entry: entry_out(entry, names))


@router.get("/audit/export.xlsx", permission="audit.read", response_class=Response)
def export_entries(uow: UowDep, query: TableQueryDep, language: LanguageDep) -> Response:
    """导出审计记录 / The audit as an Excel sheet; the export is recorded."""
    statement = store.entries_in(uow.actor.scope, own=uow.actor.user_id)
    title = Text("审计记录", "Audit")
    return export_table(uow, statement, store.ENTRIES, query, title=title, language=language)


@router.get("/audit/roots", permission="audit.read", response_model=Page[RootOut])
def list_roots(uow: UowDep, query: TableQueryDep) -> Any:
    """每日签名根 / The signed daily roots, newest first."""
    summary = service.root_summary(uow)
    return service.roots(uow, query).map(lambda root: root_out(root, summary(root)))


@router.post("/audit/verify", permission="audit.verify", response_model=VerifyOut)
def verify_span(uow: UowDep, body: VerifyIn) -> Any:
    """核验一段时间的审计记录 / Check the entries of a span and every root."""
    report = service.verify(uow, since=body.since, until=body.until)
    return VerifyOut(
        intact=report.intact,
        entries=report.entries,
        chains=report.chains,
        roots=report.roots,
        since=body.since,
        until=body.until,
        checked_at=uow.now,
        faults=[fault_out(fault) for fault in report.faults],
    )


@router.get("/audit/{entry_id}", permission="audit.read", response_model=AuditDetailOut)
def read_entry(uow: UowDep, entry_id: UUID) -> Any:
    """一条审计记录 / One entry, its neighbours in the chain, and its own check."""
    return detail_out(uow, service.read(uow, entry_id))


@router.get("/reveal/purposes", permission=SIGNED_IN, response_model=PurposesOut)
def list_purposes(uow: UowDep) -> Any:
    """查看明文的用途 / The purposes a reveal may be for, and the allowance of the hour."""
    return PurposesOut(
        items=[purpose_out(purpose) for purpose in purposes_in_force(uow)],
        limit_per_hour=limit_per_hour(uow),
        used_last_hour=revealing.used_last_hour(uow),
    )


@router.post("/reveal", permission=SIGNED_IN, response_model=RevealOut)
def reveal(uow: UowDep, body: RevealIn) -> Any:
    """查看明文 / A masked field in clear, for a purpose, on record."""
    subject = SubjectRef(body.subject.kind, body.subject.id)
    shown = revealing.reveal(uow, subject, field=body.field, purpose=body.purpose, note=body.note)
    return RevealOut(value=shown.value, audit_id=shown.audit_id, expires_s=shown.expires_s)

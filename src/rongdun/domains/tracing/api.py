"""The endpoints of imports."""

from typing import Any
from uuid import UUID

from fastapi import Response

from rongdun.domains.tracing import rejects, service, store
from rongdun.domains.tracing.schemas import (
    ImportDetailOut,
    ImportIn,
    ImportOut,
    PasswordIn,
    UndoIn,
    VersionIn,
)
from rongdun.domains.tracing.service import Dropped
from rongdun.domains.tracing.sheets import named
from rongdun.domains.tracing.views import detail_out, import_out
from rongdun.kernel.errors import Text
from rongdun.runtime.downloads import export_table
from rongdun.runtime.i18n import LanguageDep
from rongdun.runtime.tables import Page, TableQueryDep, run_table
from rongdun.runtime.web import Router, UowDep

router = Router(prefix="/api/imports", tags=["tracing"])


@router.get("", permission="ledger.read", response_model=Page[ImportOut])
def list_imports(uow: UowDep, query: TableQueryDep) -> Any:
    """导入列表 / Imports of the actor's scope, the newest first."""
    page = run_table(uow.session, store.imports_in(uow.actor.scope), store.IMPORTS, query)
    return page.map(lambda found: import_out(uow, found))


@router.post("", permission="ledger.import", response_model=ImportOut, status_code=201)
def create_import(uow: UowDep, body: ImportIn) -> Any:
    """导入流水 / Import uploaded files; a worker reads them in the background."""
    files = [Dropped(file.sha256, file.path) for file in body.files]
    return import_out(uow, service.create(uow, files, note=body.note, passwords=body.passwords))


@router.get("/export.xlsx", permission="ledger.read", response_class=Response)
def export_imports(uow: UowDep, query: TableQueryDep, language: LanguageDep) -> Response:
    """导出导入记录 / Imports as an Excel sheet; the export is recorded."""
    statement = store.imports_in(uow.actor.scope)
    title = Text("导入记录", "Imports")
    return export_table(uow, statement, store.IMPORTS, query, title=title, language=language)


@router.get("/{import_id}", permission="ledger.read", response_model=ImportDetailOut)
def read_import(uow: UowDep, import_id: UUID) -> Any:
    """一次导入 / One import: its files with their counts, and why rows were refused."""
    found, files = service.read(uow, import_id)
    return detail_out(uow, found, files, rejects.reasons_of(uow, found, files))


@router.get("/{import_id}/rejects.xlsx", permission="ledger.import", response_class=Response)
def take_rejects(uow: UowDep, import_id: UUID, language: LanguageDep) -> Response:
    """下载拒收行 / The refused rows as a workbook to correct and import again; in clear, and on record."""
    found, files = service.read(uow, import_id)
    return named(uow, rejects.workbook(uow, found, files), Text("拒收行", "Rejected rows"), language)


@router.post("/{import_id}/cancel", permission="ledger.import", response_model=ImportOut)
def cancel_import(uow: UowDep, import_id: UUID, body: VersionIn) -> Any:
    """取消导入 / Stop an import; nothing of it counts."""
    return import_out(uow, service.cancel(uow, import_id, version=body.version))


@router.post("/{import_id}/retry", permission="ledger.import", response_model=ImportOut)
def retry_import(uow: UowDep, import_id: UUID, body: VersionIn) -> Any:
    """重新读取 / Let a failed import be read again."""
    return import_out(uow, service.retry(uow, import_id, version=body.version))


@router.post("/{import_id}/undo", permission="ledger.import", response_model=ImportOut)
def undo_import(uow: UowDep, import_id: UUID, body: UndoIn) -> Any:
    """撤销导入 / Take an import out of the ledger whole, with a reason."""
    return import_out(uow, service.undo(uow, import_id, version=body.version, reason=body.reason))


@router.post("/{import_id}/files/{file_id}/password", permission="ledger.import", response_model=ImportOut)
def give_password(uow: UowDep, import_id: UUID, file_id: UUID, body: PasswordIn) -> Any:
    """压缩包口令 / Try an archive again with a password; it is forgotten afterwards."""
    return import_out(uow, service.give_password(uow, import_id, file_id, body.password))

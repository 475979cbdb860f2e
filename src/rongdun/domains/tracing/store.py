"""Queries on imports, their files and the units' layouts; each within a scope, and row-level security below."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, Select, and_, func, or_, select, update
from sqlalchemy.orm import Session

from rongdun.domains.tracing.model import ImportFile, LedgerImport, StatementLayout
from rongdun.domains.tracing.rules import COUNTING, IMPORT, IN_HAND
from rongdun.kernel.errors import Text
from rongdun.kernel.scope import Scope
from rongdun.runtime.tables import Column, TableSpec

_STATES = {state.key: state.name for state in IMPORT.states}

IMPORTS = TableSpec(
    columns={
        "created_at": Column(LedgerImport.created_at, Text("导入时间", "Imported")),
        "state": Column(LedgerImport.state, Text("状态", "State"), choices=_STATES),
        "maker_name": Column(LedgerImport.maker_name, Text("经办人", "By")),
        "unit_name": Column(LedgerImport.unit_name, Text("单位", "Unit")),
        "unit_path": Column(LedgerImport.unit_path, Text("单位路径", "Unit path"), kind="path"),
        "note": Column(LedgerImport.note, Text("说明", "Note")),
        "files_total": Column(LedgerImport.files_total, Text("文件", "Files")),
        "files_refused": Column(LedgerImport.files_refused, Text("未读入文件", "Refused files")),
        "rows": Column(LedgerImport.rows, Text("行数", "Rows")),
        "taken": Column(LedgerImport.taken, Text("入账", "Taken")),
        "duplicates": Column(LedgerImport.duplicates, Text("重复", "Duplicates")),
        "rejected": Column(LedgerImport.rejected, Text("拒收", "Rejected")),
        "blank": Column(LedgerImport.blank, Text("空行", "Blank")),
        "ended_at": Column(LedgerImport.ended_at, Text("完成时间", "Ended")),
    },
    key=LedgerImport.id,
    search=[LedgerImport.note, LedgerImport.maker_name, LedgerImport.unit_name],
    default_sort="-created_at",
)


def imports_in(scope: Scope) -> Select[LedgerImport]:
    """Return the select of the imports of units in ``scope``, and of those for cases that such a unit handles."""
    return select(LedgerImport).where(_seen(scope))


def find_import(session: Session, scope: Scope, import_id: UUID) -> LedgerImport | None:
    """Return one import if ``scope`` covers it."""
    return session.scalar(imports_in(scope).where(LedgerImport.id == import_id))


def lock_import(session: Session, scope: Scope, import_id: UUID) -> LedgerImport | None:
    """Return one import for change, held until the transaction ends, if ``scope`` covers it."""
    statement = imports_in(scope).where(LedgerImport.id == import_id).with_for_update()
    return session.scalar(statement.execution_options(populate_existing=True))


def files_of(session: Session, scope: Scope, import_id: UUID) -> Sequence[ImportFile]:
    """Return the files of an import in the order they were dropped, members after their archive."""
    statement = _files_in(scope).where(ImportFile.import_id == import_id)
    return session.scalars(statement.order_by(ImportFile.place, ImportFile.path)).all()


def find_file(session: Session, scope: Scope, file_id: UUID) -> ImportFile | None:
    """Return one file of an import if ``scope`` covers it."""
    return session.scalar(_files_in(scope).where(ImportFile.id == file_id))


def files_at(session: Session, scope: Scope, versions: Iterable[int]) -> Sequence[ImportFile]:
    """Return the files that were read into the given versions of the ledger."""
    return session.scalars(_files_in(scope).where(ImportFile.ledger_version.in_(list(versions)))).all()


def versions_in(session: Session, scope: Scope) -> frozenset[int]:
    """Return the versions of the ledger whose rows somebody with ``scope`` may see."""
    statement = imports_in(scope).where(LedgerImport.state.in_(COUNTING))
    return frozenset(number for found in session.scalars(statement) for number in found.ledger_versions)


def silent_since(session: Session, scope: Scope, moment: datetime) -> Sequence[LedgerImport]:
    """Return the imports in hand that gave no sign of life since ``moment``."""
    waiting = imports_in(scope).where(LedgerImport.state.in_(IN_HAND), LedgerImport.beat_at < moment)
    return session.scalars(waiting.with_for_update(skip_locked=True)).all()


def beat(
    session: Session, scope: Scope, import_id: UUID, *, at: datetime, rows_read: int, files_done: int
) -> bool:
    """Say how far the reading is; tell whether the import is still being read."""
    statement = (
        update(LedgerImport)
        .where(LedgerImport.id == import_id, LedgerImport.state.in_(("READING", "REREADING")))
        .where(_seen(scope))
        .values(beat_at=at, rows_read=rows_read, files_done=files_done)
    )
    return cast("CursorResult[Any]", session.execute(statement)).rowcount == 1


def layouts_in(session: Session, scope: Scope) -> Sequence[StatementLayout]:
    """Return the layouts units in ``scope`` have made, the newest first."""
    statement = select(StatementLayout).where(
        StatementLayout.unit_path >= scope.low, StatementLayout.unit_path < scope.high
    )
    return session.scalars(statement.order_by(StatementLayout.created_at.desc(), StatementLayout.id)).all()


def lock_layout(session: Session, scope: Scope, layout_id: UUID) -> StatementLayout | None:
    """Return one layout for change if ``scope`` covers it."""
    statement = select(StatementLayout).where(
        StatementLayout.id == layout_id,
        StatementLayout.unit_path >= scope.low,
        StatementLayout.unit_path < scope.high,
    )
    return session.scalar(statement.with_for_update())


def layouts_for(session: Session, scope: Scope, unit_path: str) -> Sequence[StatementLayout]:
    """Return the active layouts of the unit at ``unit_path`` and of the units above it, the nearest first."""
    above = func.starts_with(unit_path, StatementLayout.unit_path)
    statement = select(StatementLayout).where(
        StatementLayout.active,
        above,
        StatementLayout.unit_path >= scope.low,
        StatementLayout.unit_path < scope.high,
    )
    newest = StatementLayout.created_at.desc()
    return session.scalars(statement.order_by(StatementLayout.unit_path.desc(), newest)).all()


def share(session: Session, scope: Scope, imports: Collection[UUID], case_path: str) -> None:
    """Let the unit at ``case_path``, which handles the case they are for, see imports."""
    rows = update(LedgerImport).where(LedgerImport.id.in_(list(imports)), _seen(scope))
    session.execute(rows.values(case_path=case_path))


def _seen(scope: Scope) -> ColumnElement[bool]:
    own = and_(LedgerImport.unit_path >= scope.low, LedgerImport.unit_path < scope.high)
    return or_(own, and_(LedgerImport.case_path >= scope.low, LedgerImport.case_path < scope.high))


def _files_in(scope: Scope) -> Select[ImportFile]:
    return select(ImportFile).where(ImportFile.import_id.in_(select(LedgerImport.id).where(_seen(scope))))

"""Frames of the ledger as Excel sheets, watermarked, and on record."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from fastapi import Response
from pydantic import BaseModel

from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.errors import Text
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.downloads import XLSX, download, watermark_of
from rongdun.runtime.i18n import Language, say
from rongdun.runtime.tables import TableQuery, TableSpec
from rongdun.runtime.tables.sheet import export_xlsx
from rongdun.runtime.uow import Uow


def sheet_of(
    uow: Uow,
    spec: TableSpec,
    rows: Sequence[BaseModel | dict[str, Any]],
    query: TableQuery,
    *,
    title: Text,
    language: Language,
) -> Response:
    """Return masked rows as a workbook to be saved, and put on record that they were taken out."""
    shown = [SimpleNamespace(**(row if isinstance(row, dict) else row.model_dump())) for row in rows]
    asked = {"rows": len(rows), "filter": list(query.filter), "sort": query.sort, "q": query.q}
    uow.record("table.export", SubjectRef("table", title.en, title.zh), after=asked)
    content = export_xlsx(spec, shown, title=title, watermark=watermark_of(uow), language=language)
    return named(uow, content, title, language)


def named(uow: Uow, content: bytes, title: Text, language: Language) -> Response:
    """Return a workbook to be saved under ``title`` and the moment it was made."""
    stamp = uow.now.astimezone(SHANGHAI).strftime("%Y%m%d-%H%M")
    return download(content, file_name=f"{say(title, language)}-{stamp}.xlsx", media_type=XLSX)

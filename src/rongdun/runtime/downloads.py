"""Answers a browser saves: exports and letters, named in Chinese, never shown inside the page."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from fastapi import Response
from sqlalchemy import Select

from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.errors import Text
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.i18n import Language, say
from rongdun.runtime.tables import TableQuery, TableSpec, all_rows
from rongdun.runtime.tables.sheet import Watermark, export_xlsx
from rongdun.runtime.uow import Uow

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"

_PLAIN_NAME = "download"


def disposition(file_name: str) -> str:
    """Return the ``Content-Disposition`` that saves a file under ``file_name`` (RFC 6266, RFC 8187)."""
    extension = file_name.rpartition(".")[2] if "." in file_name else ""
    plain = f"{_PLAIN_NAME}.{extension}" if extension.isascii() and extension.isalnum() else _PLAIN_NAME
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"


def download(content: bytes, *, file_name: str, media_type: str) -> Response:
    """Return the answer that hands ``content`` over as a file."""
    headers = {"Content-Disposition": disposition(file_name), "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=media_type, headers=headers)


def watermark_of(uow: Uow) -> Watermark:
    """Return the watermark of whoever acts in ``uow``."""
    return Watermark(actor=uow.actor, now=uow.now, demo=uow.settings.demo)


def export_table(
    uow: Uow,
    statement: Select[Any],
    spec: TableSpec,
    query: TableQuery,
    *,
    title: Text,
    language: Language,
    convert: Callable[[Any], Any] = lambda row: row,
) -> Response:
    """Return every row ``query`` asks for as an Excel file, and put on record that it was taken out.

    ``convert`` makes of a row what the API would show (masked); the spec's columns read from its result.
    """
    rows = [convert(row) for row in all_rows(uow.session, statement, spec, query)]
    asked = {"rows": len(rows), "filter": list(query.filter), "sort": query.sort, "q": query.q}
    uow.record("table.export", SubjectRef("table", title.en, title.zh), after=asked)
    content = export_xlsx(spec, rows, title=title, watermark=watermark_of(uow), language=language)
    stamp = uow.now.astimezone(SHANGHAI).strftime("%Y%m%d-%H%M")
    return download(content, file_name=f"{say(title, language)}-{stamp}.xlsx", media_type=XLSX)

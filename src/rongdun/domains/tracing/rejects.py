"""Refused rows of an import: counted by reason for the eye, whole in a workbook to correct and import again."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rongdun.domains.tracing.book import open_ledger
from rongdun.domains.tracing.model import ImportFile, LedgerImport
from rongdun.domains.tracing.places import place_of
from rongdun.domains.tracing.schemas import ReasonOut
from rongdun.domains.tracing.views import reason_text, words
from rongdun.runtime.uow import Uow

if TYPE_CHECKING:
    import polars as pl

SHOWN = 5
"""Row numbers shown of each reason."""


def reasons_of(uow: Uow, found: LedgerImport, files: Sequence[ImportFile]) -> list[ReasonOut]:
    """Return why rows of each file were refused, the most frequent first; never their text."""
    import polars as pl

    if not found.ledger_versions or not found.rejected:
        return []
    by_place = {(file.ledger_version, file.file_no): file for file in files}
    rows = _rejects(uow, found).filter(pl.col("row").is_not_null())
    where = pl.format(
        "{}{}", pl.when(pl.col("sheet") == "").then(pl.lit("")).otherwise(pl.col("sheet") + " "), "row"
    )
    grouped = rows.group_by("import_id", "file_no", "column", "reason").agg(
        pl.len().alias("count"), where.head(SHOWN).alias("rows")
    )
    return [
        ReasonOut(
            file_id=file.id,
            column=line["column"] or "",
            reason=line["reason"],
            text=words(reason_text(line["reason"])),
            count=line["count"],
            rows=line["rows"],
        )
        for line in grouped.sort("count", descending=True).collect().to_dicts()
        if (file := by_place.get((line["import_id"], line["file_no"]))) is not None
    ]


def workbook(uow: Uow, found: LedgerImport, files: Sequence[ImportFile]) -> bytes:
    """Return an import's refused rows as a workbook, in clear; that they were taken out goes on record."""
    from rongdun.analytics.ledger.rejects_book import write_rejects

    rows = [*_ordered(uow, found, files), *_refused_whole(files)]
    known = _headings(uow, found)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "rejects.xlsx"
        count = write_rejects(out, iter(rows), lambda path, sheet: known.get((path, sheet), []))
        content = out.read_bytes()
    after = {"rows": count, "files": len(rows) - count}
    uow.record("ledger_import.rejects_taken", found.reference, unit_path=found.unit_path, after=after)
    return content


def _ordered(uow: Uow, found: LedgerImport, files: Sequence[ImportFile]) -> Iterator[dict[str, Any]]:
    """Yield the refused rows of the files as they stand now: what a file was refused for before is left out."""
    import polars as pl

    if not found.ledger_versions:
        return
    current = {(file.ledger_version, file.file_no) for file in files}
    told = _rejects(uow, found).filter(pl.col("row").is_not_null())
    rows = told.sort("import_id", "file_no", "sheet", "row", maintain_order=True)
    for row in rows.collect().iter_rows(named=True):
        if (row["import_id"], row["file_no"]) in current:
            yield row


def _refused_whole(files: Sequence[ImportFile]) -> Iterator[dict[str, Any]]:
    """Yield the files and sheets of which nothing was read, as they stand now."""
    for file in files:
        if file.state == "REFUSED":
            place = place_of(file, files)
            yield {"file": place.member, "sheet": place.sheet, "row": None, "reason": file.reason or ""}


def _rejects(uow: Uow, found: LedgerImport) -> "pl.LazyFrame":
    import polars as pl

    view = open_ledger(uow.settings).view()
    return view.scan("rejects").filter(pl.col("import_id").is_in(found.ledger_versions))


def _headings(uow: Uow, found: LedgerImport) -> dict[tuple[str, str], list[str]]:
    ledger = open_ledger(uow.settings)
    told = [file for version in found.ledger_versions for file in ledger.status(version).about["files"]]
    return {(file["path"], sheet): names for file in told for sheet, names in file["headings"].items()}

"""The ledger of one directory: the one door for imports, undo, compaction, export and reading."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from pathlib import Path

import polars as pl

from rongdun.analytics.ledger.balance import Break, balance_breaks
from rongdun.analytics.ledger.compacting import compacted
from rongdun.analytics.ledger.delta import Tables
from rongdun.analytics.ledger.errors import VersionDropped
from rongdun.analytics.ledger.gather import Progress
from rongdun.analytics.ledger.importing import Importer
from rongdun.analytics.ledger.manifest import Manifest, Manifests
from rongdun.analytics.ledger.report import ImportReport, VacuumReport, VersionReport
from rongdun.analytics.ledger.tables import DUPLICATES, PAIRS
from rongdun.analytics.ledger.undoing import undone
from rongdun.analytics.ledger.vacuum import dropped_versions, vacuumed
from rongdun.analytics.ledger.view import View
from rongdun.analytics.statements.layout import Layout
from rongdun.analytics.statements.reading import FileReading
from rongdun.analytics.statements.schema import REJECTS, TRANSACTIONS
from rongdun.kernel.clock import Clock, SystemClock


class Ledger:
    """Statements under one directory, as versions. Safe to open from several processes at once."""

    def __init__(self, directory: Path, clock: Clock | None = None) -> None:
        self.directory = Path(directory)
        self._clock = clock or SystemClock()
        self._manifests = Manifests(self.directory)
        self._tables = Tables(self.directory)

    def import_paths(
        self,
        paths: Sequence[Path],
        *,
        passwords: Sequence[str] = (),
        layouts: Sequence[Layout] = (),
        progress: Progress | None = None,
    ) -> ImportReport:
        """Import files and folders as one version; what cannot be read is listed, the rest is imported.

        ``layouts`` are a unit's own, asked before the built-in ones.
        """
        from rongdun.analytics.statements.reader import read_path

        readings = (
            reading for path in paths for reading in read_path(path, passwords=passwords, layouts=layouts)
        )
        return self.import_readings(readings, progress)

    def import_readings(
        self, readings: Iterable[FileReading], progress: Progress | None = None, label: str = ""
    ) -> ImportReport:
        """Import what readers yield, as one version that bears ``label``."""
        return Importer(self.directory, self._clock).run(readings, progress, label)

    def labelled(self, label: str) -> VersionReport | None:
        """Return the import that bears ``label`` and still counts, None where there is none."""
        for number in reversed(self._manifests.newest().imports):
            manifest = self._manifests.read(number)
            if manifest.about.get("label") == label:
                return self._told(manifest)
        return None

    def undo(self, version: int) -> VersionReport:
        """Take one import out whole, whatever came after it; what it had crowded out as repeated comes back."""
        return self._told(undone(self.directory, self._clock, version))

    def compact(self) -> VersionReport:
        """Merge each month's files into sorted files of a measured size; no new version where nothing is to do."""
        return self._told(compacted(self.directory, self._clock))

    def vacuum(self, keep: timedelta) -> VacuumReport:
        """Remove files that only versions need which ceased to be the newest longer than ``keep`` (≥ 1 day) ago."""
        return vacuumed(self.directory, self._clock, keep)

    def status(self, version: int | None = None) -> VersionReport:
        """Return what a version holds, the newest by default."""
        return self._told(self._manifests.read(version))

    def view(self, version: int | None = None) -> View:
        """Return a version to read from, the newest by default; ``VersionDropped`` where its files are gone."""
        if version is not None and version in dropped_versions(self.directory):
            raise VersionDropped
        return View(self._manifests.read(version), self._tables)

    def export(self, out: Path, version: int | None = None) -> int:
        """Write all observations, sorted, to one Parquet (``.parquet``) or Arrow (``.arrow``) file; return the rows."""
        from rongdun.analytics.ledger.export import write_export

        return write_export(self.view(version), out)

    def account_sums(self, version: int | None = None) -> pl.DataFrame:
        """Return rows, money in and out, first and last moment and owner of each account as each import told them.

        The columns are those of :func:`rongdun.analytics.ledger.sums.account_sums`; sums are kept beside the files.
        """
        from rongdun.analytics.ledger.sums import account_sums

        return account_sums(self.view(version))

    def statement(self, account: str, version: int | None = None) -> pl.DataFrame:
        """Return one account's observations by time and, within a second, as the file has them."""
        rows = self.view(version).scan(TRANSACTIONS).filter(pl.col("account") == account)
        return rows.sort("time", "import_id", "file_no", "row").collect()

    def provenances(self, row_key: bytes, occurrence: int = 1, version: int | None = None) -> pl.DataFrame:
        """Return every place that told one observation: file, sheet, row; the one that counts first."""
        view = self.view(version)
        same = (pl.col("row_key") == row_key) & (pl.col("occurrence") == occurrence)
        columns = ["import_id", "file_no", "file_hash", "sheet", "row"]
        found = [
            view.scan(name).filter(same).select(columns) for name in (TRANSACTIONS, TRANSACTIONS + DUPLICATES)
        ]
        return pl.concat([frame.collect() for frame in found])

    def pairs(self, version: int | None = None) -> pl.DataFrame:
        """Return the transfers seen in two books, sure (``paired``) and ``unsure``."""
        return self.view(version).scan(PAIRS).collect()

    def rejects(self, version: int | None = None) -> pl.DataFrame:
        """Return the rejected rows of all imports that count."""
        return self.view(version).scan(REJECTS).collect()

    def write_rejects(self, out: Path, version: int | None = None) -> int:
        """Write refused rows to a workbook, of one import or of all that count; return how many."""
        from rongdun.analytics.ledger.rejects_book import write_rejects

        counts = version in self._manifests.read().imports
        rows = self.view(None if counts else version).scan(REJECTS)
        if version is not None:
            rows = rows.filter(pl.col("import_id") == version)
        ordered = rows.sort("import_id", "file_no", "sheet", "row", maintain_order=True).collect()
        return write_rejects(out, ordered.iter_rows(named=True), self._headings(version))

    def _headings(self, version: int | None) -> Callable[[str, str], list[str]]:
        numbers = self._manifests.read(version).imports if version is None else [version]
        files = [file for number in numbers for file in self._manifests.read(number).about.get("files", [])]
        known = {(file["path"], sheet): names for file in files for sheet, names in file["headings"].items()}
        return lambda path, sheet: known.get((path, sheet), [])

    def balance_breaks(self, account: str | None = None, version: int | None = None) -> list[Break]:
        """Return where balances and amounts do not meet; of all accounts or of one."""
        return balance_breaks(self.view(version), account)

    def _told(self, manifest: Manifest) -> VersionReport:
        return VersionReport(
            version=manifest.version,
            kind=manifest.kind,
            at=manifest.at,
            imports=[_import_line(self._manifests.read(number)) for number in manifest.imports],
            tables=manifest.tables,
            about=manifest.about,
            dropped=dropped_versions(self.directory),
            **manifest.totals,
        )


def _import_line(manifest: Manifest) -> dict[str, object]:
    files = manifest.about["files"]
    counts = {
        name: sum(file[name] for file in files)
        for name in ("rows", "taken", "duplicates", "rejected", "blank")
    }
    return {"version": manifest.version, "at": manifest.at, "files": len(files), **counts}

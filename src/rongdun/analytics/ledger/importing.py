"""An import: read without the lock, settle and commit under it, in one ledger version."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rongdun.analytics.ledger.delta import DataFile, Tables
from rongdun.analytics.ledger.gather import Gathered, Progress, differs, gather
from rongdun.analytics.ledger.manifest import Manifest, Manifests
from rongdun.analytics.ledger.pair_book import PairChange, renewed, touched_amounts
from rongdun.analytics.ledger.report import ImportReport
from rongdun.analytics.ledger.runs import RUN_ROWS
from rongdun.analytics.ledger.settle import Settled, Settler
from rongdun.analytics.ledger.staging import Staging, recover, staging
from rongdun.analytics.ledger.tables import DUPLICATES, PAIRS, spec_of
from rongdun.analytics.ledger.view import scan_files
from rongdun.analytics.memory import give_back, settle_memory
from rongdun.analytics.statements.reading import FileReading
from rongdun.analytics.statements.schema import TRANSACTIONS
from rongdun.kernel.clock import Clock, monotonic


@dataclass(frozen=True, slots=True)
class Importer:
    """Imports files into the ledger of one directory."""

    directory: Path
    clock: Clock
    run_rows: int = RUN_ROWS

    def run(
        self, readings: Iterable[FileReading], progress: Progress | None = None, label: str = ""
    ) -> ImportReport:
        """Read all files and commit what they hold as one version; raise ``TotalsDiffer`` rather than lose a row.

        ``label`` is kept with the version: by it a caller who was killed finds what it had committed.
        """
        started = monotonic()
        settle_memory()
        manifests, tables = Manifests(self.directory), Tables(self.directory)
        with staging(self.directory) as own:
            gathered = gather(readings, own.folder, progress, self.run_rows)
            give_back()
            with manifests.locked():
                base = recover(self.directory, manifests, tables)
                manifest = _Commit(base, tables, own, gathered, label).manifest(self.clock)
                manifests.commit(manifest)
        return ImportReport(
            version=manifest.version,
            files=gathered.files,
            seconds=round(monotonic() - started, 3),
            rejects_omitted=gathered.rejects_omitted,
            **manifest.totals,
        )


@dataclass(frozen=True, slots=True)
class _Commit:
    base: Manifest
    tables: Tables
    own: Staging
    gathered: Gathered
    label: str

    def manifest(self, clock: Clock) -> Manifest:
        """Write and commit every table; return the version that will make them count."""
        version = self.base.version + 1
        settled = {name: self._settle(name, version) for name in self.gathered.runs}
        self._reconcile(settled)
        self.gathered.runs.clear()  # rows kept in memory are in their files now
        give_back()
        transactions = settled.get(TRANSACTIONS, Settled())
        everything = self._all_files(transactions.files)
        all_new = len(everything) == len(transactions.files) and PAIRS not in self.base.tables
        new_rows = scan_files(self.tables, TRANSACTIONS, transactions.files)
        amounts = None if all_new else touched_amounts(new_rows)
        change = renewed(self.tables, self.base, everything, amounts, self.own.token)
        added = _added(settled)
        versions = dict(self.base.tables)
        for table, files in sorted(added.items()):
            versions[table] = self.tables.commit(table, files)
        if change.touches:
            versions[PAIRS] = self.tables.commit(PAIRS, change.added, change.removed)
        return Manifest(
            version=version,
            kind="import",
            at=clock.now().isoformat(),
            token=self.own.token,
            tables=versions,
            imports=[*self.base.imports, version],
            totals=totals(everything, change),
            about={"files": [file.counts for file in self.gathered.files], "label": self.label},
        )

    def _settle(self, name: str, version: int) -> Settled:
        known = self.tables.files(name, self.base.tables.get(name))
        settler = Settler(
            spec_of(name),
            self.tables.folder(name),
            self.tables.folder(name + DUPLICATES),
            known,
            version,
            self.own.token,
            [bytes.fromhex(file.file_hash) for file in self.gathered.files],
        )
        return settler.settle(self.gathered.runs[name])

    def _all_files(self, added: list[DataFile]) -> list[DataFile]:
        return [*self.tables.files(TRANSACTIONS, self.base.tables.get(TRANSACTIONS)), *added]

    def _reconcile(self, settled: dict[str, Settled]) -> None:
        """Move repeated rows from taken to duplicates; every row that came must have been written once."""
        repeated: Counter[int] = sum((part.repeated for part in settled.values()), Counter())
        for file_no, report in enumerate(self.gathered.files):
            report.duplicates = repeated[file_no]
            report.taken -= repeated[file_no]
            told = report.taken + report.duplicates + report.rejected + report.blank
            if told != report.rows or report.taken < 0:
                raise differs(report.path, report.rows, told)
        for name, part in settled.items():
            came = sum(run.rows for run in self.gathered.runs[name])
            if came != part.rows:
                raise differs(name, came, part.rows)


def totals(files: list[DataFile], change: PairChange) -> dict[str, int]:
    """Return how many accounts, transfers, observations and pairs the ledger holds."""
    observations = sum(file.rows for file in files)
    return {
        "accounts": change.accounts,
        "transfers": observations - change.paired,
        "observations": observations,
        "paired": change.paired,
    }


def _added(settled: dict[str, Settled]) -> dict[str, list[DataFile]]:
    added = {name: part.files for name, part in settled.items()}
    added |= {name + DUPLICATES: part.duplicates for name, part in settled.items()}
    return {name: files for name, files in added.items() if files}

"""What an import, a look at the ledger and an undo report: plain values that print as JSON."""

from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final

REJECTS_TOLD: Final = 10_000
"""So many rejected rows stand in an import's report; all of them are in the ledger and in the workbook."""


@dataclass(slots=True)
class FileReport:
    """One file of an import: ``rows = taken + duplicates + rejected + blank``; ``refused`` is why none was read.

    ``notes`` counts what was kept with a doubt by column and reason; ``headings`` are each sheet's, under which
    refused rows are written back.
    """

    path: str
    container: str
    layout: str | None = None
    encoding: str | None = None
    rows: int = 0
    taken: int = 0
    duplicates: int = 0
    rejected: int = 0
    blank: int = 0
    rejects: list[dict[str, Any]] = field(default_factory=list)
    refused: str | None = None
    file_hash: str = ""
    notes: list[dict[str, Any]] = field(default_factory=list)
    headings: dict[str, list[str]] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, Any]:
        """Return the report without the rejected rows, as the ledger keeps it with the version."""
        return {part.name: getattr(self, part.name) for part in fields(self) if part.name != "rejects"}


@dataclass(slots=True)
class ImportReport:
    """One import. ``version`` is what it can be undone by; the totals are those of the whole ledger after it."""

    version: int
    files: list[FileReport]
    accounts: int
    transfers: int
    observations: int
    paired: int
    seconds: float
    rejects_omitted: int = 0

    @property
    def complete(self) -> bool:
        """Tell whether every file was read."""
        return not any(file.refused for file in self.files)

    def as_json(self) -> dict[str, Any]:
        """Return the report as it is printed."""
        told = asdict(self)
        for file in told["files"]:
            del file["headings"]
        return told


@dataclass(slots=True)
class VersionReport:
    """A version of the ledger made by an undo or a compaction, or looked at.

    ``dropped`` are the versions whose rows were cleared away; what they told of their files stands still.
    """

    version: int
    kind: str
    at: str
    accounts: int
    transfers: int
    observations: int
    paired: int
    imports: list[dict[str, Any]] = field(default_factory=list)
    tables: dict[str, int] = field(default_factory=dict)
    about: dict[str, Any] = field(default_factory=dict)
    dropped: list[int] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the report as it is printed."""
        return asdict(self)


@dataclass(slots=True)
class VacuumReport:
    """What was cleared away: all versions dropped until now, those dropped now, those kept; files and their bytes."""

    dropped: list[int]
    dropped_now: list[int]
    kept: list[int]
    files: int
    bytes: int

    def as_json(self) -> dict[str, Any]:
        """Return the report as it is printed."""
        return asdict(self)

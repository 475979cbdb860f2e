"""Rows of imports: what was handed in, its files, and the layouts units have mapped."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.crypto import Vault, register_sealed
from rongdun.runtime.db import Base, id_column, path_column, time_column


class LedgerImport(Base):
    """One import: whose it is, how far it came, and which versions of the ledger hold its rows."""

    __tablename__ = "ledger_imports"

    id: Mapped[UUID] = id_column()
    unit_path: Mapped[str] = path_column()
    case_path: Mapped[str | None] = path_column()
    maker_id: Mapped[UUID]
    maker_name: Mapped[str]
    unit_name: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="RECEIVED")
    round: Mapped[int] = mapped_column(default=1)
    ledger_versions: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list)
    files_total: Mapped[int]
    files_done: Mapped[int] = mapped_column(default=0)
    files_refused: Mapped[int] = mapped_column(default=0)
    rows_read: Mapped[int] = mapped_column(BigInteger, default=0)
    rows: Mapped[int] = mapped_column(BigInteger, default=0)
    taken: Mapped[int] = mapped_column(BigInteger, default=0)
    duplicates: Mapped[int] = mapped_column(BigInteger, default=0)
    rejected: Mapped[int] = mapped_column(BigInteger, default=0)
    blank: Mapped[int] = mapped_column(BigInteger, default=0)
    error_zh: Mapped[str] = mapped_column(default="")
    error_en: Mapped[str] = mapped_column(default="")
    undo_reason: Mapped[str] = mapped_column(default="")
    undone_by: Mapped[UUID | None]
    undone_by_name: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = time_column()
    started_at: Mapped[datetime | None] = time_column()
    beat_at: Mapped[datetime] = time_column()
    ended_at: Mapped[datetime | None] = time_column()
    version: Mapped[int] = mapped_column(default=1)

    @property
    def reference(self) -> SubjectRef:
        """The import as audit entries and live events name it."""
        return SubjectRef("ledger_import", str(self.id))

    @property
    def label(self) -> str:
        """The mark of the present round in the ledger: a round is committed at most once."""
        return f"{self.id}:{self.round}"


class ImportFile(Base):
    """One file of an import. Counts are final once the import has ended."""

    __tablename__ = "ledger_import_files"

    id: Mapped[UUID] = id_column()
    import_id: Mapped[UUID]
    unit_path: Mapped[str] = path_column()
    place: Mapped[int]
    upload_hash: Mapped[str]
    parent_id: Mapped[UUID | None]
    path: Mapped[str]
    state: Mapped[str] = mapped_column(default="WAITING")
    container: Mapped[str] = mapped_column(default="")
    layout: Mapped[str | None]
    encoding: Mapped[str | None]
    rows: Mapped[int] = mapped_column(BigInteger, default=0)
    taken: Mapped[int] = mapped_column(BigInteger, default=0)
    duplicates: Mapped[int] = mapped_column(BigInteger, default=0)
    rejected: Mapped[int] = mapped_column(BigInteger, default=0)
    blank: Mapped[int] = mapped_column(BigInteger, default=0)
    reason: Mapped[str | None]
    notes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    ledger_version: Mapped[int | None] = mapped_column(BigInteger)
    file_no: Mapped[int | None]
    passwords: Mapped[bytes | None]


class StatementLayout(Base):
    """A layout a unit has mapped; ``mapping`` is the layout as data."""

    __tablename__ = "statement_layouts"

    id: Mapped[UUID] = id_column()
    unit_path: Mapped[str] = path_column()
    title: Mapped[str]
    fingerprint: Mapped[str]
    mapping: Mapped[dict[str, Any]] = mapped_column(JSONB)
    maker_id: Mapped[UUID]
    maker_name: Mapped[str]
    created_at: Mapped[datetime] = time_column()
    active: Mapped[bool] = mapped_column(default=True)
    retired_at: Mapped[datetime | None] = time_column()
    version: Mapped[int] = mapped_column(default=1)

    @property
    def reference(self) -> SubjectRef:
        """The layout as audit entries name it."""
        return SubjectRef("statement_layout", str(self.id), self.title)


PASSWORDS = register_sealed("ledger_import_files", "id", "passwords", "ledger_import_files.passwords:{id}")


def seal_passwords(vault: Vault, file: ImportFile, passwords: list[str]) -> None:
    """Keep passwords with the file until it is read; none forgets them."""
    context = PASSWORDS.context_of(file.id)
    file.passwords = vault.seal(json.dumps(passwords), context) if passwords else None


def open_passwords(vault: Vault, file: ImportFile) -> list[str]:
    """Return the passwords kept with the file."""
    if file.passwords is None:
        return []
    found: list[str] = json.loads(vault.open(file.passwords, PASSWORDS.context_of(file.id)))
    return found

"""Rows of cases and of the people harmed in them."""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, FetchedValue, Uuid
from sqlalchemy import Text as SqlText
from sqlalchemy.orm import Mapped, mapped_column

from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.crypto import Vault, register_sealed
from rongdun.runtime.db import Base, id_column, path_column, time_column


class Case(Base):
    """One case: which unit handles it, how far it has come, who proposed and who decided."""

    __tablename__ = "cases"

    id: Mapped[UUID] = id_column()
    serial: Mapped[int] = mapped_column(BigInteger, FetchedValue())
    number: Mapped[str] = mapped_column(default="")
    unit_path: Mapped[str] = path_column()
    unit_name: Mapped[str]
    title: Mapped[str]
    state: Mapped[str] = mapped_column(default="ACCEPTED")
    source: Mapped[str] = mapped_column(default="report")
    fraud_type: Mapped[str]
    story: Mapped[bytes]
    loss_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    victims: Mapped[int] = mapped_column(default=0)
    jurisdiction: Mapped[str] = mapped_column(default="first_acceptor")
    review: Mapped[str] = mapped_column(default="normal")
    accepted_at: Mapped[datetime] = time_column()
    accepted_by: Mapped[UUID]
    accepted_name: Mapped[str]
    handler_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list)
    handler_names: Mapped[list[str]] = mapped_column(ARRAY(SqlText), default=list)
    proposal: Mapped[str] = mapped_column(default="")
    proposal_reason: Mapped[str] = mapped_column(default="")
    transfer_to: Mapped[str] = mapped_column(default="")
    proposed_by: Mapped[UUID | None]
    proposed_name: Mapped[str] = mapped_column(default="")
    proposed_at: Mapped[datetime | None] = time_column()
    decided_by: Mapped[UUID | None]
    decided_name: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None] = time_column()
    filed_at: Mapped[datetime | None] = time_column()
    filing_number: Mapped[str] = mapped_column(default="")
    notice_served_at: Mapped[datetime | None] = time_column()
    ended_at: Mapped[datetime | None] = time_column()
    end_reason: Mapped[str] = mapped_column(default="")
    updated_at: Mapped[datetime] = time_column()
    version: Mapped[int] = mapped_column(default=1)

    @property
    def reference(self) -> SubjectRef:
        """The case as audit entries, deadlines and live events name it."""
        return SubjectRef("case", str(self.id), self.number)


class CaseVictim(Base):
    """Somebody harmed in a case; who they are is sealed, ``person_key`` finds the same person elsewhere."""

    __tablename__ = "case_victims"

    id: Mapped[UUID] = id_column()
    case_id: Mapped[UUID]
    unit_path: Mapped[str] = path_column()
    place: Mapped[int]
    person: Mapped[bytes]
    person_key: Mapped[bytes | None]
    loss_fen: Mapped[int] = mapped_column(BigInteger)
    report_id: Mapped[UUID | None]


STORY = register_sealed("cases", "id", "story", "cases.story:{id}")
PERSON = register_sealed("case_victims", "id", "person", "case_victims.person:{id}")
PERSON_KEY = "person.id_number"
"""Context of the blind index of identity numbers: the same for every table that looks people up."""


def seal_json(vault: Vault, value: Any, context: str) -> bytes:
    """Return ``value`` as sealed JSON for ``context``."""
    return vault.seal(json.dumps(value, ensure_ascii=False, separators=(",", ":")), context)


def open_json(vault: Vault, sealed: bytes, context: str) -> Any:
    """Return what :func:`seal_json` sealed."""
    return json.loads(vault.open(sealed, context))

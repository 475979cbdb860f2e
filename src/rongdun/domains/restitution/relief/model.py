"""Rows of relief requests. ``migrations/0015`` says what the columns mean."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, FetchedValue, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.crypto import Vault, register_sealed
from rongdun.runtime.db import Base, id_column, path_column, time_column


class ReliefRequest(Base):
    """One objection to a measure: against what, who asks, what was found, who decided."""

    __tablename__ = "relief_requests"

    id: Mapped[UUID] = id_column()
    serial: Mapped[int] = mapped_column(BigInteger, FetchedValue())
    number: Mapped[str] = mapped_column(default="")
    unit_path: Mapped[str] = path_column()
    unit_name: Mapped[str] = mapped_column(default="")
    partner_path: Mapped[str | None] = path_column()
    case_id: Mapped[UUID | None]
    order_id: Mapped[UUID]
    order_number: Mapped[str] = mapped_column(default="")
    measure: Mapped[str]
    institution_name: Mapped[str] = mapped_column(default="")
    account: Mapped[str]
    holder: Mapped[str] = mapped_column(default="")
    details: Mapped[bytes]
    applicant: Mapped[str]
    state: Mapped[str] = mapped_column(default="SUBMITTED")
    held_fen: Mapped[int] = mapped_column(BigInteger)
    held_since: Mapped[datetime] = time_column()
    ordered_by: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list)
    claimed_fen: Mapped[int | None] = mapped_column(BigInteger)
    finding: Mapped[str] = mapped_column(default="")
    unrelated_fen: Mapped[int | None] = mapped_column(BigInteger)
    found_by: Mapped[UUID | None]
    found_name: Mapped[str] = mapped_column(default="")
    found_at: Mapped[datetime | None] = time_column()
    findings: Mapped[bytes | None]
    kept_fen: Mapped[int | None] = mapped_column(BigInteger)
    released_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    decided_by: Mapped[UUID | None]
    decided_name: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None] = time_column()
    decision_reason: Mapped[str] = mapped_column(default="")
    told_at: Mapped[datetime | None] = time_column()
    told_name: Mapped[str] = mapped_column(default="")
    maker_id: Mapped[UUID]
    maker_name: Mapped[str]
    created_at: Mapped[datetime] = time_column()
    accepted_at: Mapped[datetime | None] = time_column()
    version: Mapped[int] = mapped_column(default=1)

    @property
    def reference(self) -> SubjectRef:
        """The request as audit entries, deadlines and live events name it."""
        return SubjectRef("relief_request", str(self.id), self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What a request says in clear: whose account, who asks, how to reach them, what they say."""

    account: str
    holder: str
    applicant_name: str
    phone: str
    story: str


DETAILS = register_sealed("relief_requests", "id", "details", "relief_requests.details:{id}")
FINDINGS = register_sealed("relief_requests", "id", "findings", "relief_requests.findings:{id}")


def seal_details(vault: Vault, found: ReliefRequest, details: Details) -> bytes:
    """Return ``details`` sealed for their row."""
    text = json.dumps(asdict(details), ensure_ascii=False, separators=(",", ":"))
    return vault.seal(text, DETAILS.context_of(found.id))


def details_of(vault: Vault, found: ReliefRequest) -> Details:
    """Return what a request says, in clear."""
    return Details(**json.loads(vault.open(found.details, DETAILS.context_of(found.id))))


def findings_of(vault: Vault, found: ReliefRequest) -> str:
    """Return what was found out, in clear; empty before."""
    return vault.open(found.findings, FINDINGS.context_of(found.id)) if found.findings else ""

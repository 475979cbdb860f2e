"""Rows of reports, and of what reports have in common."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, FetchedValue
from sqlalchemy import Text as SqlText
from sqlalchemy.orm import Mapped, mapped_column

from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.crypto import register_sealed
from rongdun.runtime.db import Base, id_column, path_column, time_column


class Report(Base):
    """One report as it was taken: who took it, what it says (sealed), how pressing it is, what became of it."""

    __tablename__ = "reports"

    id: Mapped[UUID] = id_column()
    serial: Mapped[int] = mapped_column(BigInteger, FetchedValue())
    number: Mapped[str] = mapped_column(default="")
    receipt_number: Mapped[str] = mapped_column(default="")
    unit_path: Mapped[str] = path_column()
    unit_name: Mapped[str]
    handling_path: Mapped[str | None] = path_column()
    maker_id: Mapped[UUID]
    maker_name: Mapped[str]
    state: Mapped[str] = mapped_column(default="RECEIVED")
    source: Mapped[str]
    classification: Mapped[str] = mapped_column(default="")
    fraud_type: Mapped[str] = mapped_column(default="")
    channels: Mapped[list[str]] = mapped_column(ARRAY(SqlText), default=list)
    title: Mapped[str]
    content: Mapped[bytes]
    victim_key: Mapped[bytes | None]
    loss_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    transfers: Mapped[int] = mapped_column(default=0)
    last_transfer_at: Mapped[datetime | None] = time_column()
    deceived_at: Mapped[datetime | None] = time_column()
    on_call: Mapped[bool] = mapped_column(default=False)
    more_expected: Mapped[bool] = mapped_column(default=False)
    screen_shared: Mapped[bool] = mapped_column(default=False)
    hardship: Mapped[bool] = mapped_column(default=False)
    urgency: Mapped[int] = mapped_column(default=0)
    duplicate_of: Mapped[UUID | None]
    case_id: Mapped[UUID | None]
    case_number: Mapped[str] = mapped_column(default="")
    referred_to: Mapped[str] = mapped_column(default="")
    end_reason: Mapped[str] = mapped_column(default="")
    received_at: Mapped[datetime] = time_column()
    created_at: Mapped[datetime] = time_column()
    entered_at: Mapped[datetime | None] = time_column()
    ended_at: Mapped[datetime | None] = time_column()
    updated_at: Mapped[datetime] = time_column()
    version: Mapped[int] = mapped_column(default=1)

    @property
    def reference(self) -> SubjectRef:
        """The report as audit entries, deadlines and live events name it."""
        return SubjectRef("report", str(self.id), self.number)


class ReportEntity(Base):
    """A person, account, number or link that a report names, by its blind index."""

    __tablename__ = "report_entities"

    report_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(primary_key=True)
    unit_path: Mapped[str] = path_column()
    handling_path: Mapped[str | None] = path_column()


CONTENT = register_sealed("reports", "id", "content", "reports.content:{id}")
ENTITY = "report.entity"
"""Context of the blind indexes of what reports name; the kind stands before the value."""

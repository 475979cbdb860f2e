"""The table ``policy_changes``."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from rongdun.domains.policy.plan import Kind, Proposal
from rongdun.kernel.errors import Text
from rongdun.kernel.policy import Tag, ValueUnit
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.db import Base, id_column, path_column, time_column
from rongdun.runtime.policies.table import exact, plain


class PolicyChange(Base):
    """A proposed change of one rule, who wrote it, and what was decided about it."""

    __tablename__ = "policy_changes"

    id: Mapped[UUID] = id_column()
    key: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str]
    base_rule_id: Mapped[UUID]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    value: Mapped[Any] = mapped_column(JSONB(none_as_null=True))
    unit: Mapped[str]
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    legal_basis: Mapped[str]
    tag: Mapped[str]
    source: Mapped[str]
    note: Mapped[str]
    reason: Mapped[str]
    unit_path: Mapped[str] = path_column()
    maker_id: Mapped[UUID]
    maker_name: Mapped[str]
    editors: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid()))
    submitted_at: Mapped[datetime | None] = time_column()
    checker_id: Mapped[UUID | None]
    checker_name: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None] = time_column()
    decision_note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = time_column()
    updated_at: Mapped[datetime] = time_column()
    version: Mapped[int] = mapped_column(default=1)

    @property
    def reference(self) -> SubjectRef:
        """The change as audit entries, deadlines and live events name it."""
        return SubjectRef("policy_change", str(self.id), f"{self.name_zh}({self.key})")

    def proposal(self) -> Proposal:
        """Return what the change proposes."""
        return Proposal(
            key=self.key,
            kind=Kind(self.kind),
            name=Text(self.name_zh, self.name_en),
            value=None if self.value is None else exact(self.value),
            unit=ValueUnit(self.unit),
            effective_from=self.effective_from,
            effective_to=self.effective_to,
            legal_basis=self.legal_basis,
            tag=Tag(self.tag),
            source=self.source,
            note=self.note,
            reason=self.reason,
        )

    def write(self, proposal: Proposal) -> None:
        """Take over the fields of ``proposal``; its key and kind stay what they were."""
        for name, value in columns_of(proposal).items():
            setattr(self, name, value)


def columns_of(proposal: Proposal) -> dict[str, Any]:
    """Return the columns that hold what ``proposal`` says, beside its key and kind."""
    return {
        "name_zh": proposal.name.zh,
        "name_en": proposal.name.en,
        "value": None if proposal.value is None else plain(proposal.value),
        "unit": proposal.unit.value,
        "effective_from": proposal.effective_from,
        "effective_to": proposal.effective_to,
        "legal_basis": proposal.legal_basis,
        "tag": proposal.tag.value,
        "source": proposal.source,
        "note": proposal.note,
        "reason": proposal.reason,
    }

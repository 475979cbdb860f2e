"""The table ``policy_rules`` and its reading as :class:`~rongdun.kernel.policy.PolicyRule`."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from rongdun.kernel.errors import Text
from rongdun.kernel.policy import PolicyRule, Tag, Value, ValueUnit
from rongdun.runtime.db import Base, id_column, time_column


class PolicyRow(Base):
    """One stored row; immutable but for its end, which a trigger holds."""

    __tablename__ = "policy_rules"

    id: Mapped[UUID] = id_column()
    key: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str]
    value: Mapped[Any] = mapped_column(JSONB)
    unit: Mapped[str]
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    legal_basis: Mapped[str]
    tag: Mapped[str]
    source: Mapped[str]
    note: Mapped[str]
    origin: Mapped[str]
    change_id: Mapped[UUID | None]
    closed_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = time_column()

    @property
    def is_void(self) -> bool:
        """Tell whether the row was replaced from its very first day and so never applies."""
        return self.effective_to == self.effective_from


def rule_of(row: PolicyRow) -> PolicyRule:
    """Return what ``row`` says."""
    return PolicyRule(
        key=row.key,
        value=exact(row.value),
        unit=ValueUnit(row.unit),
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        legal_basis=row.legal_basis,
        tag=Tag(row.tag),
        name=Text(row.name_zh, row.name_en),
        note=row.note,
        source=row.source,
    )


def row_of(
    rule: PolicyRule, *, origin: str, created_at: datetime, change_id: UUID | None = None
) -> PolicyRow:
    """Return a new row that says what ``rule`` says; ``origin`` is ``seed`` or ``change``."""
    return PolicyRow(**columns_of(rule, origin=origin, created_at=created_at), change_id=change_id)


def columns_of(rule: PolicyRule, *, origin: str, created_at: datetime) -> dict[str, Any]:
    """Return what :func:`row_of` puts into the columns, for many rows sent at once."""
    return {
        "key": rule.key,
        "name_zh": rule.name.zh,
        "name_en": rule.name.en,
        "value": plain(rule.value),
        "unit": rule.unit.value,
        "effective_from": rule.effective_from,
        "effective_to": rule.effective_to,
        "legal_basis": rule.legal_basis,
        "tag": rule.tag.value,
        "source": rule.source,
        "note": rule.note,
        "origin": origin,
        "created_at": created_at,
    }


def exact(value: Any) -> Value:
    """Return a JSON value as a rule's value: fractions become decimals, never floats."""
    return Decimal(repr(value)) if isinstance(value, float) else value


def plain(value: Value) -> Any:
    """Return a rule's value as JSON holds it."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, str | int):
        return value
    return [entry if isinstance(entry, int) else dict(entry) for entry in value]

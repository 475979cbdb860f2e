"""Rules and changes as the API shows them."""

from datetime import date
from typing import Literal

from rongdun.domains.policy.schemas import RuleOut, Words
from rongdun.kernel.errors import Text
from rongdun.kernel.policy import Tag, ValueUnit
from rongdun.runtime.policies import PolicyRow
from rongdun.runtime.policies.table import exact
from rongdun.runtime.policies.words import family_name, family_of, shown

Status = Literal["in_force", "future", "past", "void"]


def words(text: Text) -> Words:
    """Return a sentence in both languages as the API shows it."""
    return Words(zh=text.zh, en=text.en)


def status_of(row: PolicyRow, today: date) -> Status:
    """Return where a row stands on ``today``."""
    if row.is_void:
        return "void"
    if row.effective_from > today:
        return "future"
    return "past" if row.effective_to and row.effective_to <= today else "in_force"


def rule_out(row: PolicyRow, *, today: date) -> RuleOut:
    """Return ``row`` as the API shows it."""
    return RuleOut(
        id=row.id,
        key=row.key,
        name=Words(zh=row.name_zh, en=row.name_en),
        group=family_of(row.key),
        group_name=words(family_name(row.key)),
        value=row.value,
        unit=ValueUnit(row.unit),
        shown=words(shown(exact(row.value), ValueUnit(row.unit))),
        effective_from=row.effective_from,
        effective_to=row.effective_to,
        legal_basis=row.legal_basis,
        tag=Tag(row.tag),
        certainty=words(Tag(row.tag).label),
        source=row.source,
        note=row.note,
        origin="change" if row.origin == "change" else "seed",
        change_id=row.change_id,
        closed_by=row.closed_by,
        status=status_of(row, today),
    )

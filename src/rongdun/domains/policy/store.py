"""Queries on rules and their changes.

Rules bind every unit and are the same for all, so reading them takes no scope; changes are seen inside the scope
of their maker's unit, by whoever wrote on them, and, once confirmed, by everybody.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select, text
from sqlalchemy.orm import Session

from rongdun.domains.policy.model import PolicyChange
from rongdun.domains.policy.plan import Kind
from rongdun.domains.policy.rules import CHANGE
from rongdun.kernel.errors import Text
from rongdun.kernel.policy import Tag, ValueUnit
from rongdun.kernel.scope import Actor
from rongdun.runtime.deadlines import Deadline
from rongdun.runtime.policies import PolicyRow
from rongdun.runtime.policies.table import exact
from rongdun.runtime.policies.words import FAMILIES, ORIGINS, UNITS, family_name, shown
from rongdun.runtime.tables import Column, TableSpec

_TAGS = {tag.value: tag.label for tag in Tag}
_UNITS = {unit.value: UNITS[unit] for unit in ValueUnit}
_STATES = {state.key: state.name for state in CHANGE.states}
_KINDS = {kind.value: kind.label for kind in Kind}

_LOCK_KEY = text("select pg_advisory_xact_lock(hashtext('rongdun.policy'), hashtext(:key))")


def _value_in_words(row: PolicyRow | PolicyChange) -> Text:
    return shown(None if row.value is None else exact(row.value), ValueUnit(row.unit))


RULES = TableSpec(
    columns={
        "key": Column(PolicyRow.key, Text("键", "Key")),
        "group": Column(
            func.split_part(PolicyRow.key, ".", 1),
            Text("类别", "Group"),
            kind="text",
            choices=FAMILIES,
            cell=lambda row: family_name(row.key),
        ),
        "name_zh": Column(PolicyRow.name_zh, Text("名称", "Name")),
        "name_en": Column(PolicyRow.name_en, Text("英文名称", "English name")),
        "shown": Column(None, Text("内容", "Value"), cell=_value_in_words),
        "unit": Column(PolicyRow.unit, Text("单位", "Unit"), choices=_UNITS),
        "effective_from": Column(PolicyRow.effective_from, Text("生效日期", "From")),
        "effective_to": Column(PolicyRow.effective_to, Text("失效日期", "No longer from")),
        "legal_basis": Column(PolicyRow.legal_basis, Text("依据", "Legal basis")),
        "tag": Column(PolicyRow.tag, Text("可信度", "Certainty"), choices=_TAGS),
        "source": Column(PolicyRow.source, Text("来源", "Source")),
        "note": Column(PolicyRow.note, Text("说明", "Note")),
        "origin": Column(PolicyRow.origin, Text("来历", "Origin"), choices=ORIGINS),
    },
    key=PolicyRow.id,
    search=[PolicyRow.key, PolicyRow.name_zh, PolicyRow.name_en, PolicyRow.legal_basis, PolicyRow.note],
    default_sort="key",
)

CHANGES = TableSpec(
    columns={
        "key": Column(PolicyChange.key, Text("键", "Key")),
        "name_zh": Column(PolicyChange.name_zh, Text("名称", "Name")),
        "name_en": Column(PolicyChange.name_en, Text("英文名称", "English name")),
        "kind": Column(PolicyChange.kind, Text("变更方式", "Kind"), choices=_KINDS),
        "shown": Column(None, Text("内容", "Value"), cell=_value_in_words),
        "effective_from": Column(PolicyChange.effective_from, Text("生效日期", "From")),
        "effective_to": Column(PolicyChange.effective_to, Text("失效日期", "No longer from")),
        "state": Column(PolicyChange.state, Text("状态", "State"), choices=_STATES),
        "reason": Column(PolicyChange.reason, Text("理由", "Reason")),
        "maker_id": Column(PolicyChange.maker_id, Text("起草人编号", "Maker id"), exported=False),
        "maker_name": Column(PolicyChange.maker_name, Text("起草人", "Maker")),
        "unit_path": Column(PolicyChange.unit_path, Text("起草单位", "Unit"), kind="path"),
        "submitted_at": Column(PolicyChange.submitted_at, Text("提交时间", "Submitted")),
        "checker_name": Column(PolicyChange.checker_name, Text("复核人", "Checker")),
        "decided_at": Column(PolicyChange.decided_at, Text("办结时间", "Decided")),
        "decision_note": Column(PolicyChange.decision_note, Text("复核意见", "Decision note")),
        "created_at": Column(PolicyChange.created_at, Text("起草时间", "Drafted")),
        "updated_at": Column(PolicyChange.updated_at, Text("更新时间", "Updated")),
    },
    key=PolicyChange.id,
    search=[
        PolicyChange.key,
        PolicyChange.name_zh,
        PolicyChange.name_en,
        PolicyChange.reason,
        PolicyChange.maker_name,
    ],
    default_sort="-updated_at",
)


def rules_on(day: date) -> Select[PolicyRow]:
    """Return the select of the rows in force on ``day``, one of each key that has one."""
    return select(PolicyRow).where(
        PolicyRow.effective_from <= day,
        or_(PolicyRow.effective_to.is_(None), PolicyRow.effective_to > day),
    )


def versions_of(session: Session, keys: Iterable[str]) -> dict[str, list[PolicyRow]]:
    """Return every row of each of ``keys``, void ones too, newest first."""
    statement = select(PolicyRow).where(PolicyRow.key.in_(list(keys)))
    found: dict[str, list[PolicyRow]] = {}
    for row in session.scalars(statement.order_by(PolicyRow.effective_from.desc(), PolicyRow.id.desc())):
        found.setdefault(row.key, []).append(row)
    return found


def changes_for(actor: Actor) -> Select[PolicyChange]:
    """Return the select of the changes ``actor`` may see."""
    low, high = actor.scope.low, actor.scope.high
    inside = and_(PolicyChange.unit_path >= low, PolicyChange.unit_path < high)
    return select(PolicyChange).where(or_(inside, PolicyChange.state == "CONFIRMED"))


def open_changes_of(session: Session, actor: Actor, key: str) -> Sequence[PolicyChange]:
    """Return the undecided changes of ``key`` that ``actor`` may see, newest first."""
    statement = changes_for(actor).where(
        PolicyChange.key == key, PolicyChange.state.in_(["DRAFT", "SUBMITTED", "RETURNED"])
    )
    return session.scalars(statement.order_by(PolicyChange.updated_at.desc(), PolicyChange.id)).all()


def find_change(session: Session, actor: Actor, change_id: UUID) -> PolicyChange | None:
    """Return the change if ``actor`` may see it."""
    return session.scalar(changes_for(actor).where(PolicyChange.id == change_id))


def lock_change(session: Session, actor: Actor, change_id: UUID) -> PolicyChange | None:
    """Return the change for alteration, held until the transaction ends, if ``actor`` may see it."""
    statement = changes_for(actor).where(PolicyChange.id == change_id).with_for_update()
    return session.scalar(statement.execution_options(populate_existing=True))


def lock_key(session: Session, key: str) -> None:
    """Let confirmations of one rule go one after another."""
    session.execute(_LOCK_KEY, {"key": key})


def running_deadlines(session: Session, keys: Iterable[str]) -> dict[str, int]:
    """Return how many open clocks run by each of ``keys``, as far as the asking scope sees them."""
    statement = (
        select(Deadline.rule_key, func.count())
        .where(Deadline.rule_key.in_(list(keys)), Deadline.closed_at.is_(None))
        .group_by(Deadline.rule_key)
    )
    return {key: count for key, count in session.execute(statement)}

"""From a form to a proposal: filled up from the row it is held against, and checked before it is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from rongdun.domains.policy.errors import NothingChanges, PolicyOverlap, RetroactiveNeedsReason
from rongdun.domains.policy.plan import Consequences, Kind, Proposal, consequences, faults
from rongdun.domains.policy.rules import reaches_back
from rongdun.domains.policy.views import rule_out
from rongdun.kernel.errors import FieldError, Invalid, Text
from rongdun.kernel.policy import PolicyRule
from rongdun.runtime.policies import PolicyRow
from rongdun.runtime.policies.table import rule_of


def living(rows: Sequence[PolicyRow]) -> list[PolicyRule]:
    """Return what ``rows`` say, without those replaced before they ever applied."""
    return [rule_of(row) for row in rows if not row.is_void]


def base_row(rows: Sequence[PolicyRow], first_day: date) -> PolicyRow:
    """Return the row a change that begins on ``first_day`` is held against: in force then, else the newest."""
    alive = [row for row in rows if not row.is_void]
    return next((row for row in alive if rule_of(row).applies(first_day)), (alive or list(rows))[0])


def complete(rows: Sequence[PolicyRow], key: str, fields: Mapping[str, Any]) -> tuple[Proposal, PolicyRow]:
    """Return the proposal that ``fields`` make, filled up from the row it is held against, and that row."""
    base = base_row(rows, fields["effective_from"])
    rule = rule_of(base)
    kind = fields.get("kind", Kind.REPLACE)
    proposal = Proposal(
        key=key,
        kind=kind,
        name=rule.name,
        value=rule.value,
        unit=rule.unit,
        effective_from=fields["effective_from"],
        effective_to=rule.effective_to if kind is Kind.CORRECT else None,
        legal_basis=rule.legal_basis,
        tag=rule.tag,
        source=rule.source,
        note=rule.note,
    )
    return merged(proposal, fields), base


def merged(proposal: Proposal, fields: Mapping[str, Any]) -> Proposal:
    """Return ``proposal`` with ``fields`` written over it; only an end may be set to nothing."""
    taken = {name: value for name, value in fields.items() if value is not None or name == "effective_to"}
    changed = replace(proposal, **taken)
    return replace(changed, value=None, effective_to=None) if changed.kind is Kind.END else changed


def plan_or_none(rows: Sequence[PolicyRow], proposal: Proposal, *, today: date) -> Consequences | None:
    """Return what ``proposal`` would bring about, or None when the row it acts on is no longer there."""
    try:
        return consequences(living(rows), proposal, today=today)
    except Invalid:
        return None


def check(rows: Sequence[PolicyRow], proposal: Proposal, base: PolicyRow, *, today: date) -> None:
    """Refuse a proposal that cannot be stored.

    Raises :class:`Invalid` (fields), :class:`PolicyOverlap` (with the rows in the way),
    :class:`RetroactiveNeedsReason`, or :class:`NothingChanges`.
    """
    check_fields(proposal, base)
    planned = consequences(living(rows), proposal, today=today)
    if planned.overlaps:
        raise overlap(rows, planned, today=today)
    if reaches_back(proposal, planned) and not proposal.reason.strip():
        raise RetroactiveNeedsReason.now()
    if _says_the_same(proposal, rule_of(base)):
        raise NothingChanges()


def check_fields(proposal: Proposal, base: PolicyRow) -> None:
    """Refuse a proposal whose fields are wrong; the value must be of the kind that ``base`` holds."""
    wrong = faults(proposal, rule_of(base))
    if proposal.value is None and proposal.kind is not Kind.END:
        wrong = [FieldError("value", Text("请填写内容", "Say what the rule is to hold"))]
    if wrong:
        raise Invalid(fields=wrong)


def _says_the_same(proposal: Proposal, rule: PolicyRule) -> bool:
    wanted = proposal.rule()
    if wanted is None:
        return False
    same_end = wanted.effective_to == rule.effective_to
    return same_end and replace(wanted, effective_from=rule.effective_from) == rule


def overlap(rows: Sequence[PolicyRow], planned: Consequences, *, today: date) -> PolicyOverlap:
    """Return the refusal that shows the rows in the way, as the API shows rules."""
    days = {rule.effective_from for rule in planned.overlaps}
    in_the_way = [row for row in rows if row.effective_from in days and not row.is_void]
    shown = [rule_out(row, today=today).model_dump(mode="json") for row in in_the_way]
    return PolicyOverlap.with_rows(planned.overlaps, shown)

"""Drafting, editing, submitting and deciding changes of rules."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from rongdun.domains.policy import store
from rongdun.domains.policy.errors import RetroactiveNeedsReason, UnknownRule
from rongdun.domains.policy.model import PolicyChange, columns_of
from rongdun.domains.policy.plan import Consequences, Proposal, consequences
from rongdun.domains.policy.proposals import (
    base_row,
    check,
    check_fields,
    complete,
    living,
    merged,
    overlap,
    plan_or_none,
)
from rongdun.domains.policy.rules import CHANGE, NO_OVERLAP, REASONED, REVIEW, facts_of
from rongdun.kernel.errors import DomainError, NotFound, StaleVersion, Text
from rongdun.kernel.lifecycle import Moved, Refused, decide
from rongdun.kernel.scope import SubjectRef
from rongdun.kernel.workday import civil_date
from rongdun.runtime.deadlines import close_all, open_deadline
from rongdun.runtime.live import EVERYWHERE
from rongdun.runtime.policies import PolicyRow, forget
from rongdun.runtime.policies.table import row_of
from rongdun.runtime.uow import Uow

TOPIC = "policy"
"""Live topic on which screens learn that rules or changes have moved."""


def versions(uow: Uow, key: str) -> list[PolicyRow]:
    """Return every row of ``key``, newest first; raise :class:`UnknownRule` when there is none."""
    found = store.versions_of(uow.session, [key]).get(key)
    if not found:
        raise UnknownRule(extra={"key": key})
    return found


def read(uow: Uow, change_id: UUID) -> PolicyChange:
    """Return a change inside the actor's scope."""
    change = store.find_change(uow.session, uow.actor, change_id)
    if change is None:
        raise NotFound()
    return change


def preview(uow: Uow, key: str, fields: Mapping[str, Any]) -> tuple[Proposal, Consequences]:
    """Return what a proposal would say and bring about; nothing is stored and overlaps are only told."""
    rows = versions(uow, key)
    proposal, base = complete(rows, key, fields)
    check_fields(proposal, base)
    return proposal, consequences(living(rows), proposal, today=civil_date(uow.now))


def draft(uow: Uow, key: str, fields: Mapping[str, Any]) -> PolicyChange:
    """Store a new draft; ``fields`` are those of the form that were filled in.

    Raises :class:`PolicyOverlap` with the rows in the way, :class:`RetroactiveNeedsReason`, or
    :class:`Invalid` with the fields that are wrong.
    """
    rows = versions(uow, key)
    proposal, base = complete(rows, key, fields)
    check(rows, proposal, base, today=civil_date(uow.now))
    assert uow.actor.user_id is not None, "a change is written by somebody"
    change = PolicyChange(
        key=key,
        kind=proposal.kind.value,
        state=CHANGE.initial,
        base_rule_id=base.id,
        unit_path=uow.actor.unit_path,
        maker_id=uow.actor.user_id,
        maker_name=uow.actor.name,
        editors=[uow.actor.user_id],
        created_at=uow.now,
        updated_at=uow.now,
        version=1,
        **columns_of(proposal),
    )
    uow.session.add(change)
    uow.session.flush()
    _tell(uow, change, "policy_change.draft", after={"kind": change.kind, **_plain(change)})
    return change


def edit(uow: Uow, change_id: UUID, *, version: int, fields: Mapping[str, Any]) -> PolicyChange:
    """Change the words of a draft; what ``fields`` leave out stays.

    Raises :class:`StaleVersion`, with both texts, when somebody else has written since ``version``.
    """
    change = _locked(uow, change_id)
    before = {"kind": change.kind, **_plain(change)}
    if change.version != version:
        yours = {name: value for name, value in _sent(fields).items() if name in before}
        raise StaleVersion.between(current=before, yours=yours, version=change.version)
    rows = versions(uow, change.key)
    _judge(uow, change, rows, "edit")
    proposal = merged(change.proposal(), fields)
    base = base_row(rows, proposal.effective_from)
    check(rows, proposal, base, today=civil_date(uow.now))
    change.kind, change.base_rule_id = proposal.kind.value, base.id
    change.write(proposal)
    _written(uow, change)
    after = {"kind": change.kind, **_plain(change)}
    changed = [name for name in after if after[name] != before[name]]
    _tell(
        uow,
        change,
        "policy_change.edit",
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    return change


def submit(uow: Uow, change_id: UUID, *, version: int) -> PolicyChange:
    """Hand a draft to its checker; the clock of the review starts."""
    change = _seen(uow, change_id, version)
    rows = versions(uow, change.key)
    check(rows, change.proposal(), base_row(rows, change.effective_from), today=civil_date(uow.now))
    moved = _judge(uow, change, rows, "submit")
    change.submitted_at = uow.now
    change.checker_id = None
    _move(uow, change, moved)
    open_deadline(uow, rule_key=REVIEW, subject=change.reference, unit_path=change.unit_path)
    return change


def confirm(uow: Uow, change_id: UUID, *, version: int, note: str = "") -> PolicyChange:
    """Bring a submitted change into the table: rows end, a row begins, in one transaction."""
    change = _seen(uow, change_id, version)
    store.lock_key(uow.session, change.key)
    rows = versions(uow, change.key)
    moved = _judge(uow, change, rows, "confirm", reason=note)
    planned = consequences(living(rows), change.proposal(), today=civil_date(uow.now))
    _decided(uow, change, moved)
    _apply(uow, change, planned, rows)
    close_all(uow, subject=change.reference, outcome="met", reason=note)
    return change


def return_to_maker(uow: Uow, change_id: UUID, *, version: int, note: str) -> PolicyChange:
    """Give a submitted change back with a word on what is to be done."""
    change = _seen(uow, change_id, version)
    moved = _judge(uow, change, versions(uow, change.key), "return", reason=note)
    _decided(uow, change, moved)
    close_all(uow, subject=change.reference, outcome="met", reason=note)
    return change


def withdraw(uow: Uow, change_id: UUID, *, version: int, note: str = "") -> PolicyChange:
    """Drop a change that was not decided on."""
    change = _seen(uow, change_id, version)
    moved = _judge(uow, change, versions(uow, change.key), "withdraw", reason=note)
    _move(uow, change, moved)
    close_all(uow, subject=change.reference, outcome="cancelled", reason=note)
    return change


def _judge(
    uow: Uow, change: PolicyChange, rows: Sequence[PolicyRow], action: str, *, reason: str = ""
) -> Moved:
    proposal = change.proposal()
    today = civil_date(uow.now)
    planned = plan_or_none(rows, proposal, today=today)
    decision = decide(
        CHANGE,
        state=change.state,
        action=action,
        actor=uow.actor,
        facts=facts_of(makers=change.editors, actor=uow.actor, planned=planned, proposal=proposal),
        now=uow.now,
        reason=reason,
    )
    if isinstance(decision, Refused):
        raise _refusal(decision, rows, planned, today=today)
    return decision


def _refusal(
    refused: Refused, rows: Sequence[PolicyRow], planned: Consequences | None, *, today: date
) -> DomainError:
    if planned and refused.rule.key == NO_OVERLAP.key:
        return overlap(rows, planned, today=today)
    if refused.rule.key == REASONED.key:
        return RetroactiveNeedsReason.now()
    return refused.error()


def _apply(uow: Uow, change: PolicyChange, planned: Consequences, rows: Sequence[PolicyRow]) -> None:
    by_first_day = {row.effective_from: row for row in rows if not row.is_void}
    ended = [by_first_day[ending.rule.effective_from] for ending in planned.closes]
    before = [row_in_brief(row) for row in ended]
    for row, ending in zip(ended, planned.closes, strict=True):
        row.effective_to, row.closed_by = ending.ends, change.id
    uow.session.flush()
    opened = []
    if planned.opens:
        opened = [row_of(planned.opens, origin="change", created_at=uow.now, change_id=change.id)]
        uow.session.add_all(opened)
        uow.session.flush()
    forget(uow.session)
    subject = SubjectRef("policy_rule", change.key, f"{change.name_zh}({change.key})")
    after = [row_in_brief(row) for row in (*ended, *opened)]
    uow.record("policy_rule.change", subject, before={"rows": before}, after={"rows": after})
    uow.publish(TOPIC, subject, EVERYWHERE)


def _decided(uow: Uow, change: PolicyChange, moved: Moved) -> None:
    change.checker_id = uow.actor.user_id
    change.checker_name = uow.actor.name
    change.decided_at = uow.now
    change.decision_note = moved.reason
    _move(uow, change, moved)


def _move(uow: Uow, change: PolicyChange, moved: Moved) -> None:
    change.state = moved.to_state
    change.version += 1
    change.updated_at = uow.now
    uow.session.flush()
    _tell(
        uow,
        change,
        f"policy_change.{moved.action}",
        before={"state": moved.from_state},
        after={"state": moved.to_state, "key": change.key},
        note=moved.reason,
    )


def _written(uow: Uow, change: PolicyChange) -> None:
    if uow.actor.user_id not in change.editors:
        change.editors = [*change.editors, *([uow.actor.user_id] if uow.actor.user_id else [])]
    change.state = "DRAFT"
    change.checker_id = None
    change.version += 1
    change.updated_at = uow.now
    uow.session.flush()


def _tell(
    uow: Uow,
    change: PolicyChange,
    action: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    note: str = "",
) -> None:
    uow.record(action, change.reference, unit_path=change.unit_path, before=before, after=after, note=note)
    uow.publish(TOPIC, change.reference, change.unit_path)


def _locked(uow: Uow, change_id: UUID) -> PolicyChange:
    change = store.lock_change(uow.session, uow.actor, change_id)
    if change is None:
        raise NotFound()
    return change


def _seen(uow: Uow, change_id: UUID, version: int) -> PolicyChange:
    change = _locked(uow, change_id)
    if change.version != version:
        current = {"state": change.state, "version": change.version, **_plain(change)}
        raise StaleVersion.between(current=current, yours={"version": version}, version=change.version)
    return change


def row_in_brief(row: PolicyRow) -> dict[str, Any]:
    """Return what the audit keeps of a row: what it holds and when it applies."""
    end = row.effective_to.isoformat() if row.effective_to else None
    begins = row.effective_from.isoformat()
    return {"value": row.value, "unit": row.unit, "effective_from": begins, "effective_to": end}


def _plain(change: PolicyChange) -> dict[str, Any]:
    """Return the words of a change as JSON, for the audit and for showing two texts side by side."""
    return _sent(columns_of(change.proposal()))


def _sent(fields: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in fields.items():
        if isinstance(value, Text):
            flat |= {"name_zh": value.zh, "name_en": value.en}
        else:
            flat[name] = value.isoformat() if isinstance(value, date) else value
    return flat

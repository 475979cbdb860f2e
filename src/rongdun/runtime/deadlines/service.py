"""Opening, closing, pausing and acknowledging deadlines: always in the caller's transaction."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from rongdun.kernel import deadline as clockwork
from rongdun.kernel.deadline import Level, Term
from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.deadlines import store
from rongdun.runtime.deadlines.convert import steps_to_json, write_back
from rongdun.runtime.deadlines.errors import DeadlineAlreadyOpen, DeadlineOverdue, NoSuchDeadline
from rongdun.runtime.deadlines.firing import fire
from rongdun.runtime.deadlines.model import Deadline, DeadlineEvent
from rongdun.runtime.deadlines.terms import Clock, clock_for
from rongdun.runtime.loops import wake_on_commit
from rongdun.runtime.uow import Uow
from rongdun.runtime.workdays import calendar_of

LOOP = "sweeper"
"""Name of the sweeping loop, as wakes call it."""

TOPIC = "deadline"
"""Live topic on which screens learn that a deadline has changed."""

SOON_S = 2.0
"""A step due this soon rings the sweeper: by itself it looks once a second."""

End = Literal["met", "cancelled"]
"""Why a deadline closes: the work was done, or its reason fell away."""


def open_deadline(
    uow: Uow,
    *,
    rule_key: str,
    subject: SubjectRef,
    unit_path: str,
    start: datetime | None = None,
    term: Term | None = None,
    owner_path: str | None = None,
    partner_path: str | None = None,
    case_id: UUID | None = None,
) -> Deadline:
    """Start the clock that ``rule_key`` sets on ``subject``; return the stored deadline.

    The term, its name and its legal basis are those of the policy row in force on the day of ``start``
    (default: now); ``term`` replaces its length where an order states another. ``unit_path`` is the
    unit whose scope covers it, ``owner_path`` the unit that has to act (default: the same);
    ``partner_path`` and ``case_id`` let a partner and a case team see it too. ``subject.label`` is
    shown on boards: a number or a masked name. Reminders that lie before now count as past; a deadline
    already past due is marked missed by the next sweep.

    Raises :class:`DeadlineAlreadyOpen` when the subject has an open deadline of this rule, and
    :class:`~rongdun.kernel.policy.NoRuleInForce` when no policy row applies.
    """
    begun = start or uow.now
    calendar = calendar_of(uow.settings.data_dir)
    clock = clock_for(uow.session, rule_key, begun, calendar=calendar, term=term)
    value = _with_past_reminders(clockwork.Deadline(begun, clock.due_at, clock.steps), uow.now)
    row = Deadline(
        id=new_id(),
        subject_kind=subject.kind,
        subject_id=subject.id,
        subject_label=subject.label,
        unit_path=unit_path,
        owner_path=owner_path or unit_path,
        partner_path=partner_path,
        case_id=case_id,
        started_at=begun,
        created_at=uow.now,
        missed_while_down=False,
        version=0,
        **_rule_columns(rule_key, clock),
    )
    write_back(row, value, uow.now)
    row.state = "running"
    if not store.insert_open(uow.session, row):
        raise DeadlineAlreadyOpen(extra={"rule_key": rule_key, "subject": subject._asdict()})
    return _opened(uow, row.id, value.fired)


def has_deadline(uow: Uow, *, subject: SubjectRef, rule_key: str) -> bool:
    """Tell whether ``subject`` has, or ever had, a deadline of ``rule_key`` within the actor's scope."""
    return store.exists(uow.session, subject, rule_key=rule_key)


def close_deadline(
    uow: Uow, *, subject: SubjectRef, rule_key: str, outcome: End = "met", reason: str = ""
) -> Deadline:
    """Close the open deadline of ``rule_key`` on ``subject``.

    Met after the due moment, it is recorded as met late and stays a miss. Raises
    :class:`NoSuchDeadline` when none is open within the actor's scope.
    """
    return close_row(uow, _only(uow, subject, rule_key), outcome=outcome, reason=reason)


def close_all(
    uow: Uow, *, subject: SubjectRef, outcome: End = "cancelled", reason: str = ""
) -> list[Deadline]:
    """Close every open deadline of ``subject``, which has come to its end; return them, possibly none."""
    rows = store.lock_open(uow.session, subject)
    return [close_row(uow, row, outcome=outcome, reason=reason) for row in rows]


def pause_deadline(uow: Uow, *, subject: SubjectRef, rule_key: str, reason: str) -> Deadline:
    """Let the clock stand still, for a reason the rule knows; resuming moves the due moment on."""
    return pause_row(uow, _only(uow, subject, rule_key), reason=reason)


def resume_deadline(uow: Uow, *, subject: SubjectRef, rule_key: str, reason: str = "") -> Deadline:
    """Let a paused clock run on; the due moment moves by as long as it stood still."""
    return resume_row(uow, _only(uow, subject, rule_key), reason=reason)


def close_row(uow: Uow, row: Deadline, *, outcome: End = "met", reason: str = "") -> Deadline:
    """Close a locked deadline; steps that fell due unswept are put on record first."""
    value = catch_up(uow, row)
    finish = clockwork.complete if outcome == "met" else clockwork.cancel
    write_back(row, finish(value, uow.now), uow.now)
    tell(uow, row, str(row.outcome) if outcome == "met" else "cancelled", reason=reason)
    return row


def pause_row(uow: Uow, row: Deadline, *, reason: str) -> Deadline:
    """Pause a locked deadline; :class:`DeadlineOverdue` once it has been missed."""
    value = catch_up(uow, row)
    if row.state == "missed":
        raise DeadlineOverdue
    write_back(row, clockwork.pause(value, uow.now, reason=reason), uow.now)
    tell(uow, row, "paused", reason=reason)
    return row


def resume_row(uow: Uow, row: Deadline, *, reason: str = "") -> Deadline:
    """Resume a locked deadline."""
    before = row.due_at
    value = catch_up(uow, row)
    write_back(row, clockwork.resume(value, uow.now), uow.now)
    tell(uow, row, "resumed", reason=reason, detail={"due_at_before": before.isoformat()})
    return row


def acknowledge_row(uow: Uow, row: Deadline, *, reason: str = "") -> Deadline:
    """Put on record that the actor has seen a locked deadline and takes care of it."""
    row.acknowledged_by = uow.actor.user_id
    row.acknowledged_name = uow.actor.name
    row.acknowledged_at = uow.now
    row.version += 1
    tell(uow, row, "acknowledged", reason=reason)
    return row


def catch_up(uow: Uow, row: Deadline) -> clockwork.Deadline:
    """Put on record the steps of a locked deadline that fell due unswept; return how it stands.

    Nobody is told of them any more: whoever calls is about to change the deadline anyway.
    """
    firing = fire(row, uow.now)
    if firing.fired:
        store.add_events(uow.session, firing.events(actor_name=uow.actor.name, worker=None, detail={}))
        for name, changed in firing.changes().items():
            setattr(row, name, changed)
    return firing.value


def tell(
    uow: Uow, row: Deadline, kind: str, *, reason: str = "", detail: dict[str, Any] | None = None
) -> None:
    """Write what happened to ``row`` three times over: as its event, in the audit, and to open screens."""
    event = DeadlineEvent(
        id=new_id(),
        deadline_id=row.id,
        at=uow.now,
        kind=kind,
        level=row.level,
        actor_id=uow.actor.user_id,
        actor_name=uow.actor.name,
        reason=reason,
        detail=detail or {},
    )
    store.add_events(uow.session, [event])
    after = {"rule_key": row.rule_key, "state": row.state, "due_at": row.due_at.isoformat()}
    uow.record(f"deadline.{kind}", row.reference, unit_path=row.unit_path, after=after, note=reason)
    uow.publish(TOPIC, row.reference, row.unit_path)


def _with_past_reminders(value: clockwork.Deadline, now: datetime) -> clockwork.Deadline:
    past = [
        planned
        for planned in clockwork.schedule(value)
        if planned.at <= now and planned.step.level is not Level.OVERDUE
    ]
    return replace(value, fired=len(past))


def _rule_columns(rule_key: str, clock: Clock) -> dict[str, Any]:
    term = clock.term
    return {
        "rule_key": rule_key,
        "rule_row_id": clock.row_id,
        "legal_basis": clock.legal_basis,
        "certainty": clock.certainty,
        "name_zh": clock.name.zh,
        "name_en": clock.name.en,
        "term": {"amount": term.amount, "unit": term.unit.value, "rolls": term.rolls},
        "steps": steps_to_json(clock.steps),
    }


def _opened(uow: Uow, deadline_id: UUID, past_reminders: int) -> Deadline:
    row = uow.session.get_one(Deadline, deadline_id)
    tell(uow, row, "opened", detail={"past_reminders": past_reminders} if past_reminders else None)
    if row.next_step_at and (row.next_step_at - uow.now).total_seconds() < SOON_S:
        wake_on_commit(uow.session, LOOP)
    return row


def _only(uow: Uow, subject: SubjectRef, rule_key: str) -> Deadline:
    found = store.lock_open(uow.session, subject, rule_key=rule_key)
    if not found:
        raise NoSuchDeadline(extra={"rule_key": rule_key, "subject": subject._asdict()})
    return found[0]

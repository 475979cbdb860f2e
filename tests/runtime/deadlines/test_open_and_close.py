"""A deadline begins and ends with its cause, by the rule of its own day."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import FixedClock
from rongdun.kernel.deadline import DeadlineClosed, Term, Unit
from rongdun.kernel.policy import NoRuleInForce
from rongdun.kernel.scope import Scope, SubjectRef
from rongdun.runtime.db import Database
from rongdun.runtime.deadlines import (
    Deadline,
    DeadlineAlreadyOpen,
    DeadlineEvent,
    DeadlineOverdue,
    NoSuchDeadline,
    close_all,
    close_deadline,
    close_row,
    open_deadline,
    pause_deadline,
    resume_deadline,
)

Opened = Callable[..., Deadline]
SUBJECT = SubjectRef("stop_order", "FZ-1", "FZ-1")
STOP = "stop.validity"


def _row(centre: Centre) -> Deadline:
    with centre.transact() as uow:
        return uow.session.scalars(select(Deadline).order_by(Deadline.id.desc()).limit(1)).one()


def _kinds(centre: Centre) -> list[str]:
    with centre.transact() as uow:
        return list(uow.session.scalars(select(DeadlineEvent.kind).order_by(DeadlineEvent.id)))


def test_a_stop_runs_48_hours_from_its_moment_with_the_basis_of_its_rule(
    opened: Opened, start: datetime
) -> None:
    row = opened()
    assert row.due_at == start + timedelta(hours=48)
    assert "银发〔2016〕86号" in row.legal_basis
    assert (row.certainty, row.state, row.level) == ("S", "running", "calm")


def test_its_first_reminder_is_24_hours_before_the_end(opened: Opened, start: datetime) -> None:
    assert opened().next_step_at == start + timedelta(hours=24)


def test_working_days_skip_the_national_holiday(opened: Opened) -> None:
    # Seven working days after Wednesday 30 September 2026. The notice for 2026 makes 1 to 7 October a
    # holiday and Saturday 10 October a working day: 8, 9, 10, 12, 13, 14, 15 October.
    row = opened(rule_key="clue.analysis", start=datetime(2026, 9, 30, 2, tzinfo=UTC))
    assert row.due_at == datetime(2026, 10, 15, 15, 59, 59, 999999, tzinfo=UTC)


def test_the_rule_of_the_starting_day_applies(opened: Opened) -> None:
    with pytest.raises(NoRuleInForce):
        opened(start=datetime(2016, 5, 31, 4, tzinfo=UTC))
    assert opened(start=datetime(2016, 5, 31, 16, tzinfo=UTC)).rule_key == STOP


def test_an_order_may_state_a_shorter_term(opened: Opened, start: datetime) -> None:
    row = opened(rule_key="freeze.period", term=Term(1, Unit.MONTH))
    assert row.due_at == datetime(2026, 8, 1, 15, 59, 59, 999999, tzinfo=UTC)


def test_a_subject_has_one_open_deadline_of_a_rule(opened: Opened, centre: Centre) -> None:
    opened()
    with pytest.raises(DeadlineAlreadyOpen):
        opened()
    with centre.transact() as uow:
        close_deadline(uow, subject=SUBJECT, rule_key=STOP)
    opened()


def test_opening_is_undone_with_the_transaction_that_wanted_it(centre: Centre, db: Database) -> None:
    with pytest.raises(RuntimeError), centre.transact() as uow:
        open_deadline(uow, rule_key=STOP, subject=SUBJECT, unit_path="cn.fj.fz.")
        raise RuntimeError
    with db.session(Scope.everything()) as session:
        assert session.scalars(select(Deadline)).all() == []


@pytest.mark.parametrize(
    ("after_due", "state", "outcome"),
    [
        (timedelta(microseconds=-1), "met", "met"),
        (timedelta(), "met", "met"),
        (timedelta(microseconds=1), "missed", "met_late"),
    ],
)
def test_work_is_in_time_up_to_and_including_the_due_moment(
    after_due: timedelta, state: str, outcome: str, opened: Opened, centre: Centre, clock: FixedClock
) -> None:
    clock.set(opened().due_at + after_due)
    with centre.transact() as uow:
        close_deadline(uow, subject=SUBJECT, rule_key=STOP)
    row = _row(centre)
    assert (row.state, row.outcome, row.next_step_at) == (state, outcome, None)


def test_closing_late_puts_the_steps_nobody_swept_on_record(
    opened: Opened, centre: Centre, clock: FixedClock
) -> None:
    clock.set(opened().due_at + timedelta(minutes=1))
    with centre.transact() as uow:
        close_deadline(uow, subject=SUBJECT, rule_key=STOP)
    assert sorted(_kinds(centre)) == sorted(["opened", *["escalated"] * 4, "missed", "met_late"])
    assert _row(centre).late_by_s == pytest.approx(60)


def test_cancelling_in_time_is_no_miss_and_cancelling_late_does_not_undo_one(
    opened: Opened, centre: Centre, clock: FixedClock
) -> None:
    opened()
    with centre.transact() as uow:
        close_deadline(uow, subject=SUBJECT, rule_key=STOP, outcome="cancelled", reason="wrong account")
    assert (_row(centre).state, _row(centre).outcome) == ("cancelled", "cancelled")
    clock.set(opened().due_at + timedelta(seconds=1))
    with centre.transact() as uow:
        close_deadline(uow, subject=SUBJECT, rule_key=STOP, outcome="cancelled")
    assert (_row(centre).state, _row(centre).outcome) == ("missed", "missed")


def test_what_is_closed_cannot_be_closed_again(opened: Opened, centre: Centre) -> None:
    opened()
    with centre.transact() as uow:
        close_deadline(uow, subject=SUBJECT, rule_key=STOP)
    with pytest.raises(NoSuchDeadline), centre.transact() as uow:
        close_deadline(uow, subject=SUBJECT, rule_key=STOP)
    with pytest.raises(DeadlineClosed), centre.transact() as uow:
        close_row(uow, uow.session.scalars(select(Deadline)).one())


def test_the_end_of_a_subject_closes_all_its_clocks_and_no_other(opened: Opened, centre: Centre) -> None:
    opened()
    opened(rule_key="report.entry")
    opened("FZ-2")
    with centre.transact() as uow:
        assert {row.rule_key for row in close_all(uow, subject=SUBJECT)} == {STOP, "report.entry"}
    with centre.transact() as uow:
        assert uow.session.scalars(select(Deadline.subject_id).filter_by(state="running")).all() == ["FZ-2"]


def test_a_pause_moves_the_end_by_as_long_as_it_lasted(
    opened: Opened, centre: Centre, clock: FixedClock
) -> None:
    due = opened().due_at
    clock.advance(timedelta(hours=1))
    with centre.transact() as uow:
        pause_deadline(uow, subject=SUBJECT, rule_key=STOP, reason="补充材料")
    paused = _row(centre)
    assert (paused.state, paused.next_step_at, paused.pause_reason) == ("paused", None, "补充材料")
    clock.advance(timedelta(days=3, microseconds=7))
    with centre.transact() as uow:
        resume_deadline(uow, subject=SUBJECT, rule_key=STOP)
    row = _row(centre)
    assert row.due_at == due + timedelta(days=3, microseconds=7)
    assert row.pauses[0]["reason"] == "补充材料"


def test_a_clock_that_has_run_out_cannot_be_stopped(
    opened: Opened, centre: Centre, clock: FixedClock
) -> None:
    clock.set(opened().due_at + timedelta(microseconds=1))
    with pytest.raises(DeadlineOverdue), centre.transact() as uow:
        pause_deadline(uow, subject=SUBJECT, rule_key=STOP, reason="too late")
    assert _row(centre).state == "running"


def test_a_deadline_opened_late_counts_its_past_reminders_as_given(
    opened: Opened, start: datetime, centre: Centre
) -> None:
    row = opened(start=start - timedelta(hours=45))
    assert (row.step, row.level) == (3, "urgent")
    assert row.next_step_at == start + timedelta(hours=2)


def test_the_audit_holds_every_change(opened: Opened, centre: Centre) -> None:
    opened()
    with centre.transact() as uow:
        close_deadline(uow, subject=SUBJECT, rule_key=STOP)
    with centre.transact() as uow:
        actions = uow.session.execute(text("select action from audit_entries order by at, seq")).scalars()
        assert {"deadline.opened", "deadline.met"} <= set(actions)


@pytest.mark.parametrize(
    ("scope", "seen"),
    [
        (Scope.subtree("cn.fj.fz."), True),
        (Scope.subtree("cn.fj.fz.gulou."), False),
        (Scope.subtree("cn.fj.fz.bank_a."), True),
        (Scope.subtree("cn.fj.xm."), False),
    ],
)
def test_a_deadline_is_seen_by_its_unit_and_its_partner_only(
    scope: Scope, seen: bool, opened: Opened, db: Database
) -> None:
    opened(partner_path="cn.fj.fz.bank_a.head.")
    with db.session(scope) as session:
        assert bool(session.scalars(select(Deadline)).all()) is seen
        assert bool(session.scalars(select(DeadlineEvent)).all()) is seen

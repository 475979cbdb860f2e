"""The sweeper fires each step once and on time, and says what it could not."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text

from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import FixedClock
from rongdun.kernel.scope import SubjectRef
from rongdun.runtime.deadlines import Deadline, DeadlineEvent, Sweeper, close_deadline, open_deadline, store
from rongdun.runtime.outbox import OutboxMessage
from rongdun.runtime.workers import WorkerEvent

Opened = Callable[..., Deadline]
MakeSweeper = Callable[..., Sweeper]
MICROSECOND = timedelta(microseconds=1)


def _row(centre: Centre) -> Deadline:
    with centre.transact() as uow:
        return uow.session.scalars(select(Deadline)).one()


def _events(centre: Centre, *kinds: str) -> list[DeadlineEvent]:
    with centre.transact() as uow:
        statement = select(DeadlineEvent).order_by(DeadlineEvent.step_at, DeadlineEvent.deadline_id)
        return [event for event in uow.session.scalars(statement) if event.kind in kinds]


def _notices(centre: Centre) -> list[WorkerEvent]:
    with centre.transact() as uow:
        return list(uow.session.scalars(select(WorkerEvent).order_by(WorkerEvent.id)))


@pytest.mark.parametrize(
    ("shift", "fired"), [(-MICROSECOND, 0), (timedelta(), 1), (MICROSECOND, 1)], ids=["before", "at", "after"]
)
def test_a_reminder_fires_at_its_moment_and_not_before(
    shift: timedelta, fired: int, opened: Opened, sweeper: MakeSweeper, clock: FixedClock, centre: Centre
) -> None:
    clock.set(opened().due_at - timedelta(hours=24) + shift)
    sweeper().tick()
    assert _row(centre).step == fired
    assert len(_events(centre, "escalated")) == fired


@pytest.mark.parametrize(
    ("shift", "state"),
    [(-MICROSECOND, "running"), (timedelta(), "running"), (MICROSECOND, "missed")],
    ids=["before", "at", "after"],
)
def test_a_deadline_is_missed_after_its_due_moment_and_not_at_it(
    shift: timedelta, state: str, opened: Opened, sweeper: MakeSweeper, clock: FixedClock, centre: Centre
) -> None:
    clock.set(opened().due_at + shift)
    sweeper().tick()
    row = _row(centre)
    assert row.state == state
    assert len(_events(centre, "missed")) == (state == "missed")
    assert (row.missed_at is not None) == (state == "missed")


def test_levels_rise_with_the_reminders_of_the_rule(
    opened: Opened, sweeper: MakeSweeper, clock: FixedClock, centre: Centre
) -> None:
    due = opened().due_at
    watch = sweeper()
    seen = []
    for hours in (25, 24, 12, 4, 1, 0):
        clock.set(due - timedelta(hours=hours) + MICROSECOND)
        watch.tick()
        seen.append(_row(centre).level)
    assert seen == ["calm", "notice", "notice", "urgent", "critical", "overdue"]


def test_a_step_is_written_with_its_audit_entry_its_signal_and_its_message(
    opened: Opened, sweeper: MakeSweeper, clock: FixedClock, centre: Centre
) -> None:
    row = opened()
    clock.set(row.due_at - timedelta(hours=1))
    sweeper().tick()
    with centre.transact() as uow:
        audited = uow.session.execute(
            text("select count(*) from audit_entries where action = 'deadline.escalated'")
        ).scalar_one()
        signalled = uow.session.execute(
            text("select count(*) from live_events where topic = 'deadline' and subject_id = :id"),
            {"id": str(row.id)},
        ).scalar_one()
        (message,) = uow.session.scalars(select(OutboxMessage)).all()
    assert (audited, signalled > 0) == (1, True)
    assert message.payload["level"] == "critical"
    assert message.payload["notify"] == ["owner", "duty_leader"]


def test_nothing_of_a_step_stays_when_its_transaction_fails(
    opened: Opened, sweeper: MakeSweeper, clock: FixedClock, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.set(opened().due_at - timedelta(hours=24))

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("rongdun.runtime.deadlines.sweeper.send", fail)
        sweeper().tick()
    assert (_row(centre).step, _events(centre, "escalated")) == (0, [])


def test_a_deadline_that_cannot_be_fired_does_not_hold_up_the_others(
    opened: Opened, sweeper: MakeSweeper, clock: FixedClock, centre: Centre
) -> None:
    bad = opened("bad", start=clock.now() - timedelta(seconds=1))
    good = opened("good")
    with centre.transact() as uow:
        uow.session.execute(
            text('update deadlines set steps = \'[{"level": "?"}]\' where id = :id'), {"id": bad.id}
        )
    clock.set(good.due_at - timedelta(hours=24))
    watch = sweeper()
    watch.tick()
    with centre.transact() as uow:
        assert uow.session.get_one(Deadline, good.id).step == 1
    assert watch.tick() > 0


def test_a_closed_deadline_fires_nothing_more(
    opened: Opened, sweeper: MakeSweeper, clock: FixedClock, centre: Centre
) -> None:
    due = opened().due_at
    with centre.transact() as uow:
        close_deadline(uow, subject=SubjectRef("stop_order", "FZ-1"), rule_key="stop.validity")
    clock.set(due + timedelta(days=1))
    sweeper().tick()
    assert _events(centre, "escalated", "missed") == []


def test_a_sweeper_that_read_a_row_others_changed_meanwhile_does_not_fire_it(
    opened: Opened, centre: Centre
) -> None:
    row = opened()
    stale = (
        f'[{{"id": "{row.id}", "seen_step": 0, "seen_version": {row.version - 1}, "step": 1, "state": "missed",'
        ' "level": "overdue", "missed_while_down": false}]'
    )
    with centre.transact() as uow:
        assert store.take(uow.session, stale) == set()
    assert _row(centre).state == "running"


def test_it_sleeps_until_the_next_step_and_never_longer_than_a_second(
    opened: Opened, sweeper: MakeSweeper, clock: FixedClock
) -> None:
    step_at = opened().due_at - timedelta(hours=24)
    watch = sweeper()
    assert watch.tick() == 1.0
    clock.set(step_at - timedelta(seconds=0.25))
    assert watch.tick() == pytest.approx(0.25)


def test_four_sweepers_fire_500_due_deadlines_once_each(
    centre: Centre, clock: FixedClock, sweeper: MakeSweeper, start: datetime
) -> None:
    with centre.transact() as uow:
        for number in range(500):
            open_deadline(
                uow,
                rule_key="stop.validity",
                subject=SubjectRef("stop_order", str(number)),
                unit_path="cn.fj.fz.",
            )
    clock.set(start + timedelta(hours=48) + MICROSECOND)
    failures: list[BaseException] = []
    together = threading.Barrier(4)

    def sweep(watch: Sweeper) -> None:
        try:
            together.wait()
            for _ in range(40):
                watch.tick()
        except BaseException as error:
            failures.append(error)
            raise

    threads = [threading.Thread(target=sweep, args=(sweeper(f"w{n}", batch=25),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with centre.transact() as uow:
        assert uow.session.scalar(select(func.count()).where(Deadline.state == "missed")) == 500
        assert uow.session.scalar(select(func.count()).where(DeadlineEvent.kind == "missed")) == 500
        assert uow.session.scalar(select(func.count()).where(DeadlineEvent.kind == "escalated")) == 2000
        assert uow.session.scalar(select(func.count(OutboxMessage.id))) == 500


def test_after_an_outage_every_step_is_on_record_as_missed_while_down_and_only_the_last_announced(
    opened: Opened, sweeper: MakeSweeper, clock: FixedClock, centre: Centre
) -> None:
    row = opened()
    sweeper().tick()
    clock.set(row.due_at + timedelta(minutes=10))
    sweeper("w2").tick()
    late = _events(centre, "escalated", "missed")
    assert [event.while_down for event in late] == [True] * 5
    assert [event.late_by_s for event in late] == [87000.0, 43800.0, 15000.0, 4200.0, pytest.approx(600.0)]
    after = _row(centre)
    assert (after.state, after.missed_while_down) == ("missed", True)
    assert after.late_by_s == pytest.approx(600.0)
    with centre.transact() as uow:
        assert len(uow.session.scalars(select(OutboxMessage)).all()) == 1
    (outage,) = _notices(centre)
    assert (outage.kind, outage.detail) == ("outage", {"due_meanwhile": 1})
    assert outage.seconds == pytest.approx(48 * 3600 + 600)


def test_an_outage_is_put_on_record_by_one_of_several_sweepers(
    opened: Opened, sweeper: MakeSweeper, clock: FixedClock, centre: Centre
) -> None:
    opened()
    sweeper().tick()
    clock.advance(timedelta(minutes=1))
    for number in range(4):
        sweeper(f"w{number}").tick()
    assert [event.kind for event in _notices(centre)] == ["outage"]


def test_a_step_that_is_late_without_an_outage_is_not_called_missed_while_down(
    opened: Opened, sweeper: MakeSweeper, clock: FixedClock, centre: Centre
) -> None:
    due = opened().due_at
    clock.set(due - timedelta(hours=24) - timedelta(seconds=1))
    watch = sweeper()
    watch.tick()
    clock.advance(timedelta(seconds=4))
    watch.tick()
    (event,) = _events(centre, "escalated")
    assert (event.while_down, event.late_by_s) == (False, 3.0)


def test_a_clock_that_jumps_forward_fires_early_says_so_and_is_no_outage(
    opened: Opened, sweeper: MakeSweeper, clock: FixedClock, centre: Centre
) -> None:
    opened()
    true_time = [0.0]
    watch = sweeper(monotonic=lambda: true_time[0], database_now=lambda _: start_of(centre))
    watch.tick()
    true_time[0] += 1.0
    clock.advance(timedelta(hours=25))
    watch.tick()
    (jump,) = _notices(centre)
    assert (jump.kind, jump.detail["whose"]) == ("clock_jump", "machine")
    assert jump.seconds == pytest.approx(25 * 3600 - 1)
    (event,) = _events(centre, "escalated")
    assert event.while_down is False
    assert event.detail["clock_jump_s"] == pytest.approx(25 * 3600 - 1)


def start_of(centre: Centre) -> datetime:
    """The database's clock stands where the deadline was opened: only the machine's jumps."""
    return _row(centre).started_at


def test_a_clock_that_jumps_back_fires_no_step_twice(
    opened: Opened, sweeper: MakeSweeper, clock: FixedClock, centre: Centre
) -> None:
    due = opened().due_at
    true_time = [0.0]
    watch = sweeper(monotonic=lambda: true_time[0])
    clock.set(due - timedelta(hours=12))
    watch.tick()
    for _ in range(3):
        true_time[0] += 1.0
        clock.advance(timedelta(hours=-3))
        watch.tick()
    assert [event.seconds < 0 for event in _notices(centre) if event.seconds] == [True] * 3
    clock.set(due - timedelta(hours=12))
    watch.tick()
    assert [event.step for event in _events(centre, "escalated")] == [0, 1]


def test_a_miss_marked_by_a_wrong_clock_does_not_stand_against_work_done_in_time(
    opened: Opened, sweeper: MakeSweeper, clock: FixedClock, centre: Centre, start: datetime
) -> None:
    clock.set(opened().due_at + timedelta(hours=1))
    sweeper().tick()
    assert _row(centre).state == "missed"
    clock.set(start + timedelta(hours=1))
    with centre.transact() as uow:
        close_deadline(uow, subject=SubjectRef("stop_order", "FZ-1"), rule_key="stop.validity")
    assert (_row(centre).state, _row(centre).outcome) == ("met", "met")


def test_only_the_databases_clock_jumping_is_told_apart(
    opened: Opened, sweeper: MakeSweeper, clock: FixedClock, centre: Centre
) -> None:
    ahead = [timedelta()]
    watch = sweeper(database_now=lambda _: clock.now() + ahead[0])
    watch.tick()
    ahead[0] = timedelta(seconds=90)
    watch.tick()
    (jump,) = _notices(centre)
    assert (jump.detail["whose"], jump.seconds) == ("database", 90.0)

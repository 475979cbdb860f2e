"""The sweeper: fires what is due on deadlines, once, on time, also after an outage or a clock's jump."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from rongdun.kernel.clock import monotonic
from rongdun.runtime.clockwatch import ClockWatch, Jump
from rongdun.runtime.deadlines import store
from rongdun.runtime.deadlines.firing import Firing, fire
from rongdun.runtime.deadlines.model import Deadline
from rongdun.runtime.deadlines.service import TOPIC
from rongdun.runtime.logs import describe, get_logger
from rongdun.runtime.metrics import CLOCK_JUMPS, SWEEPER_LATE_SECONDS, SWEEPER_STEPS
from rongdun.runtime.outbox import LIVE, send
from rongdun.runtime.uow import Transact, Uow
from rongdun.runtime.workers import tell

_log = get_logger("sweeper")

MAX_SLEEP_S = 1.0
"""The longest a sweeper sleeps; with it, a deadline opened meanwhile is never late by 2 s."""

OUTAGE_S = 5.0
"""Sweepers tick every second: after this long without a tick, none was running."""

ON_TIME_S = 2.0
"""Beyond this a step is late, and it is worth asking whether an outage was the reason."""

SHUNNED_S = 60.0
"""A deadline that cannot be fired is left alone this long, so that it does not hold up the others."""


@dataclass(slots=True)
class Sweeper:
    """Fires the steps of deadlines; any number of sweepers may run, in any number of processes.

    Each round (:meth:`tick`):

    1. Look at the clocks: this machine's, its monotonic one, the database's. A jump goes on record and
       on the duty board.
    2. Move the one pulse row on. If nobody had moved it for 5 s, no sweeper was running: the sweeper
       whose UPDATE touches the row puts the outage on record.
    3. Read the deadlines whose next step is due, oldest first, a batch at a time.
    4. Reckon what becomes of each: every step due is fired, those in an outage marked as missed while
       down. A step once counted is never fired again, also when the clock has jumped back.
    5. UPDATE each where it still is as it was read. A row not touched was somebody else's: let it go.
    6. For each row touched, in the same transaction: an event for every step, an audit entry, a live
       signal, and one message for the last step only.
    7. Commit. After a full batch begin again at once; else sleep until the next step, a second at most.
    """

    transact: Transact
    worker: str
    batch: int = 200
    monotonic: Callable[[], float] = monotonic
    database_now: Callable[[Session], datetime] = store.database_now
    _watch: ClockWatch = field(init=False)
    _jump: Jump | None = field(default=None, init=False)
    _shunned: dict[UUID, float] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self._watch = ClockWatch(self.monotonic)

    def tick(self) -> float:
        """Do one round; return how many seconds to sleep before the next."""
        self._look_around()
        swept = self._sweep()
        return 0.0 if swept == self.batch else self._pause()

    def _look_around(self) -> None:
        with self.transact() as uow:
            ticked_at = store.pulse(uow.session)
            rested_s = self._watch.since_last_look()
            jump = self._watch.look(uow.now, self.database_now(uow.session))
            if jump:
                self._note_jump(uow, jump)
            moved = store.move_pulse(uow.session, seen=ticked_at, now=uow.now, worker=self.worker)
            asleep = rested_s is None or rested_s > OUTAGE_S
            if moved and ticked_at and asleep and (uow.now - ticked_at).total_seconds() > OUTAGE_S:
                self._note_outage(uow, ticked_at)

    def _note_jump(self, uow: Uow, jump: Jump) -> None:
        self._jump = jump
        detail = {"whose": jump.whose, "database_difference_s": jump.database_difference_s}
        span = (jump.expected, jump.found)
        tell(uow, "clock_jump", self.worker, span=span, seconds=jump.seconds, detail=detail)
        CLOCK_JUMPS.labels(jump.direction).inc()
        _log.warning("clock_jump", seconds=jump.seconds, whose=jump.whose)

    def _note_outage(self, uow: Uow, since: datetime) -> None:
        seconds = (uow.now - since).total_seconds()
        detail = {"due_meanwhile": store.count_due(uow.session, uow.now)}
        tell(uow, "outage", self.worker, span=(since, uow.now), seconds=seconds, detail=detail)
        _log.warning("outage", seconds=seconds, **detail)

    def _sweep(self) -> int:
        try:
            return self._sweep_batch()
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 - one deadline must not hold up the others
            _log.error("batch_failed", fault=describe(error))
            return self._sweep_singly()

    def _sweep_batch(self, *, only: UUID | None = None) -> int:
        with self.transact() as uow:
            rows = store.due(uow.session, uow.now, limit=self.batch, only=only, without=self._shunned_now())
            if not rows:
                return 0
            outages = self._outages_behind(uow, rows)
            firings = [fire(row, uow.now, outages=outages) for row in rows]
            won = store.take(uow.session, json.dumps([_as_json(firing) for firing in firings]))
            mine = [firing for firing in firings if firing.row.id in won and firing.fired]
            for firing in mine:
                self._write(uow, firing)
        for firing in mine:
            self._measure(firing)
        return len(rows)

    def _sweep_singly(self) -> int:
        with self.transact() as uow:
            rows = store.due(uow.session, uow.now, limit=self.batch, without=self._shunned_now())
            ids = [row.id for row in rows]
        for deadline_id in ids:
            try:
                self._sweep_batch(only=deadline_id)
            except OperationalError:
                raise
            except Exception as error:  # noqa: BLE001 - the next one may be sound
                _log.error("deadline_failed", deadline_id=str(deadline_id), fault=describe(error))
                self._shunned[deadline_id] = self.monotonic() + SHUNNED_S
        return 0

    def _shunned_now(self) -> list[UUID]:
        self._shunned = {each: until for each, until in self._shunned.items() if until > self.monotonic()}
        return list(self._shunned)

    def _outages_behind(self, uow: Uow, rows: Sequence[Deadline]) -> list[store.Span]:
        oldest = min(row.next_step_at for row in rows if row.next_step_at)
        if (uow.now - oldest).total_seconds() <= ON_TIME_S:
            return []
        return store.outages(uow.session, store.Span(oldest, uow.now))

    def _write(self, uow: Uow, firing: Firing) -> None:
        row, loudest = firing.row, firing.loudest
        events = firing.events(actor_name=uow.actor.name, worker=self.worker, detail=self._detail(firing))
        store.add_events(uow.session, events)
        after = {
            "level": loudest.planned.step.level.value,
            "step": loudest.planned.number,
            "steps_fired": len(firing.fired),
            "late_by_ms": round(firing.late_by_s(loudest) * 1000),
            "while_down": firing.while_down(loudest),
        }
        kind = "missed" if firing.miss else "escalated"
        uow.record(f"deadline.{kind}", row.reference, unit_path=row.unit_path, after=after)
        uow.publish(TOPIC, row.reference, row.unit_path)
        _announce(uow, firing, kind)

    def _detail(self, firing: Firing) -> dict[str, Any]:
        jump = self._jump_behind(firing)
        return {"clock_jump_s": jump.seconds} if jump else {}

    def _jump_behind(self, firing: Firing) -> Jump | None:
        jump = self._jump
        if jump and jump.expected < firing.fired[0].planned.at <= jump.found:
            return jump
        return None

    def _measure(self, firing: Firing) -> None:
        for step in firing.fired:
            SWEEPER_STEPS.labels("missed" if step == firing.miss else "escalated").inc()
        if not firing.while_down(firing.fired[0]) and not self._jump_behind(firing):
            SWEEPER_LATE_SECONDS.observe(firing.late_by_s(firing.fired[0]))

    def _pause(self) -> float:
        with self.transact() as uow:
            moment = store.next_step_at(uow.session, without=self._shunned_now())
            now = uow.clock.now()
        if moment is None:
            return MAX_SLEEP_S
        return min(MAX_SLEEP_S, max(0.0, (moment - now).total_seconds()))


def _announce(uow: Uow, firing: Firing, kind: str) -> None:
    row, step = firing.row, firing.loudest.planned.step
    payload = {
        "subject_kind": "deadline",
        "subject_id": str(row.id),
        "about": {"kind": row.subject_kind, "id": row.subject_id},
        "rule_key": row.rule_key,
        "level": step.level.value,
        "notify": list(step.notify),
        "due_at": firing.value.due_at.isoformat(),
    }
    send(
        uow,
        channel=LIVE,
        kind=f"deadline.{kind}",
        payload=payload,
        idempotency_key=f"deadline:{row.id}:{firing.loudest.planned.number}",
        unit_path=row.unit_path,
    )


def _as_json(firing: Firing) -> dict[str, Any]:
    changes = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in firing.changes().items()
    }
    row = firing.row
    return {"id": str(row.id), "seen_step": row.step, "seen_version": row.version, **changes}

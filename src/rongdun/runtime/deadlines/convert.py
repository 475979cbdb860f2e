"""Between a row and the kernel's pure deadline: all reckoning is done by the kernel, on values."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from rongdun.kernel import deadline as clockwork
from rongdun.kernel.deadline import Anchor, Level, Offset, Outcome, Pause, Step
from rongdun.runtime.deadlines.model import Deadline


def value_of(row: Deadline) -> clockwork.Deadline:
    """Return the pure deadline that ``row`` stores."""
    finished = tuple(
        Pause(datetime.fromisoformat(span["from"]), datetime.fromisoformat(span["to"]), span["reason"])
        for span in row.pauses
    )
    open_pause = (Pause(row.paused_at, None, row.pause_reason),) if row.paused_at else ()
    length = sum((span.until - span.since for span in finished if span.until), timedelta())
    cancelled = row.closed_at is not None and row.outcome not in (Outcome.MET, Outcome.MET_LATE)
    return clockwork.Deadline(
        started_at=row.started_at,
        base_due_at=row.due_at - length,
        steps=steps_from_json(row.steps),
        pauses=finished + open_pause,
        fired=row.step,
        done_at=None if cancelled else row.closed_at,
        cancelled_at=row.closed_at if cancelled else None,
    )


def write_back(row: Deadline, value: clockwork.Deadline, now: datetime) -> None:
    """Store in ``row`` how ``value`` stands at ``now``; the caller has locked the row."""
    coming = clockwork.next_step(value)
    outcome = clockwork.outcome(value, now)
    row.due_at = value.due_at
    row.pauses = [pause_to_json(span) for span in value.pauses if span.until]
    row.paused_at = value.paused_since
    row.pause_reason = value.pauses[-1].reason if value.paused_since else ""
    row.step = value.fired
    row.next_step_at = coming.at if coming else None
    row.level = clockwork.level(value, now).value
    row.closed_at = value.closed_at
    row.outcome = outcome.value if value.closed_at and outcome else None
    row.state = state_of(value, outcome)
    row.version += 1


def state_of(value: clockwork.Deadline, outcome: Outcome | None) -> str:
    """Return the stored state: a miss stays a miss, also when the work is done afterwards."""
    if outcome in (Outcome.MISSED, Outcome.MET_LATE):
        return "missed"
    if outcome is not None:
        return outcome.value
    return "paused" if value.paused_since else "running"


def pause_to_json(span: Pause) -> dict[str, Any]:
    """Return a finished pause as it is stored."""
    assert span.until is not None
    return {"from": span.since.isoformat(), "to": span.until.isoformat(), "reason": span.reason}


def steps_to_json(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """Return an escalation ladder as it is stored: exact to the microsecond."""
    return [
        {
            "anchor": step.at.anchor.value,
            "by_us": step.at.by // timedelta(microseconds=1),
            "level": step.level.value,
            "notify": list(step.notify),
        }
        for step in steps
    ]


def steps_from_json(stored: Iterable[dict[str, Any]]) -> tuple[Step, ...]:
    """Return the ladder that :func:`steps_to_json` stored."""
    return tuple(
        Step(
            Offset(Anchor(item["anchor"]), timedelta(microseconds=item["by_us"])),
            Level(item["level"]),
            tuple(item["notify"]),
        )
        for item in stored
    )

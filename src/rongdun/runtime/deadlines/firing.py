"""What becomes of a deadline when its steps fall due: reckoned on values, before anything is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rongdun.kernel import deadline as clockwork
from rongdun.kernel.deadline import FiredStep, Outcome
from rongdun.kernel.ids import new_id
from rongdun.runtime.deadlines.convert import state_of, value_of
from rongdun.runtime.deadlines.model import Deadline, DeadlineEvent
from rongdun.runtime.deadlines.store import Span


@dataclass(frozen=True, slots=True)
class Firing:
    """The steps of one deadline that fall due at one moment, and how it stands afterwards."""

    row: Deadline
    value: clockwork.Deadline
    fired: tuple[FiredStep, ...]
    outcome: Outcome | None
    outages: tuple[Span, ...]
    miss: FiredStep | None
    """The step that marks the deadline as missed, if it is among those fired."""

    @property
    def loudest(self) -> FiredStep:
        """Return the step to announce: of several missed in a row, only the last is still news."""
        return self.fired[-1]

    def late_by_s(self, step: FiredStep) -> float:
        """Return by how many seconds ``step`` came late, counted from when there was a deadline at all."""
        return max(0.0, (step.fired_at - max(step.planned.at, self.row.created_at)).total_seconds())

    def while_down(self, step: FiredStep) -> bool:
        """Tell whether ``step`` fell due while no sweeper was running."""
        return any(span.covers(step.planned.at) for span in self.outages)

    def changes(self) -> dict[str, Any]:
        """Return the columns that change."""
        coming = clockwork.next_step(self.value)
        now = self.fired[-1].fired_at if self.fired else self.row.created_at
        miss = self.miss
        return {
            "step": self.value.fired,
            "next_step_at": coming.at if coming else None,
            "level": clockwork.level(self.value, now).value if self.fired else self.row.level,
            "state": state_of(self.value, self.outcome),
            "missed_at": miss.fired_at if miss else self.row.missed_at,
            "missed_while_down": self.while_down(miss) if miss else self.row.missed_while_down,
            "late_by_s": self.late_by_s(miss) if miss else self.row.late_by_s,
        }

    def events(self, *, actor_name: str, worker: str | None, detail: dict[str, Any]) -> list[DeadlineEvent]:
        """Return an event for every step fired: each is on record, also those nobody is told of."""
        return [self._event(step, actor_name, worker, detail) for step in self.fired]

    def _event(
        self, step: FiredStep, actor_name: str, worker: str | None, detail: dict[str, Any]
    ) -> DeadlineEvent:
        return DeadlineEvent(
            id=new_id(),
            deadline_id=self.row.id,
            at=step.fired_at,
            kind="missed" if step == self.miss else "escalated",
            step=step.planned.number,
            step_at=step.planned.at,
            late_by_s=self.late_by_s(step),
            while_down=self.while_down(step),
            level=step.planned.step.level.value,
            actor_name=actor_name,
            worker=worker,
            detail=detail,
        )


def fire(row: Deadline, now: datetime, *, outages: Sequence[Span] = ()) -> Firing:
    """Return what is due of ``row`` at ``now``; ``outages`` are the spans without a sweeper."""
    value, fired = clockwork.fire(value_of(row), now)
    outcome = clockwork.outcome(value, now)
    newly_missed = outcome is Outcome.MISSED and row.missed_at is None
    miss = next((step for step in fired if step.planned.at > value.due_at), None) if newly_missed else None
    return Firing(row, value, fired, outcome, tuple(outages), miss)

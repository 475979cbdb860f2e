"""What the policy table says about a deadline: its length, its reminders, its name and its basis."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from rongdun.kernel import deadline as clockwork
from rongdun.kernel.deadline import Anchor, Level, Offset, Step, Term, Unit
from rongdun.kernel.errors import Text
from rongdun.kernel.escalation import ladder, ladder_by_share
from rongdun.kernel.policy import NoRuleInForce, PolicyRule
from rongdun.kernel.workday import WorkdayCalendar, civil_date
from rongdun.runtime import policies

AFTER_SHARE, AFTER_LEAST, AFTER_MOST = 4, timedelta(minutes=5), timedelta(days=1)
"""An overdue deadline is called out once more after a quarter of its term, within these bounds."""


class Clock(NamedTuple):
    """A deadline to be: the rule's words, its term, when it falls due, and its escalation."""

    name: Text
    legal_basis: str
    certainty: str
    row_id: UUID
    term: Term
    due_at: datetime
    steps: tuple[Step, ...]


def clock_for(
    session: Session, rule_key: str, start: datetime, *, calendar: WorkdayCalendar, term: Term | None = None
) -> Clock:
    """Return the clock that ``rule_key`` sets for something that begins at ``start`` (timezone-aware).

    The row in force on the Shanghai day of ``start`` applies; ``term`` replaces its length; ``calendar``
    says which days are worked. Reminders come from the row ``<rule_key>.alerts`` or
    ``<family>.alerts``, else from shares of the term.
    """
    day = civil_date(start)
    stored = policies.stored_rule(session, rule_key, on=day)
    rule = stored.rule
    chosen = term or rule.term()
    due_at = clockwork.due(start, chosen, calendar)
    return Clock(
        name=rule.name,
        legal_basis=rule.legal_basis,
        certainty=rule.tag.value,
        row_id=stored.id,
        term=chosen,
        due_at=due_at,
        steps=_steps(_reminders(session, rule_key, day), due_at - start),
    )


def _reminders(session: Session, rule_key: str, day: date) -> PolicyRule | None:
    family = rule_key.partition(".")[0]
    for key in (f"{rule_key}.alerts", f"{family}.alerts"):
        try:
            return policies.lookup(session, key, on=day)
        except NoRuleInForce:
            continue
    return None


def _steps(reminders: PolicyRule | None, length: timedelta) -> tuple[Step, ...]:
    by_rule = ladder(reminders.amounts(), Unit(reminders.unit.value)) if reminders else ()
    shorter = [step for step in by_rule if step.at.by < length and step.at.anchor is Anchor.BEFORE_DUE]
    chosen = by_rule if shorter else ladder_by_share(length)
    return (*(_end_after_due(step) for step in chosen), _still_open(length, chosen))


def _end_after_due(step: Step) -> Step:
    """Work done at the very moment it is due is in time: the miss begins a microsecond later."""
    if step.at == Offset(Anchor.AFTER_DUE, timedelta()):
        return step._replace(at=Offset(Anchor.AFTER_DUE, timedelta.resolution))
    return step


def _still_open(length: timedelta, chosen: Sequence[Step]) -> Step:
    wait = min(max(length / AFTER_SHARE, AFTER_LEAST), AFTER_MOST)
    told = (*chosen[-1].notify, "superior")
    return Step(Offset(Anchor.AFTER_DUE, wait), Level.OVERDUE, told)

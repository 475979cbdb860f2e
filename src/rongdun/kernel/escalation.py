"""Ladders of escalation, built from what the policy table says about reminders. Pure."""

from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction

from rongdun.kernel.deadline import Anchor, Level, Offset, Step, Unit

_LENGTH = {
    Unit.MINUTE: timedelta(minutes=1),
    Unit.HOUR: timedelta(hours=1),
    Unit.DAY: timedelta(days=1),
}

_PAST_DUE = Offset(Anchor.AFTER_DUE, timedelta.resolution)
"""The due moment itself still belongs to the term."""

SHARES: tuple[tuple[Fraction, Level], ...] = (
    (Fraction(1, 2), Level.NOTICE),
    (Fraction(1, 4), Level.URGENT),
    (Fraction(1, 10), Level.CRITICAL),
)
"""Share of the term still left when each level begins, for rules whose reminders no policy row states."""


def ladder(before: Sequence[int], unit: Unit, *, notify: Sequence[str] = ("owner",)) -> tuple[Step, ...]:
    """Return the steps of a policy row of reminders, e.g. ``[24, 12, 4, 1]`` hours before the end.

    The last reminder is critical, the one before it urgent, earlier ones a notice; the duty leader hears of
    the critical one and of the end itself. Units longer than a day have no fixed length: ``ValueError``.
    """
    if unit not in _LENGTH:
        raise ValueError(f"reminders are stated in minutes, hours or days, not {unit}")
    spans = sorted((_LENGTH[unit] * amount for amount in before), reverse=True)
    levels = [Level.NOTICE] * len(spans) + [Level.URGENT, Level.CRITICAL]
    return _steps(list(zip(spans, levels[-len(spans) :] if spans else (), strict=True)), notify)


def ladder_by_share(
    length: timedelta,
    *,
    shares: Sequence[tuple[Fraction, Level]] = SHARES,
    notify: Sequence[str] = ("owner",),
) -> tuple[Step, ...]:
    """Return the steps of a term ``length`` long by the share of it that is left."""
    return _steps([(length * float(share), name) for share, name in shares], notify)


def _steps(spans: Sequence[tuple[timedelta, Level]], notify: Sequence[str]) -> tuple[Step, ...]:
    reminders = [Step(Offset(Anchor.BEFORE_DUE, span), name, _audience(name, notify)) for span, name in spans]
    end = Step(_PAST_DUE, Level.OVERDUE, _audience(Level.OVERDUE, notify))
    return (*reminders, end)


def _audience(level: Level, notify: Sequence[str]) -> tuple[str, ...]:
    pressing = level.rank >= Level.CRITICAL.rank
    return (*notify, "duty_leader") if pressing else tuple(notify)

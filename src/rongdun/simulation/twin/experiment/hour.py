"""A busy hour: cases reported one after the other share the officers. Each goes on in its own copy of its world."""

from collections.abc import Sequence

from rongdun.simulation.twin.draws import HOUR
from rongdun.simulation.twin.experiment.desk import Choice, Desk, Policy


def work(desks: Sequence[Desk], policy: Policy, officers: int) -> None:
    """Let ``officers`` work all cases until each one's time is over: whoever is free does what is most urgent.

    Moments here are µs since the hour began; a desk's own are its case's. The desks are changed.
    """
    free = [0] * officers
    end = max(one.offset + one.end - one.case.reported for one in desks)
    now = 0
    while now <= end:
        here = [one for one in desks if one.offset <= now]
        for desk in here:
            desk.until(_own(desk, now))
        officer = min(range(officers), key=free.__getitem__)
        if free[officer] <= now and (chosen := _most_urgent(here, policy)):
            desk, choice = chosen
            free[officer] = now + desk.send(choice, officer) - desk.now
            continue
        now = _next(desks, free, now)


def _most_urgent(here: Sequence[Desk], policy: Policy) -> tuple[Desk, Choice] | None:
    """Return the case and what to do in it; of equally urgent ones the case reported first."""
    found = [
        (choice.urgency, -place, choice) for place, one in enumerate(here) if (choice := one.first(policy))
    ]
    if not found:
        return None
    _, place, choice = max(found, key=lambda one: one[:2])
    return here[-place], choice


def _own(desk: Desk, now: int) -> int:
    """Return a desk's own moment."""
    return desk.case.reported + now - desk.offset


def _next(desks: Sequence[Desk], free: Sequence[int], now: int) -> int:
    """Return the next moment at which anything can change: an officer free, an answer, a report, a plan grown old."""
    answers = [one.coming[0].at - one.case.reported + one.offset for one in desks if one.coming]
    old = [now + one.patience() for one in desks if one.offset <= now]
    later = [at for at in (*free, *answers, *(one.offset for one in desks)) if at > now]
    return min([*later, *old, now + HOUR])

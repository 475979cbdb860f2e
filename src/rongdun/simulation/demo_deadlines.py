"""The demonstration city's clocks, put into the database with the past they would have had."""

from dataclasses import replace
from datetime import datetime
from typing import Literal, cast

from rongdun.kernel import deadline as clockwork
from rongdun.runtime.deadlines import (
    Deadline,
    catch_up,
    close_row,
    has_deadline,
    open_deadline,
    pause_row,
    value_of,
)
from rongdun.runtime.uow import Uow
from rongdun.simulation.demo_city import DemoDeadline, demo_city, moment


def seed_demo_deadlines(uow: Uow) -> int:
    """Open the demonstration's deadlines relative to now; return how many. Those already there stay.

    Reminders that lie in the past are on record at their own moments, as if somebody had been watching.
    """
    new = [
        row for row in demo_city().deadlines if not has_deadline(uow, subject=row.subject, rule_key=row.rule)
    ]
    for row in new:
        _live_through(uow, row)
    return len(new)


def _live_through(uow: Uow, demo: DemoDeadline) -> None:
    row = open_deadline(
        _back_at(uow, moment(uow.now, demo.start)),
        rule_key=demo.rule,
        subject=demo.subject,
        unit_path=demo.unit,
        owner_path=demo.owner,
        partner_path=demo.partner or None,
    )
    stops = demo.paused or demo.ended
    _remind(uow, row, until=moment(uow.now, stops.at) if stops else uow.now)
    if demo.paused:
        pause_row(_back_at(uow, moment(uow.now, demo.paused.at)), row, reason=demo.paused.reason)
    if demo.ended:
        how = cast(Literal["met", "cancelled"], demo.ended.how)
        close_row(_back_at(uow, moment(uow.now, demo.ended.at)), row, outcome=how, reason=demo.ended.note)


def _remind(uow: Uow, row: Deadline, *, until: datetime) -> None:
    for planned in clockwork.schedule(value_of(row)):
        if planned.at <= until:
            catch_up(_back_at(uow, planned.at), row)


def _back_at(uow: Uow, at: datetime) -> Uow:
    return replace(uow, now=at)

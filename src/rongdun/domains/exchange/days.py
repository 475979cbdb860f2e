"""The nightly comparison with institutions: which days are to be compared, and what becomes of each.

Every finished day of every institution with an interface is compared once, however often the worker asks: its row says
how it stands. A day whose book does not come is given up when its term is over; a day that differs stays on the duty
board until somebody has looked into it, or a later comparison agrees.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from rongdun.domains.exchange import store_days as store
from rongdun.domains.exchange.institutions import institutions
from rongdun.domains.exchange.model import Day, Institution, StoredReconciliation
from rongdun.domains.exchange.rules import DAY
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.deadline import due
from rongdun.kernel.errors import Text
from rongdun.kernel.ids import new_id
from rongdun.kernel.lifecycle import take
from rongdun.kernel.scope import SYSTEM, SubjectRef
from rongdun.kernel.workday import civil_date
from rongdun.runtime.deadlines import DeadlineAlreadyOpen, NoSuchDeadline, close_deadline, open_deadline
from rongdun.runtime.policies import term
from rongdun.runtime.uow import Uow
from rongdun.runtime.workdays import calendar_of

BOOK, DIFFERENCES = "exchange.day_book", "exchange.differences"

LOOK_BACK = 7
"""So many days are opened for comparison after the worker was away, and compared again while they differ [D]."""

QUIET = timedelta(hours=1)
"""So long after midnight answers to the day's last instructions have come [D]."""

AGAIN = timedelta(hours=20)
"""A day that differs is compared again after so long: what was late has come by then [D]."""


FILE_DROP = "file_drop"
"""Transport of institutions on closed networks: they lay their book down as a file."""

_WITH_A_BOOK = ("https", FILE_DROP)


class ToCompare(NamedTuple):
    """A day whose book is to be asked for."""

    sender: Institution
    day: date


def days_to_compare(uow: Uow) -> list[ToCompare]:
    """Open the finished days that are not open yet; return those whose book is to be asked for now, oldest first."""
    known = {each.code: each for each in institutions(uow)}
    last = last_day(uow)
    days = [last - timedelta(days=back) for back in range(LOOK_BACK)]
    asked = [each for each in known.values() if each.active and each.transport in _WITH_A_BOOK]
    store.open_days(uow.session, [row for each in asked for row in _rows(uow, each, days)])
    found = store.days_to_compare(uow.session, uow.actor.scope, days[-1], uow.now - AGAIN)
    return [ToCompare(known[row.institution], row.day) for row in found]


def last_day(uow: Uow) -> date:
    """Return the last day (Shanghai) that is over and whose answers have come: books up to it can be compared."""
    return civil_date(uow.now - QUIET) - timedelta(days=1)


def without_a_book(uow: Uow, sender: Institution, day: date, why: Text) -> None:
    """Note that the institution's book of ``day`` was asked for in vain; after its term the day is given up."""
    row = store.lock_day(uow.session, uow.actor.scope, sender.code, day)
    if row is None or row.state != "waiting":
        return
    row.attempts += 1
    row.last_error, row.last_error_en = why.zh, why.en
    _start(uow, row, sender, BOOK, begun=_end_of(day))
    if uow.now >= row.due_at:
        _move(uow, row, "give_up", {"attempts": row.attempts, "error": row.last_error})


def settle(uow: Uow, sender: Institution, made: StoredReconciliation) -> None:
    """Settle a day and its clocks by a comparison, whoever made it.

    A day that was settled for good keeps its state when somebody compares it once more; the board follows what was
    found. Days before the nightly comparison have no row, and need none.
    """
    row = store.lock_day(uow.session, uow.actor.scope, sender.code, made.day)
    if row is None:
        return
    _end(uow, row, BOOK)
    if made.differences:
        _start(uow, row, sender, DIFFERENCES)
    else:
        _end(uow, row, DIFFERENCES)
    if row.state in ("waiting", "differing"):
        row.reconciliation_id = made.id
        _move(uow, row, "differ" if made.differences else "agree", {"differences": len(made.differences)})


def _rows(uow: Uow, sender: Institution, days: list[date]) -> Iterator[dict[str, Any]]:
    for day in days:
        if sender.created_at < _end_of(day):
            yield {
                "id": new_id(),
                "institution": sender.code,
                "unit_path": sender.unit_path,
                "day": day,
                "due_at": _due(uow, day),
                "opened_at": uow.now,
            }


def _due(uow: Uow, day: date) -> datetime:
    allowed = term(uow.session, BOOK, on=day)
    return due(_end_of(day), allowed, calendar_of(uow.settings.data_dir))


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


def _move(uow: Uow, row: Day, action: str, detail: dict[str, Any]) -> None:
    before = row.state
    moved = take(DAY, state=row.state, action=action, actor=SYSTEM, facts={}, now=uow.now)
    row.state, row.settled_at = moved.to_state, uow.now
    told = {"state": row.state, "day": row.day.isoformat(), **detail}
    uow.record(
        f"exchange_day.{action}", row.subject, unit_path=row.unit_path, before={"state": before}, after=told
    )


def _start(uow: Uow, row: Day, sender: Institution, rule_key: str, *, begun: datetime | None = None) -> None:
    label = f"{sender.name} {row.day}"
    subject = SubjectRef(row.subject.kind, row.subject.id, label)
    with suppress(DeadlineAlreadyOpen):
        open_deadline(uow, rule_key=rule_key, subject=subject, unit_path=row.unit_path, start=begun)


def _end(uow: Uow, row: Day, rule_key: str) -> None:
    with suppress(NoSuchDeadline):
        close_deadline(uow, subject=row.subject, rule_key=rule_key)

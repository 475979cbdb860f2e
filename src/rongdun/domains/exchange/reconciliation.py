"""Our day beside an institution's: what each sent, received, did and answered. The comparison is pure.

A difference is a thing somebody has to look at; what merely waits on both sides is none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from rongdun.domains.exchange import store_days
from rongdun.domains.exchange.days import settle
from rongdun.domains.exchange.model import Institution, StoredReconciliation
from rongdun.domains.exchange.status import ask_status
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.scope import SubjectRef
from rongdun.kernel.workday import civil_date
from rongdun.runtime.uow import Uow

MARGIN = timedelta(hours=1)
"""Messages about midnight lie on different days on both sides; whoever lists a day lists so much around it."""


class Difference(StrEnum):
    """What can be wrong between two books."""

    UNKNOWN_TO_THEM = "unknown_to_them"  # we sent it, their book does not have it
    UNKNOWN_TO_US = "unknown_to_us"  # their book has it, we never sent it
    REPLY_MISSING = "reply_missing"  # they answered, nothing of it was taken in
    NOT_ANSWERED_BY_THEM = "not_answered_by_them"  # we took in an answer their book does not know
    OUTCOME = "outcome"  # both know an answer, not the same
    AMOUNT = "amount"  # both know what is held, not the same
    DOUBLED = "doubled"  # they carried it out more than once


@dataclass(frozen=True, slots=True)
class Line:
    """One instruction in a book. ``outcome`` is empty while it is unanswered; ``done`` counts its effects."""

    application_id: str
    kind: str
    at: datetime
    outcome: str = ""
    held_fen: int | None = None
    done: int = 1


@dataclass(frozen=True, slots=True)
class Found:
    """One difference: the instruction, what is wrong, and what each side says."""

    application_id: str
    kind: str
    difference: Difference
    ours: str = ""
    theirs: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """Two books of a day compared: lines on each side, instructions on which both agree, differences."""

    ours: int
    theirs: int
    agreed: int
    differences: tuple[Found, ...]


def compare(ours: Sequence[Line], theirs: Sequence[Line], day: date) -> Compared:
    """Compare two books of ``day`` (Shanghai); each may reach :data:`MARGIN` beyond it on both sides."""
    known, told = {line.application_id: line for line in ours}, {line.application_id: line for line in theirs}
    both = sorted(known.keys() & told.keys())
    found = [
        *(
            Found(each, known[each].kind, Difference.UNKNOWN_TO_THEM)
            for each in sorted(known.keys() - told.keys())
            if _on(known[each].at, day)
        ),
        *(
            Found(each, told[each].kind, Difference.UNKNOWN_TO_US)
            for each in sorted(told.keys() - known.keys())
            if _on(told[each].at, day)
        ),
    ]
    apart = [difference for each in both if (difference := _between(known[each], told[each]))]
    counted = sum(_on(line.at, day) for line in ours), sum(_on(line.at, day) for line in theirs)
    return Compared(*counted, len(both) - len(apart), (*found, *apart))


def reconcile(uow: Uow, sender: Institution, day: date, theirs: Sequence[Line]) -> StoredReconciliation:
    """Compare our book of ``day`` with theirs, keep the result, and settle the day by it.

    Where they answered and nothing of it was taken in, they are asked what became of it, if their profile can be asked.
    """
    start = datetime.combine(day, time(), SHANGHAI) - MARGIN
    end = start + timedelta(days=1) + 2 * MARGIN
    named = [line.application_id for line in theirs]
    ours = [
        Line(*row)
        for row in store_days.lines_of(uow.session, uow.actor.scope, sender.code, start, end, named)
    ]
    compared = compare(ours, theirs, day)
    row = StoredReconciliation(
        institution=sender.code,
        unit_path=sender.unit_path,
        day=day,
        made_at=uow.now,
        made_by=uow.actor.name,
        ours=compared.ours,
        theirs=compared.theirs,
        agreed=compared.agreed,
        differences=[_as_json(found) for found in compared.differences],
    )
    uow.session.add(row)
    uow.session.flush()
    subject = SubjectRef("institution", sender.code, sender.name)
    uow.record(
        "exchange.reconcile",
        subject,
        unit_path=sender.unit_path,
        after={"day": day.isoformat(), "differences": len(compared.differences)},
    )
    settle(uow, sender, row)
    for found in compared.differences:
        if found.difference is Difference.REPLY_MISSING:
            ask_status(uow, sender, found.application_id, civil_date(uow.now))
    return row


def _between(ours: Line, theirs: Line) -> Found | None:
    def found(what: Difference, mine: object = "", other: object = "") -> Found:
        return Found(ours.application_id, ours.kind, what, str(mine), str(other))

    if theirs.done > 1:
        return found(Difference.DOUBLED, 1, theirs.done)
    if theirs.outcome and not ours.outcome:
        return found(Difference.REPLY_MISSING, "", theirs.outcome)
    if ours.outcome and not theirs.outcome:
        return found(Difference.NOT_ANSWERED_BY_THEM, ours.outcome, "")
    if ours.outcome != theirs.outcome:
        return found(Difference.OUTCOME, ours.outcome, theirs.outcome)
    if (ours.held_fen or 0) != (theirs.held_fen or 0):
        return found(Difference.AMOUNT, ours.held_fen or 0, theirs.held_fen or 0)
    return None


def _on(at: datetime, day: date) -> bool:
    return at.astimezone(SHANGHAI).date() == day


def _as_json(found: Found) -> Mapping[str, Any]:
    return {
        "application_id": found.application_id,
        "kind": found.kind,
        "difference": found.difference.value,
        "ours": found.ours,
        "theirs": found.theirs,
    }

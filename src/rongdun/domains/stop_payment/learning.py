"""What closed cases teach advice, learnt every night: how long money lies, where it goes, which rule to believe.

The newest closed cases first, at most :data:`MOST_CASES` and about :data:`MOST_SUMS` sums of victims' money; figures
are shrunk to the prior that ships (``analytics/tracing/advice/fit``). With fewer than :data:`LEAST_CASES` nothing is
learnt.

- How long money lay and where it went: the newest computed trace of each case, up to the moment at which the first stop
  or freeze held the account; what lay there then is counted as still there, as far as it was seen (censored).
- Which rule to believe: freezes of which it was established whose money they held. What was paid back to victims
  (资金返还) is theirs; where the rest was let go as unrelated (第247条) or after an objection, nothing else was. A
  freeze that ran out by itself or still holds money tells nothing. A balance is no such finding: it tells how much lay
  there, not whose it was, and a statement up to it fits every rule.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from rongdun.domains import cases, tracing
from rongdun.domains.stop_payment import store_advice
from rongdun.domains.stop_payment.model import AdviceFit, Order
from rongdun.domains.tracing import Found, Lesson
from rongdun.kernel.ids import new_id
from rongdun.runtime.jobs import Work
from rongdun.runtime.logs import get_logger
from rongdun.runtime.uow import Uow

if TYPE_CHECKING:
    from rongdun.analytics.tracing.advice.prior import Prior

_log = get_logger("advice")

LEAST_CASES: Final = 10
"""With fewer closed cases the prior stands as it ships: one gang's habit is no law."""

MOST_CASES: Final = 400
MOST_SUMS: Final = 5_000


@dataclass(frozen=True, slots=True)
class _Taught:
    """A closed case with what is counted of it."""

    lesson: Lesson
    sums: int
    confirmed: int


def learn(work: Work) -> None:
    """Learn from the cases closed so far and keep it, unless it is what was learnt last. One transaction."""
    with work.transact() as uow:
        taught = list(_taught(uow))
        if len(taught) < LEAST_CASES:
            _log.info("advice_not_learnt", cases=len(taught), least=LEAST_CASES)
            return
        last, grounds = store_advice.newest_fit(uow.session), _grounds(taught)
        if last is None or last.grounds != grounds:
            _keep(uow, taught, grounds)


def _keep(uow: Uow, taught: Sequence[_Taught], grounds: str) -> None:
    from rongdun.analytics.tracing.advice.learnt import LAYOUT, kept_of, shipped_digest

    row = AdviceFit(
        id=new_id(),
        layout=LAYOUT,
        prior=shipped_digest(),
        grounds=grounds,
        cases=len(taught),
        sums=sum(one.sums for one in taught),
        confirmed=sum(one.confirmed for one in taught),
        learnt=kept_of(_fitted(taught)),
        made_at=uow.now,
    )
    uow.session.add(row)
    uow.session.flush()
    counted = {"cases": row.cases, "sums": row.sums, "confirmed": row.confirmed}
    uow.record("advice.learn", row.reference, after=counted)


def _fitted(taught: Sequence[_Taught]) -> "Prior":
    from rongdun.analytics.tracing.advice.fit import fit
    from rongdun.analytics.tracing.advice.prior import load_prior

    return fit([one.lesson.closed for one in taught], load_prior())


def _grounds(taught: Sequence[_Taught]) -> str:
    """Return the SHA-256 of all that a fit depends on."""
    from rongdun.analytics.tracing.advice.learnt import LAYOUT, shipped_digest

    told = hashlib.sha256(f"{LAYOUT} {shipped_digest()}".encode())
    for one in taught:
        closed = one.lesson.closed
        measured = [sorted(each.items()) for each in (closed.held_at, closed.confirmed, closed.confirmed_at)]
        told.update(f"{one.lesson.digest} {measured}".encode())
    return told.hexdigest()


def _taught(uow: Uow) -> Iterator[_Taught]:
    """Yield what closed cases teach, the newest first, until enough sums are seen."""
    from rongdun.analytics.tracing.advice.fit import observed_sums

    ids = cases.closed_cases(uow, MOST_CASES)
    found, seen = _found(uow, ids), 0
    for case_id in ids:
        lesson = tracing.lesson_of(uow, case_id, found.get(case_id, Found()))
        if lesson is None or not (sums := observed_sums(lesson.closed)):
            continue
        yield _Taught(lesson, sums, len(lesson.closed.confirmed))
        seen += sums
        if seen >= MOST_SUMS:
            return


def _found(uow: Uow, case_ids: Sequence[UUID]) -> dict[UUID, Found]:
    """Return by case since when its accounts were held, and of which it was established what was the victims'."""
    measures = store_advice.measures_of(uow.session, uow.actor.scope, case_ids)
    held: dict[UUID, dict[str, int]] = {}
    for one in measures:
        if one.case_id is not None:
            held.setdefault(one.case_id, {}).setdefault(one.account, _since(one))
    confirmed = _confirmed(uow, measures)
    return {case_id: Found(held_at=at, confirmed=confirmed.get(case_id, {})) for case_id, at in held.items()}


def _confirmed(uow: Uow, measures: Sequence[Order]) -> dict[UUID, dict[str, tuple[int, int]]]:
    scope = uow.actor.scope
    freezes = [one for one in measures if one.kind == "freeze" and one.over_at is not None]
    ids = [one.id for one in freezes]
    paid, let_go = (
        store_advice.paid_back(uow.session, scope, ids),
        store_advice.released(uow.session, scope, ids),
    )
    out: dict[UUID, dict[str, tuple[int, int]]] = {}
    for one in freezes:
        unrelated = one.state == "LIFTED" and (one.unrelated_at is not None or one.id in let_go)
        if one.case_id is not None and (one.state == "CONSUMED" or unrelated):
            there = out.setdefault(one.case_id, {})
            fen, at = there.get(one.account, (0, _since(one)))
            there[one.account] = fen + paid.get(one.id, 0), at
    return out


def _since(order: Order) -> int:
    """Return since when a measure holds, µs."""
    return round(order.starts_at.timestamp() * 1_000_000) if order.starts_at else 0

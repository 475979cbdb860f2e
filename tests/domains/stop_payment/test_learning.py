"""What closed cases teach advice: kept once a night, believed from then on, and given up where it is of no use."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from rongdun.analytics.tracing.advice.fit import observed_sums
from rongdun.analytics.tracing.advice.learnt import LAYOUT, kept_of, shipped_digest
from rongdun.analytics.tracing.advice.prior import cell_of, load_prior
from rongdun.analytics.tracing.model import Kind
from rongdun.domains import stop_payment, tracing
from rongdun.domains.exchange import Outcome
from rongdun.domains.stop_payment import assuming
from rongdun.domains.stop_payment.learning import LEAST_CASES, learn
from rongdun.domains.tracing.traces import service as traces
from rongdun.domains.tracing.traces.results import sealed_result
from rongdun.domains.tracing.traces.seeds import Written
from rongdun.domains.tracing.traces.told import (
    NOBODY,
    Told,
    ToldAccount,
    ToldHolding,
    ToldTotals,
    ToldTransfer,
)
from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import SYSTEM, Actor, SubjectRef
from rongdun.runtime.jobs import Work
from rongdun.runtime.uow import Uow
from tests.domains.stop_payment.desk import GULOU, NOON, Desk, officer
from tests.domains.stop_payment.test_advice import advice, trace_id
from tests.domains.stop_payment.test_statements import FIRST, SECOND, rows, tracer, work

__all__ = ["trace_id"]

BANK, MINUTE = "演示工商银行", 60_000_000
CAME = round((NOON - timedelta(hours=2)).timestamp() * 1_000_000)
ALL, LEFT = 10_000_000, 3_000_000
"""100,000 yuan came; by first in, first out the holder's own went first and 30,000 of the victim's stayed."""


def told(rule: str, number: str, *, minutes: int, kind: str) -> Told:
    """One account that got the victim's money and passed it on after ``minutes``, to one we know nothing of."""
    left = LEFT if rule == "fifo" else 0
    went = CAME + minutes * MINUTE
    until = round(NOON.timestamp() * 1_000_000)
    moved = [
        ToldTransfer(NOBODY, 0, CAME, ALL, "followed", "payee", False, [(0, ALL)], ["followed"]),
        ToldTransfer(0, 1, went, ALL, "frontier", "payer", False, [(0, ALL - left)], ["frontier"]),
    ]
    held = [
        ToldHolding(0, 0, 1, ALL, ALL - left, left, "retained", CAME, went, minutes * 60, "two_sided"),
        ToldHolding(1, 0, 2, ALL - left, 0, ALL - left, "frontier", went, 0, 0, "one_sided"),
    ]
    return Told(
        rule=rule,
        as_of=until + 90 * 24 * 60 * MINUTE,
        victims=["演示甲"],
        totals=ToldTotals(ALL, left, 0, ALL - left, 0),
        accounts=[
            ToldAccount(BANK, number, "演示乙", True, "known", until, False, kind),
            ToldAccount(BANK, number[:-1] + "9", "演示丙", False, "assumed", 0, False),
        ],
        holdings=held,
        transfers=moved,
        stops=[],
    )


def kept_trace(uow: Uow, case_id: UUID, number: str, **how: Any) -> None:
    """Keep a computed trace of a case, as a worker leaves it."""
    settings = traces.Settings(
        title="演示", rule="fifo", depth=6, window_hours=72, delta_minutes=60, as_of=None
    )
    seed = Written("演示甲", BANK, number, "10万", "2026-03-02 10:00:00")
    belongs = tracing.Belongs(case_id=case_id, case_path=GULOU)
    made = traces.create(uow, settings, [seed], compute=False, belongs=belongs)
    made.computed_at = uow.now
    for rule in ("fifo", "lifo", "pro_rata", "window", "poison"):
        uow.session.add(sealed_result(uow.vault, made, told(rule, number, **how)))


def close(desk: Desk, case: SubjectRef) -> None:
    """Close a filed case, as its handler would in the end."""
    steps = (
        "update cases set state = 'INVESTIGATING' where id = :id",
        "update cases set state = 'CLOSED', end_reason = '演示', ended_at = now() where id = :id",
    )
    with desk.centre.transact(desk.county) as uow:
        for step in steps:
            uow.session.execute(text(step), {"id": case.id})


def closed(
    desk: Desk, count: int, *, minutes: int = 60, kind: str = "personal", paid_back: bool = False
) -> None:
    """Close so many cases; with ``paid_back`` a freeze held 30,000 yuan that went back to the victim."""
    for at in range(count):
        number, case = f"62999980000{at:05d}18", desk.case()
        with desk.centre.transact(tracer()) as uow:
            kept_trace(uow, UUID(case.id), number, minutes=minutes, kind=kind)
        if paid_back:
            freeze = desk.frozen(number=number, name="演示乙", subject=case, amount_fen=LEFT)
            with desk.centre.transact() as uow:
                stop_payment.consume(uow, freeze.id, LEFT, "演示")
        close(desk, case)


def job(desk: Desk) -> Work:
    return Work(desk.centre.transact, desk.centre.services)


def fits(desk: Desk) -> list[Any]:
    with desk.centre.transact() as uow:
        return list(uow.session.execute(text("select * from advice_fits order by made_at, id")).all())


def there_after_half_an_hour(learnt: Any) -> float:
    """The share still there about half an hour after it came, in a personal account of the first tier."""
    return float(learnt["dwell"][cell_of(1, Kind.PERSONAL)][26])


def test_with_too_few_cases_the_prior_stands(desk: Desk, trace_id: UUID) -> None:
    before = advice(desk, trace_id)
    closed(desk, LEAST_CASES - 1)
    learn(job(desk))
    assert fits(desk) == []
    assert advice(desk, trace_id) == before
    assert before["learnt"] is None


def test_slower_mules_move_what_advice_assumes_and_what_it_expects(desk: Desk, trace_id: UUID) -> None:
    """The prior has money gone in minutes; in ten closed cases it lay an hour, so more is expected to be there now."""
    before = advice(desk, trace_id)
    closed(desk, LEAST_CASES)
    learn(job(desk))
    [row] = fits(desk)
    assert (row.cases, row.sums, row.confirmed) == (10, 10, 0)
    prior = load_prior().dwell[cell_of(1, Kind.PERSONAL)][26]
    assert prior < there_after_half_an_hour(row.learnt) < 1
    after = advice(desk, trace_id)
    assert after["learnt"] == {
        "cases": 10,
        "sums": 10,
        "confirmed": 0,
        "at": row.made_at.isoformat().replace("+00:00", "Z"),
    }
    assert next(one for one in desk.recorded if one.action == "advice.learn").after == {
        "cases": 10,
        "sums": 10,
        "confirmed": 0,
    }
    assert after["suggestions"] != before["suggestions"]


def test_a_company_account_teaches_what_companies_do(desk: Desk) -> None:
    closed(desk, LEAST_CASES, kind="corporate")
    learn(job(desk))
    tables = fits(desk)[0].learnt["dwell"]
    personal, corporate = (tables[cell_of(1, kind)][26] for kind in (Kind.PERSONAL, Kind.CORPORATE))
    assert corporate > personal, "those of one kind are shrunk to the tier, the tier to the prior"


def test_the_rule_by_which_victims_got_their_money_is_believed_more(desk: Desk) -> None:
    """By hand: a quarter each weighs as 7.5 of 30 accounts; ten more for first in, first out: 17.5 of 40."""
    closed(desk, LEAST_CASES, paid_back=True)
    learn(job(desk))
    [row] = fits(desk)
    assert row.confirmed == 10
    assert row.learnt["rules"] == pytest.approx(
        {"fifo": 0.4375, "lifo": 0.1875, "pro_rata": 0.1875, "window": 0.1875}
    )


def test_the_same_cases_are_reckoned_once_and_new_ones_again(desk: Desk) -> None:
    closed(desk, LEAST_CASES)
    learn(job(desk))
    learn(job(desk))
    assert len(fits(desk)) == 1
    with desk.centre.transact(tracer()) as uow:
        case = desk.case()
        kept_trace(uow, UUID(case.id), "6299997000000000011", minutes=5, kind="personal")
    close(desk, case)
    learn(job(desk))
    assert [row.cases for row in fits(desk)] == [10, 11]


def test_a_trace_that_a_worker_computed_is_read_as_it_is(desk: Desk) -> None:
    """50,000 came to the first account and 40,000 went on after five minutes; the second has no statement."""
    asked = desk.sent("query", number=FIRST, name="演示乙")
    desk.answer(asked, Outcome.DONE, rows=rows("6299991000000000036", SECOND), balance_fen=1_000_000)
    work(desk)
    case = desk.case()
    settings = traces.Settings(
        title="演示", rule="fifo", depth=6, window_hours=72, delta_minutes=60, as_of=None
    )
    seed = Written("演示甲", BANK, FIRST, "5万", "2026-03-02 11:00:00")
    belongs = tracing.Belongs(case_id=UUID(case.id), case_path=GULOU)
    with desk.centre.transact(tracer()) as uow:
        traces.create(uow, settings, [seed], compute=True, belongs=belongs)
    work(desk)
    with desk.centre.transact() as uow:
        address = tracing.account_address(uow, BANK, FIRST)
        found = tracing.Found(held_at={address: 7}, confirmed={address: (1_000_000, 9)})
        lesson = tracing.lesson_of(uow, UUID(case.id), found)
    assert lesson is not None
    closed = lesson.closed
    assert observed_sums(closed) == 1
    assert (closed.held_at, closed.confirmed) == ({(BANK, FIRST): 7}, {(BANK, FIRST): 1_000_000})
    assert closed.confirmed_at == {(BANK, FIRST): 9}
    for rule, one in closed.found.items():
        left = {
            closed.sub.accounts.number[place]: fen
            for place, fen in zip(one.holdings.account.tolist(), one.holdings.left_fen.tolist(), strict=True)
        }
        assert left == {FIRST: 1_000_000, SECOND: 4_000_000}, rule
        moved = closed.sub.transfers.amount_fen[one.shares.transfer]
        assert sorted(zip(moved.tolist(), one.shares.fen.tolist(), strict=True)) == [
            (4_000_000, 4_000_000),
            (5_000_000, 5_000_000),
        ]


class Killed(Exception):
    """The worker ends before its transaction does."""


def test_a_killed_worker_leaves_nothing_and_the_next_one_learns(desk: Desk) -> None:
    closed(desk, LEAST_CASES)

    @contextmanager
    def dying(actor: Actor = SYSTEM) -> Iterator[Uow]:
        with desk.centre.transact(actor) as uow:
            yield uow
            raise Killed

    with pytest.raises(Killed):
        learn(Work(dying, desk.centre.services))
    assert fits(desk) == []
    learn(job(desk))
    assert len(fits(desk)) == 1


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"layout": 99}, "advice_fit_outdated"),
        ({"prior": "0" * 64}, "advice_fit_outdated"),
        ({"learnt": json.dumps({"source": "演示", "dwell": []})}, "advice_fit_unusable"),
    ],
)
def test_what_is_old_or_broken_is_not_believed_and_said_so(
    desk: Desk,
    trace_id: UUID,
    monkeypatch: pytest.MonkeyPatch,
    change: dict[str, Any],
    complaint: str,
) -> None:
    before = advice(desk, trace_id)
    learnt = {**kept_of(load_prior()), "rules": {"fifo": 1.0, "lifo": 0.0, "pro_rata": 0.0, "window": 0.0}}
    values: dict[str, Any] = {
        "id": new_id(),
        "layout": LAYOUT,
        "prior": shipped_digest(),
        "grounds": "0" * 64,
    }
    values |= {
        "cases": 10,
        "sums": 10,
        "confirmed": 0,
        "learnt": json.dumps(learnt),
        "made_at": NOON,
        **change,
    }
    said: list[str] = []
    monkeypatch.setattr(assuming._log, "warning", lambda event, **_: said.append(event))
    with desk.centre.transact() as uow:
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        uow.session.execute(text(f"insert into advice_fits ({names}) values ({marks})"), values)
    assert advice(desk, trace_id) == before
    assert advice(desk, trace_id) == before
    assert said == [complaint], "complained of once"


def test_nobody_but_the_system_adds_a_fit(desk: Desk) -> None:
    closed(desk, LEAST_CASES)
    learn(job(desk))
    with desk.centre.transact(officer(GULOU, "trace.read")) as uow:
        assert uow.session.execute(text("select count(*) from advice_fits")).scalar() == 1
        with pytest.raises(Exception, match="row-level security"):
            uow.session.execute(
                text(
                    "insert into advice_fits select gen_random_uuid(), layout, prior, grounds, cases, sums,"
                    " confirmed, learnt, made_at from advice_fits"
                )
            )
        uow.session.rollback()

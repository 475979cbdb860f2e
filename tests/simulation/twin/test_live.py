"""Prevents a world that moves money which was held, loses a fen, or differs from the ordinary one when left alone."""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rongdun.kernel.clock import SHANGHAI
from rongdun.simulation.twin.errors import NoSuchAccount
from rongdun.simulation.twin.live import Live, live_world
from rongdun.simulation.twin.live_book import LiveBook, live_book
from rongdun.simulation.twin.truth import follow, habits
from rongdun.simulation.twin.world import Order, Planned, happen, start_of
from tests.simulation.twin.replay import replay
from tests.simulation.twin.worlds import params

ORDER = Order(400, 6, 11)
MINUTE = 60_000_000
END = 1 << 60


@cache
def made() -> tuple[Planned, Live]:
    return live_world(ORDER, params())


def fresh() -> Live:
    return Live(made()[1].script)


def begun() -> int:
    return start_of(params())


def test_a_world_left_alone_is_the_ordinary_one_row_for_row() -> None:
    live = fresh()
    for hour in range(0, 24 * ORDER.days, 7):  # in steps, as a simulator lets time go
        live.until(begun() + hour * 60 * MINUTE)
    live.until(END)
    with TemporaryDirectory() as scratch:
        path = Path(scratch) / "transactions.parquet"
        happen(path, ORDER, params())
        ordinary = pl.read_parquet(path)
    state, flows = live.state, live.script.flows
    rows = np.flatnonzero(state.amount)
    mine = pl.DataFrame({
        "time": flows.time[rows], "payer": flows.payer[rows], "payee": state.to[rows],
        "amount_fen": state.amount[rows], "payer_balance_fen": state.payer_after[rows],
        "payee_balance_fen": state.payee_after[rows],
    })  # fmt: skip
    assert mine.equals(ordinary.with_columns(pl.col("time").dt.epoch("us")).select(mine.columns))


holds = st.lists(
    st.tuples(
        st.integers(0, 24 * 60 * ORDER.days),  # minute
        st.integers(0, 10_000),  # which room's account
        st.one_of(st.none(), st.integers(0, 10_000_000)),  # fen that must stay
        st.integers(1, 4000),  # minutes
        st.booleans(),  # released half way
    ),
    max_size=25,
)


@given(holds)
@settings(max_examples=40, deadline=None)
def test_held_accounts_pay_nothing_out_and_no_fen_is_lost(
    orders: list[tuple[int, int, int | None, int, bool]],
) -> None:
    live = fresh()
    rooms = np.unique(made()[0].plan.rooms.account)
    whole = int(live.state.balance.sum())
    calls = []
    for minute, which, fen, minutes, early in orders:
        account, moment = int(rooms[which % len(rooms)]), begun() + minute * MINUTE
        calls.append((moment, account, fen, moment + minutes * MINUTE))
        if early:
            calls.append((moment + minutes * MINUTE // 2, account, -1, 0))
    held: list[tuple[int, int, int, int]] = []  # account, from, until, fen that must stay
    now: dict[int, tuple[int, int, int]] = {}
    for moment, account, fen, until in sorted(calls, key=lambda one: one[:2]):
        live.until(moment)
        if account in now:
            start, end, stays = now.pop(account)
            held.append((account, start, min(end, moment), stays))
        if fen == -1:
            live.release(account)
        else:
            live.hold(account, fen, until)
            now[account] = (moment, until, 1 << 61 if fen is None else fen)
    live.until(END)
    held += [(account, *rest) for account, rest in now.items()]
    state, flows = live.state, live.script.flows
    for account, start, end, stays in held:
        out = (flows.payer == account) & (state.amount > 0) & (flows.time > start) & (flows.time < end)
        assert (state.payer_after[out] >= stays).all()
    assert int(state.balance.sum()) == whole
    assert (state.balance >= 0).all()
    assert (state.pot >= 0).all()
    assert (state.pot <= state.balance).all()
    _truth_agrees(live)


def _truth_agrees(live: Live) -> None:
    """What lies in rooms' accounts is, victim by victim, what a plain replay of what happened says."""
    moved, _ = live.moved()
    habit = habits(len(live.script.mule), params(), ORDER.seed)
    found = follow(moved, live.script.mule, habit)
    rows = list(
        zip(
            moved.payer.tolist(),
            moved.payee.tolist(),
            moved.amount.tolist(),
            moved.scam.tolist(),
            strict=True,
        )
    )
    rooms = set(np.flatnonzero(live.script.mule).tolist())
    _, lies = replay(rows, rooms, dict(enumerate(habit.tolist())))
    mine: dict[tuple[int, int], int] = {}
    for account, scam, fen in zip(
        found.left_account.tolist(), found.left_scam.tolist(), found.left_fen.tolist(), strict=True
    ):
        mine[account, scam] = mine.get((account, scam), 0) + fen
    assert mine == lies
    pots = np.zeros(len(live.script.mule), np.int64)
    np.add.at(pots, found.left_account, found.left_fen)
    assert (pots == live.state.pot).all()


def test_what_was_meant_for_a_burnt_account_goes_to_the_rooms_trader() -> None:
    meant, _ = made()
    live = fresh()
    first = int(np.flatnonzero(live.script.flows.mode >= 4)[0])
    account = int(live.script.flows.payer[first])
    live.until(int(live.script.flows.time[first]) - 1)
    live.hold(account, None, END)
    live.until(END)
    flows, state = live.script.flows, live.state
    into = np.flatnonzero(
        (flows.payee == account) & (state.amount > 0) & ((flows.scam >= 0) | (flows.mode >= 4))
    )
    after = into[into > first]
    assert (state.to[after] == live.script.spare[account]).all()
    assert live.script.spare[account] in meant.plan.rooms.trader
    assert state.burnt[account]


@cache
def book() -> LiveBook:
    return live_book(ORDER, params())


def test_a_bank_shows_only_what_has_happened_and_holds_what_lies_there() -> None:
    live = made()[1]
    plain = Live(live.script)
    first = int(np.flatnonzero(live.script.flows.scam >= 0)[0])
    paid_at = int(live.script.flows.time[first])
    plain.until(paid_at)
    account, fen = int(live.script.flows.payee[first]), int(plain.state.amount[first])
    at = datetime.fromtimestamp(paid_at / 1_000_000, SHANGHAI)
    bank = live_book(ORDER, params())
    number = bank._account[account]["number"]
    before = bank.account(number, at - timedelta(seconds=1))
    assert not bank.paid_in(number, fen, at, 30)
    after = bank.account(number, at)
    assert before is not None and after is not None
    assert after.balance_fen == (before.balance_fen or 0) + fen
    assert bank.paid_in(number, fen, at, 30)
    shown = bank.rows(number, at - timedelta(hours=1), at + timedelta(days=3), at)
    assert shown[-1].incoming and shown[-1].amount_fen == fen and shown[-1].time == at
    assert shown[-1].balance_fen == after.balance_fen
    assert bank.hold(number, None, at, at + timedelta(hours=48)) == after.balance_fen
    later = bank.account(number, at + timedelta(hours=24))
    assert later is not None and later.state == "止付" and later.available_fen == 0
    assert bank.release(number, at + timedelta(hours=25)) == later.balance_fen
    assert bank.institution_of(number) == later.branch
    assert number in [one.number for one in bank.accounts_of(number, at + timedelta(hours=25))]


def test_an_account_nobody_keeps_is_said_so() -> None:
    at = datetime.fromtimestamp(begun() / 1_000_000, SHANGHAI)
    assert book().account("6299990000000000011", at) is None
    assert book().institution_of("6299990000000000011") is None
    with pytest.raises(NoSuchAccount):
        book().rows("6299990000000000011", at, at, at)

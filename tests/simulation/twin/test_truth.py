"""Prevents a truth that is not what happened: by hand, against a plain replay, and in whole worlds."""

from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from rongdun.simulation.twin.truth import Habit, Moved, Owned, follow
from rongdun.simulation.twin.world import Order, happen, make_world
from tests.simulation.twin.replay import replay
from tests.simulation.twin.worlds import params, world

VICTIM, ONE, TWO, SHOP = range(4)


def moved(*rows: tuple[int, int, int, int]) -> Moved:
    payer, payee, amount, scam = (np.array([row[place] for row in rows]) for place in range(4))
    return Moved(
        payer.astype(np.int32), payee.astype(np.int32), amount.astype(np.int64), scam.astype(np.int32)
    )


def owned(rows: Moved, rooms: list[int], habit: list[int]) -> Owned:
    mule = np.zeros(len(habit), np.bool_)
    mule[rooms] = True
    return follow(rows, mule, np.array(habit, np.int8))


def parts(found: Owned) -> list[tuple[int, int, int]]:
    return list(zip(found.part_row.tolist(), found.part_scam.tolist(), found.part_fen.tolist(), strict=True))


def test_the_newest_the_oldest_or_all_in_proportion_by_hand() -> None:
    rows = moved((VICTIM, ONE, 100, 0), (VICTIM, ONE, 50, 1), (ONE, SHOP, 70, -1))
    newest, oldest, mixed = (owned(rows, [ONE], [0, int(habit), 0, 0]) for habit in Habit)
    assert parts(newest)[2:] == [(2, 1, 50), (2, 0, 20)]
    assert parts(oldest)[2:] == [(2, 0, 70)]
    # 70 of 100 : 50 is 46⅔ : 23⅓; the fen left over goes to the larger remainder.
    assert parts(mixed)[2:] == [(2, 0, 47), (2, 1, 23)]
    assert list(zip(mixed.left_scam.tolist(), mixed.left_fen.tolist(), strict=True)) == [(0, 53), (1, 27)]


@given(
    steps=st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(1, 400), st.booleans()), max_size=40
    ),
    habit=st.lists(st.integers(0, 2), min_size=6, max_size=6),
)
@settings(max_examples=150, deadline=None)
def test_the_truth_is_what_a_plain_replay_finds(
    steps: list[tuple[int, int, int, bool]], habit: list[int]
) -> None:
    rooms = {1, 2, 3, 4}
    pot: dict[int, int] = defaultdict(int)
    rows = []
    for number, (payer, payee, fen, by_victim) in enumerate(steps):
        scam = number % 5 if by_victim else -1
        paid = fen if by_victim else min(fen, pot[payer])
        if payer == payee or paid == 0:
            continue
        if not by_victim:
            pot[payer] -= paid
        if payee in rooms:
            pot[payee] += paid
        rows.append((payer, payee, paid, scam))
    if not rows:
        return
    found = owned(moved(*rows), sorted(rooms), habit)
    carried, left = replay(rows, rooms, dict(enumerate(habit)))
    assert _by_row(found, len(rows)) == carried
    assert _left(found) == left


@given(seed=st.integers(0, 10_000), people=st.integers(40, 200), days=st.integers(1, 6))
@settings(max_examples=8, deadline=None)
def test_in_any_world_the_truth_equals_the_replay_and_money_is_conserved(
    seed: int, people: int, days: int
) -> None:
    with TemporaryDirectory() as scratch:
        made = happen(Path(scratch) / "rows.parquet", Order(people, days, seed), params())
        happened = pl.read_parquet(Path(scratch) / "rows.parquet")
    purse, before = made.writer.purse, made.accounts.opening_fen
    assert purse.balance.sum() == before.sum() and purse.balance.min() >= 0
    assert (purse.pot <= purse.balance).all() and purse.pot.min() >= 0
    told = made.moved
    rows = list(
        zip(told.payer.tolist(), told.payee.tolist(), told.amount.tolist(), told.scam.tolist(), strict=True)
    )
    rooms = set(np.flatnonzero(made.mule).tolist())
    carried, left = replay(rows, rooms, dict(enumerate(made.habit.tolist())))
    assert _by_row(made.owned, len(rows)) == carried
    assert _left(made.owned) == left
    # The pots of rooms' accounts hold the victims' money and nothing else.
    assert sum(left.values()) == purse.pot.sum()
    assert happened.height == made.writer.counts.transactions
    assert (happened["amount_fen"].gather(made.transaction).to_numpy() == told.amount).all()


def test_what_a_victim_lost_lies_somewhere_or_ended_somewhere() -> None:
    out = world()
    scams, left, ends = (
        pl.read_parquet(out / f"truth/{name}.parquet") for name in ("scams", "holdings", "ends")
    )
    where = pl.concat([table.select("scam", "fen") for table in (left, ends)]).group_by("scam").sum()
    joined = scams.join(where, on="scam", how="left").with_columns(pl.col("fen").fill_null(0))
    assert scams["lost_fen"].sum() > 0
    assert (joined["lost_fen"] == joined["fen"]).all()


def test_what_a_payment_carried_is_all_of_it_and_came_to_the_payer_before(tmp_path: Path) -> None:
    out = tmp_path / "w"
    make_world(out, Order(150, 5, 11), params())
    rows = pl.read_parquet(
        out / "world/transactions.parquet", columns=["transaction", "payer", "payee", "amount_fen"]
    )
    carried = pl.read_parquet(out / "truth/parts.parquet")
    whole = carried.group_by("transaction").agg(pl.col("fen").sum()).join(rows, on="transaction")
    assert (whole["fen"] == whole["amount_fen"]).all()
    rooms = set(pl.read_parquet(out / "truth/mules.parquet")["account"].to_list())
    held: dict[tuple[int, int], int] = defaultdict(int)
    for payer, payee, scam, fen in carried.join(rows, on="transaction").sort("transaction").select(
        "payer", "payee", "scam", "fen"
    ).iter_rows():  # fmt: skip
        if payer in rooms:
            held[payer, scam] -= fen
            assert held[payer, scam] >= 0
        if payee in rooms:
            held[payee, scam] += fen
    told = pl.read_parquet(out / "truth/holdings.parquet")
    assert {key: fen for key, fen in held.items() if fen} == {(a, s): fen for a, s, fen in told.iter_rows()}


def _by_row(found: Owned, rows: int) -> list[dict[int, int]]:
    carried: list[dict[int, int]] = [defaultdict(int) for _ in range(rows)]
    for row, scam, fen in parts(found):
        carried[row][scam] += fen
    return [dict(one) for one in carried]


def _left(found: Owned) -> dict[tuple[int, int], int]:
    left: dict[tuple[int, int], int] = defaultdict(int)
    for account, scam, fen in zip(
        found.left_account.tolist(), found.left_scam.tolist(), found.left_fen.tolist(), strict=True
    ):
        left[account, scam] += fen
    return dict(left)

"""Two noisy books on their own: nothing about the pairs is told, amounts, days and memos are disturbed."""

import random
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from rongdun.analytics.ledger.assign import one_to_one
from rongdun.analytics.ledger.errors import MixedBooks
from rongdun.analytics.ledger.pairing import Columns, pair_books

COLUMNS = Columns("id", "amount", "day", "memo")
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明"


def books(rows: int, seed: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The same synthetic transfers in two books; the right one is disturbed and shuffled, ids are 10,000 higher."""
    chance = random.Random(seed)
    left, right = [], []
    for number in range(rows):
        name = chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(GIVEN)
        amount = round(10 ** chance.uniform(1, 5), 2)
        day = date(2024, 1, 1) + timedelta(chance.randrange(120))
        memo = f"{name} {chance.choice(['货款', '还款', '捐款', '工资'])}"
        left.append((number, amount, day, memo))
        changed = amount if chance.random() < 0.3 else round(amount * chance.gauss(1, 0.02), 2)
        late = day + timedelta(chance.choice([1, 1, 2, 2, 5, 12]))
        right.append((10_000 + number, changed, late, memo[: chance.choice([3, 5, 6])]))
    chance.shuffle(right)
    schema = ["id", "amount", "day", "memo"]
    return pl.DataFrame(left, schema, orient="row"), pl.DataFrame(right, schema, orient="row")


def f1(pairs: pl.DataFrame, truth: int) -> float:
    right = int((pairs["right_id"] - pairs["left_id"] == 10_000).sum())
    return 2 * right / (pairs.height + truth)


def test_disturbed_books_are_found_again(tmp_path: Path) -> None:
    left, right = books(1_500, seed=11)
    pairs = pair_books(left, right, COLUMNS)
    assert pairs.columns == ["left_id", "right_id", "score"]
    assert pairs["left_id"].is_unique().all() and pairs["right_id"].is_unique().all()
    assert pairs["score"].is_between(0, 1).all()
    assert f1(pairs, 1_500) > 0.9


def test_rows_that_have_no_partner_stay_alone() -> None:
    left, right = books(1_200, seed=12)
    right = right.filter(pl.col("id") % 3 == 0)
    pairs = pair_books(left, right, COLUMNS)
    assert f1(pairs, right.height) > 0.85


def test_the_order_of_rows_does_not_matter() -> None:
    left, right = books(400, seed=13)
    one = pair_books(left, right, COLUMNS).select("left_id", "right_id").sort("left_id")
    two = pair_books(left.reverse(), right.reverse(), COLUMNS).select("left_id", "right_id").sort("left_id")
    assert one.equals(two)


def test_empty_books_and_wrong_columns() -> None:
    left, right = books(10, seed=14)
    assert pair_books(left.clear(), right, COLUMNS).height == 0
    with pytest.raises(MixedBooks, match="附言"):
        pair_books(left, right, Columns("id", "amount", "day", "附言"))
    with pytest.raises(MixedBooks):
        pair_books(left, right, Columns("id", "memo", "day", "memo"))


def test_assignment_equals_greed() -> None:
    """Against the plain loop over all pairs by falling score."""
    chance = np.random.default_rng(15)
    left, right = chance.integers(0, 40, 400), chance.integers(0, 40, 400)
    score = chance.integers(0, 30, 400).astype(np.float64)
    taken_left: set[int] = set()
    taken_right: set[int] = set()
    expected = np.zeros(400, np.bool_)
    for place in sorted(range(400), key=lambda n: (-score[n], left[n], right[n], n)):
        if left[place] not in taken_left and right[place] not in taken_right:
            expected[place] = True
            taken_left.add(int(left[place]))
            taken_right.add(int(right[place]))
    assert (one_to_one(left, right, score) == expected).all()

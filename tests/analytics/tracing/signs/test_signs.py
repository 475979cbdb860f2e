"""Each sign on an account worked by hand, and the score that comes of it."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from rongdun.analytics.tracing.index.columns import Levels
from rongdun.analytics.tracing.model import HOUR, NOBODY, PAYEE_BOOK, PAYER_BOOK
from rongdun.analytics.tracing.signs.scoring import Told, explain, score_accounts
from rongdun.analytics.tracing.signs.shared import shared_with
from rongdun.analytics.tracing.signs.weights import BadWeights, load_signs
from tests.analytics.tracing.patterns.oracle import Row, flows

A, B, C, D = range(4)
YUAN = 100
DAY = 24 * HOUR
NOON = int(datetime(2026, 3, 2, 4, tzinfo=UTC).timestamp()) * 1_000_000  # twelve o'clock in China


def scored(rows: list[Row], told: Told | None = None, accounts: int = 4) -> pl.DataFrame:
    return score_accounts(flows(rows, accounts), told)


def value(rows: list[Row], sign: str, account: int = B) -> float | None:
    found: float | None = scored(rows)[sign][account]
    return found


def test_pass_through_and_dwell_follow_the_oldest_money_first() -> None:
    rows = [
        Row(A, B, 10_000 * YUAN, NOON),
        Row(B, C, 6_000 * YUAN, NOON + HOUR),  # 6,000 after 1 h
        Row(A, B, 10_000 * YUAN, NOON + 2 * HOUR),
        Row(B, C, 10_000 * YUAN, NOON + 30 * HOUR),  # 4,000 after 30 h, 6,000 after 28 h; 4,000 stay
    ]
    assert value(rows, "pass_through") == pytest.approx(6_000 / 20_000)
    assert value(rows, "dwell") == pytest.approx((6_000 * 1 + 4_000 * 30 + 6_000 * 28) / 16_000)


def test_money_that_was_there_before_is_not_dwell_and_little_money_is_not_judged() -> None:
    before = [Row(B, C, 5_000 * YUAN, NOON), Row(A, B, 2_000 * YUAN, NOON + HOUR)]
    assert value(before, "pass_through") == 0
    assert value(before, "dwell") is None
    assert value([Row(A, B, 999 * YUAN, NOON), Row(B, C, 999 * YUAN, NOON)], "pass_through") is None


def test_dormancy_then_burst_is_the_share_moved_after_the_silence() -> None:
    rows = [
        Row(A, B, 2_000 * YUAN, NOON),
        Row(A, B, 9_000 * YUAN, NOON + 30 * DAY),
        Row(B, C, 9_000 * YUAN, NOON + 37 * DAY),
        Row(A, B, 5_000 * YUAN, NOON + 38 * DAY),
    ]
    assert value(rows, "burst") == pytest.approx(18_000 / 25_000)
    assert value(rows[:1] + rows[3:], "burst") == pytest.approx(5_000 / 7_000)
    awake = [Row(A, B, 2_000 * YUAN, NOON + day * DAY) for day in (0, 29, 58)]
    assert value(awake, "burst") == 0


def test_a_yuan_before_the_flood_is_a_test_payment() -> None:
    small, flood = Row(A, B, 1 * YUAN, NOON), Row(C, B, 50_000 * YUAN, NOON + 72 * HOUR)
    assert value([small, flood], "tests") == 1
    assert value([small, flood._replace(time=flood.time + 1)], "tests") == 0
    assert value([small._replace(fen=101 * YUAN), flood], "tests") == 0
    busy = Row(A, B, 300 * YUAN, NOON - DAY)
    assert value([busy, small, flood], "tests") == 0


def test_night_is_from_eleven_to_six_in_china() -> None:
    hours = (11, 10.99, -1.01, 17.99, 18)  # 23:00, 22:59, 10:59, 05:59, 06:00
    rows = [Row(A, B, 1, NOON + int(hour * HOUR)) for hour in hours]
    assert value(rows, "night") == pytest.approx(2 / 5)
    days = [
        Row(A, B, 1, NOON + 12 * HOUR + day * DAY) for day in range(9)
    ]  # midnight sharp: only the day is known
    assert value(days, "night") is None
    assert value(rows[:4], "night") is None


def test_a_balance_that_falls_to_nothing_within_a_day_is_emptied() -> None:
    rows = [
        Row(A, B, 10_000 * YUAN, NOON),
        Row(B, NOBODY, 9_888 * YUAN, NOON + HOUR),  # 112 yuan left: 1.1 %
        Row(A, B, 20_000 * YUAN, NOON + DAY),
        Row(B, C, 20_000 * YUAN, NOON + 2 * DAY + 1),  # later than a day
    ]
    assert scored(rows, Told(levels=held((NOON, 0))))["emptied"][B] == 1
    never = held((NOON, 1_000 * YUAN))  # a thousand yuan stay
    assert scored(rows, Told(levels=never))["emptied"][B] == 0
    jump = held((NOON, 1_000 * YUAN), (NOON + HOUR, 0))  # the balances say so from the second row on
    assert scored(rows, Told(levels=jump))["emptied"][B] == 1
    assert scored(rows)["emptied"][B] is None


def test_a_payment_that_the_own_book_does_not_show_leaves_its_balance_alone() -> None:
    rows = [Row(A, B, 10_000 * YUAN, NOON), Row(B, C, 10_000 * YUAN, NOON + HOUR)]
    books = np.array([PAYEE_BOOK, PAYEE_BOOK], np.int8)
    told = Told(books, held((NOON, 0)))
    assert scored(rows, told)["emptied"][B] == 0
    books[1] = PAYER_BOOK
    assert scored(rows, told)["emptied"][B] == 1


def held(*levels: tuple[int, int]) -> Levels:
    """What B held before its first row, from when on."""
    times, fen = np.array(levels, np.int64).T
    return Levels(np.full(len(levels), B, np.int32), times, fen)


def test_fans_are_those_of_the_patterns_within_a_day() -> None:
    rows = [Row(payer, B, 1, NOON + payer) for payer in (A, C, D)] + [Row(B, A, 1, NOON + DAY)]
    told = scored(rows)
    assert told["fan_in"].to_list() == [1, 3, 0, 0]
    assert told["fan_out"].to_list() == [1, 1, 1, 1]


def test_accounts_of_one_room_share_its_devices() -> None:
    traits = pl.DataFrame(
        [
            (A, "ip", "10.0.0.7"),
            (B, "ip", "10.0.0.7"),
            (B, "mac", "AA:BB:CC:DD:EE:01"),
            (C, "mac", "AA:BB:CC:DD:EE:01"),
            (A, "mac", "00:00:00:00:00:00"),
            (D, "mac", "00:00:00:00:00:00"),
        ],
        schema=["account", "kind", "value"],
        orient="row",
    )
    assert shared_with(traits, 4, 20).tolist() == [1, 2, 1, -1]
    assert shared_with(traits, 4, 1).tolist() == [0, 0, 0, -1]
    assert shared_with(traits.clear(), 2, 20).tolist() == [-1, -1]


def mule() -> list[Row]:
    """Quiet for two months, a yuan to test, then 100,000 in from three and out to three within the hour."""
    start = NOON + 60 * DAY
    rows = [Row(A, B, 10 * YUAN, NOON), Row(A, B, 1 * YUAN, start)]
    rows += [Row(payer, B, 33_333 * YUAN, start + HOUR) for payer in (A, C, D)]
    return rows + [Row(B, payee, 33_000 * YUAN, start + 2 * HOUR) for payee in (A, C, D)]


def test_a_score_is_the_share_of_the_points_that_could_be_judged() -> None:
    scores = scored(mule())
    table = explain(scores, B)
    judged = table.filter(pl.col("value").is_not_null())
    points, weight, all_weight = (
        float(column.to_numpy().sum()) for column in (judged["points"], judged["weight"], table["weight"])
    )
    assert scores["score"][B] == pytest.approx(100 * points / weight)
    assert scores["judged"][B] == pytest.approx(weight / all_weight)
    assert scores["score"].arg_max() == B
    assert table["points"].drop_nulls().is_sorted(descending=True)


def test_reasons_are_told_in_words() -> None:
    table = {row["sign"]: row for row in explain(scored(mule()), B).iter_rows(named=True)}
    assert len(table) == 9
    assert table["pass_through"]["reason_zh"] == "进账的 99% 在 24 小时内转出"
    assert table["tests"]["reason_en"] == "1 small test payment(s), much money within 72 hours"
    assert table["shared"]["reason_zh"] is None


def test_an_account_without_transfers_is_not_accused() -> None:
    row = scored([Row(A, B, 1, NOON)]).row(D, named=True)
    assert (row["score"], row["transfers"], row["pass_through"]) == (0, 0, None)


def test_a_centre_may_set_its_own_weights(tmp_path: Path) -> None:
    path = tmp_path / "signs.toml"
    shipped = Path(__file__).parents[4] / "src/rongdun/analytics/tracing/signs/signs.toml"
    text = shipped.read_text("utf-8")
    path.write_text(text.replace("weight = 25", "weight = 0"), "utf-8")
    rows = mule()
    own = score_accounts(flows(rows, 4), signs=load_signs(path))
    assert own["score"][B] != scored(rows)["score"][B]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('key = "night"', 'key = "nights"'),
        ("to = 0.95", "to = 0.6"),
        ("weight = 25", "weight = -1"),
        ("{pass_hours}", "{hours_of_passing}"),
        ("pass_hours = 24", "passing = 24"),
        ("[limits]", "[limits"),
    ],
)
def test_weights_that_cannot_be_used_are_refused(tmp_path: Path, old: str, new: str) -> None:
    shipped = Path(__file__).parents[4] / "src/rongdun/analytics/tracing/signs/signs.toml"
    text = shipped.read_text("utf-8")
    assert old in text
    (tmp_path / "own.toml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(BadWeights):
        load_signs(tmp_path / "own.toml")


def test_the_order_of_rows_does_not_matter() -> None:
    rows = mule()
    order = np.random.default_rng(4).permutation(len(rows))
    assert scored([rows[place] for place in order]).equals(scored(rows))

"""The sums kept beside the files are those of the rows, whatever was imported, compacted and undone."""

import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from rongdun.analytics.ledger.ledger import Ledger
from rongdun.analytics.ledger.sums import sums_of_rows
from rongdun.kernel.clock import FixedClock, SystemClock
from tests.analytics.ledger.hand import NOON, reading, row

ONE, TWO = "6222000000000000001", "6222000000000000002"
ROWS = [
    row(0, 100, -1),
    row(1, 250, 1, owner_name="演示甲"),
    row(2, 999, 1, success=False, serial="failed"),
    row(3, 500, 1, currency="USD"),
    row(4, 70, -1, owner_name="演示甲二", owner_id="350100199001010011"),
    row(5, 30, 1, account=TWO, institution=""),
]


def told(ledger: Ledger) -> dict[str, tuple[Any, ...]]:
    """Return each account's sums over all imports and files, added up by hand."""
    found: dict[str, tuple[Any, ...]] = {}
    for line in ledger.account_sums().iter_rows(named=True):
        rows, gone_in, gone_out, first, last = found.get(line["account"], (0, 0, 0, None, None))
        found[line["account"]] = (
            rows + line["rows"],
            gone_in + line["in_fen"],
            gone_out + line["out_fen"],
            min(first or line["first_at"], line["first_at"]),
            max(last or line["last_at"], line["last_at"]),
        )
    return found


def test_successful_yuan_counts_and_every_row_is_a_row(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.import_readings([reading("a.csv", ROWS)])
    at = [NOON + timedelta(minutes=minute) for minute in range(6)]
    expected = {ONE: (5, 250, 170, at[0], at[4]), TWO: (1, 30, 0, at[5], at[5])}
    assert told(ledger) == expected
    assert told(ledger) == expected, "as kept"
    owners = {
        line["account"]: (line["owner_name"], line["owner_id"]) for line in ledger.account_sums().to_dicts()
    }
    assert owners == {ONE: ("演示甲", "350100199001010011"), TWO: (None, None)}


def test_after_compaction_and_undo_they_are_those_of_what_counts(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.import_readings([reading("a.csv", ROWS[:3])])
    ledger.import_readings([reading("b.csv", ROWS[1:])])
    whole = told(ledger)
    ledger.compact()
    assert told(ledger) == whole
    assert {line["import_id"] for line in ledger.account_sums().to_dicts()} == {1, 2}
    ledger.undo(1)
    assert told(ledger)[ONE][:3] == (4, 250, 70)


@pytest.mark.parametrize("damage", [b"", b"not an arrow file"])
def test_kept_sums_that_are_damaged_or_lost_are_made_again(tmp_path: Path, damage: bytes) -> None:
    ledger = Ledger(tmp_path)
    ledger.import_readings([reading("a.csv", ROWS)])
    whole = told(ledger)
    kept = list((tmp_path / "sums").rglob("*.arrow"))
    assert kept
    for path in kept:
        path.write_bytes(damage)
    assert told(ledger) == whole


def test_sums_go_with_their_files(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.import_readings([reading("a.csv", ROWS[:3])])
    ledger.import_readings([reading("b.csv", ROWS[3:])])
    ledger.account_sums()
    ledger.compact()
    ledger.account_sums()
    later = FixedClock(SystemClock().now() + timedelta(days=40))
    Ledger(tmp_path, later).vacuum(timedelta(days=30))
    files = {path.stem for path in (tmp_path / "tables" / "transactions").rglob("part-*.parquet")}
    assert {path.stem for path in (tmp_path / "sums").rglob("*.arrow")} == files


def test_the_quick_way_and_the_plain_one_agree(tmp_path: Path) -> None:
    chance = random.Random(7)
    ledger = Ledger(tmp_path)
    for number in range(3):
        rows = [
            row(
                chance.randrange(90_000),
                chance.randrange(1, 10**6),
                chance.choice([1, -1]),
                account=f"62220000000000{chance.randrange(5):02d}",
                institution=chance.choice(["", "测试银行", "演示银行"]),
                success=chance.random() < 0.9,
                currency=chance.choice(["CNY", "CNY", "USD"]),
                serial=f"{number}-{n}",
            )
            for n in range(200)
        ]
        ledger.import_readings([reading(f"{number}.csv", rows)])
    ledger.compact()
    key = ["import_id", "institution", "account"]
    quick = (
        ledger.account_sums()
        .group_by(key)
        .agg(pl.col("rows", "in_fen", "out_fen").sum(), pl.col("first_at").min(), pl.col("last_at").max())
    )
    plain = sums_of_rows(ledger.view().scan("transactions")).select(quick.columns)
    assert quick.sort(key).equals(plain.sort(key))

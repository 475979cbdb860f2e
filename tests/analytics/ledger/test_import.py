"""One import is one version; a row told twice counts once, with both places that told it."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from rongdun.analytics.ledger import runs
from rongdun.analytics.ledger.errors import NoLedger, NoSuchVersion, TotalsDiffer
from rongdun.analytics.ledger.importing import Importer
from rongdun.analytics.ledger.ledger import Ledger
from rongdun.analytics.statements.schema import ACCOUNTS, PEOPLE, TRANSACTIONS
from rongdun.kernel.clock import SystemClock
from tests.analytics.ledger.hand import reading, row


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger")


def amounts(ledger: Ledger, version: int | None = None) -> list[int]:
    return sorted(ledger.view(version).scan(TRANSACTIONS).collect()["amount_fen"].to_list())


def test_rows_of_overlapping_requests_count_once_and_each_file_says_how_many(ledger: Ledger) -> None:
    rows = [row(minute, 100 + minute) for minute in range(10)]
    report = ledger.import_readings(
        [reading("一月请求.csv", rows[:6], rejects=2, blank=1), reading("二月请求.csv", rows[4:8])]
    )
    first, second = report.files
    assert (first.rows, first.taken, first.duplicates, first.rejected, first.blank) == (9, 6, 0, 2, 1)
    assert (second.rows, second.taken, second.duplicates) == (4, 2, 2)
    assert [told["row"] for told in first.rejects] == [8, 9]
    assert report.observations == 8
    assert amounts(ledger) == [100, 101, 102, 103, 104, 105, 106, 107]


def test_every_row_says_which_file_it_is_of(ledger: Ledger) -> None:
    told = {"一.csv": [1, 3, 5], "二.csv": [2, 4], "三.csv": [6]}
    readings = [reading(name, [row(minute, minute) for minute in minutes]) for name, minutes in told.items()]
    report = ledger.import_readings(readings)
    stored = ledger.view().scan(TRANSACTIONS).collect()
    found = zip(stored["file_hash"].to_list(), stored["amount_fen"].to_list(), strict=True)
    hashes = {name: hashlib.sha256(name.encode()).digest() for name in told}
    assert sorted(found) == sorted((hashes[name], fen) for name in told for fen in told[name])
    assert [file.file_hash for file in report.files] == [hashes[name].hex() for name in told]


def test_a_row_told_by_two_imports_keeps_both_places(ledger: Ledger) -> None:
    rows = [row(minute) for minute in range(4)]
    ledger.import_readings([reading("a.csv", rows[:3])])
    report = ledger.import_readings([reading("b.csv", rows[1:])])
    assert (report.files[0].taken, report.files[0].duplicates) == (1, 2)
    places = ledger.provenances(rows[1]["row_key"])
    assert places.select("import_id", "row").rows() == [(1, 3), (2, 2)]


def test_two_equal_purchases_in_one_statement_stay_two(ledger: Ledger) -> None:
    twice = [row(0, occurrence=1), row(0, occurrence=2)]
    report = ledger.import_readings([reading("a.csv", twice), reading("b.csv", twice[:1])])
    assert report.observations == 2
    assert report.files[1].duplicates == 1


def test_the_same_file_again_adds_nothing(ledger: Ledger) -> None:
    rows = [row(minute) for minute in range(5)]
    before = ledger.import_readings([reading("a.csv", rows)])
    again = ledger.import_readings([reading("a.csv", rows)])
    assert (again.files[0].taken, again.files[0].duplicates) == (0, 5)
    assert again.observations == before.observations == 5


def test_an_older_version_stays_readable(ledger: Ledger) -> None:
    ledger.import_readings([reading("a.csv", [row(0, 1)])])
    ledger.import_readings([reading("b.csv", [row(1, 2)])])
    assert amounts(ledger, 1) == [1]
    assert amounts(ledger) == [1, 2]
    with pytest.raises(NoSuchVersion):
        ledger.view(9)


def test_an_empty_directory_is_no_ledger(ledger: Ledger) -> None:
    with pytest.raises(NoLedger):
        ledger.status()


def test_months_are_those_of_china(ledger: Ledger, tmp_path: Path) -> None:
    """23:59 and 00:01 Beijing time on the last of May are 15:59 and 16:01 UTC."""
    from datetime import UTC, datetime

    late = [
        row(time=datetime(2024, 5, 31, 15, 59, tzinfo=UTC)),
        row(time=datetime(2024, 5, 31, 16, 1, tzinfo=UTC)),
    ]
    ledger.import_readings([reading("a.csv", late)])
    table = DeltaTable(tmp_path / "ledger" / "tables" / TRANSACTIONS)
    months = table.to_pyarrow_table(columns=["month"])["month"].to_pylist()
    assert sorted(months) == ["2024-05", "2024-06"]


def test_companion_rows_deduplicate_by_what_they_tell(ledger: Ledger) -> None:
    told = [{"institution": "测试银行", "account": "6222000000000000001", "owner_name": "测试甲"}]
    other = [told[0] | {"status": "冻结"}]
    report = ledger.import_readings(
        [
            reading("账户信息1.csv", told, table=ACCOUNTS),
            reading("账户信息2.csv", told + other, table=ACCOUNTS),
        ]
    )
    assert (report.files[1].taken, report.files[1].duplicates) == (1, 1)
    assert ledger.view().scan(ACCOUNTS).collect().height == 2
    assert report.observations == 0


def test_a_reader_that_loses_rows_is_not_imported(ledger: Ledger) -> None:
    good = reading("a.csv", [row(0)])
    source = good.source

    def lossy(self: Any) -> Any:
        yield from source(self)
        self.counts.taken += 1

    good.source = lossy
    with pytest.raises(TotalsDiffer):
        ledger.import_readings([good])
    with pytest.raises(NoLedger):
        ledger.status()


def test_an_error_in_the_middle_leaves_the_version_before(ledger: Ledger) -> None:
    ledger.import_readings([reading("a.csv", [row(0, 1)])])

    def broken() -> Any:
        yield reading("b.csv", [row(1, 2)])
        raise OSError("磁盘坏了")

    with pytest.raises(OSError, match="磁盘坏了"):
        ledger.import_readings(broken())
    assert amounts(ledger) == [1]
    assert ledger.import_readings([reading("b.csv", [row(1, 2)])]).version == 2
    assert amounts(ledger) == [1, 2]
    assert list((ledger.directory / "staging").iterdir()) == []


@pytest.mark.parametrize("kept", [0, 12, 600_000])
def test_runs_on_disk_give_the_same_ledger_as_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    """Four rows a run, so that a small import goes the way of a large one.

    Of the columns, ``channel`` says one thing in some runs, nothing in others, and different things in the rest.
    """
    monkeypatch.setattr(runs, "KEPT_ROWS", kept)
    channels = ["网银"] * 20 + [None] * 20 + ["柜面", "网银", None, "手机"] * 5
    rows = [
        row(
            minute % 7,
            100 + minute // 3,
            account=f"62220000000000{minute % 3:02d}",
            purpose=f"第{minute}笔",
            channel=channels[minute],
        )
        for minute in range(60)
    ]
    files = [("a.csv", rows[:25]), ("b.csv", rows[15:])]

    def imported(name: str, run_rows: int) -> pa.Table:
        directory = tmp_path / name
        told = Importer(directory, SystemClock(), run_rows).run([reading(path, part) for path, part in files])
        assert [file.duplicates for file in told.files] == [0, 10]
        return _sorted(Ledger(directory))

    assert imported("runs", 4) == imported("memory", 1_000_000)


def test_files_are_sorted_by_account_and_time(tmp_path: Path) -> None:
    rows = [row(37 * n % 50, 100 + n, account=f"622200000000{n % 5}") for n in range(50)]
    Importer(tmp_path, SystemClock(), 8).run([reading("a.csv", rows)])
    view = Ledger(tmp_path).view()
    stored = view.scan(TRANSACTIONS).select("account", "time").collect().rows()
    assert stored == sorted(stored)


def _sorted(ledger: Ledger) -> Sequence[Any]:
    rows = ledger.view().scan(TRANSACTIONS).drop("import_id").collect()
    return rows.sort("account", "time", "purpose").rows()


def test_files_of_a_program_that_knew_fewer_columns_are_read_and_merged(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    for number in (1, 2):
        person = [
            {"name": f"演示{number}", "id_number": f"35010019900101001{number}", "institution": "演示银行"}
        ]
        ledger.import_readings([reading(f"{number}.csv", person, table=PEOPLE)])
    (earlier,) = (file.path for file in ledger.view(1).files(PEOPLE))
    place = tmp_path / "tables" / PEOPLE / earlier
    pq.write_table(pq.read_table(place, partitioning=None).drop_columns("institution"), place)
    expected = [("演示1", None), ("演示2", "演示银行")]
    assert ledger.view().scan(PEOPLE).select("name", "institution").sort("name").collect().rows() == expected
    assert ledger.compact().kind == "compact"
    assert ledger.view().scan(PEOPLE).select("name", "institution").sort("name").collect().rows() == expected

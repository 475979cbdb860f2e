"""Undo takes an import out whole; what it had crowded out as repeated counts again."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rongdun.analytics.ledger.errors import NotAnImport
from rongdun.analytics.ledger.ledger import Ledger
from rongdun.analytics.statements.schema import ACCOUNTS, REJECTS, TRANSACTIONS
from tests.analytics.ledger.hand import reading, row

ROWS = [row(minute, 100 + minute) for minute in range(12)]
PARTS = [ROWS[:6], ROWS[3:9], ROWS[5:12]]


def told(ledger: Ledger) -> dict[str, list[Any]]:
    """All that counts, without the numbers of imports: rows with the place that told them, repeats, pairs."""
    view = ledger.view()
    content = ["row_key", "occurrence", "amount_fen", "file_hash", "row"]
    rows = {
        name: sorted(view.scan(name).select(content).collect().rows())
        for name in (TRANSACTIONS, f"{TRANSACTIONS}_duplicates")
    }
    rows["rejects"] = sorted(view.scan(REJECTS).select("file", "row").collect().rows())
    rows["pairs"] = sorted(view.scan("pairs").select("left", "right", "state").collect().rows())
    return rows


def imported(directory: Path, parts: list[tuple[str, list[dict[str, Any]]]]) -> Ledger:
    ledger = Ledger(directory)
    for name, rows in parts:
        ledger.import_readings([reading(name, rows, rejects=1)])
    return ledger


@pytest.mark.parametrize("gone", [1, 2, 3])
def test_after_undo_the_ledger_is_as_if_the_import_had_never_been(tmp_path: Path, gone: int) -> None:
    names = ["a.csv", "b.csv", "c.csv"]
    parts = list(zip(names, PARTS, strict=True))
    ledger = imported(tmp_path / "with", parts)
    report = ledger.undo(gone)
    without = imported(tmp_path / "without", [part for n, part in enumerate(parts, 1) if n != gone])
    assert report.version == 4
    assert [line["version"] for line in report.imports] == [n for n in (1, 2, 3) if n != gone]
    assert told(ledger) == told(without)
    assert report.observations == without.status().observations


def test_undo_of_the_first_teller_promotes_the_second(tmp_path: Path) -> None:
    ledger = imported(tmp_path, [("a.csv", ROWS[:3]), ("b.csv", ROWS[:3])])
    ledger.undo(1)
    assert ledger.provenances(ROWS[0]["row_key"]).select("import_id", "row").rows() == [(2, 2)]
    assert ledger.status().observations == 3


def test_undo_after_compaction_separates_rows_that_share_a_file(tmp_path: Path) -> None:
    parts = [("a.csv", PARTS[0]), ("b.csv", PARTS[1]), ("c.csv", PARTS[2])]
    ledger = imported(tmp_path / "with", parts)
    assert ledger.compact().kind == "compact"
    ledger.undo(2)
    assert told(ledger) == told(imported(tmp_path / "without", [parts[0], parts[2]]))


def test_all_undone_is_empty_and_can_be_filled_again(tmp_path: Path) -> None:
    ledger = imported(tmp_path, [("a.csv", ROWS[:3]), ("b.csv", ROWS[2:5])])
    ledger.undo(1)
    report = ledger.undo(2)
    assert (report.observations, report.accounts, report.imports) == (0, 0, [])
    assert ledger.import_readings([reading("a.csv", ROWS[:3])]).files[0].taken == 3


def test_only_an_import_that_counts_can_be_undone(tmp_path: Path) -> None:
    ledger = imported(tmp_path, [("a.csv", ROWS[:3])])
    ledger.undo(1)
    for version in (1, 2):
        with pytest.raises(NotAnImport):
            ledger.undo(version)


def test_the_version_before_an_undo_stays_readable(tmp_path: Path) -> None:
    ledger = imported(tmp_path, [("a.csv", ROWS[:3]), ("b.csv", ROWS[3:5])])
    ledger.undo(1)
    assert ledger.view(2).scan(TRANSACTIONS).collect().height == 5


def test_companion_rows_come_back_too(tmp_path: Path) -> None:
    account = [{"institution": "测试银行", "account": "6222000000000000001"}]
    ledger = Ledger(tmp_path)
    for name in ("a.csv", "b.csv"):
        ledger.import_readings([reading(name, account, table=ACCOUNTS)])
    ledger.undo(1)
    assert ledger.view().scan(ACCOUNTS).collect()["import_id"].to_list() == [2]


def both_books(amount: int, minute: int) -> list[dict[str, Any]]:
    """One transfer as payer and payee have it."""
    one, two = "6222000000000000001", "6222000000000000002"
    return [
        row(minute, amount, -1, account=one, cp_account=two),
        row(minute + 0.5, amount, 1, account=two, cp_account=one),
    ]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_imports_with_any_undone_equal_those_that_remain(
    data: st.DataObject, tmp_path_factory: Any
) -> None:
    pool = [row for n in range(6) for row in both_books(1_000 + n % 3, n * 200)]
    picks = st.lists(st.sampled_from(pool), min_size=1, max_size=8, unique_by=lambda one: one["row_key"])
    parts = [(f"{n}.csv", rows) for n, rows in enumerate(data.draw(st.lists(picks, min_size=2, max_size=4)))]
    gone = data.draw(st.sets(st.integers(1, len(parts)), max_size=len(parts)))
    directory = tmp_path_factory.mktemp("undo")
    ledger = imported(directory / "with", parts)
    if data.draw(st.booleans()):
        ledger.compact()
    for version in data.draw(st.permutations(sorted(gone))):
        ledger.undo(version)
    left = [part for n, part in enumerate(parts, 1) if n not in gone]
    if left:
        assert told(ledger) == told(imported(directory / "without", left))
    else:
        assert ledger.status().observations == 0


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_and_split_of_files_gives_the_same_ledger(
    data: st.DataObject, tmp_path_factory: Any
) -> None:
    rows = [row for n in range(5) for row in both_books(1_000 + n % 2, n * 300)]
    shuffled = data.draw(st.permutations(rows))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(rows) - 1), max_size=4)))
    parts = [shuffled[start:end] for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True)]
    parts.append(data.draw(st.lists(st.sampled_from(rows), max_size=4, unique_by=lambda one: one["row_key"])))
    directory = tmp_path_factory.mktemp("split")
    ledger = Ledger(directory / "split")
    together = data.draw(st.booleans())
    readings = [reading(f"{n}.csv", part) for n, part in enumerate(parts)]
    for batch in [readings] if together else [[one] for one in readings]:
        ledger.import_readings(batch)
    whole = Ledger(directory / "whole")
    whole.import_readings([reading("整.csv", rows)])
    content = ["row_key", "occurrence", "amount_fen", "account", "time"]
    assert _rows(ledger, TRANSACTIONS, content) == _rows(whole, TRANSACTIONS, content)
    pairs = ["left", "right", "state", "score", "reason"]
    assert _rows(ledger, "pairs", pairs) == _rows(whole, "pairs", pairs)
    assert len(_rows(whole, "pairs", pairs)) == 5


def _rows(ledger: Ledger, table: str, columns: list[str]) -> list[tuple[Any, ...]]:
    return sorted(ledger.view().scan(table).select(columns).collect().rows())

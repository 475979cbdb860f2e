"""Old files go when no version to be read needs them, and nothing that counts is ever lost by it."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rongdun.analytics.ledger.errors import KeptTooShortly, NoLedger, VersionDropped
from rongdun.analytics.ledger.ledger import Ledger
from rongdun.analytics.statements.schema import TRANSACTIONS
from rongdun.kernel.clock import FixedClock, SystemClock
from tests.analytics.ledger.hand import reading, row

ROOT = Path(__file__).parents[3]
ROWS = [row(minute, 100 + minute) for minute in range(12)]
MONTH = timedelta(days=30)


def files(directory: Path) -> set[str]:
    found = (directory / "tables").rglob("part-*.parquet")
    return {str(path.relative_to(directory)) for path in found}


def named(ledger: Ledger, *versions: int) -> set[str]:
    """The files that these versions need, as their own Delta tables list them."""
    views = [ledger.view(version) for version in versions]
    return {
        f"tables/{table}/{file.path}"
        for view in views
        for table in view.manifest.tables
        for file in view.files(table)
    }


def amounts(ledger: Ledger, version: int | None = None) -> list[int]:
    return sorted(ledger.view(version).scan(TRANSACTIONS).collect()["amount_fen"].to_list())


def later(directory: Path, **span: float) -> Ledger:
    """The same ledger opened so much later."""
    return Ledger(directory, FixedClock(SystemClock().now() + timedelta(**span)))


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Imported three times (1–3), compacted (4), the second undone (5)."""
    ledger = Ledger(tmp_path)
    for name, part in (("a.csv", ROWS[:5]), ("b.csv", ROWS[3:9]), ("c.csv", ROWS[8:12])):
        ledger.import_readings([reading(name, part, rejects=1)])
    assert ledger.compact().version == 4
    assert ledger.undo(2).version == 5
    return ledger


def test_within_the_term_every_version_stays(ledger: Ledger) -> None:
    before = files(ledger.directory)
    report = later(ledger.directory, days=29).vacuum(MONTH)
    assert (report.dropped, report.kept, report.files) == ([], [1, 2, 3, 4, 5], 0)
    assert files(ledger.directory) == before


def test_after_it_only_what_the_newest_needs_is_left(ledger: Ledger) -> None:
    needed, all_before, whole = named(ledger, 5), files(ledger.directory), amounts(ledger)
    report = later(ledger.directory, days=31).vacuum(MONTH)
    assert (report.dropped, report.dropped_now, report.kept) == ([1, 2, 3, 4], [1, 2, 3, 4], [5])
    assert files(ledger.directory) == needed
    assert report.files == len(all_before) - len(needed) > 0
    assert report.bytes > 0
    assert amounts(ledger) == whole
    assert later(ledger.directory, days=32).vacuum(MONTH).dropped_now == []


def test_a_version_that_ceased_to_be_the_newest_lately_can_be_travelled_to(tmp_path: Path) -> None:
    """Version 1 was the newest for two months; one who began to read it yesterday reads on."""
    ledger = Ledger(tmp_path, FixedClock(datetime(2026, 1, 1, tzinfo=UTC)))
    ledger.import_readings([reading("a.csv", ROWS[:4])])
    today = datetime(2026, 3, 2, tzinfo=UTC)
    Ledger(tmp_path, FixedClock(today)).import_readings([reading("b.csv", ROWS[4:6])])
    Ledger(tmp_path, FixedClock(today)).compact()
    for path in (tmp_path / "tables").rglob("*.parquet"):
        os.utime(path, (today.timestamp() - 90 * 86_400,) * 2)
    tomorrow = Ledger(tmp_path, FixedClock(today + timedelta(days=1)))
    assert tomorrow.vacuum(MONTH).dropped == []
    assert amounts(tomorrow, 1) == [100, 101, 102, 103]


def test_dropped_versions_say_so_and_what_they_told_is_still_known(ledger: Ledger, tmp_path: Path) -> None:
    later(ledger.directory, days=31).vacuum(MONTH)
    for version in (1, 4):
        with pytest.raises(VersionDropped):
            ledger.view(version)
    assert ledger.status().dropped == [1, 2, 3, 4]
    assert [(line["version"], line["rejected"]) for line in ledger.status().imports] == [(1, 1), (3, 1)]
    assert ledger.write_rejects(tmp_path / "out.xlsx", 1) == 1


def test_an_import_of_a_dropped_version_is_undone_as_ever_and_what_it_crowded_out_comes_back(
    tmp_path: Path,
) -> None:
    ledger = Ledger(tmp_path)
    ledger.import_readings([reading("a.csv", ROWS[:5])])
    ledger.import_readings([reading("b.csv", ROWS[3:9])])
    ledger.compact()
    later(tmp_path, days=31).vacuum(MONTH)
    ledger.undo(1)
    assert amounts(ledger) == [100 + minute for minute in range(3, 9)]
    ledger.undo(2)
    assert amounts(ledger) == []


def test_imports_go_on_after_it(ledger: Ledger) -> None:
    later(ledger.directory, days=31).vacuum(MONTH)
    report = ledger.import_readings([reading("d.csv", [*ROWS[:2], row(99, 7)])])
    assert (report.files[0].taken, report.files[0].duplicates) == (1, 2)


def test_files_nobody_has_named_yet_are_left_alone_while_they_are_young(ledger: Ledger) -> None:
    stray = ledger.directory / "tables" / TRANSACTIONS / "month=2024-05" / "part-stray-0.parquet"
    stray.write_bytes(b"not yet named")
    late = later(ledger.directory, days=40)
    os.utime(stray, (late._clock.now().timestamp(),) * 2)
    late.vacuum(MONTH)
    assert stray.exists()


def test_killed_in_the_middle_the_ledger_is_whole_and_the_next_vacuum_goes_on(ledger: Ledger) -> None:
    needed, whole = named(ledger, 5), amounts(ledger)
    code = """
import os, signal, sys
from pathlib import Path
from rongdun.analytics.ledger.vacuum import _Vacuum
from tests.analytics.ledger.test_vacuum import MONTH, later
remove, left = _Vacuum._remove, [0] * 2
def killing(self, path):
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    left.pop()
    return remove(self, path)
_Vacuum._remove = killing
later(Path(sys.argv[1]), days=31).vacuum(MONTH)
"""
    process = subprocess.run(
        [sys.executable, "-c", code, str(ledger.directory)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"},
        check=False,
    )
    assert process.returncode == -signal.SIGKILL
    assert amounts(ledger) == whole
    assert files(ledger.directory) > needed
    with pytest.raises(VersionDropped):
        ledger.view(1)
    later(ledger.directory, days=31).vacuum(MONTH)
    assert files(ledger.directory) == needed


def test_a_ledger_must_be_there_and_a_day_is_the_least(tmp_path: Path) -> None:
    with pytest.raises(NoLedger):
        Ledger(tmp_path / "nothing").vacuum(MONTH)
    with pytest.raises(KeptTooShortly):
        Ledger(tmp_path).vacuum(timedelta(hours=23))

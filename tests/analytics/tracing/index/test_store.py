"""A ledger's index is there when asked for, of the right version, whatever was killed in the middle."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rongdun.analytics.ledger.errors import NoLedger
from rongdun.analytics.ledger.ledger import Ledger
from rongdun.analytics.tracing.index import build
from rongdun.analytics.tracing.index.store import LABELS_FILE, open_index, versions
from rongdun.analytics.tracing.model import Kind
from tests.analytics.ledger.hand import reading, row

A, B, C = (f"622200000000000000{last}" for last in (1, 2, 3))


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger(tmp_path / "ledger")
    made.import_readings([reading("a.csv", [row(at, 100 + at, cp_account=C) for at in range(5)])])
    return made


def amounts(ledger: Ledger, version: int | None = None) -> list[int]:
    index = open_index(ledger.directory, version)
    place = index.find("测试银行", A)
    start = index.accounts["start"]
    return sorted(index.rows[int(start[place]) : int(start[place + 1])]["amount"].tolist())


def test_an_import_makes_the_index_stale_and_an_undo_does_too(ledger: Ledger) -> None:
    assert amounts(ledger) == [100, 101, 102, 103, 104]
    report = ledger.import_readings([reading("b.csv", [row(9, 900, cp_account=C)])])
    assert amounts(ledger) == [100, 101, 102, 103, 104, 900]
    ledger.undo(report.version)
    assert amounts(ledger) == [100, 101, 102, 103, 104]
    assert versions(ledger.directory) == [3]
    assert amounts(ledger, 2) == [100, 101, 102, 103, 104, 900]
    assert versions(ledger.directory) == [2, 3]


def test_a_directory_without_ledger_has_no_index(tmp_path: Path) -> None:
    with pytest.raises(NoLedger):
        open_index(tmp_path)


def test_a_damaged_index_is_built_again(ledger: Ledger) -> None:
    open_index(ledger.directory)
    rows = ledger.directory / "index" / "00000001" / "rows"
    rows.write_bytes(rows.read_bytes()[:-7])
    assert amounts(ledger) == [100, 101, 102, 103, 104]


def test_an_index_in_use_stays_readable_when_it_is_cleared_away(ledger: Ledger) -> None:
    old = open_index(ledger.directory)
    ledger.import_readings([reading("b.csv", [row(9, 900, cp_account=C)])])
    open_index(ledger.directory)
    assert versions(ledger.directory) == [2]
    assert sorted(old.rows["amount"].tolist()) == sorted([100, 101, 102, 103, 104] * 2)


def test_new_labels_make_it_stale(ledger: Ledger) -> None:
    index = open_index(ledger.directory)
    assert index.accounts[index.find("", C)]["kind"] == Kind.UNKNOWN
    label = f"institution,account,kind\n,{C},币商\n"
    (ledger.directory / LABELS_FILE).write_text(label, encoding="utf-8")
    index = open_index(ledger.directory)
    assert index.accounts[index.find("", C)]["kind"] == Kind.CRYPTO


def test_a_builder_that_fails_leaves_the_older_index_and_nothing_half_done(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_index(ledger.directory)
    ledger.import_readings([reading("b.csv", [row(9, 900, cp_account=C)])])

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(build, "write_texts", full)
        with pytest.raises(OSError, match="No space"):
            open_index(ledger.directory)
    assert [path.name for path in (ledger.directory / "index").glob("[!l.]*")] == ["00000001"]
    assert amounts(ledger, 1) == [100, 101, 102, 103, 104]
    assert amounts(ledger) == [100, 101, 102, 103, 104, 900]


def test_builders_killed_in_the_middle_leave_the_older_index_usable(ledger: Ledger) -> None:
    open_index(ledger.directory)
    ledger.import_readings([reading("b.csv", [row(9, 900, cp_account=C)])])
    for wait in (0.0, 0.3, 0.9):
        with started(ledger) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(wait)
            os.kill(process.pid, signal.SIGKILL)
        assert amounts(ledger, 1) == [100, 101, 102, 103, 104]
    assert amounts(ledger) == [100, 101, 102, 103, 104, 900]
    assert not list((ledger.directory / "index").glob(".*.draft"))


def test_two_processes_that_need_it_at_once_both_get_it(ledger: Ledger) -> None:
    both = [started(ledger) for _ in range(2)]
    assert [process.communicate(timeout=120)[0].split()[-1] for process in both] == ["5", "5"]
    assert versions(ledger.directory) == [1]


def started(ledger: Ledger) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "tests.analytics.tracing.index.builder", str(ledger.directory)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[4],
    )

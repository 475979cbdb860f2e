"""Killed at any moment, the version before stays readable and the next import works; two importers do not collide."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rongdun.analytics.ledger.ledger import Ledger
from rongdun.analytics.statements.schema import TRANSACTIONS
from tests.analytics.ledger.hand import reading, row

ROOT = Path(__file__).parents[3]
ROWS = 24
KILLS = 8
LONGEST_S = 120


def start(directory: Path, name: str, first: int) -> "subprocess.Popen[str]":
    command = [
        sys.executable,
        "-m",
        "tests.analytics.ledger.importer",
        str(directory),
        name,
        str(first),
        str(ROWS),
    ]
    environment = os.environ | {"PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def amounts(ledger: Ledger) -> list[int]:
    return sorted(ledger.view().scan(TRANSACTIONS).collect()["amount_fen"].to_list())


def test_kill_9_at_random_moments(tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    ledger = Ledger(tmp_path)
    ledger.import_readings([reading("before.csv", [row(-100 + n, n + 1) for n in range(5)])])
    expected = amounts(ledger)
    for number in range(KILLS):
        versions = ledger.status().version
        with start(tmp_path, f"k{number}", number * ROWS) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "begin\n"
            time.sleep(chance.uniform(0, 0.6))
            process.send_signal(signal.SIGKILL)
        whole = expected + [1_000 + number * ROWS + n for n in range(ROWS)]
        found = amounts(ledger)
        assert found in (expected, whole), f"half an import is visible (seed {seed})"
        assert ledger.status().version == versions + (found == whole)
        expected = found
    ledger.import_readings([reading("after.csv", [row(9_000, 7)])])
    assert amounts(ledger) == sorted([*expected, 7])
    assert list((tmp_path / "staging").iterdir()) == []
    kept = {path.name for path in (tmp_path / "tables" / TRANSACTIONS).glob("**/part-*.parquet")}
    named = {
        Path(file.path).name
        for v in range(1, ledger.status().version + 1)
        for file in ledger.view(v).files(TRANSACTIONS)
    }
    assert kept == named, "files of killed imports are left over"


def test_a_table_committed_without_its_version_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The narrowest moment: every table is committed, the version is not."""
    from rongdun.analytics.ledger.manifest import Manifests

    ledger = Ledger(tmp_path)
    ledger.import_readings([reading("a.csv", [row(0, 1)])])

    def killed(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(Manifests, "commit", killed)
        with pytest.raises(SystemExit):
            ledger.import_readings([reading("b.csv", [row(1, 2)], rejects=1)])
    assert amounts(ledger) == [1]
    ledger.import_readings([reading("c.csv", [row(2, 3)])])
    assert amounts(ledger) == [1, 3]
    assert ledger.rejects().height == 0
    assert ledger.import_readings([reading("b.csv", [row(1, 2)])]).files[0].taken == 1


def test_two_importers_at_once_both_count_and_find_each_others_rows(tmp_path: Path) -> None:
    processes = [start(tmp_path, name, first) for name, first in (("x", 0), ("y", ROWS // 2))]
    for process in processes:
        with process:
            assert process.wait(LONGEST_S) == 0
    ledger = Ledger(tmp_path)
    both = ROWS + ROWS // 2
    status = ledger.status()
    assert (status.version, status.observations) == (2, both)
    assert amounts(ledger) == [1_000 + n for n in range(both)]
    told = sum(int(str(line["taken"])) + int(str(line["duplicates"])) for line in status.imports)
    assert told == 2 * (ROWS + ROWS // 2)

"""Folders of writers: a dead one is cleared whatever it was killed at, a living one never, not even while it opens."""

import fcntl
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import IO

import pytest

from rongdun.analytics.ledger.delta import Tables
from rongdun.analytics.ledger.ledger import Ledger
from rongdun.analytics.ledger.manifest import Manifest, Manifests
from rongdun.analytics.ledger.staging import recover, staging
from tests.analytics.ledger.hand import reading, row

LOOK_S = 0.3


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    Ledger(tmp_path).import_readings([reading("a.csv", [row(0, 1)])])
    return tmp_path


def recovered(directory: Path) -> Manifest:
    return recover(directory, Manifests(directory), Tables(directory))


def test_a_writer_killed_before_it_could_lock_its_folder_leaves_nothing(directory: Path) -> None:
    (directory / "staging" / "0123456789ab").mkdir()
    recovered(directory)
    assert list((directory / "staging").iterdir()) == []


def test_a_writer_killed_while_it_removed_its_folder_leaves_nothing(directory: Path) -> None:
    folder = directory / "staging" / "0123456789ab"
    folder.mkdir()
    (folder / "transactions-0.arrow").write_bytes(b"rows")
    left = directory / "tables" / "transactions" / "part-0123456789ab-0.parquet"
    left.write_bytes(b"rows")
    recovered(directory)
    assert list((directory / "staging").iterdir()) == []
    assert not left.exists()


def test_a_writer_at_work_keeps_its_folder(directory: Path) -> None:
    with staging(directory) as own:
        recovered(directory)
        assert own.folder.is_dir()
    assert not own.folder.exists()


def test_a_writer_that_is_just_opening_its_folder_keeps_it(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another looks for dead writers after the folder is made and before it is locked."""
    flock = fcntl.flock
    looks: list[Future[Manifest]] = []

    with ThreadPoolExecutor(1) as others:

        def slow(file: IO[str], how: int) -> None:
            if Path(file.name).name == ".alive" and not looks:
                looks.append(others.submit(recovered, directory))
                wait(looks, LOOK_S)
            flock(file, how)

        monkeypatch.setattr("rongdun.analytics.ledger.staging.fcntl.flock", slow)
        with staging(directory) as own:
            looks[0].result()
            assert (own.folder / ".alive").exists()

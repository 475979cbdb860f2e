"""Files written past the cache: the bytes are those that were given, and what goes wrong is told."""

import errno
import os
from pathlib import Path

import numpy as np
import pytest

from rongdun.analytics import past_cache
from rongdun.analytics.ledger import sink as sinks
from rongdun.analytics.ledger.sink import Disk

PIECE = 2 * past_cache.BLOCK


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sinks, "PIECE", PIECE)


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 5_000, 5 * PIECE])
@pytest.mark.parametrize("step", [100, 3_000, 100_000])
def test_a_file_holds_what_was_written(tmp_path: Path, size: int, step: int) -> None:
    told = np.random.default_rng(size + step).bytes(size)
    with Disk() as disk:
        sink = disk.create(tmp_path / "file")
        for start in range(0, size, step):
            piece = told[start : start + step]
            assert sink.write(piece) == len(piece)
        assert sink.tell() == size
        sink.close()
        sink.close()
    assert (tmp_path / "file").read_bytes() == told


def test_files_share_memory_and_do_not_mix(tmp_path: Path) -> None:
    with Disk() as disk:
        open_at_once = [disk.create(tmp_path / str(number)) for number in range(4)]
        for turn in range(10):
            for number, sink in enumerate(open_at_once):
                sink.write(bytes([16 * number + turn]) * 5_001)
    for number in range(4):
        told = b"".join(bytes([16 * number + turn]) * 5_001 for turn in range(10))
        assert (tmp_path / str(number)).read_bytes() == told


def test_a_file_system_without_direct_writing_is_written_as_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_DIRECT:
            raise OSError(errno.EINVAL, "no direct writing here")
        return opened(path, flags, mode)

    opened = os.open
    monkeypatch.setattr(os, "open", refuse)
    with Disk() as disk:
        disk.create(tmp_path / "file").write(b"x" * (3 * PIECE + 7))
    assert (tmp_path / "file").read_bytes() == b"x" * (3 * PIECE + 7)


@pytest.mark.parametrize("size", [10, 4 * PIECE])
def test_a_full_disk_is_told_and_leaves_no_file_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "disk full")

    monkeypatch.setattr(os, "pwrite", full)
    before = _open_files()
    with pytest.raises(OSError, match="disk full"), Disk() as disk:
        disk.create(tmp_path / "file").write(b"x" * size)
    assert _open_files() == before


def _open_files() -> set[str]:
    return {file.name for file in Path("/proc/self/fd").iterdir() if file.exists()}

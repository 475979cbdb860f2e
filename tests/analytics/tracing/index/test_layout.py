"""The files of an index hold what a plain sort of both lists holds, however they were laid out and written."""

import errno
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from rongdun.analytics.past_cache import BLOCK, BlockFile
from rongdun.analytics.tracing.index import build, layout, lists, texts
from rongdun.analytics.tracing.index.build import Material, write_index
from rongdun.analytics.tracing.index.columns import ACCOUNT_COLUMNS, Transfers, no_levels
from rongdun.analytics.tracing.index.hashing import hash_of
from rongdun.analytics.tracing.index.opened import TraceIndex
from rongdun.analytics.tracing.model import NOBODY
from tests.analytics.tracing.index import plain

ACCOUNTS = 3_000
MOVES = 20_000


def _transfers() -> Transfers:
    """Transfers out of order, a few accounts busy, some sides nobody's, many at one moment."""
    random = np.random.default_rng(7)
    busy = (random.random((2, MOVES)) ** 3 * ACCOUNTS).astype(np.int32)
    busy[random.random((2, MOVES)) < 0.05] = NOBODY
    return Transfers(
        busy[0],
        busy[1],
        random.integers(1, 1 << 60, MOVES),
        random.integers(-500, 500, MOVES),
        random.integers(0, 6, MOVES).astype(np.uint8),
        random.integers(0, 8, MOVES).astype(np.uint8) * np.uint8(layout.REFUND),
        random.integers(0, 1 << 16, MOVES).astype(np.uint16),
        random.integers(0, 1 << 16, MOVES).astype(np.uint16),
    )


def _accounts() -> pl.DataFrame:
    aliases = ["", "7000000000000001", layout.SEPARATOR.join(["7000000000000002", "7000000000000003"])]
    rows = [
        ["测试银行", f"6222{at // 2:012d}", f"测试{at}", aliases[at % 3], at % 7, at % 4 > 0, at, 2 * at]
        for at in range(ACCOUNTS)
    ]
    return pl.DataFrame(rows, schema=ACCOUNT_COLUMNS, orient="row")


def _sorted(moves: Transfers, accounts: pl.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    """Both lists by one stable sort over account and time."""
    rows = np.zeros(2 * MOVES, layout.ROW)
    own = np.empty(2 * MOVES, np.int64)
    sides = (moves.payer, moves.payee), (moves.payer_place, moves.payee_place)
    for way in (0, 1):
        half = rows[way::2]
        own[way::2] = sides[0][way]
        half["other"], half["own_place"], half["other_place"] = (
            sides[0][1 - way],
            sides[1][way],
            sides[1][1 - way],
        )
        half["time"], half["amount"], half["end"] = moves.time, moves.amount, moves.end
        half["bits"], half["row"] = moves.bits | (layout.INCOMING * way), np.arange(MOVES)
    degree = np.bincount(own[own >= 0], minlength=ACCOUNTS)
    known = rows["other"] >= 0
    standing = accounts["kind"].to_numpy() | (accounts["observed"].to_numpy() * np.uint8(layout.OBSERVED))
    rows["standing"][known] = standing[rows["other"][known]]
    lengths = np.array([int(one).bit_length() for one in degree], np.uint8)
    rows["degree"][known] = lengths[rows["other"][known]]
    order = np.lexsort((np.arange(2 * MOVES), rows["time"], own))
    return rows[order[own[order] >= 0]]


@pytest.mark.parametrize(("group", "bundle"), [(1 << 26, 1 << 23), (1 << 17, 1 << 12), (320, 320)])
@pytest.mark.parametrize("past_cache", [0, 1 << 60])
def test_both_lists_of_every_account_lie_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, group: int, bundle: int, past_cache: int
) -> None:
    monkeypatch.setattr(build, "PAST_CACHE", past_cache)
    monkeypatch.setattr(lists, "BUNDLE_BYTES", bundle)
    moves, accounts = _transfers(), _accounts()
    write_index(Material(moves, accounts, no_levels(), {}), tmp_path / "1", 1, group_bytes=group)
    written = np.fromfile(tmp_path / "1" / layout.ROWS, layout.ROW)
    assert written.tobytes() == _sorted(moves, accounts).tobytes()


def test_a_full_disk_ends_the_build_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "磁盘已满")

    monkeypatch.setattr(BlockFile, "put", full)
    with pytest.raises(OSError, match="磁盘已满"):
        write_index(Material(_transfers(), _accounts(), no_levels(), {}), tmp_path / "1", 1, group_bytes=320)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("part", [7, ACCOUNTS // 3, ACCOUNTS])
def test_accounts_written_part_by_part_are_the_accounts_written_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    def written(name: str) -> list[bytes]:
        write_index(Material(plain.columns([]), _accounts(), no_levels(), {}), tmp_path / name, 1)
        return [(tmp_path / name / file).read_bytes() for file in (layout.ACCOUNTS, layout.TEXTS)]

    at_once = written("once")
    monkeypatch.setattr(texts, "_PART", part)
    assert written("parts") == at_once
    index = TraceIndex(tmp_path / "parts")
    assert [index.card(at)[1:] for at in (0, part - 1, ACCOUNTS - 1)] == [
        (f"6222{at // 2:012d}", f"测试{at}") for at in (0, part - 1, ACCOUNTS - 1)
    ]


def test_numbers_lie_in_order_of_their_hashes(tmp_path: Path) -> None:
    accounts = _accounts()
    write_index(Material(plain.columns([]), accounts, no_levels(), {}), tmp_path / "1", 1)
    own = [(hash_of(number.encode()), at) for at, number in enumerate(accounts["number"])]
    others = [
        (hash_of(number.encode()), at)
        for at, told in enumerate(accounts["aliases"])
        for number in told.split(layout.SEPARATOR)
        if number
    ]
    keys = np.fromfile(tmp_path / "1" / layout.KEYS, layout.KEY)
    assert keys.tolist() == sorted(own + others, key=lambda key: key[0])


def test_a_file_written_past_the_cache_holds_every_piece(tmp_path: Path) -> None:
    random = np.random.default_rng(7)
    whole = random.integers(0, 256, 40 * BLOCK + 77, np.uint8)
    cuts = [
        0,
        5,
        BLOCK - 1,
        BLOCK,
        3 * BLOCK,
        3 * BLOCK + 9,
        11 * BLOCK + 32,
        11 * BLOCK + 64,
        30 * BLOCK,
        len(whole),
    ]
    pieces = list(pairwise(cuts))
    with BlockFile(tmp_path / "file", past_cache=True) as file:
        for begin, end in reversed(pieces):
            assert file.put(whole[begin:end], begin) == end
    assert (tmp_path / "file").read_bytes() == whole.tobytes()

"""Lay out the lists of all accounts, a group of accounts at a time, and write each where it belongs."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, Final

import numpy as np

from rongdun.analytics.past_cache import BLOCK, BlockFile, Bytes, room_of
from rongdun.analytics.tracing.index import fill_kernel
from rongdun.analytics.tracing.index.columns import Places, Transfers
from rongdun.analytics.tracing.index.layout import ROW
from rongdun.analytics.tracing.model import Int64s

GROUPS: Final = 24
LEAST_GROUP: Final = 1 << 26
MOST_GROUP: Final = 1 << 29
"""Bytes of one group's lists. The transfers are read once for each group, so there are few groups, if large ones."""

BUNDLE_BYTES: Final = 1 << 23
"""About what a bundle's lists take: the processor's cache holds it."""

WORKERS: Final = 3
"""Groups at a time: one more than the least of processors, as writing waits for the disk."""

_PART: Final = 1 << 21


@dataclass(frozen=True, slots=True)
class Lists:
    """What the lists are made of; ``starts`` has one more than there are accounts, ``traits`` as ``traits_of``."""

    transfers: Transfers
    starts: Int64s
    traits: Places


def group_bytes_of(rows: int) -> int:
    """Return how many bytes of so many rows in the lists make a group."""
    return min(max(rows * ROW.itemsize // GROUPS, LEAST_GROUP), MOST_GROUP)


def groups(starts: Int64s, group_rows: int) -> list[tuple[int, int]]:
    """Divide accounts into ranges whose lists have at most ``group_rows`` rows; a longer list is a range alone."""
    ranges = []
    first = 0
    while first < len(starts) - 1:
        end = int(np.searchsorted(starts, starts[first] + group_rows, "right")) - 1
        end = max(end, first + 1)
        ranges.append((first, end))
        first = end
    return ranges


def write_lists(lists: Lists, file: BlockFile, group_bytes: int) -> None:
    """Write every account's list, in order of time, as ``layout.ROW``; some groups at a time."""
    ranges = groups(lists.starts, group_bytes // ROW.itemsize)
    longest = max((int(lists.starts[end] - lists.starts[first]) for first, end in ranges), default=0)
    free: SimpleQueue[Bytes] = SimpleQueue()
    for _ in range(min(WORKERS, len(ranges))):
        free.put(
            room_of(longest * ROW.itemsize)
        )  # used again: fresh memory costs more than what is put in it

    def write(limits: tuple[int, int]) -> None:
        room = free.get()
        try:
            _write_group(lists, limits, room, file)
        finally:  # a full disk must end the build, not leave the others waiting
            free.put(room)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(write, ranges))


def _write_group(lists: Lists, limits: tuple[int, int], room: Bytes, file: BlockFile) -> None:
    """Stage the rows of a range of accounts in ``room``, then write bundle after bundle."""
    first, end = limits
    bits = _bits(int(lists.starts[end] - lists.starts[first]), end - first)
    bounds = np.append(np.arange(first, end, 1 << bits), end)
    ends = lists.starts[bounds] - lists.starts[first]
    staged = _words(room[: int(ends[-1]) * ROW.itemsize])
    cursor = ends[:-1].copy()
    for base, part in _parts(lists.transfers):
        fill_kernel.stage(
            staged, cursor, (first, end - first, bits), base, part[0], part[1], part[2], part[3]
        )
    out = room_of(int(np.diff(ends).max()) * ROW.itemsize + BLOCK)
    for at in range(len(bounds) - 1):
        offset = int(lists.starts[bounds[at]]) * ROW.itemsize
        rows = out[offset % BLOCK :][: int(ends[at + 1] - ends[at]) * ROW.itemsize]
        local = lists.starts[bounds[at] : bounds[at + 1] + 1] - lists.starts[bounds[at]]
        fill_kernel.place(staged[ends[at] : ends[at + 1]], _words(rows), local[:-1].copy(), lists.traits)
        fill_kernel.order(rows.view(ROW), local)
        file.put(rows, offset)


def _bits(rows: int, accounts: int) -> int:
    """Return how many bits number the accounts of a bundle."""
    bundles = max(1, rows * ROW.itemsize // BUNDLE_BYTES)
    return min((accounts // bundles).bit_length(), fill_kernel.MOST_BITS)


def _words(rows: Bytes) -> fill_kernel.Words:
    return rows.view(np.uint64).reshape(-1, ROW.itemsize // 8)


def _parts(transfers: Transfers) -> Iterator[tuple[int, Any]]:
    """Yield parts of the columns, paired as the kernel takes them, with the row number each begins with."""
    for base in range(0, len(transfers), _PART):
        part = slice(base, base + _PART)
        yield (
            base,
            (
                (transfers.payer[part], transfers.payee[part]),
                (transfers.amount[part], transfers.time[part]),
                (transfers.end[part], transfers.bits[part]),
                (transfers.payer_place[part], transfers.payee_place[part]),
            ),
        )

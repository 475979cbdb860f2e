"""Lay out the lists of all accounts, a group of accounts at a time, and write each where it belongs."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from rongdun.analytics.tracing.index import fill_kernel
from rongdun.analytics.tracing.index.columns import Places, Transfers
from rongdun.analytics.tracing.index.files import BLOCK, Bytes, IndexFile, room_of
from rongdun.analytics.tracing.index.layout import ROW
from rongdun.analytics.tracing.model import Int64s

GROUP_BYTES: Final = 1 << 27
"""Memory of one group's lists: smaller ones lie nearer to the processor, larger ones read the transfers less often."""

WORKERS: Final = 3
"""Groups at a time: one more than the least of processors, as writing waits for the disk."""

_PART: Final = 1 << 21
_WORDS: Final = ROW.itemsize // 8


@dataclass(frozen=True, slots=True)
class Lists:
    """What the lists are made of; ``starts`` has one more than there are accounts, ``traits`` as ``traits_of``."""

    transfers: Transfers
    starts: Int64s
    traits: Places


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


def write_lists(lists: Lists, file: IndexFile, group_bytes: int) -> None:
    """Write every account's list, in order of time, as ``layout.ROW``; some groups at a time."""
    starts = lists.starts
    ranges = groups(starts, group_bytes // ROW.itemsize)
    longest = max((int(starts[end] - starts[first]) for first, end in ranges), default=0)
    free: SimpleQueue[Bytes] = SimpleQueue()
    for _ in range(min(WORKERS, len(ranges))):
        free.put(
            room_of(longest * ROW.itemsize + BLOCK)
        )  # used again: fresh memory costs more than what is put in it

    def write(limits: tuple[int, int]) -> None:
        room = free.get()
        offset = int(starts[limits[0]]) * ROW.itemsize
        file.put(_laid_out(lists, limits, room[offset % BLOCK :]), offset)
        free.put(room)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(write, ranges))


def _laid_out(lists: Lists, limits: tuple[int, int], room: Bytes) -> npt.NDArray[np.void]:
    """Return the lists of a range of accounts, in ``room``."""
    first, end = limits
    local = lists.starts[first : end + 1] - lists.starts[first]
    rows = room[: int(local[-1]) * ROW.itemsize]
    words = rows.view(np.uint64).reshape(-1, _WORDS)
    cursor = local[:-1].copy()
    for base, part in _parts(lists.transfers):
        fill_kernel.fill(words, cursor, first, base, part[0], part[1], part[2], part[3], lists.traits)
    fill_kernel.order(rows.view(ROW), local)
    return rows.view(ROW)


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

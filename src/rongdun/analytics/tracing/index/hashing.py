"""FNV-1a over a number's bytes, and a hash table of whole numbers that grows with what is put in. Compiled.

The table holds no more than a trace touches: nothing here is as long as the ledger has accounts.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from rongdun.analytics.tracing.index.compiled import entry, helper, whole
from rongdun.analytics.tracing.model import Int64s

Bytes = npt.NDArray[np.uint8]
Hashes = npt.NDArray[np.uint64]

FREE: Final = -1
_BASIS: Final = 0xCBF29CE484222325
_PRIME: Final = 0x100000001B3
_MASK: Final = (1 << 64) - 1
_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)


def hash_of(text: bytes) -> int:
    """Return the 64-bit FNV-1a hash of one number (Fowler, Noll, Vo)."""
    value = _BASIS
    for byte in text:
        value = ((value ^ byte) * _PRIME) & _MASK
    return value


@entry
def hashes_of(blob: Bytes, starts: Int64s, lengths: Int64s) -> Hashes:
    """Return the hashes of many texts in one blob."""
    found = np.empty(len(starts), np.uint64)
    for place in range(len(starts)):
        value = np.uint64(_BASIS)
        for at in range(starts[place], starts[place] + lengths[place]):
            value = (value ^ np.uint64(blob[at])) * np.uint64(_PRIME)
        found[place] = value
    return found


@helper
def table_for(count: int) -> Int64s:
    """Return an empty table with room for ``count`` keys: one row a slot, key and value."""
    size = 16
    while size < 2 * count:
        size *= 2
    return np.full((size, 2), FREE, np.int64)


@helper
def slot_of(table: Int64s, key: int) -> int:
    """Return the slot that holds ``key``, or the free slot where it belongs."""
    mask = np.int64(table.shape[0] - 1)
    at = np.int64((np.uint64(key) * _SPREAD) >> np.uint64(20)) & mask
    while table[at, 0] != FREE and table[at, 0] != key:
        at = (at + 1) & mask
    return whole(at)


@helper
def grown(table: Int64s) -> Int64s:
    """Return the table with twice the room."""
    larger = np.full((2 * table.shape[0], 2), FREE, np.int64)
    for at in range(table.shape[0]):
        if table[at, 0] != FREE:
            larger[slot_of(larger, table[at, 0])] = table[at]
    return larger

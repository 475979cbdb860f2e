"""The table of numbers, compiled: sorted by hash without a sort, as hashes fall evenly into short buckets."""

from typing import Any

import numpy as np
import numpy.typing as npt

from rongdun.analytics.tracing.index.compiled import entry, helper
from rongdun.analytics.tracing.index.hashing import Hashes

Starts = npt.NDArray[np.uint32]
Words = npt.NDArray[np.uint32]


@entry
def bucket_starts(hashes: Hashes, bits: int) -> Starts:
    """Return where in the sorted hashes each beginning of a hash starts, by its first ``bits``, and the end."""
    starts = np.zeros((1 << bits) + 1, np.uint32)
    for value in hashes:
        starts[(value >> np.uint64(64 - bits)) + np.uint64(1)] += np.uint32(1)
    for at in range(1, len(starts)):
        starts[at] += starts[at - 1]
    return starts


@entry
def in_buckets(hashes: Hashes, accounts: Starts, starts: Starts, bits: int) -> Words:
    """Return hash and account as ``layout.KEY`` has them, three words each, by hash, equal ones as they came."""
    found = np.empty((len(hashes), 3), np.uint32)
    filled = np.zeros(1 << bits, np.uint32)
    for place in range(len(hashes)):
        value = hashes[place]
        bucket = np.int64(value >> np.uint64(64 - bits))
        begin = np.int64(starts[bucket])
        at = begin + np.int64(filled[bucket])
        filled[bucket] += np.uint32(1)
        while at > begin and _hash(found, at - 1) > value:
            found[at] = found[at - 1]
            at -= 1
        found[at, 0] = np.uint32(value & np.uint64(0xFFFFFFFF))
        found[at, 1] = np.uint32(value >> np.uint64(32))
        found[at, 2] = accounts[place]
    return found


@helper
def _hash(found: Words, at: Any) -> Any:
    return np.uint64(found[at, 0]) | (np.uint64(found[at, 1]) << np.uint64(32))

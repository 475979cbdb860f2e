"""Which allocator holds the rows of an import: one that gives memory back slowly, because taking it anew is dear."""

import ctypes
from functools import cache
from typing import Final

import pyarrow as pa

_BEST: Final = "jemalloc"
_DECAY_MS: Final = 5_000
"""So long freed pages are kept; an import needs as many again within a second."""

_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
_KEPT_BYTES: Final = 32 << 20
"""glibc keeps freed blocks up to this size for the next block of rows; parameters of mallopt(3)."""


def settle_memory() -> None:
    """Let Arrow use jemalloc where it is built in, and the C library keep what NumPy frees.

    Measured here, page faults of the defaults doubled an import.
    """
    if _BEST in pa.supported_memory_backends() and pa.default_memory_pool().backend_name != _BEST:
        pa.set_memory_pool(pa.jemalloc_memory_pool())
        pa.jemalloc_set_decay_ms(_DECAY_MS)
    _keep_freed()


def give_back() -> None:
    """Return memory that no row needs any more, between two stages of an import."""
    pa.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


@cache
def _keep_freed() -> None:
    """Do so once a process; another C library than glibc has no such setting and is left as it is."""
    setting = getattr(ctypes.CDLL(None), "mallopt", None)
    if setting is not None:
        setting(_MMAP_THRESHOLD, _KEPT_BYTES)
        setting(_TRIM_THRESHOLD, _KEPT_BYTES)

"""Memory that is kept between two uses, because taking it anew is dear: up to 5 µs a page."""

import ctypes
from functools import cache
from typing import Final

import pyarrow as pa

_BEST: Final = "jemalloc"
_DECAY_MS: Final = 5_000
"""So long freed pages are kept; an import needs as many again within a second."""

_TRIM_THRESHOLD: Final = -1
_TOP_PAD: Final = -2
_MMAP_THRESHOLD: Final = -3
_KEPT_BLOCK: Final = 32 << 20
_KEPT_BYTES: Final = 128 << 20
"""Parameters of mallopt(3): glibc keeps freed blocks up to the one size, the largest it takes, and at the end of its
memory and of each thread's up to the other. A trace of a thousand victims frees some 60 MB at its end.
"""


def settle_memory() -> None:
    """Let Arrow use jemalloc where it is built in, which gives back slowly, and the C library keep what NumPy frees.

    Measured here, page faults of the defaults doubled an import.
    """
    if _BEST in pa.supported_memory_backends() and pa.default_memory_pool().backend_name != _BEST:
        pa.set_memory_pool(pa.jemalloc_memory_pool())
        pa.jemalloc_set_decay_ms(_DECAY_MS)
    keep_freed()


def give_back() -> None:
    """Return memory that nobody needs any more: between two stages of an import, after the last large trace."""
    pa.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


@cache
def keep_freed() -> None:
    """Let the C library keep what NumPy frees, from now on in this process.

    Another C library than glibc has no such setting and is left as it is.
    """
    setting = getattr(ctypes.CDLL(None), "mallopt", None)
    if setting is not None:
        setting(_MMAP_THRESHOLD, _KEPT_BLOCK)
        setting(_TRIM_THRESHOLD, _KEPT_BYTES)
        setting(_TOP_PAD, _KEPT_BYTES)

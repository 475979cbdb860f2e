"""How a compiled loop is kept on disk between runs, for every package of loops. Pure.

Numba looks for changes only in the file of the function itself. A loop takes code and constants from its neighbours
too, and a stale one would hand out wrong numbers after an upgrade: so what is on disk is stamped with all files of a
package.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeAlias

import numba

Stamp: TypeAlias = tuple[tuple[str, int, int], ...]
"""Name, time of change and size of each file."""

_njit: Any = numba.njit  # takes options that its declared type does not name


def stamp_of(files: Iterable[Path]) -> Stamp:
    """Return what changes when one of the files does."""
    return tuple((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in sorted(files))


def kept_on_disk(function: Callable[..., Any], stamp: Stamp, **options: Any) -> Any:
    """Compile on first use, from disk where this stamp's version was compiled before; without Python's lock.

    ``options`` are numba's, among them ``_nrt=False``: without reference counts, for loops that make no arrays.
    """
    kernel = _njit(nogil=True, cache=True, **options)(function)
    kernel._cache._cache_file._source_stamp = stamp  # numba offers no public way
    return kernel

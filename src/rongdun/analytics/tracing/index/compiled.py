"""How a loop of the index is compiled: entries are kept on disk between runs, helpers go into what calls them.

Numba looks for changes only in the file of the function itself; a stale entry would hand out wrong numbers. So the
stamp of each entry on disk is that of all files a kernel takes code or constants from.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, cast

import numba
import numpy as np

F = TypeVar("F", bound=Callable[..., Any])

Records: TypeAlias = Any
"""An array of ``layout``'s records, or one of them: fields are read by name."""


def helper(function: F) -> F:
    """Compile as a part of what calls it."""
    return cast(F, numba.njit(nogil=True)(function))


def entry(function: F) -> F:
    """Compile on first use, from disk where this version was compiled before; without Python's lock."""
    kernel: Any = numba.njit(nogil=True, cache=True)(function)
    kernel._cache._cache_file._source_stamp = _stamp()  # numba offers no public way
    return cast(F, kernel)


whole: Callable[[Any], int] = cast(Callable[[Any], int], np.int64)
"""A number out of an array as a signed 64-bit one."""


def _stamp() -> tuple[tuple[str, int, int], ...]:
    here = Path(__file__).parent
    files = [
        *sorted(here.glob("*_kernel.py")),
        here / "hashing.py",
        here / "layout.py",
        here.parent / "model.py",
    ]
    return tuple((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in files)

"""How a loop over flows is compiled: entries are kept on disk between runs, helpers go into what calls them.

Numba looks for changes only in the file of the function itself; a stale entry would hand out wrong numbers. So the
stamp of each entry on disk is that of every file of patterns and signs.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])


def helper(function: F) -> F:
    """Compile as a part of what calls it."""
    return cast(F, numba.njit(nogil=True)(function))


def entry(function: F) -> F:
    """Compile on first use, from disk where this version was compiled before; without Python's lock."""
    kernel: Any = numba.njit(nogil=True, cache=True)(function)
    kernel._cache._cache_file._source_stamp = _stamp()  # numba offers no public way
    return cast(F, kernel)


def _stamp() -> tuple[tuple[str, int, int], ...]:
    here = Path(__file__).parent
    files = sorted([*here.glob("*.py"), *(here.parent / "signs").glob("*.py")])
    return tuple((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in files)

"""How a loop over flows is compiled: entries are kept on disk between runs, helpers go into what calls them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

from rongdun.analytics.loops import kept_on_disk, stamp_of

F = TypeVar("F", bound=Callable[..., Any])


_HERE = Path(__file__).parent
_STAMP = stamp_of([*_HERE.glob("*.py"), *(_HERE.parent / "signs").glob("*.py")])


def helper(function: F) -> F:
    """Compile as a part of what calls it."""
    return cast(F, numba.njit(nogil=True)(function))


def entry(function: F) -> F:
    """Compile on first use, from disk where this version was compiled before; without Python's lock."""
    return cast(F, kept_on_disk(function, _STAMP))

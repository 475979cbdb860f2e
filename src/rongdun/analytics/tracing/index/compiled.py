"""How a loop of the index is compiled: entries are kept on disk between runs, helpers go into what calls them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, cast

import numba
import numpy as np

from rongdun.analytics import ahead
from rongdun.analytics.loops import kept_on_disk, stamp_of

F = TypeVar("F", bound=Callable[..., Any])

Records: TypeAlias = Any
"""An array of ``layout``'s records, or one of them: fields are read by name."""


_HERE = Path(__file__).parent
_STAMP = stamp_of(
    [
        *_HERE.glob("*_kernel.py"),
        _HERE / "hashing.py",
        _HERE / "layout.py",
        _HERE.parent / "model.py",
        Path(ahead.__file__),
    ]
)


def helper(function: F) -> F:
    """Compile as a part of what calls it."""
    return cast(F, numba.njit(nogil=True)(function))


def entry(function: F) -> F:
    """Compile on first use, from disk where this version was compiled before; without Python's lock."""
    return cast(F, kept_on_disk(function, _STAMP))


whole: Callable[[Any], int] = cast(Callable[[Any], int], np.int64)
"""A number out of an array as a signed 64-bit one."""

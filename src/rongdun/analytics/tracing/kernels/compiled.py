"""How a loop of tracing is compiled: types given, so that it loads from disk at import and never compiles in a call."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np

from rongdun.analytics import ahead
from rongdun.analytics.loops import kept_on_disk, stamp_of

F = TypeVar("F", bound=Callable[..., Any])

_njit: Any = numba.njit
_STAMP = stamp_of([*Path(__file__).parent.glob("*.py"), Path(ahead.__file__)])


def compiled(function: F) -> F:
    """Compile as a part of what calls it; it has no entry on disk of its own. It may not allocate arrays.

    Without numba's reference counts (``_nrt``) the arrays of a book cost nothing to hand on; with them the loops take
    minutes to compile. Always in line: a call would hand on all that describes a book's arrays, a hundred numbers.
    """
    return cast(F, _njit(nogil=True, _nrt=False, forceinline=True)(function))


def compiled_with_memory(function: F) -> F:
    """Compile as :func:`compiled` does, where arrays or lists are made."""
    return cast(F, _njit(nogil=True)(function))


def compiled_as(signature: str) -> Callable[[F], F]:
    """Compile for the one ``signature`` at import, or load what this version compiled before; without the GIL."""

    def compile_for_all(function: F) -> F:
        kernel = kept_on_disk(function, _STAMP)
        kernel.compile(signature)
        kernel.disable_compile()
        return cast(F, kernel)

    return compile_for_all


whole: Callable[[Any], int] = cast(Callable[[Any], int], np.int64)
"""A number out of an array as a signed 64-bit one."""

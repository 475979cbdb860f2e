"""How a loop of tracing is compiled: types given, so that it loads from disk at import and never compiles in a call.

Numba notices a changed file only for functions of that file: what calls one another stands in one file, or the cache
is cleared when a helper changes (``make clean`` does).
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile ``function`` with numba on first use; releases the GIL, so that threads overlap."""
    return cast(F, numba.njit(nogil=True, cache=True)(function))


def compiled_as(signature: str) -> Callable[[F], F]:
    """Compile for the one ``signature`` at import, from disk where it has been compiled before."""
    return cast(Callable[[F], F], numba.njit(signature, nogil=True, cache=True))


whole: Callable[[Any], int] = cast(Callable[[Any], int], np.int64)
"""A number out of an array as a signed 64-bit one."""

"""Asking the processor for memory before it is needed, in compiled loops that jump about in it.

A jump to memory that is in no cache costs as much as a hundred steps, and the next jump often hangs on what is found
there. Places that are known some steps before can be fetched meanwhile. Results never hang on it.
"""

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

_READ, _KEEP, _DATA = 0, 3, 1
"""Arguments of ``llvm.prefetch``: for reading, into all caches, of data."""


_pointer: Any = cgutils.get_item_pointer  # has no types


def _fetch(_: Any, array: Any, row: Any) -> Any:
    """Return the types of a call and what writes it into a loop, as numba asks of an intrinsic."""
    places = [types.intp] * array.ndim

    def generated(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = signature.args[0]
        held = context.make_array(kind)(context, builder, arguments[0])
        first = context.cast(builder, arguments[1], signature.args[1], types.intp)
        at = [first, *(context.get_constant(place, 0) for place in places[1:])]
        address = _pointer(context, builder, kind, held, at, wraparound=False)
        byte, whole = ir.IntType(8).as_pointer(), ir.IntType(32)
        takes = ir.FunctionType(ir.VoidType(), (byte, whole, whole, whole))
        asked = builder.module.declare_intrinsic("llvm.prefetch", (byte,), takes)
        builder.call(asked, [builder.bitcast(address, byte), whole(_READ), whole(_KEEP), whole(_DATA)])
        return context.get_dummy_value()

    return types.void(array, row), generated


fetch = cast(Callable[[Any, Any], None], intrinsic(_fetch))
"""Ask for the line of memory where ``array[row]`` begins, of a table the row's first column. ``row`` must be in it."""

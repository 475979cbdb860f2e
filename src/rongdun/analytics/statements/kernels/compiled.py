"""The one way a loop is compiled here: without Python's lock, kept on disk between runs. Pure."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from rongdun.analytics.loops import kept_on_disk, stamp_of

F = TypeVar("F", bound=Callable[..., Any])

Bytes = np.ndarray[Any, np.dtype[np.uint8]]
Places = np.ndarray[Any, np.dtype[np.int32]]
Numbers = np.ndarray[Any, np.dtype[np.int64]]
Marks = np.ndarray[Any, np.dtype[np.int8]]
Hashes = np.ndarray[Any, np.dtype[np.uint64]]


_STAMP = stamp_of(Path(__file__).parent.glob("*.py"))


def compiled(function: F) -> F:
    """Compile ``function`` with numba on first use; releases the GIL, so that threads overlap."""
    return cast(F, kept_on_disk(function, _STAMP))


def compiled_bare(function: F) -> F:
    """Compile likewise a loop that makes no arrays: without reference counts, which cost more than its work."""
    return cast(F, kept_on_disk(function, _STAMP, _nrt=False))


def compiled_within(function: F) -> F:
    """Compile likewise a loop's small part, into the loop itself: a call hands over seven fields an array."""
    return cast(F, kept_on_disk(function, _STAMP, _nrt=False, forceinline=True))


_ABREAST = 32
"""Bytes compared at once: a register of most processors of today; where it is narrower, the compiler takes two."""

_memcpy: Callable[..., Any] = cgutils.raw_memcpy


@intrinsic
def _copy_bytes(_typing: Any, target: Any, place: Any, source: Any, start: Any, count: Any) -> Any:
    """Copy ``count`` bytes from ``source[start:]`` to ``target[place:]``; only inside compiled loops, unchecked."""
    signature = types.void(target, place, source, start, count)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        to, at, from_, begin, length = arguments
        pointers = []
        for kind, value, offset in ((signature.args[0], to, at), (signature.args[2], from_, begin)):
            data = context.make_array(kind)(context, builder, value).data
            pointers.append(builder.gep(data, [_as_word(context, builder, offset)]))
        _memcpy(builder, pointers[0], pointers[1], _as_word(context, builder, length), 1)
        return context.get_dummy_value()

    return signature, generate


copy_bytes: Callable[[Bytes, int, Bytes, int, int], None] = cast(Any, _copy_bytes)
"""``copy_bytes(target, place, source, start, count)``."""


@intrinsic
def _load_word(_typing: Any, source: Any, place: Any) -> Any:
    """Return the eight bytes from ``source[place:]`` as one number, first byte lowest; unchecked."""
    signature = types.uint64(source, place)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = _pointer(context, builder, signature.args[0], *arguments, bits=64)
        return builder.load(pointer, align=1)

    return signature, generate


@intrinsic
def _store_word(_typing: Any, target: Any, place: Any, _word: Any) -> Any:
    """Write eight bytes to ``target[place:]``, the lowest first; unchecked."""
    signature = types.void(target, place, types.uint64)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = _pointer(context, builder, signature.args[0], *arguments[:2], bits=64)
        builder.store(arguments[2], pointer, align=1)
        return context.get_dummy_value()

    return signature, generate


@intrinsic
def _trailing_zeros(_typing: Any, _word: Any) -> Any:
    """Return how many of the lowest bits are zero; 64 for zero."""
    signature = types.int64(types.uint64)

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return signature, generate


@intrinsic
def _find_three(_typing: Any, source: Any, place: Any, _one: Any, _two: Any, _three: Any) -> Any:
    """Return a bit for each of the 32 bytes from ``source[place:]``: whether it is one of three; unchecked."""
    signature = types.uint32(source, place, types.uint8, types.uint8, types.uint8)

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        wide = ir.VectorType(ir.IntType(8), _ABREAST)
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        begin = builder.gep(data, [_as_word(context, builder, arguments[1])])
        bytes_ = builder.load(builder.bitcast(begin, wide.as_pointer()), align=1)
        found = ir.Constant(ir.VectorType(ir.IntType(1), _ABREAST), [0] * _ABREAST)
        nothing, first = ir.Constant(wide, ir.Undefined), ir.Constant(ir.IntType(32), 0)
        zeros = ir.Constant(ir.VectorType(ir.IntType(32), _ABREAST), [0] * _ABREAST)
        for wanted in arguments[2:]:
            same = builder.insert_element(nothing, wanted, first)
            spread = builder.shuffle_vector(same, nothing, zeros)
            found = builder.or_(found, builder.icmp_unsigned("==", bytes_, spread))
        return builder.bitcast(found, ir.IntType(_ABREAST))

    return signature, generate


@intrinsic
def _count_ones(_typing: Any, _word: Any) -> Any:
    """Return how many bits of a number of 32 bits are one."""
    signature = types.uint32(types.uint32)

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return signature, generate


@intrinsic
def _swapped(_typing: Any, _word: Any) -> Any:
    """Return the number whose bytes stand the other way round."""
    signature = types.uint64(types.uint64)

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.bswap(arguments[0])

    return signature, generate


load_word: Callable[[Bytes, int], np.uint64] = cast(Any, _load_word)
store_word: Callable[[Bytes, int, np.uint64], None] = cast(Any, _store_word)
trailing_zeros: Callable[[np.uint64], int] = cast(Any, _trailing_zeros)
find_three: Callable[[Bytes, int, np.uint8, np.uint8, np.uint8], np.uint32] = cast(Any, _find_three)
"""``find_three(data, at, one, two, three)``: the lowest bit stands for ``data[at]``."""
count_ones: Callable[[np.uint32], int] = cast(Any, _count_ones)
swapped: Callable[[np.uint64], np.uint64] = cast(Any, _swapped)


def _pointer(context: Any, builder: Any, kind: Any, array: Any, place: Any, *, bits: int) -> Any:
    data = context.make_array(kind)(context, builder, array).data
    byte = builder.gep(data, [_as_word(context, builder, place)])
    return builder.bitcast(byte, ir.IntType(bits).as_pointer())


whole: Callable[[Any], int] = cast(Callable[[Any], int], np.int64)
"""A byte or a short number as a signed 64-bit one, so that differences do not wrap."""


def _as_word(context: Any, builder: Any, value: Any) -> Any:
    word = context.get_value_type(types.intp)
    return builder.sext(value, word) if value.type.width < word.width else value


_ONE = np.uint64(1)
_LOW_BITS = np.uint64(0x7F7F7F7F7F7F7F7F)


@compiled_within
def matches(word: np.uint64, pattern: np.uint64) -> np.uint64:
    """Mark (0x80) each byte of ``word`` that equals the byte which fills ``pattern``; exact, unlike the usual trick."""
    other = word ^ pattern
    return ~(((other & _LOW_BITS) + _LOW_BITS) | other | _LOW_BITS)


@compiled_within
def load_some(data: Bytes, at: int, count: int) -> np.uint64:
    """Return the ``count`` bytes (1 to 7) from ``data[at:]`` as one number, first byte lowest; the rest is zero."""
    if at + 8 <= len(data):
        return load_word(data, at) & ((_ONE << np.uint64(8 * count)) - _ONE)
    word = np.uint64(0)
    for place in range(count):
        word |= np.uint64(data[at + place]) << np.uint64(8 * place)
    return word

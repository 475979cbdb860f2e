"""The loop over all near rows of two books, compiled: which are candidates, and what their memos share."""

from collections.abc import Iterator
from typing import Final, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from numba import njit

from rongdun.analytics.ledger.memos import Memos

EQUAL: Final = 0
LEFT_CUT: Final = 1
RIGHT_CUT: Final = 2
SHARED_FRONT: Final = 3
SHARED_WORDS: Final = 4
"""Kinds of likeness: the same memo; one is the other cut off; the same beginning; words in common."""

_SAME_AMOUNT: Final = 1e-9
_BLOCK_ROOM: Final = 4_000_000


_Ints: TypeAlias = npt.NDArray[np.int64]
_Floats: TypeAlias = npt.NDArray[np.float64]
_Bits: TypeAlias = npt.NDArray[np.float32]
_Characters: TypeAlias = npt.NDArray[np.int32]
_Window: TypeAlias = tuple[float, float, float, float]
_Rows: TypeAlias = tuple[_Floats, _Floats, _Floats, _Floats, _Ints, _Ints, _Ints]
_Texts: TypeAlias = tuple[_Characters, _Ints, _Characters, _Ints, _Bits]
_Words: TypeAlias = tuple[_Ints, _Ints, _Ints, _Ints, _Bits]
_Out: TypeAlias = tuple[_Ints, _Ints, _Bits, _Ints]


class Candidates(NamedTuple):
    """Candidate pairs: places in both books, bits their memos share, kind of likeness."""

    left: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]
    bits: npt.NDArray[np.float32]
    kind: npt.NDArray[np.int64]


def candidates(
    left_amount: npt.NDArray[np.float64],
    left_days: npt.NDArray[np.float64],
    right_amount: npt.NDArray[np.float64],
    right_days: npt.NDArray[np.float64],
    memos: Memos,
    window: tuple[float, float, float, float],
) -> Candidates:
    """Return the candidates; ``window`` is (log amount, days from, days to, least bits)."""
    order = np.argsort(right_amount, kind="stable")
    amounts, days = right_amount[order], right_days[order]
    first = np.searchsorted(amounts, left_amount - window[0], "left")
    end = np.searchsorted(amounts, left_amount + window[0], "right")
    one, two = memos.left, memos.right
    texts = (one.characters, one.lengths, two.characters[order], two.lengths[order], memos.prefix_bits)
    words = (one.words, one.starts, two.words, two.starts, memos.word_bits)
    rows = (left_amount, left_days, amounts, days, order, first, end)
    parts = []
    for start, stop in _blocks(first, end):
        room = int((end[start:stop] - first[start:stop]).sum())
        out = (
            np.empty(room, np.int64),
            np.empty(room, np.int64),
            np.empty(room, np.float32),
            np.empty(room, np.int64),
        )
        count = _near((start, stop), rows, texts, words, window, out)
        parts.append([part[:count].copy() for part in out])
    return Candidates(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _blocks(first: npt.NDArray[np.int64], end: npt.NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Divide the left rows so that each block has at most about :data:`_BLOCK_ROOM` near rows."""
    total = np.cumsum(end - first)
    start = 0
    while start < len(first):
        done = total[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(total, done + _BLOCK_ROOM, "right")))
        yield start, stop
        start = stop


@njit(cache=True, nogil=True)
def _likeness(left: int, place: int, row: int, texts: _Texts, words: _Words) -> tuple[float, int]:
    """Return the bits two memos share and the kind.

    The right row stands at ``place`` among the sorted rows and at ``row`` in its book.
    """
    left_text, left_length, right_text, right_length, prefix_bits = texts
    shared = 0
    while (
        shared < min(left_length[left], right_length[place])
        and left_text[left, shared] == right_text[place, shared]
    ):
        shared += 1
    bits = prefix_bits[left, shared]
    if shared == left_length[left]:
        return bits, (0 if shared == right_length[place] else 1)
    if shared == right_length[place]:
        return bits, 2
    common = _common(left, row, words)
    return (common, 4) if common > bits else (bits, 3)


@njit(cache=True, nogil=True)
def _common(left: int, row: int, words: _Words) -> float:
    """Return the bits of the words both memos have; each memo's words come sorted."""
    left_words, left_starts, right_words, right_starts, bits = words
    common = 0.0
    one, two = left_starts[left], right_starts[row]
    while one < left_starts[left + 1] and two < right_starts[row + 1]:
        if left_words[one] == right_words[two]:
            common += bits[left_words[one]]
            one += 1
            two += 1
        elif left_words[one] < right_words[two]:
            one += 1
        else:
            two += 1
    return common


@njit(cache=True, nogil=True)
def _near(
    block: tuple[int, int], rows: _Rows, texts: _Texts, words: _Words, window: _Window, out: _Out
) -> int:
    """Write the candidates of a block of left rows; return how many there are. The right side comes sorted."""
    left_amount, left_days, amounts, days, order, first, end = rows
    out_left, out_right, out_bits, out_kind = out
    count = 0
    for left in range(block[0], block[1]):
        for place in range(first[left], end[left]):
            late = days[place] - left_days[left]
            if late < window[1] or late >= window[2] + 1.0:
                continue
            bits, kind = _likeness(left, place, order[place], texts, words)
            if bits < window[3] and abs(amounts[place] - left_amount[left]) > _SAME_AMOUNT:
                continue
            out_left[count], out_right[count], out_bits[count], out_kind[count] = (
                left,
                order[place],
                bits,
                kind,
            )
            count += 1
    return count

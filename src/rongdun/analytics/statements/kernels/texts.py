"""Cells → Arrow strings, coded words, MAC addresses, kinds by words, keys. Pure."""

from typing import Any

import numpy as np

from rongdun.analytics.statements.kernels.compiled import (
    Bytes,
    Hashes,
    Marks,
    Numbers,
    Places,
    compiled,
    compiled_bare,
    compiled_within,
    copy_bytes,
    load_some,
    load_word,
    swapped,
    whole,
)
from rongdun.analytics.statements.kernels.split import hash_word

_ONE = np.uint64(1)
_SLOTS = 1024
"""Texts whose kind is remembered within a block: banks repeat themselves."""


@compiled_bare
def filled_bytes(starts: Places, ends: Places) -> int:
    """Return how many bytes the cells hold together: none where all are empty."""
    total = whole(0)
    for row in range(len(starts)):
        total += whole(ends[row] - starts[row])
    return total


@compiled_bare
def copy_cells(data: Bytes, starts: Places, ends: Places, out: Bytes, offsets: Places, valid: Bytes) -> int:
    """Copy the cells into one Arrow string buffer; return how many are empty (null). ``valid`` starts as zeros."""
    place, empty = whole(0), 0
    offsets[0] = 0
    for row in range(len(starts)):
        length = ends[row] - starts[row]
        if length > 0:
            copy_bytes(out, place, data, starts[row], length)
            place += length
            valid[row >> 3] |= np.uint8(1) << np.uint8(row & 7)
        else:
            empty += 1
        offsets[row + 1] = place
    return empty


@compiled_within
def _hash_cell(data: Bytes, start: int, end: int) -> np.uint64:
    """Return a hash of a cell, eight bytes at a time."""
    state, at = np.uint64(end - start), start
    while at + 8 <= end:
        state = (state ^ load_word(data, at)) * np.uint64(0x9E3779B97F4A7C15)
        state ^= state >> np.uint64(32)
        at += 8
    if at < end:
        state = (state ^ load_some(data, at, end - at)) * np.uint64(0x9E3779B97F4A7C15)
        state ^= state >> np.uint64(32)
    return state ^ (state >> np.uint64(29))


@compiled_within
def _equal_cells(data: Bytes, starts: Places, ends: Places, row: int, other: int) -> bool:
    """Tell whether two cells of a column are equal, eight bytes at a time."""
    one, two = whole(starts[row]), whole(starts[other])
    length, at = whole(ends[row]) - one, 0
    if whole(ends[other]) - two != length:
        return False
    while at + 8 <= length:
        if load_word(data, one + at) != load_word(data, two + at):
            return False
        at += 8
    left = length - at
    return left == 0 or load_some(data, one + at, left) == load_some(data, two + at, left)


@compiled_bare
def code_cells(
    data: Bytes, starts: Places, ends: Places, table: Places, codes: Places, firsts: Places, valid: Bytes
) -> tuple[int, int]:
    """Give equal cells one code, in the order of their first rows (``firsts``); return (codes, empty cells).

    ``table`` is zeros, a power of two of at least twice the rows; so is ``valid``, a bit a row that says it is filled.
    Empty cells get the code 0: Arrow looks up the code of a null, too, when it joins dictionaries.
    """
    count, empty, mask, before = 0, 0, np.uint64(len(table) - 1), whole(-1)
    for row in range(len(starts)):
        start, length = whole(starts[row]), whole(ends[row]) - whole(starts[row])
        if length <= 0:
            codes[row] = 0
            empty += 1
            continue
        valid[row >> 3] |= np.uint8(1) << np.uint8(row & 7)
        if before >= 0 and _equal_cells(data, starts, ends, row, before):
            codes[row] = codes[before]
            continue
        before = row
        slot = _hash_cell(data, start, start + length) & mask
        while table[slot] and not _equal_cells(data, starts, ends, row, firsts[table[slot] - 1]):
            slot = (slot + _ONE) & mask
        if table[slot] == 0:
            firsts[count] = row
            count += 1
            table[slot] = count
        codes[row] = table[slot] - 1
    return count, empty


@compiled_bare
def code_words(
    data: Bytes,
    starts: Places,
    ends: Places,
    hashes: Hashes,
    codes: Marks,
    empty: int,
    unknown: int,
    out: Marks,
) -> int:
    """Fill ``out`` with the code of each cell's word (``hashes`` sorted); return how many words are unknown."""
    strange, before = 0, whole(-1)
    for row in range(len(starts)):
        if ends[row] <= starts[row]:
            out[row] = empty
            continue
        if before >= 0 and _equal_cells(data, starts, ends, row, before):
            out[row] = out[before]
        else:
            wanted = hash_word(data, starts[row], ends[row])
            place = np.searchsorted(hashes, wanted)
            known = place < len(hashes) and hashes[place] == wanted
            out[row] = codes[place] if known else np.int8(unknown)
        before = row
        if out[row] == unknown:
            strange += 1
    return strange


@compiled_bare
def _hex(byte: int) -> int:
    if 0x30 <= byte <= 0x39:
        return byte
    letter = byte & 0xDF
    return letter if 0x41 <= letter <= 0x46 else 0


@compiled_bare
def _mac(data: Bytes, at: int, end: int, out: Bytes, place: int) -> int:
    """Write twelve hexadecimal digits in pairs; return the place behind them, or ``place`` when it is no address."""
    begun, digits = place, 0
    while at < end:
        byte = data[at]
        at += 1
        if byte == 0x3A or byte == 0x2D or byte == 0x2E or byte == 0x20:
            continue
        letter = _hex(byte)
        if letter == 0 or digits == 12:
            return begun
        if digits and digits % 2 == 0:
            out[place] = 0x3A
            place += 1
        out[place] = letter
        place += 1
        digits += 1
    return place if digits == 12 else begun


@compiled_bare
def write_macs(data: Bytes, starts: Places, ends: Places, out: Bytes, offsets: Places, valid: Bytes) -> int:
    """Write MAC addresses as ``AA:BB:CC:DD:EE:FF``; return how many filled cells are none (they become null)."""
    place, strange = whole(0), 0
    offsets[0] = 0
    for row in range(len(starts)):
        begun = place
        if ends[row] > starts[row]:
            place = _mac(data, starts[row], ends[row], out, place)
            if place > begun:
                valid[row >> 3] |= np.uint8(1) << np.uint8(row & 7)
            else:
                strange += 1
        offsets[row + 1] = place
    return strange


@compiled_bare
def first_key(data: Bytes, at: int, end: int) -> int:
    """Return a number of 16 bits for the character at ``at``: the last two bytes of a Chinese one, or the letter."""
    byte = whole(data[at])
    if byte < 0x80:
        return byte - 0x20 if 0x61 <= byte <= 0x7A else byte
    if byte < 0xE0 or at + 2 >= end:
        return 0
    return whole(data[at + 1]) << 8 | whole(data[at + 2])


@compiled
def find_kinds(
    data: Bytes,
    starts: Places,
    ends: Places,
    words: Bytes,
    places: Places,
    kinds: Marks,
    first: Marks,
    out: Marks,
) -> None:
    """Lower ``out`` to the smallest kind whose word stands in the cell.

    Word ``n`` is ``words[places[n]:places[n + 1]]``, words in ascending order of ``kinds``; ``first`` is 1 at the
    :func:`first_key` of each word, which spares most comparisons.
    """
    known, answers = np.zeros(_SLOTS, np.uint64), np.zeros(_SLOTS, np.int8)
    for row in range(len(starts)):
        if ends[row] <= starts[row]:
            continue
        wanted = _hash_cell(data, whole(starts[row]), whole(ends[row]))
        slot = whole(wanted >> np.uint64(40)) % _SLOTS
        if known[slot] != wanted:
            known[slot] = wanted
            answers[slot] = _kind_of(data, starts[row], ends[row], words, places, kinds, first)
        if answers[slot] < out[row]:
            out[row] = answers[slot]


@compiled_bare
def _kind_of(
    data: Bytes, start: int, end: int, words: Bytes, places: Places, kinds: Marks, first: Marks
) -> int:
    best = whole(127)
    for at in range(start, end):
        if not first[first_key(data, at, end)]:
            continue
        for word in range(len(kinds)):
            if kinds[word] >= best:
                break
            if _stands_at(data, at, end, words, places[word], places[word + 1]):
                best = whole(kinds[word])
                break
    return best


@compiled_bare
def _stands_at(data: Bytes, at: int, end: int, words: Bytes, start: int, stop: int) -> bool:
    if at + stop - start > end:
        return False
    for place in range(start, stop):
        byte = data[at + place - start]
        if 0x61 <= byte <= 0x7A:
            byte -= 0x20
        if byte != words[place]:
            return False
    return True


@compiled_within
def _mix(state: np.uint64, value: np.uint64) -> np.uint64:
    """One step of a 64-bit mixer (MurmurHash3's finaliser over a multiply-xor chain)."""
    state = (state ^ value) * np.uint64(0xFF51AFD7ED558CCD)
    state ^= state >> np.uint64(32)
    state *= np.uint64(0xC4CEB9FE1A85EC53)
    return state ^ (state >> np.uint64(29))


@compiled_bare
def mix_texts(data: Bytes, offsets: Places, keys: Hashes) -> None:
    """Mix an Arrow string column into ``keys`` (rows, 2); a null mixes as an empty text."""
    for row in range(len(keys)):
        low, high = keys[row, 0], keys[row, 1]
        at, end, last = whole(offsets[row]), whole(offsets[row + 1]), np.uint64(0)
        count = end - at
        while at + 8 <= end:
            word = swapped(load_word(data, at))
            low, high = _mix(low, word), _mix(high, word)
            at += 8
        if at < end:
            last = swapped(load_some(data, at, end - at)) >> np.uint64(64 - 8 * (end - at))
        last ^= np.uint64(count) << np.uint64(56)
        keys[row, 0], keys[row, 1] = _mix(low, last), _mix(high, last + _ONE)


@compiled_bare
def mix_numbers(numbers: Numbers, keys: Hashes) -> None:
    """Mix a column of whole numbers into ``keys`` (rows, 2)."""
    for row in range(len(keys)):
        value = np.uint64(numbers[row])
        keys[row, 0], keys[row, 1] = _mix(keys[row, 0], value), _mix(keys[row, 1], value + _ONE)


def fresh_keys(rows: int) -> np.ndarray[Any, np.dtype[np.uint64]]:
    """Return the starting state of ``rows`` keys of 128 bits."""
    keys = np.empty((rows, 2), np.uint64)
    keys[:, 0], keys[:, 1] = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F
    return keys


@compiled_bare
def count_equal(keys: Hashes, asked: Marks, table: Hashes, counts: Numbers, out: Numbers) -> int:
    """Fill ``out`` with how often each asked key has now been seen (else 1); return how many keys are new.

    ``table`` (slots, 2) and ``counts`` (slots, a power of two, 0 = free) is a hash table that must stay less than
    half full: the caller grows it between calls.
    """
    new, last = 0, np.uint64(len(counts) - 1)
    for row in range(len(keys)):
        out[row] = 1
        if not asked[row]:
            continue
        slot = keys[row, 0] & last
        while counts[slot] and not (table[slot, 0] == keys[row, 0] and table[slot, 1] == keys[row, 1]):
            slot = (slot + _ONE) & last
        if counts[slot] == 0:
            table[slot, 0], table[slot, 1] = keys[row, 0], keys[row, 1]
            new += 1
        counts[slot] += 1
        out[row] = counts[slot]
    return new

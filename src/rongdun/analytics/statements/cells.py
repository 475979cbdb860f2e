"""Cells of a block of rows as places in one buffer of UTF-8, and what may be done with a column of them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from rongdun.analytics.statements.kernels.compiled import Bytes, Marks, Numbers, Places
from rongdun.analytics.statements.kernels.texts import code_cells, copy_cells, filled_bytes, write_macs

Mask = np.ndarray[Any, np.dtype[np.bool_]]

_CODE = pa.int32()


class Column(NamedTuple):
    """One column's cells: where each starts and ends (equal: empty), and which were numbers in a spreadsheet."""

    starts: Places
    ends: Places
    numeric: Mask | None = None

    @property
    def filled(self) -> Mask:
        """Return which cells hold something."""
        filled: Mask = self.ends > self.starts
        return filled

    def only(self, kept: Mask | Places) -> "Column":
        """Return the column of the rows kept, told by a mask or by their numbers."""
        numeric = None if self.numeric is None else self.numeric[kept]
        return Column(self.starts[kept], self.ends[kept], numeric)


def empty_column(rows: int) -> Column:
    """Return a column of empty cells."""
    nothing = np.zeros(rows, np.int32)
    return Column(nothing, nothing)


@dataclass(slots=True)
class Cells:
    """A block of rows: trimmed cells as (columns, rows) places in ``data``; cells that say nothing are empty.

    ``lines`` are row numbers as an officer sees them, ``states`` are :mod:`kernels.split`'s, ``begins`` the first
    byte of each row in ``data`` (None where rows are not lines of text).
    """

    data: Bytes
    starts: Places
    ends: Places
    lines: Numbers
    states: Marks
    begins: Numbers | None = None
    numeric: Mask | None = None

    def __len__(self) -> int:
        return len(self.lines)

    def column(self, place: int | None) -> Column:
        """Return the column at ``place``; an empty one for None."""
        if place is None:
            return empty_column(len(self))
        return Column(
            self.starts[place], self.ends[place], None if self.numeric is None else self.numeric[place]
        )

    def texts(self, row: int) -> list[str]:
        """Return one row's cells as text, undecodable bytes replaced."""
        return self.texts_of([row])[0]

    def texts_of(self, rows: Sequence[int]) -> list[list[str]]:
        """Return some rows' cells as :meth:`texts`."""
        width = len(self.starts)
        places = Column(self.starts[:, rows].T.ravel(), self.ends[:, rows].T.ravel())
        told = text_array(self.data, places).cast(pa.binary()).to_numpy(zero_copy_only=False)
        cells = [cell.decode("utf-8", "replace") if cell else "" for cell in told]
        return [cells[start : start + width] for start in range(0, len(cells), width)]

    def rows(self, start: int, stop: int) -> "Cells":
        """Return the rows from ``start`` up to ``stop``; nothing is copied."""
        part = slice(start, stop)
        return Cells(
            self.data,
            self.starts[:, part],
            self.ends[:, part],
            self.lines[part],
            self.states[part],
            None if self.begins is None else self.begins[part],
            None if self.numeric is None else self.numeric[:, part],
        )


def coalesce(first: Column, second: Column) -> Column:
    """Return ``first`` where it is filled, else ``second``."""
    return choose(first.filled, first, second)


def choose(mask: Mask, yes: Column, no: Column) -> Column:
    """Return ``yes`` where ``mask`` holds, else ``no``."""
    numeric = None
    if yes.numeric is not None or no.numeric is not None:
        none = np.zeros(len(mask), np.bool_)
        numeric = np.where(
            mask, none if yes.numeric is None else yes.numeric, none if no.numeric is None else no.numeric
        )
    return Column(np.where(mask, yes.starts, no.starts), np.where(mask, yes.ends, no.ends), numeric)


def cell_text(data: Bytes, column: Column, row: int) -> str:
    """Return one cell as text."""
    return bytes(data[column.starts[row] : column.ends[row]]).decode("utf-8", "replace")


def text_array(data: Bytes, column: Column) -> pa.Array:
    """Return the column as Arrow strings, empty cells null."""
    rows = len(column.starts)
    length = int(filled_bytes(column.starts, column.ends))
    if length == 0:
        return pa.nulls(rows, pa.string())
    out, offsets, valid = (
        np.empty(length, np.uint8),
        np.empty(rows + 1, np.int32),
        np.zeros((rows + 7) // 8, np.uint8),
    )
    empty = copy_cells(data, column.starts, column.ends, out, offsets, valid)
    return strings(rows, offsets, out, valid if empty else None, empty)


def coded_array(data: Bytes, column: Column) -> pa.Array:
    """Return the column as Arrow strings in codes, empty cells null: for text that repeats."""
    if not filled_bytes(column.starts, column.ends):
        return no_text(len(column.starts))
    codes, different = _coded(data, column)
    return pa.DictionaryArray.from_arrays(codes, text_array(data, different))


def _coded(data: Bytes, column: Column) -> tuple[pa.Array, Column]:
    """Return each cell's place among the different cells, null where it is empty, and these cells."""
    rows = len(column.starts)
    codes, firsts = np.empty(rows, np.int32), np.empty(rows, np.int32)
    table, valid = np.zeros(1 << (2 * rows).bit_length(), np.int32), np.zeros((rows + 7) // 8, np.uint8)
    count, empty = code_cells(data, column.starts, column.ends, table, codes, firsts, valid)
    bitmap = pa.py_buffer(valid) if empty else None
    told = pa.Array.from_buffers(pa.int32(), rows, [bitmap, pa.py_buffer(codes)], empty)
    return told, column.only(firsts[:count])


def encoded(array: pa.Array) -> pa.Array:
    """Return strings in codes."""
    return no_text(len(array)) if array.null_count == len(array) else array.dictionary_encode()


def no_text(rows: int) -> pa.Array:
    """Return ``rows`` nulls of text in codes."""
    return pa.DictionaryArray.from_arrays(alike(rows, None), pa.array([], pa.string()))


def mac_array(data: Bytes, column: Column) -> tuple[pa.Array, int]:
    """Return the column as MAC addresses in one notation, in codes, and how many cells are none (null)."""
    if not filled_bytes(column.starts, column.ends):
        return no_text(len(column.starts)), 0
    codes, different = _coded(data, column)
    words = _macs(data, different).dictionary_encode()
    told = words.indices.take(codes)
    return pa.DictionaryArray.from_arrays(told, words.dictionary), told.null_count - codes.null_count


def _macs(data: Bytes, column: Column) -> pa.Array:
    """Return filled cells as MAC addresses in one notation, null where a cell is none."""
    rows = len(column.starts)
    out, offsets, valid = (
        np.empty(rows * 17, np.uint8),
        np.empty(rows + 1, np.int32),
        np.zeros((rows + 7) // 8, np.uint8),
    )
    strange = write_macs(data, column.starts, column.ends, out, offsets, valid)
    return strings(rows, offsets, out, valid, strange)


def strings(rows: int, offsets: Places, out: Bytes, valid: Bytes | None, nulls: int) -> pa.Array:
    """Wrap buffers as Arrow strings, without copying."""
    bitmap = None if valid is None else pa.py_buffer(valid)
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(out), bitmap, nulls)


def constant(text: str, rows: int) -> pa.Array:
    """Return ``rows`` times the same text."""
    return pa.repeat(pa.scalar(text, pa.string()), rows)


def constant_coded(value: str, rows: int) -> pa.Array:
    """Return ``rows`` times the same text, in codes."""
    return pa.DictionaryArray.from_arrays(alike(rows, 0), pa.array([value]))


def alike(rows: int, code: int | None, kind: pa.DataType = _CODE) -> pa.Array:
    """Return ``rows`` times one number, or nulls for None: a part of a longer list that all blocks share."""
    return _long_list(1 << rows.bit_length(), code, kind).slice(0, rows)


@cache
def _long_list(rows: int, code: int | None, kind: pa.DataType) -> pa.Array:
    return pa.nulls(rows, kind) if code is None else pa.repeat(pa.scalar(code, kind), rows)


def cells_of_rows(rows: Sequence[Sequence[str]], lines: Sequence[int]) -> Cells:
    """Build a block from texts in Python, all rows equally long."""
    flat = pa.array([cell for column in zip(*rows, strict=True) for cell in column], pa.string())
    offsets = np.frombuffer(flat.buffers()[1], np.int32)
    data = np.frombuffer(flat.buffers()[2] or b"", np.uint8).copy()
    shape = (len(rows[0]), len(rows))
    return Cells(
        data,
        offsets[:-1].reshape(shape).copy(),
        offsets[1:].reshape(shape).copy(),
        np.array(lines, np.int64),
        np.zeros(len(rows), np.int8),
    )

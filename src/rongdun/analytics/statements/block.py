"""What one block of rows becomes: rows of one table and the rows refused, with the context they were read in. Pure."""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from rongdun.analytics.statements.cells import Cells, Mask, constant, constant_coded
from rongdun.analytics.statements.kernels.compiled import Bytes, Numbers
from rongdun.analytics.statements.kernels.split import BLANK, LONG, SHORT, UNDECODABLE, WHOLE
from rongdun.analytics.statements.layout import Binding
from rongdun.analytics.statements.schema import REJECT_SCHEMA

LONGEST_RAW: Final = 32_000
"""Characters of a refused row that are shown; a spreadsheet's cell holds 32,767."""

_BROKEN: Final = {SHORT: "too_few_columns", LONG: "too_many_columns", UNDECODABLE: "undecodable"}


@dataclass(frozen=True, slots=True)
class Context:
    """Where a block stands: the file, the sheet, and what is told above the headings or by the file's name."""

    path: str
    sheet: str = ""
    institution: str = ""
    stated: Mapping[str, str] = field(default_factory=dict)


class Outcome(NamedTuple):
    """A block read: rows taken, rows refused, blank rows, doubts; ``asked`` are taken rows nothing tells apart."""

    table: str
    batch: pa.RecordBatch
    rejects: pa.RecordBatch | None
    blank: int
    notes: Counter[tuple[str, str]]
    asked: Mask | None = None


class Refusals:
    """Which rows of a block are refused: the first reason given to a row stands."""

    def __init__(self, cells: Cells, binding: Binding) -> None:
        self._cells = cells
        self._binding = binding
        self._found: dict[int, tuple[str, str]] = {}
        self.out = cells.states != WHOLE
        self.blank = int((cells.states == BLANK).sum())
        for state, reason in _BROKEN.items():
            for row in np.flatnonzero(cells.states == state).tolist():
                self._found[row] = "", reason

    def mark(self, mask: Mask, role: str, reason: str) -> None:
        """Refuse the rows of ``mask``."""
        new = mask & ~self.out
        if new.any():
            column = self._binding.heading(role)
            self._found.update(dict.fromkeys(np.flatnonzero(new).tolist(), (column, reason)))
            self.out |= new

    def each(self, refused: Mapping[int, str], role: str) -> None:
        """Refuse single rows, each for its own reason."""
        column = self._binding.heading(role)
        for row, reason in refused.items():
            if not self.out[row]:
                self._found[row] = column, reason
                self.out[row] = True

    def batch(self, context: Context) -> pa.RecordBatch | None:
        """Return the refused rows, None when there are none."""
        if not self._found:
            return None
        rows = sorted(self._found)
        raws = raw_rows(self._cells, rows)
        return reject_batch(
            context,
            [
                (int(self._cells.lines[row]), *self._found[row], raw)
                for row, raw in zip(rows, raws, strict=True)
            ],
        )


def reject_batch(context: Context, rows: list[tuple[int | None, str, str, str]]) -> pa.RecordBatch:
    """Build rejects from (row, column, reason, raw)."""
    lines, columns, reasons, raws = zip(*rows, strict=True)
    count = len(rows)
    return pa.RecordBatch.from_arrays(
        [
            constant(context.path, count),
            constant(context.sheet, count),
            pa.array(lines, pa.int64()),
            pa.array([column or None for column in columns], pa.string()),
            pa.array(reasons, pa.string()),
            pa.array(raws, pa.string()),
        ],
        schema=REJECT_SCHEMA,
    )


def raw_rows(cells: Cells, rows: Sequence[int]) -> list[str]:
    """Return rows as they stand: the line where the cells do not fit the headings, else the cells as a line of CSV."""
    told = csv_lines(cells.texts_of(rows))
    return [_raw(cells, row, line)[:LONGEST_RAW] for row, line in zip(rows, told, strict=True)]


def _raw(cells: Cells, row: int, line: str) -> str:
    if cells.begins is not None and cells.states[row] != WHOLE:
        return _line(cells.data, int(cells.begins[row]))
    return line


def _line(data: Bytes, begin: int) -> str:
    end = begin
    while end < len(data) and end - begin < 4 * LONGEST_RAW and data[end] != 0x0A:
        end += 1
    return bytes(data[begin:end]).decode("utf-8", "replace").rstrip("\r")


def csv_line(texts: list[str]) -> str:
    """Return texts as one line of CSV."""
    return csv_lines([texts])[0]


def csv_lines(rows: list[list[str]]) -> list[str]:
    """Return each row of texts as one line of CSV."""
    lines: list[str] = []
    csv.writer(SimpleNamespace(write=lines.append), lineterminator="").writerows(rows)
    return lines


def provenance(lines: Numbers, binding: Binding, context: Context) -> dict[str, pa.Array]:
    """Return the columns that say where rows were read; ``lines`` are row numbers as an officer sees them."""
    rows = len(lines)
    return {
        "layout": constant_coded(binding.layout.id, rows),
        "sheet": constant_coded(context.sheet, rows),
        "row": pa.array(lines),
    }


def silence_undecodable(cells: Cells) -> None:
    """Empty the cells of rows with undecodable bytes, so that no column carries them on; their line stays."""
    bad = cells.states == UNDECODABLE
    if bad.any():
        cells.ends[:, bad] = cells.starts[:, bad]

"""Blocks of a sheet → rows under their headings, wherever the headings stand. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np

from rongdun.analytics.statements.cells import Cells
from rongdun.analytics.statements.find_headings import Found, find_in_rows, recognise_row
from rongdun.analytics.statements.kernels.split import heading_rows, overlong
from rongdun.analytics.statements.layout import Binding, Layout, heading_hashes
from rongdun.analytics.statements.text_file import Repeated, Rows


@dataclass(slots=True)
class SheetHead:
    """A sheet's beginning: its first rows as text, their numbers, the headings if found, and all blocks."""

    lines: list[list[str]]
    numbers: list[int]
    found: Found | None
    blocks: Iterator[Cells]
    empty: bool = field(default=False)


def look_at_sheet(blocks: Iterator[Cells], layouts: Sequence[Layout]) -> SheetHead:
    """Read a sheet's beginning."""
    first = next(blocks, None)
    if first is None:
        return SheetHead([], [], None, iter(()), empty=True)
    lines = [first.texts(row) for row in range(min(len(first), 60))]
    found = find_in_rows(lines, layouts)
    numbers = first.lines[: len(lines)].tolist()
    return SheetHead(
        lines, numbers, found, chain([first], blocks), empty=not any(any(line) for line in lines)
    )


def read_sheet(head: SheetHead, layouts: Sequence[Layout]) -> Iterator[Rows | Repeated]:
    """Yield the rows below the headings in order; ``head.found`` must not be None."""
    assert head.found is not None
    binding, skip, known = head.found.binding, head.found.line + 1, heading_hashes(layouts)
    for block in head.blocks:
        dropped = min(skip, len(block))
        skip -= dropped
        for part in _parts(block.rows(dropped, len(block)), binding, known, layouts):
            binding = part.binding if isinstance(part, Rows) else binding
            if not isinstance(part, Rows) or len(part.cells):
                yield part


def _parts(
    cells: Cells, binding: Binding, known: np.ndarray, layouts: Sequence[Layout]
) -> Iterator[Rows | Repeated]:
    marked = np.zeros(len(cells), np.int8)
    start = 0
    if heading_rows(cells.data, cells.starts, cells.ends, known, marked):
        for row in np.flatnonzero(marked).tolist():
            turned = recognise_row(cells.texts(row), layouts)
            if turned is None:
                continue
            yield Rows(binding, _fitted(cells.rows(start, row), binding))
            yield Repeated(int(cells.lines[row]))
            binding, start = turned, row + 1
    yield Rows(binding, _fitted(cells.rows(start, len(cells)), binding))


def _fitted(cells: Cells, binding: Binding) -> Cells:
    """Mark rows that reach beyond the headings, and widen sheets that are narrower."""
    width = len(binding.headings)
    overlong(cells.starts, cells.ends, width, cells.states)
    if len(cells.starts) < width:
        missing = np.zeros((width - len(cells.starts), len(cells)), np.int32)
        cells.starts, cells.ends = np.vstack([cells.starts, missing]), np.vstack([cells.ends, missing])
        if cells.numeric is not None:
            cells.numeric = np.vstack([cells.numeric, missing.astype(np.bool_)])
    return cells

"""Where a file's headings are, in what delimiter, and what is told above them. Pure."""

import csv
import re
from collections.abc import Iterable, Sequence, Set
from typing import Final, NamedTuple

from rongdun.analytics.statements.headings import clean_heading
from rongdun.analytics.statements.layout import Binding, Layout, every_heading, recognise
from rongdun.kernel.digits import half_width

DELIMITERS: Final = (",", "\t", "|", ";", "^", "~")
DEEPEST: Final = 60
"""Headings stand among the first lines of a file or sheet, below titles."""

_STATED: Final = re.compile(r"([^\s:,;|]{2,16}?)\s*:\s*([^,;|\t]+?)(?=\s{2,}|\s+[^\s:]{2,16}\s*:|[,;|\t]|$)")


class Found(NamedTuple):
    """Headings found: the layout laid over them, their line (from 0), the delimiter ("" in a sheet)."""

    binding: Binding
    line: int
    delimiter: str


def heading_cells(line: str, delimiter: str) -> list[list[str]]:
    """Return the ways in which a line may be cut into cells: with quotes read, and with quotes as stray characters."""
    literal = [cell.strip().strip('"') for cell in line.split(delimiter)]
    try:
        read = next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return [literal]
    return [read, literal] if '"' in line else [literal]


def find_in_lines(lines: Sequence[str], layouts: Sequence[Layout]) -> Found | None:
    """Return the headings among a text file's first lines that a layout knows most of, the topmost of equals."""
    best: Found | None = None
    every = every_heading(layouts)
    for number, line in enumerate(lines[:DEEPEST]):
        for delimiter in DELIMITERS:
            if delimiter not in line:
                continue
            for cells in heading_cells(line, delimiter):
                best = _better(best, recognise_row(cells, layouts, every), number, delimiter)
    return best


def find_in_rows(rows: Iterable[Sequence[str]], layouts: Sequence[Layout]) -> Found | None:
    """Return the headings among a sheet's first rows that a layout knows most of, the topmost of equals."""
    best: Found | None = None
    every = every_heading(layouts)
    for number, cells in enumerate(rows):
        if number >= DEEPEST:
            break
        best = _better(best, recognise_row(cells, layouts, every), number, "")
    return best


def recognise_row(
    cells: Sequence[str], layouts: Sequence[Layout], every: Set[str] | None = None
) -> Binding | None:
    """Return the layout of a row of headings, empty cells at its end left out; ``every`` as in :func:`recognise`."""
    filled = len(cells)
    while filled and not clean_heading(cells[filled - 1]):
        filled -= 1
    return recognise(cells[:filled], layouts, every) if filled else None


def _better(best: Found | None, binding: Binding | None, line: int, delimiter: str) -> Found | None:
    if binding is None or (best is not None and best.binding.matched >= binding.matched):
        return best
    return Found(binding, line, delimiter)


def stated_above(lines: Iterable[str], layout: Layout) -> dict[str, str]:
    """Return what lines like ``卡号:6222…  户名:演示甲`` above the headings say, for the labels the layout lists."""
    wanted = {clean_heading(label): role for role, labels in layout.context.items() for label in labels}
    stated: dict[str, str] = {}
    for line in lines:
        for label, value in _STATED.findall(half_width(line)):
            role = wanted.get(clean_heading(label))
            if role:
                stated.setdefault(role, value.strip().strip('"[]'))
    return stated


def looks_like_data(cells: Sequence[str], width: int) -> bool:
    """Tell whether a row above the headings is as full as a row of data, with a number in it."""
    filled = [cell for cell in cells if cell.strip()]
    return len(filled) * 2 >= width > 2 and sum(any(c.isdigit() for c in cell) for cell in filled) >= 2

"""Small CSV files that officers write: in whatever encoding a spreadsheet gave them, each fault told with its place."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from rongdun.analytics.statements.encodings import sniff_encoding
from rongdun.analytics.statements.exact import Refused
from rongdun.analytics.statements.reasons import REASONS
from rongdun.kernel.digits import half_width
from rongdun.kernel.errors import DomainError, FieldError, Invalid, Text

Value = TypeVar("Value")

_SHOWN: Final = 40
"""Characters of a cell that a message repeats."""


class WrongFile(Invalid):
    """A file cannot be taken; ``fields`` names line and column of everything that is wrong."""

    code = "wrong_file"
    action = Text(
        "请按提示改正后重试，没有追踪任何一行", "Correct what is named and try again; nothing was traced"
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file: its number as an editor shows it, and its cells by column."""

    line: int
    cells: Mapping[str, str]


@dataclass(slots=True)
class Faults:
    """What is wrong with a file, gathered so that an officer corrects it once."""

    path: Path
    found: list[FieldError] = field(default_factory=list)

    def add(self, row: Row, column: str, why: Text) -> None:
        """Note that a cell is wrong."""
        cell = row.cells.get(column, "")
        shown = f"“{cell[:_SHOWN]}”" if cell else ""
        words = Text(
            f"第 {row.line} 行 {column} 列{shown}:{why.zh}",
            f"line {row.line}, column {column} {shown}: {why.en}",
        )
        self.found.append(FieldError(f"{row.line}.{column}", words))

    def read(self, row: Row, column: str, how: Callable[[str], Value]) -> Value | None:
        """Return what ``how`` makes of a cell; a refusal is noted."""
        try:
            return how(row.cells[column])
        except Refused as refused:
            self.add(row, column, REASONS[refused.reason])
        except DomainError as error:
            self.add(row, column, error.message)
        return None

    def settle(self) -> None:
        """Raise :class:`WrongFile` where anything is wrong."""
        if self.found:
            count = len(self.found)
            told = Text(
                f"{self.path.name} 有 {count} 处不能用", f"{self.path.name}: {count} cells cannot be used"
            )
            raise WrongFile(told, fields=self.found)


def rows_of(
    path: Path, columns: Mapping[str, tuple[str, ...]], optional: frozenset[str] = frozenset()
) -> list[Row]:
    """Return the lines of a CSV file; ``columns`` gives each column's name and its other headings.

    Blank lines are passed over, a missing optional column is empty. Raises :class:`WrongFile` where the file is not
    text, a column is missing, a line has more cells than headings, or there is no line at all.
    """
    lines = _lines(path)
    headings = next(lines, (0, []))[1]
    names = [_name(heading, columns) for heading in headings]
    missing = [name for name in columns if name not in names and name not in optional]
    if missing:
        raise WrongFile(
            Text(
                f"{path.name} 缺少列：{'、'.join(missing)}",
                f"{path.name} lacks columns: {', '.join(missing)}",
            )
        )
    found, faults = [], Faults(path)
    for line, cells in lines:
        row = Row(line, dict.fromkeys(columns, "") | dict(zip(names, cells, strict=False)))
        if len(cells) > len(names):
            faults.add(row, names[-1], REASONS["too_many_columns"])
        found.append(row)
    faults.settle()
    if not found:
        raise WrongFile(Text(f"{path.name} 没有数据行", f"{path.name} has no lines below the headings"))
    return found


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield line number and cells of the lines that are not blank."""
    text = _text(path)
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    last = 0
    for cells in reader:
        line, last = last + 1, reader.line_num
        plain = [half_width(cell) for cell in cells]
        if any(plain):
            yield line, plain


def _text(path: Path) -> str:
    data = path.read_bytes()
    encoding = sniff_encoding(data)
    try:
        return data[encoding.mark :].decode(encoding.name)
    except UnicodeDecodeError:
        raise WrongFile(Text(f"{path.name} 不是文本文件", f"{path.name} is not a text file")) from None


def _name(heading: str, columns: Mapping[str, tuple[str, ...]]) -> str:
    plain = heading.lower()
    return next((name for name, others in columns.items() if plain == name or plain in others), heading)

"""Whatever was sent → one reading a member file; see the package's README."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from rongdun.analytics.statements import containers, sheet_file, xlsx_file
from rongdun.analytics.statements.block import Context, csv_line, reject_batch
from rongdun.analytics.statements.cells import Cells
from rongdun.analytics.statements.containers import Limits, Member
from rongdun.analytics.statements.find_headings import Found, heading_cells, looks_like_data, stated_above
from rongdun.analytics.statements.layout import Layout, builtin_layouts
from rongdun.analytics.statements.pipeline import run, run_text
from rongdun.analytics.statements.reading import Chunk, FileReading
from rongdun.analytics.statements.reasons import REFUSED_HEADINGS
from rongdun.analytics.statements.schema import REJECTS
from rongdun.analytics.statements.sheet_file import BrokenWorkbook
from rongdun.analytics.statements.sheet_rows import SheetHead, look_at_sheet, read_sheet
from rongdun.analytics.statements.text_file import TextRows, look_at
from rongdun.analytics.statements.xlsx_file import OutOfTheOrdinary
from rongdun.kernel.account import luhn_holds

_CONTAINERS: Final = {"text": "csv"}
_BANK: Final = re.compile(
    r"([\u4e00-\u9fff]{2,20}?(?:银行|信用社|农信|支付|公司))(?:交易明细|账户信息|人员信息|关联子账户|子账户|强制措施|任务信息)"
)
_LONG_NUMBER: Final = re.compile(r"(?<!\d)\d{11,19}(?!\d)")


def read_path(
    path: Path | str,
    *,
    passwords: Sequence[str] = (),
    layouts: Sequence[Layout] = (),
    limits: Limits | None = None,
) -> Iterator[FileReading]:
    """Yield a reading for each member file of ``path`` (a file, an archive, a folder), to be iterated in turn.

    ``layouts`` are a unit's own, asked before the built-in ones. A file that cannot be read yields a reading that is
    refused; only a path that does not exist raises (:class:`containers.MissingPath`).
    """
    known, bounds = (*layouts, *builtin_layouts()), limits or Limits()
    for member in containers.members(Path(path), passwords, bounds):
        yield FileReading(
            path=member.path,
            container=_CONTAINERS.get(member.kind, member.kind),
            size=member.size,
            source=partial(_read, member=member, layouts=known, limits=bounds),
        )


def only_sheet(reading: FileReading, sheet: str) -> FileReading:
    """Return a reading of one sheet of the workbook that :func:`read_path` just yielded, its other sheets unread.

    It goes by the path ``回函.xlsx/明细2``, like a file inside an archive.
    """
    source = reading.source
    assert isinstance(source, partial), "a reading as read_path yields it"
    path = f"{reading.path}/{sheet}"
    told = {**source.keywords, "member": replace(source.keywords["member"], path=path), "only": sheet}
    return FileReading(path, reading.container, reading.size, partial(_read, **told))


def _read(
    reading: FileReading,
    member: Member,
    layouts: Sequence[Layout],
    limits: Limits,
    only: str | None = None,
) -> Iterator[Chunk]:
    context = Context(member.path, institution=institution_of(member.path))
    if member.refused or member.stream is None:
        if member.stream is not None:
            reading.file_hash = containers.sha256_of(member.stream)
        yield _refuse(reading, context, member.refused or "broken")
    elif member.kind == "text":
        yield from _read_text(reading, member.stream, context, layouts)
    else:
        reading.file_hash = containers.sha256_of(member.stream)
        sheets = _sheets(reading, member.stream, limits)
        chosen = (pair for pair in sheets if only in (None, pair[0]))
        yield from _read_book(reading, chosen, context, layouts)


def _refuse(reading: FileReading, context: Context, reason: str, raw: str = "") -> Chunk:
    """Refuse a whole file or sheet; the file is refused when nothing of it was taken."""
    reading.refused = reason
    return Chunk(REJECTS, reject_batch(context, [(None, "", reason, raw)]))


def _read_text(
    reading: FileReading, stream: BinaryIO, context: Context, layouts: Sequence[Layout]
) -> Iterator[Chunk]:
    head = look_at(stream, layouts)
    reading.encoding = head.encoding.name
    if head.found is None:
        reading.file_hash = containers.sha256_of(stream)
        empty = not any(line.strip() for line in head.lines)
        first = next((line for line in head.lines if line.strip()), "")
        yield _refuse(reading, context, "empty" if empty else "unknown_layout", first[:1000])
        return
    above = head.lines[: head.found.line]
    cells = [heading_cells(line, head.found.delimiter)[0] for line in above]
    yield from _above(reading, context, head.found, cells, range(1, len(cells) + 1))
    told = _told(reading, context, head.found, above)
    text = TextRows(stream, head, layouts)
    yield from run_text(reading, text, told)
    reading.file_hash = text.sha256


def _read_book(
    reading: FileReading,
    sheets: Iterator[tuple[str, Iterator[Cells]]],
    context: Context,
    layouts: Sequence[Layout],
) -> Iterator[Chunk]:
    """Read every sheet; the file is refused when none has headings, or it cannot be opened.

    Beside sheets that are read, those without known headings are noted.
    """
    reason = "empty"
    unknown: list[str] = []
    try:
        for name, blocks in sheets:
            sheet = Context(context.path, name, institution_of(name) or context.institution)
            head = look_at_sheet(blocks, layouts)
            if head.found is not None:
                yield from _read_sheet(reading, head, head.found, sheet, layouts)
            elif not head.empty and tuple(head.lines[0][: len(REFUSED_HEADINGS)]) != REFUSED_HEADINGS:
                first = next(csv_line(line) for line in head.lines if any(line))
                yield _refuse(reading, sheet, "unknown_layout", first[:1000])
                reason, unknown = "", [*unknown, name]
    except BrokenWorkbook as broken:
        yield _refuse(reading, context, broken.reason)
        reason = ""
    if reading.layouts:
        reading.refused = None
        reading.notes.update((name, "unknown_layout") for name in unknown)
    elif reason:
        yield _refuse(reading, context, reason)


def _sheets(reading: FileReading, stream: BinaryIO, limits: Limits) -> Iterator[tuple[str, Iterator[Cells]]]:
    """Yield a workbook's sheets, from the stream where it is written as usual."""
    if reading.container == "xlsx":
        try:
            yield from xlsx_file.sheets_of(stream, limits)
            return
        except OutOfTheOrdinary:
            pass
    yield from sheet_file.sheets_of(stream)


def _read_sheet(
    reading: FileReading, head: SheetHead, found: Found, sheet: Context, layouts: Sequence[Layout]
) -> Iterator[Chunk]:
    above = head.lines[: found.line]
    yield from _above(reading, sheet, found, above, head.numbers)
    told = _told(reading, sheet, found, ["  ".join(line) for line in above])
    yield from run(reading, read_sheet(head, layouts), told)


def _above(
    reading: FileReading,
    context: Context,
    found: Found,
    lines: Sequence[Sequence[str]],
    numbers: Sequence[int],
) -> Iterator[Chunk]:
    """Refuse rows of data that stand above the headings: nothing says what their columns are."""
    width = len(found.binding.headings)
    rows = [
        (number, "", "before_heading", csv_line(list(cells)))
        for number, cells in zip(numbers, lines, strict=False)
        if looks_like_data(cells, width)
    ]
    if rows:
        reading.counts.rejected += len(rows)
        yield Chunk(REJECTS, reject_batch(context, list(rows)))


def _told(reading: FileReading, context: Context, found: Found, above: Sequence[str]) -> Context:
    """Add what is said above the headings, and the account in the file's name where the layout has none."""
    layout = found.binding.layout
    stated = stated_above(above, layout)
    for role in ("account", "number"):
        if role not in layout.context or role in found.binding.places:
            continue
        if role in stated:
            reading.notes[role, "account_from_context"] += 1
        elif number := number_in_name(_file_path(context), card=role == "account"):
            stated[role] = number
            reading.notes[role, "account_from_name"] += 1
    return Context(context.path, context.sheet, context.institution, stated)


def _file_path(context: Context) -> str:
    """Return the path of the file itself, also where one sheet of it is read alone."""
    return context.path.removesuffix(f"/{context.sheet}") if context.sheet else context.path


def institution_of(path: str) -> str:
    """Return the bank that a name like ``演示银行交易明细信息.csv`` names, "" when it names none."""
    for part in reversed(PurePosixPath(path).parts):
        found = _BANK.search(part)
        if found:
            return found[1]
    return ""


def number_in_name(path: str, *, card: bool) -> str | None:
    """Return the one long number in a file's name; a card's check digit must hold. None when there are several."""
    found = set(_LONG_NUMBER.findall(PurePosixPath(path).name))
    if len(found) != 1:
        return None
    number = found.pop()
    return number if not card or luhn_holds(number) else None

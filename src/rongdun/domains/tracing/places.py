"""Where a file of an import lies: in an upload, in an archive, or as one sheet of a workbook that was read. Pure."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from rongdun.domains.tracing.model import ImportFile

WORKBOOKS: Final = ("xlsx", "xls")


class Place(NamedTuple):
    """The upload's path, the member file's path as a reader has it, and the sheet ("" for the file itself)."""

    upload: str
    member: str
    sheet: str = ""


def place_of(file: ImportFile, files: Sequence[ImportFile]) -> Place:
    """Return where ``file`` lies; ``files`` are all of its import."""
    upload = next(one for one in files if one.place == file.place and one.parent_id is None)
    book = next((one for one in files if _is_sheet_of(file, one)), None)
    if book is None:
        return Place(upload.path, file.path)
    return Place(upload.path, book.path, file.path.removeprefix(f"{book.path}/"))


def sheet_path(book: ImportFile, sheet: str) -> str:
    """Return the path by which a sheet stands beside the workbook it is in."""
    return f"{book.path}/{sheet}"


def _is_sheet_of(file: ImportFile, book: ImportFile) -> bool:
    inside = file.place == book.place and file.path.startswith(f"{book.path}/")
    return inside and book.state == "READ" and book.container in WORKBOOKS

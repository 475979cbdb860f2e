"""Mutated files never crash the reader, and every row below the headings is taken, refused or blank."""

# ruff: noqa: E501  (tables of cells read better unbroken; a Chinese character counts two)

import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.analytics.statements.making import REPLY, Read, csv_bytes, read_all, read_one, row, write_book

RUN = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
ROWS = 6
BASE = csv_bytes(REPLY, [row(交易流水号=f"S{number}") for number in range(ROWS)])
PIECES = st.sampled_from(
    [b'"', b",", b"\n", b"\r", b"\x00", b"\xff", b"\x81", b"\xe4\xbd", b"\t", b"-", b"=", b"1e9", b'""', b"\xef\xbb\xbf", b"*"]
) | st.binary(max_size=8)  # fmt: skip
CHANGES = st.lists(st.tuples(st.integers(0, len(BASE)), st.integers(0, 40), PIECES), max_size=8)


def mutate(content: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    """Replace stretches of bytes."""
    for at, dropped, piece in changes:
        content = content[:at] + piece + content[at + dropped :]
    return content


def read_content(content: bytes, name: str) -> list[Read]:
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content)
        return read_all(path)


@RUN
@given(CHANGES)
def test_mutated_text(changes: list[tuple[int, int, bytes]]) -> None:
    for read in read_content(mutate(BASE, changes), "a.csv"):
        assert read.refused or read.layout or not (read.taken + read.rejected)


@RUN
@given(st.integers(1, ROWS), PIECES, st.integers(0, 300))
def test_what_is_wrong_in_one_line_costs_that_line_only(line: int, piece: bytes, at: int) -> None:
    lines = BASE.split(b"\r\n")
    lines[line] = lines[line][:at] + piece.replace(b"\n", b"").replace(b"\r", b"") + lines[line][at:]
    (read,) = read_content(b"\r\n".join(lines), "a.csv")
    others = {f"S{number}" for number in range(ROWS) if number != line - 1}
    assert {got["serial"] for got in read.transactions} >= others
    assert read.taken + read.rejected == ROWS


@RUN
@given(st.integers(0, len(BASE)))
def test_a_file_cut_anywhere(at: int) -> None:
    for read in read_content(BASE[:at], "a.csv"):
        whole = BASE[:at].count(b"\r\n") - 1
        assert read.taken >= whole
        assert read.taken + read.rejected <= whole + 1


def packed() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.csv", BASE)
    return out.getvalue()


PACKED = packed()


@RUN
@given(st.lists(st.tuples(st.integers(0, len(PACKED)), st.integers(0, 10), PIECES), min_size=1, max_size=4))
def test_mutated_archives(changes: list[tuple[int, int, bytes]]) -> None:
    for read in read_content(mutate(PACKED, changes), "a.zip"):
        assert read.refused or read.taken + read.rejected <= ROWS + len(changes) * 8


def workbook() -> bytes:
    with TemporaryDirectory() as folder:
        cells = [[row().get(name, "") for name in REPLY]]
        return write_book(Path(folder, "a.xlsx"), {"表": [list(REPLY), *cells]}).read_bytes()


BOOK = workbook()


@RUN
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 10), PIECES), min_size=1, max_size=3))
def test_mutated_workbooks(changes: list[tuple[float, int, bytes]]) -> None:
    mutated = mutate(BOOK, [(int(at * len(BOOK)), dropped, piece) for at, dropped, piece in changes])
    assert all(read.refused or read.taken + read.rejected <= 2 for read in read_content(mutated, "a.xlsx"))


def test_any_sheet_of_text_is_read_or_refused(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", {"空": [], "乱": [["演示"], [1, 2.5, True], ["=1+1"]]})
    read = read_one(path)
    assert (read.taken, read.refused) == (0, "unknown_layout")

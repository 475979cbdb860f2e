"""What must not matter does not: order of columns, encoding, delimiter, container, where a file is cut."""

import csv
import io
import random
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rongdun.analytics.statements import encodings
from tests.analytics.statements.making import REPLY, SHANGHAI, csv_bytes, read_all, read_one, row, write_book

WORDS = {"进": 1, "贷": 1, "出": -1, "借": -1}
NAMES = st.sampled_from(["演示甲", "演示乙", "演示,丙", '演示"丁', "演示𠮷"])
RUN = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def rows(draw: st.DrawFn) -> list[dict[str, str]]:
    """Good rows with serials of their own."""
    return [
        row(
            交易卡号=f"6299990{draw(st.integers(0, 9)):012d}",
            交易时间=draw(st.datetimes(datetime(2000, 1, 1), datetime(2030, 1, 1))).strftime("%Y%m%d%H%M%S"),
            交易金额=str(Decimal(draw(st.integers(0, 10**12))) / 100),
            收付标志=draw(st.sampled_from(sorted(WORDS))),
            对手户名=draw(NAMES),
            交易对手账卡号=draw(st.sampled_from(["", "6299991000000000036"])),
            交易流水号=f"S{number}",
        )
        for number in range(draw(st.integers(1, 12)))
    ]


def plain_reader(content: bytes) -> set[tuple[Any, ...]]:
    """Another reader of the same good rows: the csv module and a few lines."""
    return {
        (
            cells["交易卡号"],
            datetime.strptime(cells["交易时间"], "%Y%m%d%H%M%S").replace(tzinfo=SHANGHAI),
            int(Decimal(cells["交易金额"]) * 100),
            WORDS[cells["收付标志"]],
            cells["对手户名"],
            cells["交易对手账卡号"] or None,
            cells["交易流水号"],
        )
        for cells in csv.DictReader(io.StringIO(content.decode("gb18030"), newline=""))
    }


def told(transactions: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
    names = ("account", "time", "amount_fen", "direction", "cp_name", "cp_account", "serial")
    return {tuple(got[name] for name in names) for got in transactions}


def keys(transactions: list[dict[str, Any]]) -> set[tuple[bytes, int]]:
    return {(got["row_key"], got["occurrence"]) for got in transactions}


def read_content(content: bytes) -> list[dict[str, Any]]:
    with TemporaryDirectory() as folder:
        path = Path(folder, "a.csv")
        path.write_bytes(content)
        read = read_one(path)
    assert read.rejected == 0
    return read.transactions


@RUN
@given(rows())
def test_another_reader_reads_the_same(made: list[Mapping[str, str]]) -> None:
    content = csv_bytes(REPLY, made)
    assert told(read_content(content)) == plain_reader(content)


@RUN
@given(
    rows(),
    st.randoms(use_true_random=False),
    st.sampled_from(["utf-8-sig", "utf-16", "gb18030"]),
    st.sampled_from(",\t|;"),
)
def test_order_encoding_and_delimiter_do_not_matter(
    made: list[Mapping[str, str]], order: random.Random, encoding: str, delimiter: str
) -> None:
    headings = list(REPLY)
    order.shuffle(headings)
    turned = csv_bytes(headings, made, encoding=encoding, delimiter=delimiter, newline="\n")
    first, second = read_content(csv_bytes(REPLY, made)), read_content(turned)
    assert (told(first), keys(first)) == (told(second), keys(second))


@RUN
@given(rows(), st.integers(0, 12))
def test_cutting_a_file_in_two_does_not_matter(made: list[Mapping[str, str]], at: int) -> None:
    with TemporaryDirectory() as folder:
        for name, part in (("a.csv", made[:at]), ("b.csv", made[at:]), ("c.csv", made)):
            Path(folder, name).write_bytes(csv_bytes(REPLY, part))
        first, second, whole = read_all(Path(folder))
    assert keys(first.transactions) | keys(second.transactions) == keys(whole.transactions)


@RUN
@given(rows())
def test_a_workbook_reads_as_its_text(made: list[Mapping[str, str]]) -> None:
    with TemporaryDirectory() as folder:
        cells = [[entry.get(name, "") for name in REPLY] for entry in made]
        path = write_book(Path(folder, "a.xlsx"), {"表": [list(REPLY), *cells]})
        read = read_one(path)
    assert keys(read.transactions) == keys(read_content(csv_bytes(REPLY, made)))


@RUN
@given(rows(), st.integers(0, 12), st.sampled_from(["gb18030", "utf-8", "utf-16-le"]), st.integers(1, 700))
def test_where_blocks_are_cut_does_not_matter(
    made: list[Mapping[str, str]], at: int, encoding: str, block: int
) -> None:
    told = [{**entry, "摘要说明": "一\n二"} for entry in made]
    turned = list(reversed(REPLY))
    content = csv_bytes(REPLY, told[:at], encoding=encoding) + csv_bytes(turned, told[at:], encoding=encoding)
    content = b"\xff\xfe" * (encoding == "utf-16-le") + content
    before, encodings.BLOCK = encodings.BLOCK, block  # type: ignore[misc]
    try:
        small = read_content(content)
    finally:
        encodings.BLOCK = before  # type: ignore[misc]
    lines = [2 * number + (2 if number < at else 3) for number in range(len(made))]
    assert [(got["row"], got["purpose"]) for got in small] == [(line, "一\n二") for line in lines]
    assert small == read_content(content)

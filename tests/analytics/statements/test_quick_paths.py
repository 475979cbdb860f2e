"""The quick ways through ordinary text are the slow ways, byte for byte."""

import codecs

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rongdun.analytics.statements.encodings import to_utf8
from rongdun.analytics.statements.kernels.split import split_lines

NONE_KNOWN = np.zeros(0, np.uint64)
PLAIN = ("", "1", "12.50", "转账", "中 国", "-", "--", "null", " 前空", "后空\u3000", "甲\r")
QUOTED = ('""', '"甲,乙"', '"甲""乙"', '"未完', '五"金')
CELLS = st.sampled_from(PLAIN + QUOTED)
LINES = st.lists(st.lists(CELLS, min_size=1, max_size=5).map(",".join), max_size=12)


def records(text: str, *, slowly: bool) -> tuple[list[list[str]], list[int], list[int]]:
    """Split text into three cells a record; ``slowly`` says that some bytes were bad, which bars the quick way."""
    data = np.frombuffer(bytearray(text.encode()), np.uint8)
    most = text.count("\n") + 1
    starts, ends = np.zeros((3, most), np.int32), np.zeros((3, most), np.int32)
    lines, states, begins = np.zeros(most, np.int64), np.zeros(most, np.int8), np.zeros(most, np.int64)
    marks = np.zeros(len(data), np.int32)
    rows, *_ = split_lines(
        data, ord(","), 1, True, slowly, NONE_KNOWN, True, starts, ends, lines, states, begins, marks
    )
    cells = [
        [bytes(data[starts[cell, row] : ends[cell, row]]).decode() for cell in range(3)]
        for row in range(rows)
    ]
    return cells, lines[:rows].tolist(), states[:rows].tolist()


@given(LINES)
@settings(max_examples=300, deadline=None)
def test_quick_splitting_is_slow_splitting(lines: list[str]) -> None:
    text = "\n".join(lines) + "\n,,\n" * 8  # what is too near the end is never split quickly
    assert records(text, slowly=False) == records(text, slowly=True)


@settings(deadline=None)
@given(st.lists(st.one_of(st.text(max_size=20), st.text("0123456789,-", min_size=6, max_size=30))))
def test_gb18030_reads_as_pythons_codec_reads_it(parts: list[str]) -> None:
    text = "".join(part.replace("\ufffd", "") for part in parts).encode("utf-8", "ignore").decode()
    data, bad = to_utf8(np.frombuffer(bytearray(text.encode("gb18030")), np.uint8), "gb18030")
    assert (bytes(data).decode(), bad) == (text, 0)


@given(st.binary(max_size=60))
@settings(max_examples=300, deadline=None)
def test_bytes_that_are_no_gb18030_lose_nothing_that_is(noise: bytes) -> None:
    sound = "6222021001,转账,100.00\n".encode("gb18030")
    data, bad = to_utf8(np.frombuffer(bytearray(noise + b"\n" + sound), np.uint8), "gb18030")
    assert bytes(data).endswith(sound.decode("gb18030").encode())
    try:
        codecs.decode(noise + b"\n", "gb18030")
    except UnicodeDecodeError:
        assert bad > 0
    else:
        assert bad == 0


@given(st.binary(max_size=80))
@settings(max_examples=300, deadline=None)
def test_utf8_is_bad_where_python_says_so(noise: bytes) -> None:
    data, bad = to_utf8(np.frombuffer(bytearray(noise), np.uint8), "utf-8")
    try:
        assert (bytes(data).decode(), bad) == (noise.decode(), 0)
    except UnicodeDecodeError:
        assert bad > 0

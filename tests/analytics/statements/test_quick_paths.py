"""The quick ways through ordinary text are the slow ways, byte for byte."""

import codecs

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rongdun.analytics.statements.cells import cells_of_rows, coded_array
from rongdun.analytics.statements.encodings import FEED, to_utf8
from rongdun.analytics.statements.kernels.quick_lines import count_byte, find_marks
from rongdun.analytics.statements.kernels.split import split_lines
from rongdun.analytics.statements.kernels.texts import fresh_keys, mix_texts

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


@given(st.text('甲1,\t|"\n', max_size=120), st.sampled_from(",\t|"))
@settings(max_examples=300, deadline=None)
def test_every_delimiter_line_feed_and_quote_is_found_where_it_stands(text: str, delimiter: str) -> None:
    data = np.frombuffer(bytearray(text.encode()), np.uint8)
    places = np.empty(len(data), np.int32)
    found = find_marks(data, ord(delimiter), places)
    wanted = {ord(delimiter), 0x0A, 0x22}
    assert places[:found].tolist() == [place for place, byte in enumerate(data.tolist()) if byte in wanted]


@given(st.text("甲1,\n", max_size=120))
@settings(max_examples=300, deadline=None)
def test_every_line_feed_is_counted(text: str) -> None:
    data = np.frombuffer(bytearray(text.encode()), np.uint8)
    assert count_byte(data, FEED) == text.count("\n")


@given(st.lists(st.text("ab甲", max_size=7), min_size=1, max_size=40))
@settings(max_examples=300, deadline=None)
def test_cells_are_equal_by_every_byte(texts: list[str]) -> None:
    cells = cells_of_rows([[text] for text in texts], range(len(texts)))
    told = coded_array(cells.data, cells.column(0))
    assert told.to_pylist() == [text or None for text in texts]
    assert told.dictionary.to_pylist() == list(dict.fromkeys(filter(None, texts)))


def _mixed(state: int, value: int) -> int:
    state = (state ^ value) * 0xFF51AFD7ED558CCD % 2**64
    state ^= state >> 32
    state = state * 0xC4CEB9FE1A85EC53 % 2**64
    return state ^ state >> 29


def _key_of(text: bytes) -> list[int]:
    """Mix a text as ledgers in use have it: eight bytes at a time, the first the highest, then rest and length."""
    low, high = (int(word) for word in fresh_keys(1)[0])
    whole = len(text) // 8 * 8
    for at in range(0, whole, 8):
        word = int.from_bytes(text[at : at + 8], "big")
        low, high = _mixed(low, word), _mixed(high, word)
    last = int.from_bytes(text[whole:], "big") ^ len(text) << 56
    return [_mixed(low, last), _mixed(high, (last + 1) % 2**64)]


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=6))
@settings(max_examples=200, deadline=None)
def test_a_rows_key_stays_what_it_was_in_ledgers_in_use(texts: list[bytes]) -> None:
    data = np.frombuffer(b"".join(texts), np.uint8)
    offsets = np.cumsum([0, *(len(text) for text in texts)]).astype(np.int32)
    offsets.flags.writeable = False
    keys = fresh_keys(len(texts))
    mix_texts(data, offsets, keys)
    assert keys.tolist() == [_key_of(text) for text in texts]

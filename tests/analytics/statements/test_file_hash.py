"""Every member file is known by the SHA-256 of its bytes, however it was read."""

import hashlib
from pathlib import Path

import pytest

from rongdun.analytics.statements import encodings
from rongdun.analytics.statements.reader import read_path
from tests.analytics.statements.making import REPLY, csv_bytes, row, write_book

ROWS = [row(交易流水号=f"S{number}", 摘要说明="一\n二") for number in range(40)]
PLAIN = csv_bytes(REPLY, ROWS)
CONTENTS = {
    "gb18030": PLAIN,
    "no line feed at the end": PLAIN.rstrip(),
    "utf-8 with a mark": b"\xef\xbb\xbf" + csv_bytes(REPLY, ROWS, encoding="utf-8"),
    "utf-16 with a mark": csv_bytes(REPLY, ROWS, encoding="utf-16"),
    "unknown headings": "甲,乙\n一,二\n".encode(),
    "empty": b"",
    "foreign": b"%PDF-1.7 \x00\x01",
}


def told(path: Path) -> bytes:
    for reading in read_path(path):
        for _ in reading:
            pass
    return reading.file_hash


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS.keys())
@pytest.mark.parametrize("block", [encodings.BLOCK, 100])
def test_the_hash_is_of_the_files_bytes(
    content: bytes, block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encodings, "BLOCK", block)
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert told(path) == hashlib.sha256(content).digest()


def test_a_workbook_too(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", {"表": [list(REPLY), [ROWS[0].get(name, "") for name in REPLY]]})
    assert told(path) == hashlib.sha256(path.read_bytes()).digest()

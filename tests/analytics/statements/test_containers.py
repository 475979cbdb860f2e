"""Archives with passwords are read; bombs, tricks with paths and damaged files are refused one by one."""

# ruff: noqa: E501  (tables of cells read better unbroken; a Chinese character counts two)

import io
import stat
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
import pyzipper

from rongdun.analytics.statements.containers import Limits, MissingPath
from rongdun.analytics.statements.reader import read_path
from tests.analytics.statements.making import CARD, REPLY, csv_bytes, read_all, read_one, row

GOOD = csv_bytes(REPLY, [row()])


def archive(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries:
            made.writestr(name, content)
    return out.getvalue()


def locked(password: bytes, method: int = pyzipper.WZ_AES) -> bytes:
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", compression=pyzipper.ZIP_DEFLATED, encryption=method) as made:
        made.setpassword(password)
        made.writestr("a.csv", GOOD)
    return out.getvalue()


def put(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "回函.zip"
    path.write_bytes(content)
    return path


def test_an_archive_and_one_inside_it(tmp_path: Path) -> None:
    inner = archive(("乙.csv", GOOD))
    found = read_all(put(tmp_path, archive(("甲/甲.csv", GOOD), ("内.zip", inner))))
    assert [(read.path, read.container, read.taken) for read in found] == [
        ("回函.zip/内.zip/乙.csv", "csv", 1),
        ("回函.zip/甲/甲.csv", "csv", 1),
    ]


def test_archives_nested_deeper_are_refused(tmp_path: Path) -> None:
    deep = archive(("c.zip", archive(("b.zip", archive(("a.csv", GOOD))))), ("good.csv", GOOD))
    found = read_all(put(tmp_path, deep))
    assert [(read.refused, read.taken) for read in found] == [("nested_too_deep", 0), (None, 1)]


@pytest.mark.parametrize(
    ("passwords", "refused", "taken"),
    [((), "password_needed", 0), (("错",), "wrong_password", 0), (("错", "口令1"), None, 1)],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_passwords(
    tmp_path: Path, passwords: tuple[str, ...], refused: str | None, taken: int, encoding: str
) -> None:
    read = read_one(put(tmp_path, locked("口令1".encode(encoding))), passwords=passwords)
    assert (read.refused, read.taken) == (refused, taken)


@pytest.mark.parametrize("packed", [True, False])
def test_traditional_encryption_agrees_with_the_standard_library(tmp_path: Path, packed: bool) -> None:
    """The vector is made with Info-ZIP's algorithm as Python's own zipfile undoes it."""
    content = traditional(GOOD * 3, b"demo", packed)
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        assert made.read("a.csv", pwd=b"demo") == GOOD * 3
    assert read_one(put(tmp_path, content), passwords=["no", "demo"]).taken == 3
    assert read_one(put(tmp_path, content), passwords=["no"]).refused == "wrong_password"


def traditional(plain: bytes, password: bytes, packed: bool) -> bytes:
    """A ZIP whose one entry is encrypted as PKWARE's APPNOTE 6.1 describes, written out here byte by byte."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(plain) + packer.flush() if packed else plain
    sum_ = zlib.crc32(plain)
    keys = [0x12345678, 0x23456789, 0x34567890]

    def step(byte: int, state: int) -> int:
        state ^= byte
        for _ in range(8):
            state = state >> 1 ^ 0xEDB88320 if state & 1 else state >> 1
        return state

    def turn(byte: int) -> None:
        keys[0] = step(byte, keys[0])
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) % 2**32
        keys[2] = step(keys[1] >> 24, keys[2])

    for byte in password:
        turn(byte)
    hidden = bytearray()
    for byte in bytes(11) + bytes([sum_ >> 24]) + body:
        key = (keys[2] | 2) & 0xFFFF
        hidden.append(byte ^ ((key * (key ^ 1)) >> 8) & 0xFF)
        turn(byte)
    sizes = struct.pack("<IIIHH", sum_, len(hidden), len(plain), 5, 0)
    common = struct.pack("<HHHHH", 20, 1, 8 if packed else 0, 0, 0x21) + sizes
    local = b"PK\x03\x04" + common + b"a.csv" + bytes(hidden)
    central = b"PK\x01\x02" + struct.pack("<H", 20) + common + bytes(10) + struct.pack("<I", 0) + b"a.csv"
    return local + central + struct.pack("<4s4HIIH", b"PK\x05\x06", 0, 0, 1, 1, len(central), len(local), 0)


@pytest.mark.parametrize("name", ["../a.csv", "/etc/a.csv", "C:\\a.csv", "x\\..\\..\\a.csv", "b/../../a.csv"])
def test_tricks_with_paths_are_refused_and_the_rest_is_read(tmp_path: Path, name: str) -> None:
    found = read_all(put(tmp_path, archive((name, GOOD), ("good.csv", GOOD))))
    assert sorted((read.refused or "", read.taken) for read in found) == [("", 1), ("unsafe_path", 0)]
    assert not (tmp_path / "a.csv").exists() and not (tmp_path.parent / "a.csv").exists()


def test_links_inside_an_archive_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert read_one(put(tmp_path, archive((link, b"/etc/passwd")))).refused == "unsafe_path"


def test_bombs_are_refused(tmp_path: Path) -> None:
    path = put(tmp_path, archive(("a.csv", b"0" * 3_000_000), ("good.csv", GOOD)))
    found = read_all(path, limits=Limits(ratio_free=1 << 20))
    assert [(read.refused, read.taken) for read in found] == [("too_large", 0), (None, 1)]
    assert [read.refused for read in read_all(path, limits=Limits(member=10))] == ["too_large", "too_large"]
    assert read_one(path, limits=Limits(entries=1)).refused == "too_many_files"


def test_a_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    content = bytearray(archive(("a.csv", b"0" * 3_000_000)))
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = content.index(signature) + place
        content[at : at + 4] = (1000).to_bytes(4, "little")
    read = read_one(put(tmp_path, bytes(content)), limits=Limits(ratio_free=1 << 20))
    assert read.taken == 0 and read.refused in ("too_large", "broken", "unknown_layout")


def test_names_in_the_code_page_of_chinese_systems(tmp_path: Path) -> None:
    content = archive(("aaaaaaaaaaaaaa.csv", GOOD))
    content = content.replace(b"aaaaaaaaaaaaaa", "演示银行流水".encode("gb18030") + b"_1")
    assert read_one(put(tmp_path, content)).path == "回函.zip/演示银行流水_1.csv"


@pytest.mark.parametrize(
    ("content", "refused"),
    [
        (archive(("a.csv", GOOD))[:-30], "broken"), (b"PK\x03\x04" + b"x" * 100, "broken"), (b"%PDF-1.7 demo", "unknown_container"),
        (bytes(range(256)) * 20, "unknown_container"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "broken"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "unknown_container"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(tmp_path: Path, content: bytes, refused: str) -> None:
    read = read_one(put(tmp_path, content))
    assert (read.refused, read.reasons, read.taken) == (refused, [refused], 0)


def test_a_workbook_under_any_name_is_known_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(archive(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<broken")))
    read = read_one(path)
    assert (read.container, read.refused) == ("xlsx", "broken")


def test_a_folder_is_read_in_order_without_its_litter(tmp_path: Path) -> None:
    folder = tmp_path / "件"
    (folder / "子").mkdir(parents=True)
    (folder / "b.csv").write_bytes(GOOD)
    (folder / "子" / "a.csv").write_bytes(csv_bytes(REPLY, [row(交易流水号="S2")]))
    (folder / ".DS_Store").write_bytes(b"x")
    (folder / "~$b.xlsx").write_bytes(b"x")
    (folder / "link.csv").symlink_to(folder / "b.csv")
    found = read_all(folder)
    assert [read.path for read in found] == ["件/b.csv", "件/子/a.csv"]
    assert [read.transactions[0]["account"] for read in found] == [CARD, CARD]


def test_a_path_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(MissingPath):
        list(read_path(tmp_path / "nothing"))

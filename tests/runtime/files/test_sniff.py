"""Files are judged by content: samples are made by other programs or written byte by byte from the formats."""

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
import xlsxwriter

from rongdun.runtime.files import UnacceptedFile, safe_name, sniff


def _zip(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


def _png() -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def _xlsx() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet().write(0, 0, "流水")
    return buffer.getvalue()


def _at(tmp_path: Path, content: bytes, name: str = "无关的名字.bin") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "application/pdf"),
        (_png(), "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "image/jpeg"),
        (_xlsx(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (_zip("OFD.xml", "Doc_0/Document.xml"), "application/ofd"),
        (_zip("流水.csv"), "application/zip"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504), "application/x-ole-storage"),
        (b"#!AMR\n\x3c\x91\x17\x16\xbe\x66\x79\xe1", "audio/amr"),
        ("交易时间,金额\n2026-03-01,100.00\n".encode(), "text/plain"),
        ("交易时间,金额\n2026-03-01,100.00\n".encode("gb18030"), "text/plain"),
        ("交易时间,金额\n".encode("utf-16"), "text/plain"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Document/>", "text/xml"),
        (b"a" + ("转" * 40_000).encode(), "text/plain"),
    ],
)
def test_content_decides(tmp_path: Path, content: bytes, expected: str) -> None:
    assert sniff(_at(tmp_path, content)) == expected


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00",
        b"\x7fELF\x02\x01\x01" + bytes(57),
        b"#!/bin/sh\nrm -rf ~\n",
        b"@echo off\r\nformat c:\r\n",
        b"<!DOCTYPE html><p>hello",
        b"\n\n  <HTML><body onload=x()>",
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
        b"just text and then <script>x()</script>",
        b"<?php system($_GET['c']); ?>",
        b"PK\x03\x04 this is no archive",
        _zip("word/document.xml", "word/vbaProject.bin"),
        b"\x1f\x8b\x08\x00" + bytes(20),
        bytes(range(256)),
    ],
)
def test_what_can_do_harm_is_refused_under_any_name(tmp_path: Path, content: bytes) -> None:
    for name in ("流水.pdf", "图片.png", "说明.txt"):
        with pytest.raises(UnacceptedFile) as refusal:
            sniff(_at(tmp_path, content, name))
        assert refusal.value.status == 415


@pytest.mark.parametrize(
    ("name", "media_type", "expected"),
    [
        ("流水.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "流水.xlsx"),
        ("照片.JPEG", "image/jpeg", "照片.JPEG"),
        ("cat.exe", "text/plain", "cat.exe.txt"),
        ("../../etc/passwd", "text/plain", "passwd.txt"),
        ("C:\\temp\\a.csv", "text/plain", "a.csv"),
        ("a\r\nSet-Cookie: x.pdf", "application/pdf", "aSet-Cookie: x.pdf"),
        ("发票\u202efdp.exe", "application/pdf", "发票fdp.exe.pdf"),
        ("", "application/pdf", "file.pdf"),
        ("...", "application/pdf", "file.pdf"),
    ],
)
def test_a_saved_name_never_lies_about_the_type(name: str, media_type: str, expected: str) -> None:
    assert safe_name(name, media_type) == expected

"""What a file is, told from its content alone; names and declared types are not asked."""

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import filetype

from rongdun.kernel.errors import Text
from rongdun.runtime.files.errors import UnacceptedFile

HEAD = 65_536
"""Bytes at the beginning of a file that are looked at."""

_OOXML = "application/vnd.openxmlformats-officedocument"
_WORD = f"{_OOXML}.wordprocessingml.document"
_EXCEL = f"{_OOXML}.spreadsheetml.sheet"
_SLIDES = f"{_OOXML}.presentationml.presentation"
_OFD = "application/ofd"
_OLE = "application/x-ole-storage"

EXTENSIONS: Mapping[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/gif": ("gif",),
    "image/webp": ("webp",),
    "image/bmp": ("bmp",),
    "image/tiff": ("tif", "tiff"),
    "image/heic": ("heic",),
    "audio/mpeg": ("mp3",),
    "audio/x-wav": ("wav",),
    "audio/mp4": ("m4a",),
    "audio/aac": ("aac",),
    "audio/amr": ("amr",),
    "audio/ogg": ("ogg",),
    "video/mp4": ("mp4",),
    "video/quicktime": ("mov",),
    "video/x-msvideo": ("avi",),
    "video/3gpp": ("3gp",),
    _WORD: ("docx",),
    _EXCEL: ("xlsx",),
    _SLIDES: ("pptx",),
    _OLE: ("xls", "doc", "ppt"),
    _OFD: ("ofd",),
    "application/zip": ("zip",),
    "text/plain": ("txt", "csv", "tsv", "log", "json", "md"),
    "text/xml": ("xml",),
}
"""Every accepted type and the endings its name may have, the usual one first."""

_ZIP_MARKS = (("word/", _WORD), ("xl/", _EXCEL), ("ppt/", _SLIDES), ("OFD.xml", _OFD))
_ZIP_ENTRIES = 20_000
_OLE_MAGIC = bytes.fromhex("D0CF11E0A1B11AE1")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_MARKUP = re.compile(
    r"<\s*(!doctype\s+html|html|head|body|script|svg|iframe|object|embed|xsl:|\?xml-stylesheet)",
    re.IGNORECASE,
)
_SCRIPT = re.compile(r"#!|@echo\s|<\?php", re.IGNORECASE)


def sniff(path: Path) -> str:
    """Return the media type of the file at ``path``: one of :data:`EXTENSIONS`.

    Raises :class:`UnacceptedFile` for anything else: programs, web pages, scripts, documents with macros.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    if head.startswith(b"PK\x03\x04"):
        return _inside_zip(path)
    if head.startswith(_OLE_MAGIC):
        return _OLE
    guessed = filetype.guess_mime(head)
    if guessed is None:
        return _text_type(head)
    if guessed not in EXTENSIONS:
        raise UnacceptedFile(extra={"found": guessed})
    return str(guessed)


def safe_name(name: str, media_type: str) -> str:
    """Return ``name`` fit to be saved under: no path, no control characters, an ending that fits its type.

    A name whose ending promises something else gets the right one appended: ``cat.exe`` that holds text
    becomes ``cat.exe.txt``.
    """
    base = re.split(r"[/\\]", name)[-1]
    clean = "".join(char for char in base if char.isprintable()).strip(" .")[:200] or "file"
    allowed = EXTENSIONS[media_type]
    ending = clean.rpartition(".")[2].lower() if "." in clean else ""
    return clean if ending in allowed else f"{clean}.{allowed[0]}"


def _inside_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [entry.filename for entry in archive.infolist()]
    except (zipfile.BadZipFile, NotImplementedError, ValueError, UnicodeDecodeError):
        raise _damaged() from None
    if len(names) > _ZIP_ENTRIES:
        raise UnacceptedFile(Text("压缩包内文件过多", "The archive holds too many files"))
    if any(name.endswith("vbaProject.bin") for name in names):
        raise UnacceptedFile(
            Text("不接受含宏的文档", "Documents with macros are not accepted"),
            action=Text("请另存为不含宏的文件后再上传", "Save it without macros, then upload it again"),
        )
    for mark, media_type in _ZIP_MARKS:
        if any(name.startswith(mark) for name in names):
            return media_type
    return "application/zip"


def _text_type(head: bytes) -> str:
    text = _decode(head)
    if (
        text is None
        or _CONTROL.search(text)
        or _MARKUP.search(text)
        or _SCRIPT.match(text.lstrip("\ufeff \r\n\t"))
    ):
        raise UnacceptedFile()
    return "text/xml" if text.lstrip("\ufeff \r\n\t").startswith("<?xml") else "text/plain"


def _decode(head: bytes) -> str | None:
    """Return ``head`` as text in the encodings partners really send; a last character may be cut."""
    encodings = ("utf-16",) if head[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8", "gb18030")
    for encoding in encodings:
        for cut in range(4):
            try:
                return head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError as error:
                if error.start < len(head) - 4:
                    break
    return None


def _damaged() -> UnacceptedFile:
    return UnacceptedFile(
        Text("压缩包或文档已损坏，打不开", "The archive or document is damaged"),
        action=Text("请核对原文件后重新上传", "Check the original, then upload it again"),
    )

"""Folders, archives and single files → member files to seek in, within limits; nothing is unpacked by its name."""

import hashlib
import stat
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from os import SEEK_END
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final, cast

import pyzipper

from rongdun.analytics.statements.locked_entry import WrongPassword, can_read, open_entry
from rongdun.kernel.errors import Invalid, Text

_PIECE: Final = 1 << 20
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_FOREIGN: Final = (
    b"%PDF",
    b"Rar!",
    b"7z\xbc\xaf\x27\x1c",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
    b"GIF8",
    b"SQLite",
)
_LITTER: Final = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
_UTF8_NAME: Final = 0x800
_ENCRYPTED: Final = 0x1


class MissingPath(Invalid):
    """A path that was named for reading does not exist."""

    code = "missing_path"
    message = Text("没有这个文件或文件夹", "No such file or folder")
    action = Text("请核对路径", "Check the path")


class WrongArchive(Exception):
    """An archive or one of its members cannot be read; ``reason`` is a key of :data:`reasons.REASONS`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an archive may hold: bytes of a member and of all, entries, times its packed size, archives inside.

    The ratio counts only beyond ``ratio_free`` bytes: short repetitive texts pack very well.
    """

    member: int = 16 << 30
    total: int = 64 << 30
    entries: int = 20_000
    ratio: int = 250
    ratio_free: int = 64 << 20
    depth: int = 2


@dataclass(slots=True)
class Member:
    """One file to be read: what an officer sees as its path, its kind, and its bytes; or why it is refused.

    ``kind`` is ``text``, ``xlsx``, ``xls``, ``zip`` (only when refused) or ``unknown``.
    """

    path: str
    kind: str
    stream: BinaryIO | None
    size: int = 0
    refused: str | None = None


def members(path: Path, passwords: Sequence[str], limits: Limits) -> Iterator[Member]:
    """Yield the member files of ``path`` in the order of their names; a member's stream is open until the next one."""
    if path.is_dir():
        for entry in sorted(path.rglob("*")):
            if entry.is_file() and not entry.is_symlink() and not _is_litter(entry.relative_to(path).parts):
                yield from _members_of_file(
                    entry, entry.relative_to(path.parent).as_posix(), passwords, limits
                )
    elif path.is_file():
        yield from _members_of_file(path, path.name, passwords, limits)
    else:
        raise MissingPath(extra={"path": str(path)})


def _is_litter(parts: Sequence[str]) -> bool:
    return any(part in _LITTER or part.startswith(("~$", "._")) for part in parts)


def _members_of_file(path: Path, shown: str, passwords: Sequence[str], limits: Limits) -> Iterator[Member]:
    with path.open("rb") as stream:
        yield from _members_of_stream(stream, shown, passwords, limits, 0)


def _members_of_stream(
    stream: BinaryIO, shown: str, passwords: Sequence[str], limits: Limits, depth: int
) -> Iterator[Member]:
    kind = kind_of(stream)
    if kind != "zip":
        size = stream.seek(0, SEEK_END)
        stream.seek(0)
        yield Member(shown, kind, stream, size, "empty" if size == 0 else _refusal(kind))
    elif depth >= limits.depth:
        yield Member(shown, "zip", None, refused="nested_too_deep")
    else:
        yield from _members_of_archive(stream, shown, passwords, limits, depth)


def _refusal(kind: str) -> str | None:
    return "unknown_container" if kind == "unknown" else None


def kind_of(stream: BinaryIO) -> str:
    """Return the kind of a file by its content: ``text``, ``xlsx``, ``xls``, ``zip`` or ``unknown``."""
    stream.seek(0)
    head = stream.read(4096)
    stream.seek(0)
    if head.startswith(_OLE):
        return "xls"
    if head.startswith(_ZIP):
        return "xlsx" if _is_workbook(stream) else "zip"
    return "unknown" if head.startswith(_FOREIGN) or _is_binary(head) else "text"


def _is_workbook(stream: BinaryIO) -> bool:
    try:
        with pyzipper.ZipFile(stream) as archive:
            names = archive.namelist()
    except (pyzipper.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    finally:
        stream.seek(0)
    return "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names)


def _is_binary(head: bytes) -> bool:
    """Tell whether bytes are no text: controls that no encoding of ours has, zeros on both sides of UTF-16."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    controls = sum(byte < 9 or 13 < byte < 32 for byte in head) - head.count(0)
    even, odd = head[::2].count(0), head[1::2].count(0)
    return controls * 20 > len(head) or (min(even, odd) * 8 > len(head) > 0)


def sha256_of(stream: BinaryIO) -> bytes:
    """Return the SHA-256 of a member's bytes."""
    digest = hashlib.sha256()
    stream.seek(0)
    while piece := stream.read(_PIECE):
        digest.update(piece)
    stream.seek(0)
    return digest.digest()


def _members_of_archive(
    stream: BinaryIO, shown: str, passwords: Sequence[str], limits: Limits, depth: int
) -> Iterator[Member]:
    try:
        archive = pyzipper.AESZipFile(stream)
    except (pyzipper.BadZipFile, OSError, ValueError, NotImplementedError):
        yield Member(shown, "zip", None, refused="broken")
        return
    with closing(archive):
        infos = [info for info in archive.infolist() if not info.is_dir()]
        if len(infos) > limits.entries:
            yield Member(shown, "zip", None, refused="too_many_files")
            return
        left = limits.total
        for info in sorted(infos, key=_entry_name):
            name = _entry_name(info)
            if _is_litter(PurePosixPath(name).parts):
                continue
            try:
                unpacked = _unpack(archive, info, passwords, limits, left)
            except WrongArchive as refusal:
                yield Member(f"{shown}/{_shown_name(name)}", "zip", None, refused=refusal.reason)
                continue
            with unpacked:
                left -= info.file_size
                yield from _members_of_stream(unpacked, f"{shown}/{name}", passwords, limits, depth + 1)


def _entry_name(info: pyzipper.ZipInfo) -> str:
    """Return an entry's name; without the UTF-8 mark it is GB18030 as Chinese systems write it."""
    name: str = info.filename
    if info.flag_bits & _UTF8_NAME:
        return name
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _shown_name(name: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in name)


def _is_unsafe(info: pyzipper.ZipInfo) -> bool:
    name = _entry_name(info)
    parts = name.replace("\\", "/").split("/")
    absolute = name.startswith(("/", "\\")) or ":" in parts[0]
    return absolute or ".." in parts or not name.isprintable() or stat.S_ISLNK(info.external_attr >> 16)


def _unpack(
    archive: pyzipper.AESZipFile, info: pyzipper.ZipInfo, passwords: Sequence[str], limits: Limits, left: int
) -> BinaryIO:
    """Return an entry's bytes in a temporary file; raise :class:`WrongArchive` when it must not or cannot be read."""
    if _is_unsafe(info):
        raise WrongArchive("unsafe_path")
    most = min(limits.member, left, max(limits.ratio * info.compress_size, limits.ratio_free))
    if info.file_size > most:
        raise WrongArchive("too_large")
    if not info.flag_bits & _ENCRYPTED:
        return _spool(archive, info, None, most)
    if not passwords:
        raise WrongArchive("password_needed")
    for password in passwords:
        for encoding in ("utf-8", "gb18030"):
            try:
                return _spool(archive, info, password.encode(encoding), most)
            except WrongPassword:
                continue
    raise WrongArchive("wrong_password")


def _spool(
    archive: pyzipper.AESZipFile, info: pyzipper.ZipInfo, password: bytes | None, most: int
) -> BinaryIO:
    out = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115  (handed on, closed by who reads it)
    try:
        _copy(_pieces(archive, info, password), out, most)
    except BaseException as error:
        out.close()
        _explain(error, password)
        raise
    return out


def _pieces(archive: pyzipper.AESZipFile, info: pyzipper.ZipInfo, password: bytes | None) -> Iterator[bytes]:
    if password is not None and can_read(info):
        yield from open_entry(archive.fp, info, password)
        return
    with archive.open(info, pwd=password) as source:
        while piece := source.read(_PIECE):
            yield piece


def _explain(error: BaseException, password: bytes | None) -> None:
    """Turn what the library raises into what an officer reads; a wrong password often shows only in the checksum."""
    if isinstance(error, NotImplementedError):
        raise WrongArchive("unsupported_method") from error
    if isinstance(error, (RuntimeError, pyzipper.BadZipFile, zlib.error, EOFError, OSError, ValueError)):
        if password is not None:
            raise WrongPassword from error
        raise WrongArchive("broken") from error


def _copy(pieces: Iterator[bytes], out: BinaryIO, most: int) -> None:
    written = 0
    for piece in pieces:
        written += len(piece)
        if written > most:
            raise WrongArchive("too_large")
        out.write(piece)

"""Files by their content: the same content is kept once, under its SHA-256, and never changed."""

import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from rongdun.kernel.errors import Text
from rongdun.runtime.files.errors import DiskFull, EmptyFile, FileLost
from rongdun.runtime.files.sniff import sniff
from rongdun.runtime.problems import TooLarge
from rongdun.runtime.settings import Settings

_HASH = re.compile(r"[0-9a-f]{64}")
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A kept file: SHA-256 in hex, size in bytes, and what its content is."""

    hash: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Damage:
    """A kept file whose content is not what its name says; ``found`` is the hash it has now."""

    hash: str
    found: str


class FileStore:
    """The directory of kept files, ``ab/cd/<hash>``; ``limit`` is the most bytes one file may have."""

    def __init__(self, root: Path, *, limit: int) -> None:
        self.root = root
        self.limit = limit

    @classmethod
    def of(cls, settings: Settings) -> "FileStore":
        """Return the file store of a deployment."""
        return cls(settings.files, limit=settings.upload_limit_mib << 20)

    def receive(self) -> "Incoming":
        """Return a file in the making; leaving its ``with`` block without :meth:`Incoming.keep` drops it."""
        return Incoming(self)

    def add(self, chunks: Iterable[bytes]) -> StoredFile:
        """Keep the content of ``chunks``; errors as :meth:`Incoming.write` and :meth:`Incoming.keep`."""
        with self.receive() as incoming:
            for chunk in chunks:
                incoming.write(chunk)
            return incoming.keep()

    def path_of(self, hash: str) -> Path:
        """Return where the file of that hash lies; :class:`FileLost` when it does not."""
        if not _HASH.fullmatch(hash):
            raise FileLost()
        path = self._place(hash)
        if not path.is_file():
            raise FileLost(extra={"hash": hash})
        return path

    def hashes(self) -> Iterator[str]:
        """Yield the hash of every kept file."""
        for path in sorted(self.root.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]/*")):
            if _HASH.fullmatch(path.name):
                yield path.name

    def verify(self) -> Iterator[Damage]:
        """Read every kept file again and yield those whose content has changed."""
        for hash in self.hashes():
            found = _hash_of(self._place(hash))
            if found != hash:
                yield Damage(hash, found)

    def clear_abandoned(self, before: datetime) -> int:
        """Drop what a killed process left half received before that moment; return how many."""
        left = [path for path in self._waiting.glob("*") if path.stat().st_mtime < before.timestamp()]
        for path in left:
            path.unlink(missing_ok=True)
        return len(left)

    @property
    def _waiting(self) -> Path:
        return self.root / "incoming"

    def _place(self, hash: str) -> Path:
        return self.root / hash[:2] / hash[2:4] / hash


class Incoming:
    """A file being received: written beside the kept ones, moved among them only when it is whole."""

    def __init__(self, store: FileStore) -> None:
        self._store = store
        self._digest = hashlib.sha256()
        self._size = 0
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        with _room():
            waiting = self._store._waiting
            waiting.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = tempfile.NamedTemporaryFile(dir=waiting, delete=False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            _close_quietly(self._file)
            Path(self._file.name).unlink(missing_ok=True)

    def write(self, data: bytes) -> None:
        """Take the next bytes. Raises :class:`TooLarge` past the store's limit, :class:`DiskFull`."""
        self._size += len(data)
        if self._size > self._store.limit:
            most = self._store.limit >> 20
            raise TooLarge(Text(f"文件超过 {most} MiB", f"The file is larger than {most} MiB"))
        self._digest.update(data)
        with _room():
            self._open.write(data)

    def keep(self) -> StoredFile:
        """Make the received file a kept one, safe on disk, and return it.

        Raises :class:`EmptyFile`, :class:`UnacceptedFile` by its content, :class:`DiskFull`.
        """
        if self._size == 0:
            raise EmptyFile()
        with _room():
            self._open.flush()
            os.fsync(self._open.fileno())
        hash = self._digest.hexdigest()
        kept = StoredFile(hash, self._size, sniff(Path(self._open.name)))
        with _room():
            self._move(self._store._place(hash))
        return kept

    @property
    def _open(self) -> IO[bytes]:
        assert self._file is not None, "use an incoming file inside its with block"
        return self._file

    def _move(self, place: Path) -> None:
        if place.is_file() and place.stat().st_size == self._size:
            return
        os.fchmod(self._open.fileno(), 0o400)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.replace(self._open.name, place)
        for directory in (place.parent, place.parent.parent, self._store.root):
            _sync_directory(directory)


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise DiskFull() from error
        raise


def _close_quietly(file: IO[bytes]) -> None:
    """Close a file that is thrown away: what could not be flushed to a full disk is not missed."""
    try:
        file.close()
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _hash_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()

"""Files of rows on their way to the disk, beside who makes the rows: large pieces go past the system's cache.

Every file is brought to the disk before its version counts. A page in the cache on the way there costs more than
what stands on it, and the wait at the end costs the writer its turn.
"""

import io
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np
from typing_extensions import Buffer

from rongdun.analytics.past_cache import BlockFile, Bytes, room_of

PIECE: Final = 4 << 20
"""Bytes written at once; a file of fewer goes through the cache."""


class Disk:
    """The thread that writes; at its end all files are on the disk, or what went wrong is raised."""

    def __enter__(self) -> Self:
        """Return the disk."""
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="ledger-disk")
        self._ended: list[Future[None]] = []
        self._sinks: list[Sink] = []
        self._rooms: list[Bytes] = []
        return self

    def create(self, path: Path) -> "Sink":
        """Create a file; it is closed at the end at the latest."""
        self._sinks.append(Sink(path, self))
        return self._sinks[-1]

    def room(self) -> Bytes:
        """Return memory for a piece, where there is some that was used before."""
        return self._rooms.pop() if self._rooms else room_of(PIECE)

    def take_back(self, room: Bytes) -> None:
        """Take memory whose bytes are written."""
        self._rooms.append(room)

    def do(self, work: Callable[[], None]) -> "Future[None]":
        """Do ``work`` after all that was asked before it."""
        self._ended.append(self._pool.submit(work))
        return self._ended[-1]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for all that was asked."""
        for sink in self._sinks:
            sink.close()
        self._pool.shutdown()
        for ended in self._ended:
            ended.result()


class Sink(io.RawIOBase):
    """A new file, written from front to back; :meth:`close` ends it."""

    def __init__(self, path: Path, disk: Disk) -> None:
        """Create ``path`` once there is something to write."""
        super().__init__()
        self._path, self._disk = path, disk
        self._room = disk.room()
        self._filled = self._written = 0
        self._file: BlockFile | None = None
        self._waiting: Future[None] | None = None

    def writable(self) -> bool:
        """Return true."""
        return True

    def tell(self) -> int:
        """Return how many bytes were taken."""
        return self._written + self._filled

    def write(self, data: Buffer, /) -> int:
        """Take all of ``data``."""
        taken = memoryview(data).cast("B")
        rest = np.asarray(taken, np.uint8)
        while len(rest):
            part = rest[: PIECE - self._filled]
            self._room[self._filled : self._filled + len(part)] = part
            self._filled += len(part)
            rest = rest[len(part) :]
            if self._filled == PIECE:
                self._turn()
        return len(taken)

    def close(self) -> None:
        """Have what is left written, everything brought to the disk and the file closed; it may still be on its way."""
        if not self.closed:
            super().close()
            room, filled, offset = self._room, self._filled, self._written
            self._disk.do(lambda: self._end(room, filled, offset))
            self._room = room_of(0)

    def _turn(self) -> None:
        """Hand the full room over, once the one before it is written, and go on in another."""
        if self._waiting is not None:
            self._waiting.result()
        room, offset = self._room, self._written
        self._waiting = self._disk.do(lambda: self._put(room, offset))
        self._room = self._disk.room()
        self._written, self._filled = self._written + PIECE, 0

    def _put(self, room: Bytes, offset: int) -> None:
        self._file = self._file or BlockFile(self._path, past_cache=True)
        self._file.put(room, offset)
        self._disk.take_back(room)

    def _end(self, room: Bytes, filled: int, offset: int) -> None:
        with self._file or BlockFile(self._path) as file:
            file.put(room[:filled], offset)
            file.sync()
        self._disk.take_back(room)

"""Files that shall not fill the system's cache of pages: written straight to the disk, or read once and let go.

Each page that a file takes in the cache must be found and cleared first, which costs more than making what stands on
it, and it pushes out what others read.
"""

import errno
import os
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, Self

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]

BLOCK: Final = 4096
"""What goes past the cache begins and ends at whole blocks, in memory and in the file."""

_STEP: Final = 1 << 23


class BlockFile:
    """A new file that is filled piece by piece, in any order and from several threads."""

    def __init__(self, path: Path, past_cache: bool = False) -> None:
        """Create ``path``; where the file system cannot pass its cache by, it is written as any file."""
        self._cached = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        self._direct = _open_direct(path) if past_cache else None

    def __enter__(self) -> Self:
        """Return the file; it is closed at the end."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file."""
        os.close(self._cached)
        if self._direct is not None:
            os.close(self._direct)

    def put(self, array: npt.NDArray[Any], offset: int) -> int:
        """Write a contiguous array's bytes from ``offset`` on; return where they end.

        No two pieces overlap. What shares a block with a neighbouring piece goes through the cache.
        """
        piece = array.reshape(-1).view(np.uint8)
        body = 0 if self._direct is None else _whole_blocks(len(piece), offset)
        head = min(-offset % BLOCK, len(piece)) if body else len(piece)
        _write(self._cached, piece[:head], offset)
        for at in range(head, head + body, _STEP):
            self._put_blocks(piece[at : min(at + _STEP, head + body)], offset + at)
        _write(self._cached, piece[head + body :], offset + head + body)
        return offset + len(piece)

    def sync(self) -> None:
        """Wait until all that was put is on the disk."""
        os.fsync(self._cached)

    def _put_blocks(self, blocks: Bytes, offset: int) -> None:
        if blocks.ctypes.data % BLOCK:
            aligned = room_of(len(blocks))
            aligned[:] = blocks
            blocks = aligned
        try:
            _write(self._direct if self._direct is not None else self._cached, blocks, offset)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            _write(self._cached, blocks, offset)  # a disk of larger blocks than ours


def room_of(size: int) -> Bytes:
    """Return memory of ``size`` bytes that begins with a block."""
    raw = np.empty(size + BLOCK, np.uint8)
    first = -raw.ctypes.data % BLOCK
    return raw[first : first + size]


def let_go(stream: BinaryIO, begin: int, size: int) -> None:
    """Tell the system that so many bytes of a file were read and will not be again; its next bytes take their pages."""
    try:
        os.posix_fadvise(stream.fileno(), begin, size, os.POSIX_FADV_DONTNEED)
    except (OSError, AttributeError):
        return  # in memory, or a system without this advice: nothing to let go


def _whole_blocks(size: int, offset: int) -> int:
    return max(0, (size - -offset % BLOCK) // BLOCK * BLOCK)


def _open_direct(path: Path) -> int | None:
    flag = getattr(os, "O_DIRECT", 0)
    try:
        return os.open(path, os.O_WRONLY | flag) if flag else None
    except OSError:
        return None


def _write(handle: int, piece: Bytes, offset: int) -> None:
    view = memoryview(piece.data)
    while view:
        written = os.pwrite(handle, view, offset)
        view = view[written:]
        offset += written

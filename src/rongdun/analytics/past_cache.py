"""Files that shall not fill the system's cache of pages: whole blocks straight to the disk, and what was read once.

Each page that a file takes in the cache must be found and cleared first, which costs more than making what stands on
it, and it pushes out what others read.
"""

import errno
import os
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]

BLOCK: Final = 4096
"""What goes past the cache begins and ends at whole blocks, in memory and in the file."""


def room_of(size: int) -> Bytes:
    """Return memory of ``size`` bytes that begins with a block."""
    raw = np.empty(size + BLOCK, np.uint8)
    first = -raw.ctypes.data % BLOCK
    return raw[first : first + size]


def open_past_cache(path: Path) -> int | None:
    """Open a file that exists for writing past the cache; None where its file system cannot."""
    flag = getattr(os, "O_DIRECT", 0)
    try:
        return os.open(path, os.O_WRONLY | flag) if flag else None
    except OSError:
        return None


def write_blocks(direct: int | None, cached: int, blocks: Bytes, offset: int) -> None:
    """Write whole blocks to a file that is open as ``direct``, or as ``cached`` where that cannot take them."""
    try:
        write_at(cached if direct is None else direct, blocks, offset)
    except OSError as error:
        if error.errno != errno.EINVAL or direct is None:
            raise
        write_at(cached, blocks, offset)  # a disk of larger blocks than ours


def write_at(handle: int, piece: Bytes, offset: int) -> None:
    """Write all of ``piece`` from ``offset`` on."""
    view = memoryview(piece.data)
    while view:
        written = os.pwrite(handle, view, offset)
        view = view[written:]
        offset += written


def let_go(stream: BinaryIO, begin: int, size: int) -> None:
    """Tell the system that so many bytes of a file were read and will not be again; its next bytes take their pages."""
    try:
        os.posix_fadvise(stream.fileno(), begin, size, os.POSIX_FADV_DONTNEED)
    except (OSError, AttributeError):
        return  # in memory, or a system without this advice: nothing to let go

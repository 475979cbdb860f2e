"""Write the files of an index: a large one past the system's cache, straight to the disk.

A small index stays in the cache, where the first traces find it.
"""

import os
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from rongdun.analytics.past_cache import BLOCK, Bytes, open_past_cache, room_of, write_at, write_blocks

PAST_CACHE: Final = 1 << 28
"""An index whose rows take at least so many bytes is written past the cache."""

_STEP: Final = 1 << 23


class IndexFile:
    """A new file that is filled piece by piece, in any order and from several threads."""

    def __init__(self, path: Path, past_cache: bool = False) -> None:
        """Create ``path``; where the file system cannot pass its cache by, it is written as any file."""
        self._cached = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        self._direct = open_past_cache(path) if past_cache else None

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
        write_at(self._cached, piece[:head], offset)
        for at in range(head, head + body, _STEP):
            self._put_blocks(piece[at : min(at + _STEP, head + body)], offset + at)
        write_at(self._cached, piece[head + body :], offset + head + body)
        return offset + len(piece)

    def _put_blocks(self, blocks: Bytes, offset: int) -> None:
        if blocks.ctypes.data % BLOCK:
            aligned = room_of(len(blocks))
            aligned[:] = blocks
            blocks = aligned
        write_blocks(self._direct, self._cached, blocks, offset)


def _whole_blocks(size: int, offset: int) -> int:
    return max(0, (size - -offset % BLOCK) // BLOCK * BLOCK)

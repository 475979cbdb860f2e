"""What a reader hands over: one :class:`FileReading` a member file, its chunks of rows, its counts. Pure."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import pyarrow as pa


class Chunk(NamedTuple):
    """Rows of one table, in the schema ``SCHEMAS[table]``; rejects come as chunks of the table ``rejects``."""

    table: str
    batch: pa.RecordBatch


@dataclass(slots=True)
class Counts:
    """Rows below the headings: ``rows = taken + rejected + blank`` holds after every chunk.

    Repeated headings count as blank. Duplicates are found by who keeps the rows, among the taken.
    """

    taken: int = 0
    rejected: int = 0
    blank: int = 0

    @property
    def rows(self) -> int:
        """Return how many rows stand below the headings."""
        return self.taken + self.rejected + self.blank


@dataclass(slots=True)
class FileReading:
    """One member file while and after it is read; iterate it once, to its end, for its chunks.

    ``path`` is what an officer sees (``回函.zip/甲银行.csv``). ``layouts`` (ids, in order of appearance), ``counts``,
    ``refused``, ``notes`` and ``file_hash`` (SHA-256 of the bytes that were read) are complete only after iteration.
    ``refused`` is the reason code when the file as a whole gave no row; a reject without a row number then says so
    too. ``notes`` counts what was kept with a doubt, by (column, reason). ``headings`` holds each sheet's first
    headings, to write refused rows back under them.
    """

    path: str
    container: str
    size: int
    source: Callable[["FileReading"], Iterator[Chunk]]
    file_hash: bytes = bytes(32)
    encoding: str | None = None
    layouts: list[str] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    refused: str | None = None
    notes: Counter[tuple[str, str]] = field(default_factory=Counter)
    headings: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Chunk]:
        """Yield the file's chunks in the order of its rows; each holds at most some tens of thousands of rows."""
        return self.source(self)

    @property
    def layout(self) -> str | None:
        """Return the layouts' ids joined by ``+``, None where none was recognised."""
        return "+".join(self.layouts) or None

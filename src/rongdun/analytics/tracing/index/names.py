"""Numbers and names of many accounts, read when somebody looks at them.

A trace meets ten times as many accounts as it shows: who paid into a touched account has a place, few are named.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import Any, Final, overload

from rongdun.analytics.tracing.index import gather_kernel, layout
from rongdun.analytics.tracing.index.opened import TraceIndex
from rongdun.analytics.tracing.model import Int32s, Int64s

NUMBER: Final = 0
NAME: Final = 1


class Late(Sequence[str], ABC):
    """Texts of accounts by place; the first look at many of them reads all."""

    def __init__(self, known: int, more: Sequence[str]) -> None:
        self._known, self._more = known, list(more)
        self._all: list[str] | None = None

    def __len__(self) -> int:
        return self._known + len(self._more)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if self._all is not None or isinstance(place, slice) or not 0 <= place < self._known:
            return self._whole()[place]
        return self._one(place)

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._whole() == list(other)

    def __hash__(self) -> int:
        return hash(tuple(self._whole()))

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to another process as a plain list."""
        return list, (self._whole(),)

    def _whole(self) -> list[str]:
        if self._all is None:
            self._all = [*(self._read() if self._known else []), *self._more]
        return self._all

    @abstractmethod
    def _one(self, place: int) -> str:
        """Return one account's text."""

    @abstractmethod
    def _read(self) -> list[str]:
        """Return the texts of all accounts in the index."""


class Spelled(Late):
    """What codes stand for, and after them what is handed in."""

    def __init__(self, names: Sequence[str], codes: Int32s, more: Sequence[str]) -> None:
        super().__init__(len(codes), more)
        self._names, self._codes = names, codes

    def _one(self, place: int) -> str:
        return self._names[int(self._codes[place])]

    def _read(self) -> list[str]:
        return [self._names[code] for code in self._codes.tolist()]


class Texts(Late):
    """One part of the accounts' texts by place, and after them what is handed in; one is read alone, all together."""

    def __init__(self, index: TraceIndex, begin: Int64s, end: Int64s, part: int, more: Sequence[str]) -> None:
        super().__init__(len(begin), more)
        self._index, self._begin, self._end, self._part = index, begin, end, part

    def _one(self, place: int) -> str:
        return self._index.text(int(self._begin[place]), int(self._end[place]))[self._part]

    def _read(self) -> list[str]:
        self._index.will_read(layout.TEXTS, self._begin, self._end)
        parted_by = ord(layout.SEPARATOR)
        blob = gather_kernel.texts(self._index.texts, self._begin, self._end, self._part, parted_by)
        return blob.tobytes().decode().split(chr(gather_kernel.BETWEEN))

"""An index open for reading: memory maps that processes share, and the look-up of a number."""

import json
import mmap
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from rongdun.analytics.memory import give_back, keep_freed
from rongdun.analytics.tracing.index import layout
from rongdun.analytics.tracing.index.durable import trusted
from rongdun.analytics.tracing.index.errors import DamagedIndex, SeveralAccounts
from rongdun.analytics.tracing.index.hashing import hash_of, hashes_of
from rongdun.analytics.tracing.model import NOBODY, Int64s

Records = npt.NDArray[np.void]

PAGE: Final = mmap.PAGESIZE
_MOST_ADVISED: Final = 1_024
"""More pieces than this are read as they come: asking ahead for each would cost more than it saves."""

_AROUND: Final = 64 << 10
"""The system maps so much around each page it finds in its cache (Linux, ``fault_around_bytes``)."""

MANY: Final = 32
"""From so many numbers on they are looked up together."""

MANY_VICTIMS: Final = 64
"""Of so many a trace is asked again, with another moment or depth; finding its pages anew is a third of its time."""

MOST_MAPPED: Final = 64 << 20
"""Bytes of the index that may count as this process's own memory before it lets go of them."""


class TraceIndex:
    """The arrays of one index, mapped and never written. Safe to use from several threads and processes."""

    def __init__(self, folder: Path) -> None:
        """Open ``folder``; raise :class:`DamagedIndex` where it is not what its manifest says."""
        self.folder = folder
        self.manifest = manifest_of(folder)
        self._maps = {name: _mapped(folder / name) for name in layout.FILES}
        self.rows = self._array(layout.ROWS, layout.ROW)
        self.accounts = self._array(layout.ACCOUNTS, layout.ACCOUNT)
        self.levels = self._array(layout.LEVELS, layout.LEVEL)
        self.texts = self._array(layout.TEXTS, np.uint8)
        self._keys = self._array(layout.KEYS, layout.KEY)
        self._buckets = self._array(layout.BUCKETS, np.uint32)
        self._bits = (len(self._buckets) - 1).bit_length() - 1
        self._read = 0
        self._keeps = False

    def __len__(self) -> int:
        return self.manifest.accounts

    def candidates(self, number: str) -> list[int]:
        """Return the accounts that bear a number or other number, observed ones first."""
        wanted = hash_of(number.encode())
        bucket = wanted >> (64 - self._bits)
        found = self._keys[self._buckets[bucket] : self._buckets[bucket + 1]]
        places = [int(place) for place in found["account"][found["hash"] == wanted]]
        held = {place for place in places if self._bears(place, number)}
        return sorted(held, key=lambda place: (not self.accounts[place]["observed"], place))

    def find(self, institution: str, number: str) -> int:
        """Return the account of a number, ``NOBODY`` where the ledger does not know it.

        Without an institution the number alone decides; raises :class:`SeveralAccounts` where it cannot: where
        several observed accounts, or several that only others name, bear it.
        """
        places = self.candidates(number)
        if institution:
            exact = [place for place in places if self.institution(place) == institution]
            places = exact or [place for place in places if not self.institution(place)]
        observed = [place for place in places if self.accounts[place]["observed"]]
        chosen = observed or places
        if len(chosen) > 1:
            raise SeveralAccounts(extra={"number": number})
        return chosen[0] if chosen else NOBODY

    def find_all(self, keys: Sequence[tuple[str, str]]) -> Int64s:
        """Return what :meth:`find` says of each institution and number; many are looked up together."""
        if len(keys) < MANY:
            return np.array([self.find(*key) for key in keys], np.int64)
        count, place = self._by_hash([number for _, number in keys])
        own = self.accounts[place]
        said = zip(
            count.tolist(),
            place.tolist(),
            own["institution"].tolist(),
            own["text"].tolist(),
            self.accounts["text"][place + 1].tolist(),
            strict=True,
        )
        return np.array([self._one(*key, *told) for key, told in zip(keys, said, strict=True)], np.int64)

    def _one(  # what the look-up by hash found of one key: how many accounts, the last of them, what it is
        self, institution: str, number: str, count: int, place: int, code: int, begin: int, end: int
    ) -> int:
        if not count:
            return NOBODY
        own, _, *others = self.text(begin, end)
        if count > 1 or (number != own and number not in others):
            return self.find(institution, number)
        fits = not institution or self.manifest.institutions[code] in (institution, "")
        return place if fits else NOBODY

    def _by_hash(self, numbers: Sequence[str]) -> tuple[Int64s, Int64s]:
        """Return how many accounts bear a number of the same hash, and the last of them."""
        spelled = [number.encode() for number in numbers]
        length = np.array([len(one) for one in spelled], np.int64)
        blob = np.frombuffer(b"".join([*spelled, b" "]), np.uint8)  # no empty buffer
        wanted = hashes_of(blob, np.cumsum(length) - length, length)
        bucket = wanted >> np.uint64(64 - self._bits)
        begin, end = (self._buckets[bucket + np.uint64(more)].astype(np.int64) for more in (0, 1))
        count, place = np.zeros(len(numbers), np.int64), np.zeros(len(numbers), np.int64)
        for step in range(int((end - begin).max(initial=0))):
            here = np.flatnonzero(begin + step < end)
            found = self._keys[begin[here] + step]
            same = found["hash"] == wanted[here]
            count[here[same]] += 1
            place[here[same]] = found["account"][same]
        return count, place

    def institution(self, place: int) -> str:
        """Return the institution of an account, empty where nobody told it."""
        return self.manifest.institutions[int(self.accounts[place]["institution"])]

    def card(self, place: int) -> tuple[str, str, str]:
        """Return institution, number and owner's name of an account."""
        number, name, *_ = self._texts(place)
        return self.institution(place), number, name

    def _bears(self, place: int, number: str) -> bool:
        own, _, *others = self._texts(place)
        return number == own or number in others

    def text(self, begin: int, end: int) -> list[str]:
        """Return what lies in the texts from ``begin`` before ``end``: number, name, other numbers."""
        return self.texts[begin:end].tobytes().decode().split(layout.SEPARATOR)

    def _texts(self, place: int) -> list[str]:
        return self.text(*self.accounts["text"][place : place + 2].tolist())

    def will_read(self, name: str, begin: Int64s, end: Int64s) -> None:
        """Ask the system to fetch pieces of a file (records from ``begin`` before ``end``) side by side."""
        size = _ITEM[name]
        self._read += int((end - begin).sum()) * size + len(begin) * _AROUND
        first = begin * size // PAGE
        last = np.maximum(end * size - 1, begin * size) // PAGE
        if len(first) > _MOST_ADVISED:
            return
        mapped = self._maps[name]
        for one, two in sorted(set(zip(first.tolist(), last.tolist(), strict=True))):
            mapped.madvise(mmap.MADV_WILLNEED, one * PAGE, (two - one + 1) * PAGE)

    def let_go(self, victims: int = 1) -> None:
        """Give pages back once many were read: they stay in the system's cache, where every process finds them.

        Whoever still reads them only finds them again; without this a long-lived process seems to grow with each trace.
        A trace of :data:`MANY_VICTIMS` keeps its pages, and the memory of its arrays, for its next: the trace of few
        that follows gives them back.
        """
        if victims >= MANY_VICTIMS:
            keep_freed()
            self._keeps = True
            return
        if self._keeps:
            self._keeps = False
            give_back()
        if self._read < MOST_MAPPED:
            return
        self._read = 0
        for mapped in self._maps.values():
            mapped.madvise(mmap.MADV_DONTNEED)

    def _array(self, name: str, kind: npt.DTypeLike) -> npt.NDArray[Any]:
        size = self.manifest.sizes[
            name
        ]  # an empty file is read-only too: loops are compiled for one kind of array
        return np.frombuffer(memoryview(self._maps[name])[:size].toreadonly(), kind)


_ITEM: Final = {
    layout.ROWS: layout.ROW.itemsize,
    layout.ACCOUNTS: layout.ACCOUNT.itemsize,
    layout.LEVELS: layout.LEVEL.itemsize,
    layout.TEXTS: 1,
}


def manifest_of(folder: Path) -> layout.IndexManifest:
    """Return what an index says of itself; raise :class:`DamagedIndex` where it does not hold true."""
    try:
        told = json.loads((folder / layout.MANIFEST).read_text(encoding="utf-8"))
        if told["format"] != layout.FORMAT:
            raise DamagedIndex
        manifest = layout.IndexManifest(**told)
        whole = all(_size(folder, name) == manifest.sizes[name] for name in layout.FILES)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedIndex from error
    if not whole or not trusted(folder, manifest.boot):
        raise DamagedIndex
    return manifest


def _size(folder: Path, name: str) -> int:
    return (folder / name).stat().st_size


def _mapped(path: Path) -> mmap.mmap:
    """Map a file for reading, page by page: neighbours of a page are other people's accounts."""
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            return mmap.mmap(-1, PAGE)
        mapped = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
    mapped.madvise(mmap.MADV_RANDOM)
    return mapped

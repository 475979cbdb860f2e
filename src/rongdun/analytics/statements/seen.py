"""Counts rows of one file that nothing tells apart, so that two real equal purchases stay two. Pure."""

import numpy as np
import pyarrow as pa

from rongdun.analytics.statements.cells import Mask
from rongdun.analytics.statements.kernels.texts import count_equal


class Seen:
    """The keys of such rows, sixteen bytes each; rows with a serial or a balance never come here."""

    def __init__(self) -> None:
        self._table = np.zeros((1 << 10, 2), np.uint64)
        self._counts = np.zeros(1 << 10, np.int64)
        self._held = 0

    def number(self, batch: pa.RecordBatch, asked: Mask) -> pa.RecordBatch:
        """Return ``batch`` with ``occurrence`` counted on for the ``asked`` rows."""
        keys = np.frombuffer(batch["row_key"].buffers()[1], np.uint64).reshape(-1, 2)
        keys = keys[batch["row_key"].offset :][: len(batch)]
        self._make_room(int(asked.sum()))
        numbers = np.empty(len(batch), np.int64)
        self._held += count_equal(keys, asked.view(np.int8), self._table, self._counts, numbers)
        place = batch.schema.get_field_index("occurrence")
        return batch.set_column(place, batch.schema.field(place), pa.array(numbers.astype(np.int32)))

    def _make_room(self, coming: int) -> None:
        size = len(self._counts)
        while (self._held + coming) * 2 > size:
            size *= 2
        if size == len(self._counts):
            return
        kept = self._counts > 0
        keys, counts = self._table[kept], self._counts[kept]
        self._table, self._counts = np.zeros((size, 2), np.uint64), np.zeros(size, np.int64)
        _place(keys, counts, self._table, self._counts)


def _place(keys: np.ndarray, counts: np.ndarray, table: np.ndarray, held: np.ndarray) -> None:
    """Put known keys into a larger table."""
    numbers, asked = np.empty(len(keys), np.int64), np.ones(len(keys), np.int8)
    count_equal(keys, asked, table, held, numbers)
    _restore(keys, counts, table, held)


def _restore(keys: np.ndarray, counts: np.ndarray, table: np.ndarray, held: np.ndarray) -> None:
    taken = held > 0
    order = np.lexsort((keys[:, 1], keys[:, 0]))
    places = np.flatnonzero(taken)
    held[places[np.lexsort((table[taken][:, 1], table[taken][:, 0]))]] = counts[order]

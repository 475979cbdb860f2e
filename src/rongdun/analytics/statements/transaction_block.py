"""A block of a transaction layout while it is read: its cells by role, what was made of them, who is refused."""

from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa

from rongdun.analytics.statements import words
from rongdun.analytics.statements.block import Context, Refusals, silence_undecodable
from rongdun.analytics.statements.cells import Cells, Column, Mask, empty_column
from rongdun.analytics.statements.kernels.compiled import Marks
from rongdun.analytics.statements.kernels.texts import code_words
from rongdun.analytics.statements.layout import Binding


class Transactions:
    """One block on its way to canonical transactions; :func:`transactions.read_transactions` runs it."""

    def __init__(self, cells: Cells, binding: Binding, context: Context) -> None:
        silence_undecodable(cells)
        self.cells, self.binding, self.context = cells, binding, context
        self.layout = binding.layout
        self.rows = len(cells)
        self.lines = cells.lines
        self.refusals = Refusals(cells, binding)
        self.notes: Counter[tuple[str, str]] = Counter()
        self.columns = {role: cells.column(place) for role, place in binding.places.items()}
        self.made: dict[str, pa.Array] = {}
        self.facts: dict[str, np.ndarray[Any, Any]] = {}
        self._kept: Mask | None = None
        self._sifted: dict[str, Column] = {}

    def get(self, role: str) -> Column:
        """Return a role's column, an empty one when the file has none; of the rows kept, once others were dropped."""
        column = self.columns.get(role)
        if column is None:
            return empty_column(self.rows)
        if self._kept is None:
            return column
        if role not in self._sifted:
            self._sifted[role] = column.only(self._kept)
        return self._sifted[role]

    def drop_refused(self) -> None:
        """Go on with the rows taken only; done before texts are copied, because dropping them later is dear."""
        if not self.refusals.out.any():
            return
        kept = self._kept = ~self.refusals.out
        self.rows, self.lines = int(kept.sum()), self.lines[kept]
        self.facts = {name: fact[kept] for name, fact in self.facts.items()}
        mask = pa.array(kept)
        self.made = {
            name: pa.nulls(self.rows, array.type) if array.null_count == len(array) else array.filter(mask)
            for name, array in self.made.items()
        }

    def code(self, role: str, table: words.Words, empty: int) -> tuple[Marks, int]:
        """Return the codes of a role's words and how many are unknown."""
        column, out = self.get(role), np.empty(self.rows, np.int8)
        strange = code_words(
            self.cells.data, column.starts, column.ends, table.hashes, table.codes, empty, words.UNKNOWN, out
        )
        return out, strange

    def note(self, role: str, reason: str, mask: Mask | int) -> None:
        """Count rows that are kept with a doubt."""
        count = mask if isinstance(mask, int) else int((mask & ~self.refusals.out).sum())
        if count:
            self.notes[self.binding.heading(role), reason] += count

"""A block of any other layout → rows of its companion table: each column read by its type. Pure."""

from collections import Counter
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from rongdun.analytics.statements import words
from rongdun.analytics.statements.block import Context, Outcome, Refusals, provenance, silence_undecodable
from rongdun.analytics.statements.cells import Cells, Column, cell_text, constant, mac_array, text_array
from rongdun.analytics.statements.columns import accounts, amounts, fen_array, moment_array, moments
from rongdun.analytics.statements.kernels.texts import code_words
from rongdun.analytics.statements.layout import Binding
from rongdun.analytics.statements.schema import SCHEMAS
from rongdun.kernel.digits import half_width

_NUMBERS: Final = frozenset({"account", "account_alias", "subaccount", "linked_account"})
_PROVENANCE: Final = frozenset({"layout", "sheet", "row"})


class _Companion:
    def __init__(self, cells: Cells, binding: Binding, context: Context) -> None:
        silence_undecodable(cells)
        self.cells, self.binding, self.context = cells, binding, context
        self.refusals = Refusals(cells, binding)
        self.notes: Counter[tuple[str, str]] = Counter()

    def column(self, role: str) -> Column:
        return self.cells.column(self.binding.places.get(role))

    def doubt(self, role: str, count: int) -> None:
        if count:
            self.notes[self.binding.heading(role), "bad_value"] += count

    def array(self, name: str, kind: pa.DataType) -> pa.Array:
        """Read one column by its type; what cannot be read becomes null and is noted."""
        column = self.column(name)
        if name == "institution":
            return self._institution(column)
        if name in self.context.stated and not column.filled.any():
            return constant(self.context.stated[name], len(self.cells))
        if pa.types.is_timestamp(kind):
            told = moments(self.cells.data, column)
            self.doubt(name, len(told.refused))
            return moment_array(told)
        if kind == pa.int64():
            return self._number(name, column)
        if name == "direction":
            return self._direction()
        if name == "mac":
            array, strange = mac_array(self.cells.data, column)
            self.doubt(name, strange)
            return array.dictionary_decode()
        return self._text(name, column)

    def _institution(self, column: Column) -> pa.Array:
        """Read the bank; where a row names none it is the layout's, else the file's or sheet's by its name."""
        known = self.binding.layout.institution or self.context.institution
        if not column.filled.any():
            return constant(known, len(self.cells)) if known else pa.nulls(len(self.cells), pa.string())
        told = text_array(self.cells.data, column)
        return pc.coalesce(told, known) if known else told

    def _number(self, name: str, column: Column) -> pa.Array:
        if name == "seconds":
            return _seconds(self.cells, column)
        unit = self.binding.unit(name) if name in self.binding.places else 2
        told = amounts(self.cells.data, column, unit)
        self.doubt(name, len(told.refused))
        return fen_array(told)

    def _text(self, name: str, column: Column) -> pa.Array:
        """Account numbers are written one way where they can be read, and kept as they stand where not."""
        kept = text_array(self.cells.data, column)
        if name not in _NUMBERS or not column.filled.any():
            return kept
        told = accounts(self.cells.data, column, self.binding.layout.wallet)
        self.doubt(name, len(told.refused))
        return pc.coalesce(told.numbers, kept)

    def _direction(self) -> pa.Array:
        column, table, out = self.column("direction_text"), words.calls(), np.empty(len(self.cells), np.int8)
        code_words(
            self.cells.data, column.starts, column.ends, table.hashes, table.codes, 0, words.UNKNOWN, out
        )
        return pa.array(out, mask=(out == 0) | (out == words.UNKNOWN))


def read_companions(cells: Cells, binding: Binding, context: Context) -> Outcome:
    """Read one block; a row is refused when a column it must have is empty or cannot be read."""
    block = _Companion(cells, binding, context)
    schema = SCHEMAS[binding.layout.table]
    made = {
        field.name: block.array(field.name, field.type) for field in schema if field.name not in _PROVENANCE
    }
    made |= provenance(cells.lines, binding, context)
    for entry in binding.layout.must:
        roles = entry.split("|")
        missing = np.ones(len(cells), np.bool_)
        for role in roles:
            missing &= made[role].is_null().to_numpy(zero_copy_only=False)
        bound = next((role for role in roles if role in binding.places), roles[0])
        block.refusals.mark(missing & ~block.column(bound).filled, bound, "value_missing")
        block.refusals.mark(missing, bound, "bad_time" if bound in ("time", "opened") else "value_missing")
    batch = pa.RecordBatch.from_arrays([made[name] for name in schema.names], schema=schema)
    if block.refusals.out.any():
        batch = batch.filter(pa.array(~block.refusals.out))
    return Outcome(
        binding.layout.table, batch, block.refusals.batch(context), block.refusals.blank, block.notes
    )


def _seconds(cells: Cells, column: Column) -> pa.Array:
    """Read durations: ``65``, ``1分5秒``, ``00:01:05``; null where none of these."""
    texts = [cell_text(cells.data, column, row) for row in range(len(cells))]
    return pa.array([duration(text) for text in texts], pa.int64())


def duration(text: str) -> int | None:
    """Return the seconds a cell names, None when it names none."""
    plain = half_width(text)
    for mark in ("小时", "时", "分钟", "分"):
        plain = plain.replace(mark, ":")
    plain = plain.removesuffix("秒").removesuffix(":") if "秒" in plain else plain
    parts = plain.split(":")
    if not all(part.isascii() and part.isdigit() for part in parts) or len(parts) > 3:
        return None
    total = 0
    for part in parts:
        total = total * 60 + int(part)
    return total

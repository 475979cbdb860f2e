"""The tables of a ledger: how each is keyed, sorted, partitioned and written. Pure."""

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final

import pyarrow as pa

from rongdun.analytics.statements import schema as statements

DUPLICATES: Final = "_duplicates"
"""Suffix of the table beside each table that keeps what an earlier file had told already."""

PAIRS: Final = "pairs"


_MOSTLY_DIFFERENT: Final = frozenset(
    {"serial", "log_serial", "cp_account", "cp_account_raw", "ip", "remark", "raw", "peer"}
)
"""Text columns whose values seldom repeat: keeping them as codes would cost more than it saves."""

_SORT_KEYS: Final = {
    statements.TRANSACTIONS: ("account", "time"),
    statements.CALLS: ("number", "time"),
    statements.LOGINS: ("account", "time"),
    statements.BALANCES: ("account", "time"),
    statements.PEOPLE: ("id_number", None),
    statements.TASKS: ("task_serial", None),
    statements.REJECTS: ("file", None),
}

_IMPORTED: Final = (
    pa.field("import_id", pa.int64()),  # the ledger version that brought the row
    pa.field("file_no", pa.int32()),  # which of that import's files, from 0
)
"""First, because Delta keeps the smallest and largest value of a table's first 32 columns only."""

_FILE_HASH: Final = pa.field("file_hash", pa.dictionary(pa.int32(), pa.binary()))
_BEFORE_HASH: Final = ("layout", "file")
"""The column it stands behind: in a table of rows, in the table of rejects."""

PAIR_SCHEMA: Final = pa.schema(
    [
        pa.field("left", pa.binary(), nullable=False),  # row_key of the payer's observation
        pa.field("left_occurrence", pa.int32(), nullable=False),
        pa.field("right", pa.binary(), nullable=False),  # row_key of the payee's observation
        pa.field("right_occurrence", pa.int32(), nullable=False),
        pa.field("amount_fen", pa.int64(), nullable=False),
        pa.field("score", pa.float64(), nullable=False),  # 0 … 1
        pa.field("reason", pa.string(), nullable=False),  # words of pair_rules.REASONS, joined by "+"
        pa.field("state", pa.string(), nullable=False),  # "paired" | "unsure"
    ]
)


@dataclass(frozen=True)
class TableSpec:
    """One table: its name, the two columns it is sorted by (time may be absent), whether months divide it.

    Without slots, so that the schemas are made once.
    """

    name: str
    account: str
    time: str | None
    monthly: bool
    columns: pa.Schema

    @cached_property
    def stored(self) -> pa.Schema:
        """Return the schema as it stands in the table: import, file and key added, repeating text as text."""
        return pa.schema([pa.field(field.name, _plain(field.type)) for field in self.staged])

    @cached_property
    def staged(self) -> pa.Schema:
        """Return the schema as rows travel through an import: repeating text as codes."""
        fields = [pa.field(field.name, _coded(field)) for field in self.columns]
        fields.insert(self.columns.names.index(_BEFORE_HASH[self.name == statements.REJECTS]) + 1, _FILE_HASH)
        if self.name != statements.REJECTS and "row_key" not in self.columns.names:
            fields.insert(0, pa.field("occurrence", pa.int32()))
            fields.insert(0, pa.field("row_key", pa.binary(16)))
        return pa.schema([*_IMPORTED, *fields])

    @cached_property
    def staged_for_parquet(self) -> pa.Schema:
        """Return ``staged`` with the key in the binary type every reader of Parquet knows."""
        names = self.staged.names
        if "row_key" not in names:
            return self.staged
        return self.staged.set(names.index("row_key"), pa.field("row_key", pa.binary()))

    @property
    def partition_by(self) -> list[str]:
        """Return the columns in the names of the table's folders."""
        return ["month"] if self.monthly else []

    @property
    def deduplicates(self) -> bool:
        """Tell whether equal rows count once; each rejected row is kept."""
        return self.name != statements.REJECTS


@cache
def specs() -> dict[str, TableSpec]:
    """Return every table a reader may fill, by name."""
    return {name: _spec(name, schema) for name, schema in statements.SCHEMAS.items()}


def spec_of(table: str) -> TableSpec:
    """Return the description of a table or of the duplicates beside it."""
    return specs()[table.removesuffix(DUPLICATES)]


def _spec(name: str, schema: pa.Schema) -> TableSpec:
    account, time = _SORT_KEYS.get(name, ("account", None))
    return TableSpec(name, account, time, name == statements.TRANSACTIONS, schema)


def _coded(field: pa.Field) -> pa.DataType:
    if pa.types.is_string(field.type) and field.name not in _MOSTLY_DIFFERENT:
        return statements.CODES
    return field.type


def _plain(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return pa.binary() if pa.types.is_fixed_size_binary(kind) else kind

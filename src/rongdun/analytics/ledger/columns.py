"""Rows on their way into the ledger: repeating text as codes, a key for rows that have none, the file they are of."""

import hashlib
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from rongdun.analytics.ledger.tables import TableSpec
from rongdun.analytics.statements.schema import PROVENANCE

_NOT_CONTENT: Final = frozenset(field.name for field in PROVENANCE)
_ODD: Final = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))
"""Two odd multipliers (the golden ratio's and xxHash's second prime): multiplying by them loses nothing."""


def staged(batch: pa.RecordBatch, spec: TableSpec, file_no: int) -> pa.Table:
    """Return a reader's rows in the schema ``spec.staged``.

    The import's number and the file's hash are not known yet: they stand as nulls.
    """
    arrays: dict[str, pa.Array] = {name: batch.column(name) for name in batch.schema.names}
    arrays["import_id"] = pa.nulls(batch.num_rows, pa.int64())
    arrays["file_hash"] = pa.nulls(batch.num_rows, spec.staged.field("file_hash").type)
    arrays["file_no"] = pa.array(np.full(batch.num_rows, file_no, np.int32))
    if "row_key" in spec.staged.names and "row_key" not in arrays:
        arrays["row_key"] = content_key(batch)
        arrays["occurrence"] = pa.array(np.ones(batch.num_rows, np.int32))
    return pa.Table.from_arrays(
        [_as(arrays[field.name], field.type) for field in spec.staged], schema=spec.staged
    )


def content_key(batch: pa.RecordBatch) -> pa.Array:
    """Return 128 bits over all that a companion row tells, not over where it was read; stable for ever.

    Each different value is hashed once (BLAKE2b), each row mixes its values' hashes with the column's name.
    """
    state = np.zeros((batch.num_rows, 2), np.uint64)
    for name in batch.schema.names:
        if name not in _NOT_CONTENT:
            state = _mixed(state, _value_hashes(name, batch.column(name)))
    return pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(16), batch.num_rows, [None, pa.py_buffer(np.ascontiguousarray(state))]
    )


def key_words(table: pa.Table) -> npt.NDArray[np.uint64]:
    """Return row_key and occurrence as (rows, 2) words: equal words are the same observation."""
    keys = table["row_key"].combine_chunks()
    words = _words(keys)
    words[:, 1] ^= table["occurrence"].to_numpy().astype(np.uint64) * _ODD[0]
    return words


def _words(keys: pa.Array | pa.ChunkedArray) -> npt.NDArray[np.uint64]:
    array = pa.concat_arrays(keys.chunks) if isinstance(keys, pa.ChunkedArray) else keys
    fixed = array if pa.types.is_fixed_size_binary(array.type) else array.cast(pa.binary(16))
    flat = np.frombuffer(fixed.buffers()[1], np.uint64)
    return flat[fixed.offset * 2 : (fixed.offset + len(fixed)) * 2].reshape(-1, 2).copy()


def _as(array: pa.Array, kind: pa.DataType) -> pa.Array:
    if array.type == kind:
        return array
    if not pa.types.is_dictionary(kind):
        return array.cast(kind)
    if pa.types.is_dictionary(array.type):
        return array.cast(kind)
    if (
        array.null_count == 0
        and len(array)
        and array[0] == array[-1]
        and pc.all(pc.equal(array, array[0])).as_py()
    ):
        codes = pa.array(np.zeros(len(array), np.int32))
        return pa.DictionaryArray.from_arrays(codes, array.slice(0, 1).cast(kind.value_type))
    plain = array.cast(kind.value_type)
    if plain.null_count == len(plain):
        return pa.DictionaryArray.from_arrays(pa.nulls(len(plain), pa.int32()), pa.array([], kind.value_type))
    return pc.dictionary_encode(plain)


def _value_hashes(name: str, column: pa.Array) -> npt.NDArray[np.uint64]:
    codes = column if pa.types.is_dictionary(column.type) else pc.dictionary_encode(column, "encode")
    values = [
        None if value is None else str(value) for value in codes.dictionary.cast(pa.string()).to_pylist()
    ]
    hashes = np.array(
        [_hash(f"{name}\x1f{value}") if value is not None else (0, 0) for value in values], np.uint64
    )
    return np.asarray(hashes.reshape(-1, 2)[codes.indices.to_numpy(zero_copy_only=False)], np.uint64)


def _hash(text: str) -> tuple[int, int]:
    digest = hashlib.blake2b(text.encode(), digest_size=16).digest()
    return int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little")


def _mixed(state: npt.NDArray[np.uint64], more: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    mixed = (state ^ more) * np.array(_ODD, np.uint64)
    return mixed ^ (mixed >> np.uint64(29))

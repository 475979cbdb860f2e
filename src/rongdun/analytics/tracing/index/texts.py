"""Accounts on disk: one record each, their texts, and the table that finds a number without reading the rest."""

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from rongdun.analytics.past_cache import BlockFile
from rongdun.analytics.tracing.index import layout
from rongdun.analytics.tracing.index.columns import Levels
from rongdun.analytics.tracing.index.hashing import hashes_of
from rongdun.analytics.tracing.index.keys_kernel import bucket_starts, in_buckets
from rongdun.analytics.tracing.model import Int64s

KEYS_A_BUCKET: Final = 2

_PART: Final = 1 << 20


def write_texts(
    accounts: pl.DataFrame, starts: Int64s, levels: Levels, folder: Path, past_cache: bool = False
) -> list[str]:
    """Write the records, texts and look-up table of the accounts; return the institutions by code."""
    institutions = accounts["institution"].unique().sort()
    begin, at = 0, 0
    with (
        BlockFile(folder / layout.ACCOUNTS, past_cache) as records,
        BlockFile(folder / layout.TEXTS, past_cache) as texts,
    ):
        for first in range(0, len(accounts) + 1, _PART):
            part = accounts.slice(first, _PART)
            blob, offsets = _texts(part)
            made = _records(part, starts, levels, first)
            made["text"][: len(offsets)] = offsets[: len(made)] + begin
            made["institution"][: len(part)] = (
                part["institution"].cast(pl.Enum(institutions)).to_physical().to_numpy()
            )
            begin = texts.put(blob, begin)
            at = records.put(made, at)
    _write_keys(accounts, folder, past_cache)
    return institutions.to_list()


def _records(part: pl.DataFrame, starts: Int64s, levels: Levels, first: int) -> npt.NDArray[np.void]:
    """Return the records of a part of the accounts, and the one that ends them all with the last part."""
    end = min(first + _PART, len(starts))
    records = np.zeros(end - first, layout.ACCOUNT)
    records["start"] = starts[first:end]
    records["level"] = np.searchsorted(levels.account, np.arange(first, end))
    for name in ("since", "until", "kind", "observed"):
        records[name][: len(part)] = part[name].to_numpy()
    return records


def _texts(part: pl.DataFrame) -> tuple[npt.NDArray[np.uint8], Int64s]:
    """Return number, name and other numbers of each account, and where each begins, and the end."""
    text = pl.concat_str("number", "name", "aliases", separator=layout.SEPARATOR)
    return _buffers(part.select(text.alias("text"))["text"])


def _write_keys(accounts: pl.DataFrame, folder: Path, past_cache: bool) -> None:
    numbered = accounts.select("number", "aliases").with_row_index("account")
    others = (
        numbered.filter(pl.col("aliases") != "")
        .with_columns(pl.col("aliases").str.split(layout.SEPARATOR))
        .explode("aliases")
        .select("account", number="aliases")
    )
    every = pl.concat([numbered.select("account", "number"), others])
    blob, offsets = _buffers(every["number"])
    hashes = hashes_of(blob, offsets[:-1], np.diff(offsets))
    bits = max(1, (len(hashes) // KEYS_A_BUCKET).bit_length())
    starts = bucket_starts(hashes, bits)
    keys = in_buckets(hashes, every["account"].to_numpy(writable=True), starts, bits)
    with BlockFile(folder / layout.KEYS, past_cache) as file:
        file.put(keys, 0)
    with BlockFile(folder / layout.BUCKETS, past_cache) as file:
        file.put(starts, 0)


def _buffers(texts: pl.Series) -> tuple[npt.NDArray[np.uint8], Int64s]:
    if not len(texts):
        return np.zeros(0, np.uint8), np.zeros(1, np.int64)
    array = texts.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(pa.large_string())
    offsets = np.frombuffer(array.buffers()[1], np.int64)[array.offset : array.offset + len(array) + 1]
    data = array.buffers()[2]
    blob = np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(0, np.uint8)
    first = int(offsets[0])
    return blob[first : int(offsets[-1])], (offsets - first).astype(np.int64)

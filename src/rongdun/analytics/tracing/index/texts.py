"""Accounts on disk: one record each, their texts, and the table that finds a number without reading the rest."""

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from rongdun.analytics.tracing.index import layout
from rongdun.analytics.tracing.index.columns import Levels
from rongdun.analytics.tracing.index.hashing import hashes_of
from rongdun.analytics.tracing.model import Int64s

KEYS_A_BUCKET: Final = 2


def write_texts(accounts: pl.DataFrame, starts: Int64s, levels: Levels, folder: Path) -> list[str]:
    """Write the records, texts and look-up table of the accounts; return the institutions by code."""
    institutions = accounts["institution"].unique().sort()
    records = np.zeros(len(accounts) + 1, layout.ACCOUNT)
    records["start"] = starts
    records["text"] = _write_blob(accounts, folder / layout.TEXTS)
    records["level"] = np.searchsorted(levels.account, np.arange(len(accounts) + 1))
    codes = accounts["institution"].cast(pl.Enum(institutions)).to_physical()
    records["institution"][:-1] = codes.to_numpy()
    for name in ("since", "until", "kind", "observed"):
        records[name][:-1] = accounts[name].to_numpy()
    records.tofile(folder / layout.ACCOUNTS)
    del records
    _write_keys(accounts, folder)
    return institutions.to_list()


def _write_blob(accounts: pl.DataFrame, path: Path) -> Int64s:
    """Write number, name and other numbers of each account; return where each begins, and the end."""
    text = pl.concat_str("number", "name", "aliases", separator=layout.SEPARATOR)
    blob, offsets = _buffers(accounts.select(text.alias("text"))["text"])
    blob.tofile(path)
    return offsets


def _write_keys(accounts: pl.DataFrame, folder: Path) -> None:
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
    order = np.argsort(hashes, kind="stable")
    keys = np.empty(len(every), layout.KEY)
    keys["hash"], keys["account"] = hashes[order], every["account"].to_numpy()[order]
    keys.tofile(folder / layout.KEYS)
    buckets(keys["hash"]).tofile(folder / layout.BUCKETS)


def buckets(hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint32]:
    """Return where in the sorted hashes each beginning of a hash starts; a power of two of them, and the end."""
    bits = max(1, (len(hashes) // KEYS_A_BUCKET).bit_length())
    counts = np.bincount((hashes >> np.uint64(64 - bits)).astype(np.int64), minlength=1 << bits)
    starts = np.zeros((1 << bits) + 1, np.uint32)
    np.cumsum(counts, out=starts[1:])
    return starts


def _buffers(texts: pl.Series) -> tuple[npt.NDArray[np.uint8], Int64s]:
    array = texts.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(pa.large_string())
    offsets = np.frombuffer(array.buffers()[1], np.int64)[array.offset : array.offset + len(array) + 1]
    data = array.buffers()[2]
    blob = np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(0, np.uint8)
    first = int(offsets[0])
    return blob[first : int(offsets[-1])], (offsets - first).astype(np.int64)

"""What each data file tells of each account, summed once and kept: a file never changes, so neither do its sums.

The files under ``sums/`` are a cache. Whoever imports may fill it, whoever asks finds it filled or fills it; without
it everything works, only slower.
"""

import uuid
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from rongdun.analytics.ledger.delta import TABLES, DataFile
from rongdun.analytics.ledger.view import View
from rongdun.analytics.statements.schema import INCOMING, OUTGOING, TRANSACTIONS

_FOLDER: Final = "sums/1"
"""The number is that of what is summed and how; another way of summing takes another."""

_CODED: Final = ["institution", "account", "owner_name", "owner_id", "currency"]
_PLAIN: Final = ["import_id", "direction", "amount_fen", "time", "success"]
_STEP: Final = 1 << 17

_Numbers = npt.NDArray[np.int64]


def account_sums(view: View) -> pl.DataFrame:
    """Return what the observations of a version come to, a row for each import, account and file at most.

    Columns: ``import_id``, ``institution``, ``account``, ``owner_name``, ``owner_id`` (the first told, may be null),
    ``rows``, ``in_fen`` and ``out_fen`` (successful movements in CNY), ``first_at``, ``last_at`` (UTC).
    """
    parts = [_sums_of(view, file) for file in view.files(TRANSACTIONS)]
    return pl.concat([_nothing(), *parts])


def sums_of_rows(rows: pl.LazyFrame) -> pl.DataFrame:
    """Return the same of any observations, in the same columns."""
    counted = pl.col("success") & (pl.col("currency") == "CNY")
    found = rows.group_by("import_id", "institution", "account").agg(
        pl.col("owner_name", "owner_id").drop_nulls().first(),
        pl.len().cast(pl.Int64).alias("rows"),
        pl.col("amount_fen").filter(counted & (pl.col("direction") == INCOMING)).sum().alias("in_fen"),
        pl.col("amount_fen").filter(counted & (pl.col("direction") == OUTGOING)).sum().alias("out_fen"),
        pl.col("time").min().alias("first_at"),
        pl.col("time").max().alias("last_at"),
    )
    return found.collect(engine="streaming").select(_nothing().columns)


def clear_sums(directory: Path) -> None:
    """Remove the sums of data files that are gone, and what killed writers left."""
    root = directory / _FOLDER
    for draft in root.rglob("*.draft"):
        draft.unlink(missing_ok=True)
    for path in root.rglob("*.arrow"):
        if not (directory / TABLES / TRANSACTIONS / path.relative_to(root)).with_suffix(".parquet").exists():
            path.unlink(missing_ok=True)


def _sums_of(view: View, file: DataFile) -> pl.DataFrame:
    kept = (view.tables.root.parent / _FOLDER / file.path).with_suffix(".arrow")
    with suppress(OSError, pa.ArrowInvalid):
        return pl.DataFrame(pa.ipc.open_file(pa.memory_map(str(kept))).read_all())
    found = _summed(view.tables.folder(TRANSACTIONS) / file.path)
    with suppress(OSError):
        _keep(kept, found.to_arrow())
    return found


def _keep(place: Path, sums: pa.Table) -> None:
    """Write in one step: others may be reading, or writing the same."""
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.with_suffix(f".{uuid.uuid4().hex[:8]}.draft")
    with pa.ipc.new_file(str(draft), sums.schema) as out:
        out.write_table(sums)
    draft.replace(place)


def _summed(path: Path) -> pl.DataFrame:
    """Sum one file; its rows come account by account, so that few stretches are left to be put together."""
    parquet = pq.ParquetFile(path, read_dictionary=_CODED)
    batches = parquet.iter_batches(_STEP, columns=[*_CODED, *_PLAIN])
    stretches = pl.concat([_nothing(), *(_stretches(batch) for batch in batches if batch.num_rows)])
    return stretches.group_by("import_id", "institution", "account", maintain_order=True).agg(
        pl.col("owner_name", "owner_id").drop_nulls().first(),
        pl.col("rows", "in_fen", "out_fen").sum(),
        pl.col("first_at").min(),
        pl.col("last_at").max(),
    )


def _stretches(batch: pa.RecordBatch) -> pl.DataFrame:
    """Return the sums of each stretch of neighbouring rows of one import and account."""
    codes = {name: batch[name].indices.fill_null(-1).to_numpy() for name in _CODED}
    imports, amounts = batch["import_id"].to_numpy(), batch["amount_fen"].to_numpy()
    starts = _starts([imports, codes["institution"], codes["account"]])
    times = batch["time"].cast(pa.int64()).to_numpy()
    moved = [np.where(_counts(batch, codes["currency"], way), amounts, 0) for way in (INCOMING, OUTGOING)]
    columns = {
        "import_id": pa.array(imports[starts]),
        **{name: _texts(batch[name], starts) for name in ("institution", "account")},
        **{name: _first_told(batch[name], codes[name], starts) for name in ("owner_name", "owner_id")},
        "rows": pa.array(np.diff(starts, append=batch.num_rows)),
        "in_fen": pa.array(np.add.reduceat(moved[0], starts)),
        "out_fen": pa.array(np.add.reduceat(moved[1], starts)),
        "first_at": _moments(np.minimum.reduceat(times, starts)),
        "last_at": _moments(np.maximum.reduceat(times, starts)),
    }
    return pl.DataFrame(pa.table(columns))


def _starts(keys: list[_Numbers]) -> _Numbers:
    new = np.zeros(len(keys[0]), np.bool_)
    new[0] = True
    for key in keys:
        new[1:] |= key[1:] != key[:-1]
    return np.flatnonzero(new)


def _counts(batch: pa.RecordBatch, currencies: _Numbers, way: int) -> npt.NDArray[np.bool_]:
    yuan = pc.equal(batch["currency"].dictionary, "CNY").to_numpy(zero_copy_only=False)
    success = batch["success"].to_numpy(zero_copy_only=False)
    return np.asarray(success & yuan[currencies] & (batch["direction"].to_numpy() == way), np.bool_)


def _texts(column: pa.DictionaryArray, places: _Numbers) -> pa.Array:
    return column.take(pa.array(places)).cast(pa.string())


def _first_told(column: pa.DictionaryArray, codes: _Numbers, starts: _Numbers) -> pa.Array:
    """Return the first text of each stretch, null where it has none."""
    last = len(codes)
    first = np.minimum.reduceat(np.where(codes >= 0, np.arange(last), last), starts)
    told = _texts(column, np.minimum(first, last - 1))
    return pc.if_else(pa.array(first < last), told, pa.scalar(None, pa.string()))


def _moments(values: _Numbers) -> pa.Array:
    return pa.array(values).cast(pa.timestamp("us", "UTC"))


def _nothing() -> pl.DataFrame:
    moment = pl.Datetime("us", "UTC")
    texts = dict.fromkeys(("institution", "account", "owner_name", "owner_id"), pl.String())
    numbers = dict.fromkeys(("rows", "in_fen", "out_fen"), pl.Int64())
    return pl.DataFrame(
        schema={"import_id": pl.Int64(), **texts, **numbers, "first_at": moment, "last_at": moment}
    )

"""The tables engines read: a ledger version's transfers and accounts as the trace index has them, as Parquet.

``<ledger>/engines/00000007/`` belongs to version 7. It is written from the very material the index is built from, so
that accounts and transfers have the same numbers in both, and derived like the index: absent, stale or damaged, it is
written again.
"""

import json
import os
import shutil
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from rongdun.analytics.ledger.ledger import Ledger
from rongdun.analytics.ledger.manifest import Manifests
from rongdun.analytics.tracing.index import layout, store
from rongdun.analytics.tracing.index.build import Material, degrees
from rongdun.analytics.tracing.index.prepare import prepare
from rongdun.analytics.tracing.model import PAYEE_BOOK, PAYER_BOOK

FOLDER: Final = "engines"
FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
FILES: Final = {name: f"{name}.parquet" for name in ("transfers", "accounts", "levels", "numbers")}

_BOOKS: Final = PAYER_BOOK | PAYEE_BOOK
_GROUP: Final = 1 << 17
"""Rows a Parquet row group: engines skip groups by time and read several side by side."""


@dataclass(frozen=True, slots=True)
class TablesManifest:
    """What the tables say of themselves; ``latest`` is the time of the last transfer, ``labels`` a digest."""

    version: int
    transfers: int
    accounts: int
    latest: int
    labels: str
    sizes: dict[str, int]
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of a ledger version, ready to be opened by an engine."""

    folder: Path
    manifest: TablesManifest


def open_tables(directory: Path, version: int | None = None) -> Tables:
    """Return the tables of a version of a ledger, the newest by default; writes them where there are none.

    Raises ``NoLedger`` or ``NoSuchVersion``.
    """
    wanted = Manifests(directory).read(version).version
    labels = store.digest_of(directory / store.LABELS_FILE)
    target = directory / FOLDER / f"{wanted:08d}"
    found = _opened(target, labels)
    if found is not None:
        return found
    with store.locked(directory / FOLDER):
        found = _opened(target, labels)  # somebody else has written them meanwhile
        if found is None:
            _clear_away(directory / FOLDER, ".*.draft")
            told = store.labels_of(directory / store.LABELS_FILE)
            material = prepare(Ledger(directory).view(wanted), told).material
            found = write_tables(material, target, wanted, labels)
            _clear_old(directory, wanted)
    return found


def write_tables(material: Material, target: Path, version: int, labels: str = "") -> Tables:
    """Write the tables of what an index is built from as the folder ``target``, whole or not at all."""
    draft = target.with_name(f".{target.name}.{uuid.uuid4().hex[:12]}.draft")
    draft.mkdir(parents=True)
    try:
        manifest = _write(material, draft, version, labels)
        if target.exists():
            shutil.rmtree(target)
        draft.rename(target)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return Tables(target, manifest)


def _opened(target: Path, labels: str) -> Tables | None:
    try:
        manifest = TablesManifest(**json.loads((target / MANIFEST).read_text(encoding="utf-8")))
        whole = all((target / file).stat().st_size == manifest.sizes[file] for file in FILES.values())
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return (
        Tables(target, manifest) if whole and (manifest.format, manifest.labels) == (FORMAT, labels) else None
    )


def _write(material: Material, folder: Path, version: int, labels: str) -> TablesManifest:
    frames = {
        "transfers": _transfers(material),
        "accounts": _accounts(material),
        "levels": _levels(material),
        "numbers": _numbers(material.accounts),
    }
    for name, frame in frames.items():
        path = folder / FILES[name]
        frame.write_parquet(path, row_group_size=_GROUP)
        _to_disk(path)
    manifest = TablesManifest(
        version,
        len(material.transfers),
        len(material.accounts),
        int(material.transfers.time.max(initial=0)),
        labels,
        {file: (folder / file).stat().st_size for file in FILES.values()},
    )
    (folder / MANIFEST).write_text(json.dumps(asdict(manifest)), encoding="utf-8")
    _to_disk(folder / MANIFEST)
    return manifest


def _transfers(material: Material) -> pl.DataFrame:
    """Return one row a transfer; only signed numbers, which every engine knows."""
    told = material.transfers
    return pl.DataFrame(
        {
            "row_no": np.arange(len(told), dtype=np.int64),
            "payer": np.asarray(told.payer),
            "payee": np.asarray(told.payee),
            "amount_fen": np.asarray(told.amount),
            "moment": np.asarray(told.time),
            "ending": told.end.astype(np.int32),
            "refund": (told.bits & layout.REFUND) != 0,
            "books": ((told.bits >> layout.BOOKS_SHIFT) & _BOOKS).astype(np.int32),
            "payer_place": told.payer_place.astype(np.int32),
            "payee_place": told.payee_place.astype(np.int32),
        }
    )


def _accounts(material: Material) -> pl.DataFrame:
    degree = degrees(material.transfers, len(material.accounts))
    return material.accounts.select(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("id"),
        "institution",
        "number",
        "name",
        pl.col("kind").cast(pl.Int32),
        "observed",
        pl.Series("degree", degree, pl.Int64),
        pl.col("since").alias("first_moment"),
        pl.col("until").alias("last_moment"),
    )


def _levels(material: Material) -> pl.DataFrame:
    told = material.levels
    return pl.DataFrame(
        {
            "account": told.account.astype(np.int64),
            "ordinal": np.arange(len(told.account), dtype=np.int64),
            "moment": told.time,
            "fen": told.fen,
        }
    )


def _numbers(accounts: pl.DataFrame) -> pl.DataFrame:
    """Return each number and other number with the account that bears it."""
    numbered = accounts.select(pl.int_range(pl.len(), dtype=pl.Int64).alias("account"), "number", "aliases")
    others = numbered.filter(pl.col("aliases") != "").select(
        "account", number=pl.col("aliases").str.split(layout.SEPARATOR)
    )
    every = pl.concat([numbered.select("account", "number"), others.explode("number")])
    return every.unique().sort("number", "account")


def _clear_old(directory: Path, version: int) -> None:
    kept = {f"{one:08d}" for one in (version, Manifests(directory).newest().version)}
    for path in (directory / FOLDER).glob("[0-9]*"):
        if path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)


def _clear_away(folder: Path, pattern: str) -> None:
    for path in folder.glob(pattern):
        shutil.rmtree(path, ignore_errors=True)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

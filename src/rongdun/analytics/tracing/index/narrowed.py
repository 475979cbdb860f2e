"""The index of some imports of a ledger only: what a unit that may not see the others' statements traces in.

A row of the ledger that another import told first is here too when one of the wanted imports told it again; a pair
counts where both its observations are here. ``<ledger>/index/of-<digest>/`` is derived, like every index.
"""

import hashlib
import shutil
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from rongdun.analytics.ledger.ledger import Ledger
from rongdun.analytics.ledger.manifest import Manifests
from rongdun.analytics.ledger.tables import DUPLICATES, PAIRS
from rongdun.analytics.ledger.view import View
from rongdun.analytics.statements.schema import TRANSACTIONS
from rongdun.analytics.tracing.index import store
from rongdun.analytics.tracing.index.build import write_index
from rongdun.analytics.tracing.index.errors import DamagedIndex
from rongdun.analytics.tracing.index.opened import TraceIndex
from rongdun.analytics.tracing.index.prepare import prepare

KEPT: Final = 8
"""Narrowed indexes kept beside the whole one; the least lately used goes first."""

_KEY: Final = ("row_key", "occurrence")


@dataclass(frozen=True, slots=True)
class Narrowed(View):
    """A version of a ledger as somebody sees it who may see the given imports only."""

    imports: frozenset[int]

    def scan(self, table: str) -> pl.LazyFrame:
        """Return a table's rows that the imports told."""
        if table == PAIRS:
            return self._pairs()
        wanted = pl.col("import_id").is_in(sorted(self.imports))
        told = [View.scan(self, name).filter(wanted) for name in (table, table + DUPLICATES)]
        return pl.concat(told, how="vertical").unique(_KEY, keep="first", maintain_order=True)

    def _pairs(self) -> pl.LazyFrame:
        here = self.scan(TRANSACTIONS).select(_KEY)
        pairs = View.scan(self, PAIRS)
        for side in ("left", "right"):
            own = [side, f"{side}_occurrence"]
            pairs = pairs.join(here, left_on=own, right_on=_KEY, how="semi")
        return pairs


def open_narrowed(directory: Path, imports: AbstractSet[int], version: int | None = None) -> TraceIndex:
    """Return the index of some imports of a version, the newest by default; the whole one where they are all of it.

    Raises ``NoLedger`` or ``NoSuchVersion``.
    """
    manifest = Manifests(directory).read(version)
    if imports >= set(manifest.imports):
        return store.open_index(directory, manifest.version)
    labels = store.digest_of(directory / store.LABELS_FILE)
    target = directory / store.FOLDER / f"of-{_digest(imports, manifest.version)}"
    try:
        return _opened(target, labels)
    except DamagedIndex:
        return _built(directory, target, frozenset(imports), manifest.version)


def _digest(imports: AbstractSet[int], version: int) -> str:
    told = f"{version}:{','.join(str(one) for one in sorted(imports))}"
    return hashlib.sha256(told.encode()).hexdigest()[:24]


def _opened(target: Path, labels: str) -> TraceIndex:
    index = TraceIndex(target)
    if index.manifest.labels != labels:
        raise DamagedIndex
    target.touch()
    return index


def _built(directory: Path, target: Path, imports: frozenset[int], version: int) -> TraceIndex:
    labels = store.digest_of(directory / store.LABELS_FILE)
    with store.locked(directory / store.FOLDER):
        try:
            return _opened(target, labels)  # somebody else has built it meanwhile
        except DamagedIndex:
            view = Ledger(directory).view(version)
            narrowed = Narrowed(view.manifest, view.tables, imports)
            told = store.labels_of(directory / store.LABELS_FILE)
            write_index(prepare(narrowed, told).material, target, version, labels)
        _clear_old(directory / store.FOLDER, target)
        return TraceIndex(target)


def _clear_old(folder: Path, target: Path) -> None:
    """Remove the narrowed indexes that were not used for longest; whoever has one mapped keeps it until done."""
    others = [path for path in folder.glob("of-*") if path != target]
    for path in sorted(others, key=lambda one: one.stat().st_mtime)[: max(0, len(others) - KEPT + 1)]:
        draft = path.with_name(f".{path.name}.old.draft")
        path.rename(draft)
        shutil.rmtree(draft, ignore_errors=True)

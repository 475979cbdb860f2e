"""Write an index: into a folder of its own first, renamed when it is whole.

The transfers are read once for each group of accounts whose lists fit into the memory given; nothing is sorted
that comes in order of time. Two groups are laid out at a time.
"""

import json
import os
import shutil
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from rongdun.analytics.tracing.index import fill_kernel, layout
from rongdun.analytics.tracing.index.columns import Levels, Transfers
from rongdun.analytics.tracing.index.durable import boot, make_durable
from rongdun.analytics.tracing.index.errors import TooManyTransfers
from rongdun.analytics.tracing.index.texts import write_texts
from rongdun.analytics.tracing.model import Int64s

GROUP_BYTES: Final = 1 << 29
"""Memory of one group's lists; two are laid out at a time."""

WORKERS: Final = 2
_PART: Final = 1 << 21
_MOST: Final = (1 << 31) - 2


@dataclass(frozen=True, slots=True)
class Material:
    """All that an index is built from; see ``columns`` for the shapes. ``left_out`` counts by reason."""

    transfers: Transfers
    accounts: pl.DataFrame
    levels: Levels
    left_out: dict[str, int]


def write_index(
    material: Material, target: Path, version: int, labels: str = "", group_bytes: int = GROUP_BYTES
) -> None:
    """Write the index of a ledger version as the folder ``target``, whole or not at all.

    ``labels`` is the digest of the labels that went into it. Memory: two groups' lists, the accounts, and the
    columns as far as they are in memory already. Raises :class:`TooManyTransfers` where 31 bits do not number them.
    """
    if max(len(material.transfers), len(material.accounts)) > _MOST:
        raise TooManyTransfers
    draft = target.with_name(f".{target.name}.{uuid.uuid4().hex[:12]}.draft")
    draft.mkdir(parents=True)
    try:
        _write(material, draft, version, labels, group_bytes)
        if target.exists():
            shutil.rmtree(target)
        draft.rename(target)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    make_durable(target)


def _write(material: Material, folder: Path, version: int, labels: str, group_bytes: int) -> None:
    degree = degrees(material.transfers, len(material.accounts))
    starts = np.zeros(len(degree) + 1, np.int64)
    np.cumsum(degree, out=starts[1:])
    traits = _traits(material.accounts, degree)
    _write_rows(material.transfers, starts, traits, folder / layout.ROWS, group_bytes)
    del degree, traits
    institutions = write_texts(material.accounts, starts, material.levels, folder)
    material_levels = np.empty(len(material.levels.account), layout.LEVEL)
    material_levels["time"], material_levels["fen"] = material.levels.time, material.levels.fen
    material_levels.tofile(folder / layout.LEVELS)
    manifest = layout.IndexManifest(
        version,
        len(material.transfers),
        len(material.accounts),
        int(material.transfers.time.max(initial=0)),
        institutions,
        {name: (folder / name).stat().st_size for name in layout.FILES},
        boot(),
        labels,
        material.left_out,
    )
    text = json.dumps(manifest.as_json(), ensure_ascii=False)
    (folder / layout.MANIFEST).write_text(text, encoding="utf-8")


def degrees(transfers: Transfers, accounts: int) -> Int64s:
    """Return how many transfers each account has, in and out."""
    found = [np.zeros(accounts, np.int64) for _ in range(2)]
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(fill_kernel.count, (transfers.payer, transfers.payee), found))
    total: Int64s = found[0] + found[1]
    return total


def _traits(accounts: pl.DataFrame, degree: Int64s) -> npt.NDArray[np.uint16]:
    """Return for each account what a row tells of its other side: kind, observed, bit length of the degree."""
    kind = accounts["kind"].to_numpy().astype(np.uint16)
    observed = accounts["observed"].to_numpy().astype(np.uint16) * layout.OBSERVED
    lengths = np.frexp(degree.astype(np.float64))[1].astype(np.uint16)
    packed: npt.NDArray[np.uint16] = kind | observed | (lengths << 8)
    return packed


def groups(starts: Int64s, group_rows: int) -> list[tuple[int, int]]:
    """Divide accounts into ranges whose lists have at most ``group_rows`` rows; a longer list is a range alone."""
    ranges = []
    first = 0
    while first < len(starts) - 1:
        end = int(np.searchsorted(starts, starts[first] + group_rows, "right")) - 1
        end = max(end, first + 1)
        ranges.append((first, end))
        first = end
    return ranges


def _write_rows(
    transfers: Transfers, starts: Int64s, traits: npt.NDArray[np.uint16], path: Path, group_bytes: int
) -> None:
    ranges = groups(starts, group_bytes // layout.ROW.itemsize)
    room = max((int(starts[end] - starts[first]) for first, end in ranges), default=0)
    free: SimpleQueue[npt.NDArray[np.void]] = SimpleQueue()
    for _ in range(min(WORKERS, len(ranges))):
        free.put(np.empty(room, layout.ROW))  # touched once: fresh memory costs more than what is put in it
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)

    def lay_out(limits: tuple[int, int]) -> None:
        first, end = limits
        local = starts[first : end + 1] - starts[first]
        buffer = free.get()
        rows = buffer[: local[-1]]
        cursor = local[:-1].copy()
        for base, part in _parts(transfers):
            fill_kernel.fill(rows, cursor, first, base, part[0], part[1], part[2], part[3], traits)
        fill_kernel.order(rows, local)
        _write_all(handle, rows, int(starts[first]) * layout.ROW.itemsize)
        free.put(buffer)

    try:
        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(lay_out, ranges))
    finally:
        os.close(handle)


def _parts(transfers: Transfers) -> Iterator[tuple[int, Any]]:
    """Yield parts of the columns, paired as the kernel takes them, with the row number each begins with."""
    for base in range(0, len(transfers), _PART):
        part = slice(base, base + _PART)
        yield (
            base,
            (
                (transfers.payer[part], transfers.payee[part]),
                (transfers.amount[part], transfers.time[part]),
                (transfers.end[part], transfers.bits[part]),
                (transfers.payer_place[part], transfers.payee_place[part]),
            ),
        )


def _write_all(handle: int, rows: npt.NDArray[np.void], offset: int) -> None:
    view = memoryview(rows.view(np.uint8).data)
    step = 1 << 26
    while view:
        written = os.pwrite(handle, view[:step], offset)
        view = view[written:]
        offset += written

"""Write an index: into a folder of its own first, renamed when it is whole.

The transfers are read once for each group of accounts whose lists fit into the memory given; nothing is sorted
that comes in order of time. Some groups are laid out at a time, and the accounts beside them.
"""

import json
import shutil
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from rongdun.analytics.past_cache import BlockFile
from rongdun.analytics.tracing.index import fill_kernel, layout
from rongdun.analytics.tracing.index.columns import Levels, Transfers
from rongdun.analytics.tracing.index.durable import boot, make_durable
from rongdun.analytics.tracing.index.errors import TooManyTransfers
from rongdun.analytics.tracing.index.lists import Lists, group_bytes_of, write_lists
from rongdun.analytics.tracing.index.texts import write_texts
from rongdun.analytics.tracing.model import Int64s

PAST_CACHE: Final = 1 << 28
"""An index whose rows take at least so many bytes is written past the system's cache; a smaller one stays in it, where
the first traces find it.
"""

_MOST: Final = (1 << 31) - 2


@dataclass(frozen=True, slots=True)
class Material:
    """All that an index is built from; see ``columns`` for the shapes. ``left_out`` counts by reason."""

    transfers: Transfers
    accounts: pl.DataFrame
    levels: Levels
    left_out: dict[str, int]


def write_index(
    material: Material, target: Path, version: int, labels: str = "", group_bytes: int | None = None
) -> None:
    """Write the index of a ledger version as the folder ``target``, whole or not at all.

    ``labels`` is the digest of the labels that went into it; ``group_bytes`` stands in for a share of the rows. Memory:
    three groups' lists, the accounts, and the columns as far as they are in memory already. Raises
    :class:`TooManyTransfers` where 31 bits do not number them.
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


def _write(material: Material, folder: Path, version: int, labels: str, group_bytes: int | None) -> None:
    transfers, accounts = material.transfers, material.accounts
    degree = degrees(transfers, len(accounts))
    starts = np.zeros(len(degree) + 1, np.int64)
    np.cumsum(degree, out=starts[1:])
    traits = fill_kernel.traits_of(accounts["kind"].to_numpy(), accounts["observed"].to_numpy(), degree)
    del degree
    past_cache = int(starts[-1]) * layout.ROW.itemsize >= PAST_CACHE
    with ThreadPoolExecutor(1) as pool:
        texts = pool.submit(write_texts, accounts, starts, material.levels, folder, past_cache)
        with BlockFile(folder / layout.ROWS, past_cache) as file:
            write_lists(
                Lists(transfers, starts, traits), file, group_bytes or group_bytes_of(int(starts[-1]))
            )
        institutions = texts.result()
    levels = np.empty(len(material.levels.account), layout.LEVEL)
    levels["time"], levels["fen"] = material.levels.time, material.levels.fen
    levels.tofile(folder / layout.LEVELS)
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
    found = [np.zeros(accounts, np.int32) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(fill_kernel.count, (transfers.payer, transfers.payee), found))
    total: Int64s = np.add(found[0], found[1], dtype=np.int64)
    return total

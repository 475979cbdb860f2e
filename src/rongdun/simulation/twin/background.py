"""Legal money from somebody else's generator: AMLGentex or AMLSim output, by path, in place of our own.

Nodes become the city's first people (their main accounts); one step is one day. What those generators call laundering
is left out: AMLGentex marks transfers (``isSAR``), AMLSim accounts (``isFraud`` in ``nodes.parquet`` beside it).
"""

from pathlib import Path
from typing import Final, Protocol

import numpy as np
import polars as pl

from rongdun.simulation.twin.draws import DAY, FEN, Int64s, hour_table, micros, seconds, stream
from rongdun.simulation.twin.errors import WrongBackground
from rongdun.simulation.twin.flows import Flows, Use, plain
from rongdun.simulation.twin.params import Params


class Background(Protocol):
    """Where a day's legal payments come from."""

    def day(self, number: int) -> Flows:
        """Return the payments of day ``number`` (0: the first), in any order."""
        ...


_AMLGENTEX: Final = {"step": "day", "nameOrig": "payer", "nameDest": "payee", "amount": "yuan"}
_AMLSIM: Final = {"time": "day", "sourceNodeId": "payer", "targetNodeId": "payee", "value": "yuan"}


class FileBackground:
    """Legal payments out of a file; ``nodes`` is how many people it needs."""

    def __init__(self, path: Path, params: Params, seed: int, day_start: int) -> None:
        rows = _legal(path)
        ids = pl.concat([rows["payer"], rows["payee"]]).unique().sort()
        self.nodes = len(ids)
        self._rows = rows.with_columns(
            pl.col(name).replace_strict(ids, pl.int_range(len(ids), eager=True), return_dtype=pl.Int32)
            for name in ("payer", "payee")
        )
        self._seed, self._start, self._hours = seed, day_start, hour_table(params.everyday.hours)

    def day(self, number: int) -> Flows:
        """Return the payments of step ``number`` after the file's first, at moments of the everyday's hours."""
        rows = self._rows.filter(pl.col("day") == number)
        random = stream(self._seed, "background", number)
        time = micros(self._start + number * DAY, seconds(random, len(rows), self._hours))
        payer, payee = (rows[name].to_numpy().astype(np.int32) for name in ("payer", "payee"))
        fen: Int64s = rows["fen"].to_numpy().astype(np.int64)
        return plain(payer, payee, fen, time, Use.BACKGROUND)


def _legal(path: Path) -> pl.DataFrame:
    """Return ``day, payer, payee, fen`` of the file's legal payments between different nodes."""
    file = path / "transactions.parquet" if path.is_dir() else path
    if not file.is_file():
        raise WrongBackground()
    try:
        table = pl.scan_parquet(file)
        columns = table.collect_schema().names()
    except pl.exceptions.PolarsError as error:
        raise WrongBackground() from error
    names = next((known for known in (_AMLGENTEX, _AMLSIM) if known.keys() <= set(columns)), None)
    if names is None:
        raise WrongBackground()
    if "isSAR" in columns:
        table = table.filter(pl.col("isSAR") == 0)
    rows = table.select(pl.col(old).alias(new) for old, new in names.items()).collect()
    rows = _without(rows, file.parent / "nodes.parquet") if names is _AMLSIM else rows
    fen = (pl.col("yuan") * FEN).round().cast(pl.Int64)
    kept = rows.with_columns(fen=fen, day=pl.col("day").cast(pl.Int64) - pl.col("day").min()).filter(
        (pl.col("fen") > 0) & (pl.col("payer") != pl.col("payee"))
    )
    return kept.select("day", pl.col("payer").cast(pl.Int64), pl.col("payee").cast(pl.Int64), "fen")


def _without(rows: pl.DataFrame, nodes: Path) -> pl.DataFrame:
    """Leave out payments of accounts marked as laundering, where the file of nodes lies beside."""
    if not nodes.is_file():
        return rows
    bad = pl.read_parquet(nodes, columns=["nodeid", "isFraud"]).filter(pl.col("isFraud") != 0)["nodeid"]
    return rows.filter(~pl.col("payer").is_in(bad.implode()) & ~pl.col("payee").is_in(bad.implode()))

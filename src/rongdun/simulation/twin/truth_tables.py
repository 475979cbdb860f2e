"""The truth of a world as tables in a directory of its own; no desk reads them."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from rongdun.simulation.twin.city import Kind
from rongdun.simulation.twin.params import Params
from rongdun.simulation.twin.scams import TYPES, Exit, type_names
from rongdun.simulation.twin.truth import Habit

if TYPE_CHECKING:
    from rongdun.simulation.twin.world import Made


def write_truth(directory: Path, made: "Made", reports: pl.DataFrame, params: Params) -> None:
    """Write ``scams, mules, parts, holdings, ends, shells, reports`` below ``directory``."""
    directory.mkdir()
    tables = {
        "scams": _scams(made, params),
        "mules": _mules(made),
        "parts": _parts(made),
        "holdings": _holdings(made),
        "ends": _ends(made),
        "shells": _shells(made),
        "reports": reports,
    }
    for name, table in tables.items():
        table.write_parquet(directory / f"{name}.parquet")


def _scams(made: "Made", params: Params) -> pl.DataFrame:
    """One row a scam: type, victim, room, exit, planned and real loss, contact, last payment planned, report."""
    scams = made.scams
    lost = np.zeros(len(scams), np.int64)
    np.add.at(lost, made.paid.scam, made.paid.amount)
    names = type_names(params)
    frame = pl.DataFrame({
        "victim": scams.victim, "payer": scams.payer, "crew": scams.crew, "planned_fen": scams.planned_fen,
        "lost_fen": lost, "contact_time": scams.contact_time, "planned_end": scams.planned_end,
        "reported": scams.reported, "report_time": scams.report_time, "kind": scams.kind, "way": scams.exit,
    })  # fmt: skip
    return frame.select(
        pl.int_range(pl.len(), dtype=pl.Int32).alias("scam"),
        pl.col("kind").replace_strict(dict(enumerate(names)), return_dtype=pl.String).alias("type"),
        pl.col("kind")
        .replace_strict(dict(enumerate(TYPES[name][0] for name in names)), return_dtype=pl.String)
        .alias("type_code"),
        "victim",
        "payer",
        "crew",
        _named("way", Exit).alias("exit"),
        "planned_fen",
        "lost_fen",
        *(_moment(name) for name in ("contact_time", "planned_end")),
        "reported",
        _moment("report_time"),
    )


def _mules(made: "Made") -> pl.DataFrame:
    """One row an account of a room: room, tier, holder, how it came to the room, habit, first use planned."""
    rooms = made.plan.rooms
    style = np.where(rooms.corporate, 3, np.where(rooms.wallet, 2, np.where(rooms.fresh, 1, 0)))
    frame = pl.DataFrame({
        "account": rooms.account, "crew": rooms.crew, "tier": rooms.tier, "holder": rooms.holder,
        "habit": made.habit[rooms.account], "first_use": rooms.first_use, "style": style,
    })  # fmt: skip
    told = {0: "holder's own", 1: "opened for it", 2: "wallet opened for it", 3: "shell company"}
    return frame.select(
        "account",
        "crew",
        "tier",
        pl.when(pl.col("holder") >= 0).then("holder").alias("holder"),
        pl.col("style").replace_strict(told, return_dtype=pl.String).alias("style"),
        _named("habit", Habit),
        _moment("first_use"),
    ).sort("account", "tier", "first_use")


def _parts(made: "Made") -> pl.DataFrame:
    """One row a payment and scam: fen of that scam's money it carried."""
    owned = made.owned
    frame = pl.DataFrame(
        {"transaction": made.transaction[owned.part_row], "scam": owned.part_scam, "fen": owned.part_fen}
    )
    return frame.group_by("transaction", "scam", maintain_order=True).agg(pl.col("fen").sum())


def _holdings(made: "Made") -> pl.DataFrame:
    """One row an account and scam: fen that lies there at the world's end."""
    owned = made.owned
    frame = pl.DataFrame({"account": owned.left_account, "scam": owned.left_scam, "fen": owned.left_fen})
    return frame.group_by("account", "scam", maintain_order=True).agg(pl.col("fen").sum())


def _ends(made: "Made") -> pl.DataFrame:
    """One row a scam, account outside the rooms and way out: fen that left there."""
    owned, moved = made.owned, made.moved
    row = owned.part_row
    outside = ~made.mule[moved.payee[row]]
    payee = moved.payee[row][outside]
    kind = made.accounts.kind[payee]
    way = np.where(kind == Kind.VAULT, "cash", np.where(kind == Kind.TRADER, "crypto", "goods"))
    bag = np.isin(owned.part_scam[outside], np.flatnonzero(made.scams.exit == Exit.DELIVERED))
    way = np.where(bag, "delivered", way)
    frame = pl.DataFrame(
        {"scam": owned.part_scam[outside], "account": payee, "end": way, "fen": owned.part_fen[outside]}
    )
    return frame.group_by("scam", "account", "end", maintain_order=True).agg(pl.col("fen").sum())


def _shells(made: "Made") -> pl.DataFrame:
    """Shell companies, by their place among companies."""
    return pl.DataFrame({"company": made.accounts.owner[made.accounts.kind == Kind.SHELL]})


def _named(name: str, words: type[Exit] | type[Habit]) -> pl.Expr:
    return pl.col(name).replace_strict(
        {int(each): each.name.lower() for each in words}, return_dtype=pl.String
    )


def _moment(name: str) -> pl.Expr:
    return pl.from_epoch(name, time_unit="us").dt.replace_time_zone("UTC").alias(name)

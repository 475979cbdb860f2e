"""A trace's reach and sub-ledger asked of an engine, tier by tier: the same accounts, rows and openings as the index's.

What is reached is small and travels between tiers; what it is reached through stays where the engine has it.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from rongdun.analytics.engines.port import Engine
from rongdun.analytics.engines.queries import query
from rongdun.analytics.tracing.index.gather import Gathered, Unknown
from rongdun.analytics.tracing.index.hubs import Limits, Stop, hubs, reasons
from rongdun.analytics.tracing.index.reach import Starts, Touched
from rongdun.analytics.tracing.index.reach_kernel import NEVER
from rongdun.analytics.tracing.index.sub import from_tables
from rongdun.analytics.tracing.model import Int64s, Kind, SubLedger


def reach(engine: Engine, starts: Starts, depth: int, limits: Limits) -> Touched:
    """Return what the starts reach within ``depth`` tiers, by the definition in ``tracing/index/README.md``."""
    engine.put_all(_policy(limits) | {"deadlines": _deadlines(starts)})
    followed = query("followed").with_numbers({"most": limits.degree})
    onward = followed.reading("arrivals", query("hop"))
    begun = pa.table({"account": starts.account, "victim": starts.victim, "arrival": starts.time})
    states = _states(())
    frontier = engine.ask(followed, arrivals=begun, states=states.to_arrow())
    for _ in range(depth - 1):
        if not frontier.num_rows:
            break
        states = _states((states, _frame(frontier)))
        frontier = engine.ask(onward, frontier=frontier, states=states.to_arrow())
    states = _states((states, _frame(frontier)))
    first = states.group_by("account").agg(pl.col("arrival").min()).sort("account")
    return Touched(first["account"].to_numpy(), first["arrival"].to_numpy())


def gather(
    engine: Engine,
    touched: Touched,
    as_of: int,
    limits: Limits,
    watched: Int64s,
    unknown: Iterable[Unknown] = (),
) -> Gathered:
    """Return all transfers of the touched accounts from their first arrival to ``as_of``, and openings."""
    engine.put("touched", pa.table({"account": touched.account, "arrival": touched.first}))
    told = engine.ask(
        query("transfers").with_numbers({"as_of": as_of}),
        watched=pa.table({"account": watched[:, 0], "begins": watched[:, 1], "ends": watched[:, 2]}),
    )
    seen = np.concatenate([_column(told, "payer"), _column(told, "payee"), touched.account, watched[:, 0]])
    wanted = pa.table({"account": np.unique(seen[seen >= 0])})
    accounts = _opened(_frame(engine.ask(query("accounts"), wanted=wanted)), _openings(engine), limits)
    sub = from_tables(accounts.to_arrow(), _renamed(told), as_of)
    missing = list(unknown)
    place = np.concatenate([accounts["id"].to_numpy(), np.full(len(missing), -1, np.int64)])
    return Gathered(_with_unknown(sub, missing), place, touched, _stops(accounts, limits))


def _policy(limits: Limits) -> dict[str, pa.Table]:
    kinds = np.array([int(kind) for kind in Kind], np.int32)
    return {
        "kinds": pa.table({"kind": kinds, "stops": limits.stops[kinds], "ends": limits.ends[kinds]}),
        "named": pa.table({"account": limits.named, "follow": limits.named_follow}),
    }


def _deadlines(starts: Starts) -> pa.Table:
    victims = np.arange(len(starts.deadline), dtype=np.int64)
    return pa.table({"victim": victims, "deadline": starts.deadline})


def _states(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Return the earliest arrival of each account and victim."""
    names = ("account", "victim", "arrival")
    frames = [pl.DataFrame(schema=dict.fromkeys(names, pl.Int64)), *parts]
    every = pl.concat([frame.select(pl.col(names).cast(pl.Int64)) for frame in frames])
    return every.group_by("account", "victim").agg(pl.col("arrival").min())


def _openings(engine: Engine) -> pl.DataFrame:
    return _frame(engine.ask(query("openings")))


def _opened(accounts: pl.DataFrame, openings: pl.DataFrame, limits: Limits) -> pl.DataFrame:
    """Return accounts by id with openings, first arrival and hub mark, as ``from_tables`` takes them."""
    joined = accounts.join(openings, left_on="id", right_on="account", how="left").sort("id")
    hub = hubs(limits, joined["id"].to_numpy(), _kinds(joined), joined["degree"].to_numpy())
    return joined.with_columns(
        pl.col("opening_fen").fill_null(0),
        pl.col("known").fill_null(value=False).alias("opening_known"),
        pl.col("arrival").fill_null(NEVER).alias("since"),
        pl.col("last_moment").alias("until"),
        hub=pl.Series(hub),
    )


def _renamed(told: pa.Table) -> pa.Table:
    names = {"row_no": "row", "moment": "time", "ending": "end"}
    return told.rename_columns([names.get(name, name) for name in told.column_names])


def _stops(accounts: pl.DataFrame, limits: Limits) -> list[Stop]:
    at = np.flatnonzero(accounts["hub"].to_numpy())
    met = accounts[at.tolist()]
    why = reasons(limits, met["id"].to_numpy(), _kinds(met))
    told = zip(at.tolist(), why, met["kind"].to_list(), met["degree"].to_list(), strict=True)
    return [Stop(place, reason, Kind(kind), degree) for place, reason, kind, degree in told]


def _kinds(accounts: pl.DataFrame) -> npt.NDArray[np.int8]:
    return accounts["kind"].to_numpy().astype(np.int8)


def _with_unknown(sub: SubLedger, unknown: list[Unknown]) -> SubLedger:
    """Add seeds' accounts that the ledger does not know, after all others and without transfers."""
    more = len(unknown)
    if not more:
        return sub
    own = sub.accounts
    since = np.full(len(own), NEVER, np.int64) if own.since is None else own.since
    accounts = replace(
        own,
        institution=[*own.institution, *(one.institution for one in unknown)],
        number=[*own.number, *(one.number for one in unknown)],
        name=[*own.name, *([""] * more)],
        kind=np.pad(own.kind, (0, more)),
        observed=np.pad(own.observed, (0, more)),
        hub=np.pad(own.hub, (0, more)),
        opening_fen=np.pad(own.opening_fen, (0, more)),
        opening_known=np.pad(own.opening_known, (0, more)),
        observed_until=np.pad(own.observed_until, (0, more)),
        since=np.pad(since, (0, more), constant_values=NEVER),
    )
    return SubLedger(accounts, sub.transfers, sub.as_of)


def _frame(table: pa.Table) -> pl.DataFrame:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame


def _column(table: pa.Table, name: str) -> Any:
    return table[name].to_numpy().astype(np.int64)

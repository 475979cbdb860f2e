"""Looking back: who else paid into the accounts a trace touches and looks like a victim nobody knows yet.

For each payer a row of named features, each with its weight and a reason an officer can repeat; the score is their
sum. And which accounts feed the same pool: the payers that look like other mule accounts, not like victims.
Weights are set by hand; nothing here was learned.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

from rongdun.analytics.tracing.index import layout
from rongdun.analytics.tracing.index.gather import Gathered
from rongdun.analytics.tracing.index.hubs import ENDING_KINDS, HubPolicy
from rongdun.analytics.tracing.index.opened import TraceIndex
from rongdun.analytics.tracing.index.store import open_index
from rongdun.analytics.tracing.model import NOBODY, Bounds, Kind, Rule, Seed
from rongdun.analytics.tracing.seeds import place
from rongdun.analytics.tracing.trace import Asked, ground_of, latest
from rongdun.kernel.errors import Text

ROUND: Final = 100_00
"""Fen: victims of instalments pay in whole hundreds of yuan."""

LIKELY: Final = 0.6
"""From this score on a payer is shown as a likely victim, and not among those that feed a pool."""

FEATURES: Final = {
    "first_time": (0.25, Text("此前从未向该账户付款", "Never paid this account before")),
    "personal": (0.20, Text("付款方是个人账户", "The payer is a personal account")),
    "round_amounts": (0.10, Text("金额均为整百元", "Every amount is a whole hundred yuan")),
    "ladder": (0.15, Text("多笔付款金额逐步加大", "Several payments of growing amounts")),
    "no_return": (0.20, Text("涉案账户没有向其回款", "Nothing came back to the payer")),
    "several_accounts": (0.10, Text("向多个涉案账户付款", "Paid several of the accounts traced")),
}
"""Weight and reason of each feature; they sum to one."""


@dataclass(frozen=True, slots=True)
class Payer:
    """One payer into the touched accounts within the window; ``features`` names those that hold."""

    institution: str
    number: str
    name: str
    fen: int
    payments: int
    returned_fen: int
    first: int
    last: int
    features: list[str]
    score: float
    paid: list[tuple[str, str]]  # the touched accounts it paid, by institution and number

    @property
    def reasons(self) -> list[Text]:
        """Return the reasons of the features that hold."""
        return [FEATURES[name][1] for name in self.features]


@dataclass(frozen=True, slots=True)
class Feed:
    """One account that feeds a pool: a touched account that several accounts pay."""

    pool: tuple[str, str]
    feeder: tuple[str, str]
    fen: int
    payments: int
    touched: bool  # the trace itself came through it


@dataclass(frozen=True, slots=True)
class Backward:
    """Payers by falling score, and who feeds which pool by falling amount."""

    payers: list[Payer]
    feeds: list[Feed]


def look_back(
    ledger: Path,
    seeds: Sequence[Seed],
    bounds: Bounds | None = None,
    policy: HubPolicy | None = None,
    as_of: int | None = None,
    version: int | None = None,
) -> Backward:
    """Look back from the accounts a trace of ``seeds`` touches; parameters and errors are those of ``trace.trace``.

    Who made a seed's transfer, as far as the ledger shows it, is a known victim.
    """
    index = open_index(ledger, version)
    limit = bounds or Bounds()
    until = latest(index, seeds) if as_of is None else as_of
    ground = ground_of(index, seeds, Asked(Rule.FIFO, limit, policy or HubPolicy(), until))
    sub, arrivals = place(ground.gathered.sub, seeds, at=ground.seeds_at)
    payer = sub.transfers.payer[arrivals.transfer[~arrivals.assumed]]
    known = ground.gathered.place[payer[payer != NOBODY]]
    return backward(index, ground.gathered, known.tolist(), limit.window)


def backward(index: TraceIndex, gathered: Gathered, known: Iterable[int], window: int) -> Backward:
    """Look at who paid the touched accounts from ``window`` before to ``window`` after their first arrival.

    ``known`` are the known victims' own accounts, by place in the index; they are not listed.
    """
    rows = _history(index, gathered)
    inside = pl.col("time").is_between(pl.col("first") - window, pl.col("first") + window)
    into = rows.filter(pl.col("incoming") & inside & (pl.col("time") <= gathered.sub.as_of))
    payers = _payers(index, gathered, into, rows, set(known))
    likely = {(one.institution, one.number) for one in payers if one.score >= LIKELY}
    return Backward(payers, _feeds(index, gathered, into, set(known), likely))


def _history(index: TraceIndex, gathered: Gathered) -> pl.DataFrame:
    """Return every transfer of the touched accounts with an account on the other side."""
    touched = gathered.touched
    start = index.accounts["start"]
    spans = [slice(int(start[place]), int(start[place + 1])) for place in touched.account.tolist()]
    index.will_read(layout.ROWS, start[touched.account], start[touched.account + 1])
    rows = np.concatenate([index.rows[span] for span in spans] or [index.rows[:0]])
    sizes = np.array([span.stop - span.start for span in spans], np.int64)
    return pl.DataFrame(
        {
            "account": np.repeat(touched.account, sizes),
            "first": np.repeat(touched.first, sizes),
            "other": rows["other"].astype(np.int64),
            "time": rows["time"].copy(),
            "amount": rows["amount"].copy(),
            "incoming": (rows["bits"] & layout.INCOMING) != 0,
        }
    ).filter(pl.col("other") >= 0)


def _payers(
    index: TraceIndex, gathered: Gathered, into: pl.DataFrame, rows: pl.DataFrame, known: set[int]
) -> list[Payer]:
    hidden = [*known, *gathered.touched.account.tolist()]
    shown = into.filter(~pl.col("other").is_in(hidden)).sort("other", "time", "amount")
    history = rows.filter("incoming").group_by("account", "other").agg(begun=pl.col("time").min())
    back = rows.filter(~pl.col("incoming")).group_by("other").agg(returned=pl.col("amount").sum())
    grouped = (
        shown.join(history, on=["account", "other"], maintain_order="left")
        .group_by("other", maintain_order=True)
        .agg(
            pl.col("amount"),
            pl.col("time").min().alias("earliest"),
            pl.col("time").max().alias("latest"),
            pl.col("account").unique().sort().alias("accounts"),
            first_time=(pl.col("begun") == pl.col("time").min().over("account")).all(),
        )
        .join(back, on="other", how="left", maintain_order="left")
    )
    standing = index.accounts[grouped["other"].to_numpy()]["kind"]
    found = [
        _payer(index, row, Kind(int(kind)))
        for row, kind in zip(grouped.iter_rows(named=True), standing, strict=True)
        if Kind(int(kind)) not in ENDING_KINDS
    ]
    return sorted(found, key=lambda one: (-one.score, -one.fen, one.institution, one.number))


def _payer(index: TraceIndex, row: dict[str, Any], kind: Kind) -> Payer:
    amounts: list[int] = row["amount"]
    accounts: list[int] = row["accounts"]
    returned = int(row["returned"] or 0)
    holds = {
        "first_time": bool(row["first_time"]),
        "personal": kind is Kind.PERSONAL,
        "round_amounts": all(fen % ROUND == 0 for fen in amounts),
        "ladder": is_ladder(amounts),
        "no_return": returned == 0,
        "several_accounts": len(accounts) > 1,
    }
    features = [name for name, held in holds.items() if held]
    institution, number, name = index.card(int(row["other"]))
    return Payer(
        institution,
        number,
        name,
        sum(amounts),
        len(amounts),
        returned,
        int(row["earliest"]),
        int(row["latest"]),
        features,
        round(sum(FEATURES[name][0] for name in features), 2),
        [index.card(place)[:2] for place in accounts],
    )


def is_ladder(amounts: list[int]) -> bool:
    """Tell whether payments grow: at least two, none smaller than the one before, the last larger than the first."""
    steps = pairwise(amounts)
    return len(amounts) > 1 and all(one <= two for one, two in steps) and amounts[-1] > amounts[0]


def _feeds(
    index: TraceIndex,
    gathered: Gathered,
    into: pl.DataFrame,
    known: set[int],
    likely: set[tuple[str, str]],
) -> list[Feed]:
    touched = set(gathered.touched.account.tolist())
    sums = into.filter(~pl.col("other").is_in(list(known)) & (pl.col("other") != pl.col("account")))
    pairs = sums.group_by("account", "other").agg(fen=pl.col("amount").sum(), payments=pl.len())
    found = [
        Feed(index.card(account)[:2], index.card(other)[:2], fen, payments, other in touched)
        for account, other, fen, payments in pairs.iter_rows()
    ]
    feeds = [one for one in found if one.feeder not in likely]
    fed = Counter(one.pool for one in feeds)
    several = {pool for pool, feeders in fed.items() if feeders > 1}
    return sorted(
        (one for one in feeds if one.pool in several), key=lambda one: (one.pool, -one.fen, one.feeder)
    )

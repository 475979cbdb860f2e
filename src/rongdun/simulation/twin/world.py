"""A world from beginning to end: city, scams, rooms, days, truth, reports, files of the banks. Writes one directory.

``world/`` is what happened, ``truth/`` who is who and whose each fen is, ``files/`` and ``seeds.csv`` all that a desk
may see.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import polars as pl

from rongdun.kernel.clock import SHANGHAI
from rongdun.simulation.twin.answers import Answered, Asked, write_answers
from rongdun.simulation.twin.background import Background, FileBackground
from rongdun.simulation.twin.city import Accounts, City, build_city
from rongdun.simulation.twin.days import Writer, run_days
from rongdun.simulation.twin.draws import Int8s, Mask
from rongdun.simulation.twin.errors import WorldThere
from rongdun.simulation.twin.everyday import Everyday
from rongdun.simulation.twin.laundering import Plan, plan_laundering
from rongdun.simulation.twin.params import Params
from rongdun.simulation.twin.reports import Paid, Reports, draw_reports
from rongdun.simulation.twin.scams import Exit, Payments, Scams, draw_scams
from rongdun.simulation.twin.tables import accounts_table, companies_table, people_table
from rongdun.simulation.twin.truth import Moved, Owned, follow, habits
from rongdun.simulation.twin.truth_tables import write_truth


@dataclass(frozen=True, slots=True)
class Order:
    """What world is wanted. ``files`` is ``seeds``, ``all-mules`` or a number of accounts."""

    people: int
    days: int
    seed: int
    background: Path | None = None
    files: str = "seeds"


@dataclass(frozen=True, slots=True)
class Report:
    """What was made, in numbers."""

    people: int
    accounts: int
    transactions: int
    declined: int
    scams: int
    reports: int
    loss_fen: int
    mule_accounts: int
    files: int
    file_rows: int

    def as_json(self) -> dict[str, Any]:
        """Return it as one JSON object."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Made:
    """A world in memory, beside its transactions on disk."""

    city: City
    accounts: Accounts
    scams: Scams
    payments: Payments
    plan: Plan
    mule: Mask
    habit: Int8s
    moved: Moved
    owned: Owned
    paid: Paid
    transaction: np.ndarray[tuple[int], np.dtype[np.int64]]
    writer: Writer


def start_of(params: Params) -> int:
    """Return the first moment of the world, µs since 1970 UTC: midnight of Shanghai."""
    day = params.world.start
    return round(datetime(day.year, day.month, day.day, tzinfo=SHANGHAI).timestamp()) * 1_000_000


def make_world(
    out: Path, order: Order, params: Params, tell: Callable[[str, str], None] = lambda _zh, _en: None
) -> Report:
    """Make the world of ``order`` in the empty or new directory ``out``; ``tell`` hears of each step in two languages.

    Raises :class:`WorldThere` where the directory holds something, :class:`WrongBackground` for a strange file.
    """
    if out.exists() and any(out.iterdir()):
        raise WorldThere()
    (out / "world").mkdir(parents=True)
    made = happen(out / "world" / "transactions.parquet", order, params)
    counts = made.writer.counts
    tell(f"交易 {counts.transactions:,} 笔", f"{counts.transactions:,} transactions")
    people, companies, accounts = _tables(made, order, params)
    for name, table in (("people", people), ("companies", companies), ("accounts", accounts)):
        table.write_parquet(out / "world" / f"{name}.parquet")
    delivered = np.flatnonzero(made.scams.exit == Exit.DELIVERED)
    start = start_of(params)
    reports = draw_reports(
        made.scams, made.paid, people, accounts, delivered, params, order.seed, start, order.days
    )
    reports.told.write_parquet(out / "world" / "reports.parquet")
    reports.seeds.write_csv(out / "seeds.csv")
    write_truth(out / "truth", made, reports.truth, params)
    tell("真相已另存", "the truth is kept apart")
    answered = _answers(out, made, reports, accounts, people, companies, order, params)
    tell(f"回函 {answered.files} 份", f"{answered.files} files of banks")
    report = _report(made, reports, answered)
    told = {"order": _told(order), "report": report.as_json(), "params": msgspec.to_builtins(params)}
    text = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    (out / "world" / "world.json").write_text(text, encoding="utf-8")
    return report


@dataclass(frozen=True, slots=True)
class Planned:
    """A world before its first day: who there is, what is meant to be paid around scams, and the legal money."""

    people: int
    city: City
    accounts: Accounts
    scams: Scams
    payments: Payments
    plan: Plan
    mule: Mask
    background: Background


def planned(order: Order, params: Params) -> Planned:
    """Return the world of ``order`` before its first day."""
    start = start_of(params)
    read = FileBackground(order.background, params, order.seed, start) if order.background else None
    people = max(order.people, read.nodes) if read else order.people
    city = build_city(people, params, order.seed)
    background: Background = read or Everyday(city, params, order.seed, start)
    scams, payments = draw_scams(city, params, order.seed, start, order.days)
    plan = plan_laundering(city, scams, payments, params, order.seed, start)
    accounts = city.accounts.and_more(plan.rooms.added)
    mule = np.zeros(len(accounts), np.bool_)
    mule[plan.rooms.account] = True
    return Planned(people, city, accounts, scams, payments, plan, mule, background)


def happen(path: Path, order: Order, params: Params) -> Made:
    """Let the world happen; its transactions are written to ``path``, the rest is returned."""
    start, meant = start_of(params), planned(order, params)
    accounts, mule = meant.accounts, meant.mule
    with Writer(path, accounts, meant.people, mule, params) as writer:
        run_days(meant.background, meant.plan.flows, writer, start, order.days)
    moved, habit = writer.swindled.moved(), habits(len(accounts), params, order.seed)
    transaction, time = writer.swindled.told()
    owned = follow(moved, mule, habit)
    from_victim = moved.scam >= 0
    columns = (transaction, moved.scam, moved.payee, moved.amount, time)
    paid = Paid(*(column[from_victim].astype(np.int64) for column in columns))
    return Made(
        meant.city, accounts, meant.scams, meant.payments, meant.plan, mule, habit, moved, owned, paid,
        transaction, writer,
    )  # fmt: skip


def _tables(made: Made, order: Order, params: Params) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    people = people_table(made.city, params, order.seed)
    companies = companies_table(made.city, made.accounts, params, order.seed)
    return (
        people,
        companies,
        accounts_table(made.accounts, people, companies, params, order.seed),
    )


def _answers(
    out: Path,
    made: Made,
    reports: Reports,
    accounts: pl.DataFrame,
    people: pl.DataFrame,
    companies: pl.DataFrame,
    order: Order,
    params: Params,
) -> Answered:
    chosen = _asked(made, reports, accounts, order)
    asked = Asked(out / "world" / "transactions.parquet", accounts, people, companies, chosen)
    return write_answers(out / "files", asked, params, order.seed)


def _asked(made: Made, reports: Reports, accounts: pl.DataFrame, order: Order) -> pl.Series:
    """Return the accounts whose statements are asked for: those told of, then rooms' in the order of their use."""
    told = accounts.join(
        reports.told.select("institution", number="account").unique(),
        on=["institution", "number"],
        how="semi",
    )
    seeds = told["account"]
    if order.files == "seeds":
        return seeds
    used = made.moved.payee[made.mule[made.moved.payee]]
    in_use = pl.Series(used, dtype=pl.Int32).unique(maintain_order=True)
    every = pl.concat([seeds, in_use]).unique(maintain_order=True)
    return every if order.files == "all-mules" else every.head(int(order.files))


def _report(made: Made, reports: Reports, answered: Answered) -> Report:
    counts = made.writer.counts
    return Report(
        people=len(made.city.people),
        accounts=len(made.accounts),
        transactions=counts.transactions,
        declined=counts.declined,
        scams=len(np.unique(made.paid.scam)),
        reports=reports.truth.height,
        loss_fen=int(made.paid.amount.sum()),
        mule_accounts=len(np.unique(made.plan.rooms.account)),
        files=answered.files,
        file_rows=answered.rows,
    )


def _told(order: Order) -> dict[str, Any]:
    return {**asdict(order), "background": str(order.background) if order.background else None}

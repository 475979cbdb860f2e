"""How fast does the twin make a city's everyday money, in exact balances?

``made``: payments meant of a day, drawn and brought into order of time. ``settled``: they happen one after the other with
both balances after each. ``written``: what happened goes into the world's Parquet table (11 columns), as ``rongdun
simulate`` does it: one thread makes the next day while another settles and a third writes. Rates count payments that
happened; those declined for want of money are shown apart. ``whole``: ``rongdun simulate`` from nothing to the banks' files.

    python benchmarks/bench_twin.py [--full] [--people N] [--days N]
"""

import argparse
import os
import platform
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import numpy as np
import pyarrow.parquet as pq

from rongdun.kernel.clock import monotonic
from rongdun.simulation.twin.city import City, build_city
from rongdun.simulation.twin.days import Writer, run_days
from rongdun.simulation.twin.draws import Mask
from rongdun.simulation.twin.everyday import Everyday
from rongdun.simulation.twin.flows import in_time
from rongdun.simulation.twin.params import Params, load_params
from rongdun.simulation.twin.settle import Purse, settle
from rongdun.simulation.twin.world import Order, make_world, start_of

SEED = 7
GOAL = 1_000_000
"""Transactions a second on two cores."""


def main() -> None:
    """Print the rates."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="200,000 people, 30 days")
    parser.add_argument("--people", type=int)
    parser.add_argument("--days", type=int)
    told = parser.parse_args()
    people = told.people or (200_000 if told.full else 40_000)
    days = told.days or (30 if told.full else 10)
    load = os.getloadavg()[0]
    print(
        f"machine: {platform.machine()}, {os.cpu_count()} cores, load {load:.1f}, Python {platform.python_version()}"
    )
    params = load_params()
    city = build_city(people, params, SEED)
    print(f"city: {people:,} people, {len(city.accounts):,} accounts, {days} days")
    alone(city, params, days)
    with TemporaryDirectory() as scratch:
        together(city, params, days, Path(scratch) / "everyday.parquet")
        whole(people, days, params, Path(scratch) / "world")


def alone(city: City, params: Params, days: int) -> None:
    """Each step by itself, in one thread, after a first day that loads what is compiled."""
    everyday = Everyday(city, params, SEED, start_of(params))
    purse = Purse(city.accounts.opening_fen.copy(), np.zeros(len(city.accounts), np.int64), no_rooms(city))
    settle(in_time(everyday.day(0)), purse)
    making = settling = happened = meant = 0.0
    for day in range(1, days):
        begun = monotonic()
        flows = in_time(everyday.day(day))
        made = monotonic()
        done = settle(flows, purse)
        settling += monotonic() - made
        making += made - begun
        happened += np.count_nonzero(done.amount)
        meant += len(flows)
    print(f"  declined for want of money   {1 - happened / meant:12.1%}")
    print(f"  made, one thread             {happened / making:12,.0f} transactions/s")
    print(f"  settled, one thread          {happened / settling:12,.0f} transactions/s")


def together(city: City, params: Params, days: int, path: Path) -> None:
    """All steps at once, written to disk."""
    everyday = Everyday(city, params, SEED, start_of(params))
    nothing = everyday.day(0).take(np.empty(0, np.int64))
    begun, burnt = monotonic(), process_time()
    with Writer(path, city.accounts, len(city.people), no_rooms(city), params) as writer:
        run_days(everyday, nothing, writer, start_of(params), days)
    seconds, burnt = monotonic() - begun, process_time() - burnt
    rows = pq.read_metadata(path).num_rows
    size = path.stat().st_size / rows
    verdict = "reached" if rows / seconds >= GOAL else "not reached"
    print(
        f"  made, settled and written    {rows / seconds:12,.0f} transactions/s ({rows:,} rows, {size:.0f} bytes each)"
    )
    print(f"  goal {GOAL:,}/s: {verdict}; {rows / burnt:,.0f} transactions for each second of processor time")


def whole(people: int, days: int, params: Params, out: Path) -> None:
    """The command, from nothing to the banks' files."""
    begun = monotonic()
    report = make_world(out, Order(people, days, SEED), params)
    seconds = monotonic() - begun
    print(
        f"  whole world                  {seconds:12.1f} s ({report.transactions:,} transactions, {report.scams} scams)"
    )


def no_rooms(city: City) -> Mask:
    """No account of a laundering room."""
    return np.zeros(len(city.accounts), np.bool_)


if __name__ == "__main__":
    main()

"""Day by day: legal payments and planned ones in one order, settled, written; the next day is made meanwhile."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from rongdun.simulation.twin.background import Background
from rongdun.simulation.twin.city import CORPORATE, NOBODY, Accounts, Kind
from rongdun.simulation.twin.draws import DAY, Int64s, Mask
from rongdun.simulation.twin.flows import POT_MODES, Flows, in_time, joined
from rongdun.simulation.twin.params import Params
from rongdun.simulation.twin.settle import Purse, Settled, settle
from rongdun.simulation.twin.truth import Moved
from rongdun.simulation.twin.ways import CHANNELS, CLASSES, addresses, channels, devices

SCHEMA: Final = pa.schema([
    ("transaction", pa.int64()),
    ("time", pa.timestamp("us", "UTC")),
    ("payer", pa.int32()),
    ("payee", pa.int32()),
    ("amount_fen", pa.int64()),
    ("class", pa.dictionary(pa.int8(), pa.string())),
    ("channel", pa.dictionary(pa.int8(), pa.string())),
    ("payer_balance_fen", pa.int64()),
    ("payee_balance_fen", pa.int64()),
    ("device", pa.int32()),
    ("ip", pa.uint32()),
])  # fmt: skip
"""The world's table of transactions, in the order in which they happened; ``payer`` and ``payee`` are places in
``accounts.parquet``, balances are those after it, ``ip`` is an IPv4 address as a number."""


@dataclass(slots=True)
class Swindled:
    """Payments of swindled money so far, column by column."""

    transaction: list[Int64s] = field(default_factory=list)
    columns: list[tuple[Any, ...]] = field(default_factory=list)
    time: list[Int64s] = field(default_factory=list)

    def add(self, number: Int64s, flows: Flows, amount: Int64s, which: Mask) -> None:
        """Take the rows ``which`` of a day."""
        self.transaction.append(number[which])
        self.columns.append((flows.payer[which], flows.payee[which], amount[which], flows.scam[which]))
        self.time.append(flows.time[which])

    def moved(self) -> Moved:
        """Return them as the truth takes them."""
        payer, payee, amount, scam = (
            np.concatenate([np.empty(0, kind), *(one[place] for one in self.columns)])
            for place, kind in enumerate((np.int32, np.int32, np.int64, np.int32))
        )
        return Moved(payer, payee, amount, scam)

    def told(self) -> tuple[Int64s, Int64s]:
        """Return their transactions and moments."""
        nothing = np.empty(0, np.int64)
        return np.concatenate([nothing, *self.transaction]), np.concatenate([nothing, *self.time])


@dataclass(slots=True)
class Counts:
    """How many payments happened, and how many were declined for want of money."""

    transactions: int = 0
    declined: int = 0
    swindled: int = 0


class Writer:
    """Settles days in order and writes what happened."""

    def __init__(self, path: Path, accounts: Accounts, people: int, mule: Mask, params: Params) -> None:
        self.purse = Purse(accounts.opening_fen.copy(), np.zeros(len(accounts), np.int64), mule)
        self.swindled, self.counts = Swindled(), Counts()
        self._accounts, self._people, self._params = accounts, people, params
        self._corporate = np.isin(accounts.kind, (*CORPORATE, Kind.MERCHANT))
        self._file = pq.ParquetWriter(
            path,
            SCHEMA,
            use_dictionary=["class", "channel"],
            compression="lz4",
            column_encoding=dict.fromkeys(("transaction", "time"), "DELTA_BINARY_PACKED"),
        )
        self._pool = ThreadPoolExecutor(1)
        self._written: Future[None] | None = None

    def __enter__(self) -> "Writer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._wait()
        finally:
            self._pool.shutdown()
            self._file.close()

    def take(self, flows: Flows) -> None:
        """Settle a day's payments, given by time, and write those that happened."""
        done = settle(flows, self.purse)
        kept = np.flatnonzero(done.amount)
        self.counts.declined += len(flows) - len(kept)
        by_room = flows.mode[kept] >= min(POT_MODES)
        flows, done = flows.take(kept), _rows(done, kept)
        number = np.arange(self.counts.transactions, self.counts.transactions + len(kept))
        which = by_room | (flows.scam != NOBODY)
        self.swindled.add(number, flows, done.amount, which)
        self.counts.transactions += len(kept)
        self.counts.swindled += int(which.sum())
        self._wait()
        self._written = self._pool.submit(self._write, number, flows, done, by_room)

    def _wait(self) -> None:
        if self._written is not None:
            self._written.result()
            self._written = None

    def _write(self, number: Int64s, flows: Flows, done: Settled, by_room: Mask) -> None:
        device = devices(flows.payer, self._accounts.owner, self._corporate, self._people, flows.device)
        channel = channels(flows.use, done.amount, by_room, number, self._params)
        columns = [
            pa.array(number),
            pa.array(flows.time).cast(pa.timestamp("us", "UTC")),
            pa.array(flows.payer),
            pa.array(flows.payee),
            pa.array(done.amount),
            pa.DictionaryArray.from_arrays(pa.array(flows.use), list(CLASSES)),
            pa.DictionaryArray.from_arrays(pa.array(channel), list(CHANNELS)),
            pa.array(done.payer_after),
            pa.array(done.payee_after),
            pa.array(device),
            pa.array(addresses(device)),
        ]
        self._file.write_table(pa.Table.from_arrays(columns, schema=SCHEMA))


def run_days(background: Background, planned: Flows, writer: Writer, start: int, days: int) -> None:
    """Let ``days`` days happen; planned payments outside them do not."""
    plan = in_time(planned)
    edges = np.searchsorted(plan.time, start + np.arange(days + 1) * DAY)
    with ThreadPoolExecutor(1) as pool:
        for flows in _made(pool, background, plan, edges):
            writer.take(flows)


def all_days(background: Background, planned: Flows, start: int, days: int) -> Flows:
    """Return the payments of ``days`` days in the order in which :func:`run_days` lets them happen."""
    plan = in_time(planned)
    edges = np.searchsorted(plan.time, start + np.arange(days + 1) * DAY)
    with ThreadPoolExecutor(1) as pool:
        return joined(list(_made(pool, background, plan, edges)))


def _made(pool: ThreadPoolExecutor, background: Background, plan: Flows, edges: Int64s) -> Iterator[Flows]:
    """Yield each day's payments by time; one day ahead is being made."""

    def make(number: int) -> Flows:
        legal = background.day(number)
        return in_time(joined([legal, plan.take(np.arange(edges[number], edges[number + 1]))]))

    coming = pool.submit(make, 0)
    for number in range(1, len(edges)):
        made = coming.result()
        if number + 1 < len(edges):
            coming = pool.submit(make, number)
        yield made


def _rows(done: Settled, kept: Int64s) -> Settled:
    return Settled(done.amount[kept], done.payer_after[kept], done.payee_after[kept])

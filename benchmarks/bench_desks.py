"""How long do the desks' lists take with a million cases and three million orders?

An embedded PostgreSQL is filled (``desks_town.py``), then each list is asked for over the API in this process: the
request read, the query run as the application's role under row-level security, rows opened, masked and written as
JSON. Who asks: somebody who sees the whole city, one police station, a bank. The bar is a p95 of 200 ms.

    python benchmarks/bench_desks.py [--full] [--cases N --orders N] [--keep DIRECTORY] [--only WORD]
"""

import argparse
import gc
import os
import platform
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from desks_town import fill
from fastapi import FastAPI
from fastapi.testclient import TestClient

from rongdun.domains import cases, duty, intake, stop_payment
from rongdun.entrypoints.bootstrap import Centre
from rongdun.kernel.clock import SystemClock
from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import Actor, Scope
from rongdun.runtime import localpg, logs, problems
from rongdun.runtime.audit import write_entries
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.live import write_signals
from rongdun.runtime.policies import seed_policies
from rongdun.runtime.schema import migrate
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services

BAR_MS = 200.0
CITY, STATION, BANK = "cn.fj.fz.", "cn.fj.fz.c3.s4.", "cn.fj.fz.b2."
READS = frozenset(
    {"case.read", "order.read", "report.read", "deadline.read", "order.review", "freeze.approve_county"}
)
DETAILS = '{"number":"6299990000000012018","name":"演示乙","kind":"personal","id_type":"","id_number":"","payer":{},"reason":"演示","remark":"","fruits":true,"period":null}'


@dataclass(frozen=True, slots=True)
class Ask:
    """One question put to a list; ``{year}`` and ``{serial}`` in it differ each time."""

    name: str
    path: str
    who: str = CITY


ASKS = (
    Ask("duty board", "/api/duty/board"),
    Ask("duty board, a station", "/api/duty/board", STATION),
    Ask("duty board, a bank", "/api/duty/board", BANK),
    Ask("deadlines", "/api/deadlines"),
    Ask("cases", "/api/cases"),
    Ask("cases, page 40", "/api/cases?page=40"),
    Ask("cases, a station", "/api/cases", STATION),
    Ask("cases, filed", "/api/cases?filter=state:eq:FILED"),
    Ask("cases, withdrawn", "/api/cases?filter=state:eq:WITHDRAWN"),
    Ask("cases of a county, closed", "/api/cases?filter=unit_path:like:cn.fj.fz.c5.&filter=state:eq:CLOSED"),
    Ask("cases by loss", "/api/cases?sort=-loss_fen"),
    Ask("cases by loss, a station", "/api/cases?sort=-loss_fen", STATION),
    Ask("cases by filing", "/api/cases?sort=-filed_at"),
    Ask("cases by number", "/api/cases?sort=number"),
    Ask("cases, number searched", "/api/cases?q=AJ{year}-{serial}"),
    Ask("cases, end of a number", "/api/cases?q={serial}"),
    Ask("cases, kind searched", "/api/cases?q=刷单"),
    Ask("cases, two words", "/api/cases?q=孙*敏 13分局2所"),
    Ask("cases, nothing found", "/api/cases?q=查无此案"),
    Ask("cases, word at a station", "/api/cases?q=杀猪盘", STATION),
    Ask("orders", "/api/orders"),
    Ask("orders, a station", "/api/orders", STATION),
    Ask("orders, a bank", "/api/orders", BANK),
    Ask("orders, waiting", "/api/orders?filter=state:eq:SENT"),
    Ask("orders, over", "/api/orders?filter=state:eq:EXPIRED"),
    Ask("orders to be looked into", "/api/orders?filter=attention:eq:silent"),
    Ask(
        "orders of a bank, frozen",
        "/api/orders?filter=institution_name:eq:演示第7银行&filter=state:eq:FROZEN",
    ),
    Ask("orders by end", "/api/orders?sort=ends_at&filter=over_at:null:true"),
    Ask("orders by amount", "/api/orders?sort=-amount_fen"),
    Ask("orders, number searched", "/api/orders?q=ZL{year}-{serial7}"),
    Ask("orders, end of a number", "/api/orders?q={serial7}"),
    Ask("orders of a case, searched", "/api/orders?q=AJ{year}-{serial}"),
    Ask("orders, bank searched", "/api/orders?q=第7银行"),
    Ask("orders, officer searched", "/api/orders?q=演示·魏201"),
    Ask("orders, nothing found", "/api/orders?q=查无此令"),
    Ask("orders, bank searched at a station", "/api/orders?q=第7银行", STATION),
    Ask("orders, counts", "/api/orders/counts"),
    Ask("orders, counts, a station", "/api/orders/counts", STATION),
    Ask("orders to be reviewed", "/api/orders/review"),
    Ask("reports", "/api/reports"),
    Ask("reports, a station", "/api/reports", STATION),
    Ask("reports, to be entered", "/api/reports?filter=state:eq:RECEIVED"),
    Ask("reports by urgency", "/api/reports?sort=-urgency"),
    Ask("reports by loss", "/api/reports?sort=-loss_fen"),
    Ask("reports, number searched", "/api/reports?q=JQ{year}-{serial}"),
    Ask("reports, words", "/api/reports?q=张*伟 冒充客服"),
    Ask("reports, nothing found", "/api/reports?q=查无此警"),
)


class SameEverywhere(Vault):
    """Opens one sealed sample whatever it is given: the cost of opening, without three million sealed columns."""

    sample: bytes = b""

    def open(self, blob: bytes, context: str) -> str:
        """Return the sample's text, truly opened."""
        return super().open(self.sample, "bench")


class Bench:
    """The API of the desks on a filled database, and who asks."""

    def __init__(self, app_dsn: str, data_dir: Path) -> None:
        ephemeral = Vault.ephemeral()
        vault = SameEverywhere(ephemeral._load)
        vault.sample = vault.seal(DETAILS, "bench")
        services = Services(
            Settings(data_dir=data_dir),
            Database(app_dsn),
            SystemClock(),
            vault,
            (write_entries, write_signals),
        )
        self.path = CITY
        self.centre = Centre(services, lambda request, uow: _officer(self.path))
        with self.centre.transact() as uow:
            seed_policies(uow.session, now=uow.now)
        app = FastAPI()
        app.state.gate = self.centre
        problems.install(app)
        for router in (cases.router, duty.router, intake.router, *stop_payment.ROUTERS):
            app.include_router(router)
        self.client = TestClient(app)

    def ask(self, ask: Ask, cases: int, chance: random.Random) -> tuple[float, int]:
        """Ask once; return the milliseconds it took and how many rows came."""
        self.path = ask.who
        serial = chance.randrange(1, cases)
        year = time.gmtime(time.time() - 5 * 365.25 * 86400 * (1 - serial / cases)).tm_year
        told = ask.path.format(year=year, serial=f"{serial:06d}", serial7=f"{serial:07d}")
        started = time.perf_counter()
        answer = self.client.get(told)
        took = 1000 * (time.perf_counter() - started)
        assert answer.status_code == 200, (told, answer.text)
        body = answer.json()
        return took, len(body["items"] if isinstance(body, dict) and "items" in body else body)


def _officer(path: str) -> Actor:
    return Actor(
        user_id=new_id(), login="bench", name="演示·甲", unit_id=new_id(), unit_path=path, roles=frozenset(),
        permissions=READS, scope=Scope.subtree(path), session_id=new_id(), unit_name="演示",
    )  # fmt: skip


def main() -> None:
    """Fill, ask, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--full", action="store_true", help="1,000,000 cases, 3,000,000 orders")
    parser.add_argument("--cases", type=int)
    parser.add_argument("--orders", type=int)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--keep", type=Path, help="keep the filled database here and use it again")
    parser.add_argument("--only", default="", help="only questions with this word in their name")
    told = parser.parse_args()
    rows = told.cases or (1_000_000 if told.full else 10_000)
    orders = told.orders or 3 * rows
    logs.configure("error")
    with directory(told.keep) as folder, localpg.start(Settings(data_dir=folder / "var")) as server:
        print(f"{platform.platform()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        prepare(server, folder, rows, orders)
        worst = measure(Bench(server.app_dsn, folder), told, rows)
        print(f"slowest p95 {worst:.0f} ms; bar {BAR_MS:.0f} ms; load {os.getloadavg()[0]:.1f}")


def measure(bench: Bench, told: argparse.Namespace, rows: int) -> float:
    """Ask every question; print percentiles in milliseconds and return the slowest p95."""
    chance, worst = random.Random(7), 0.0
    bench.ask(ASKS[0], rows, chance)
    gc.collect()
    gc.freeze()  # as the serving process does when it is ready (entrypoints/lifeline.py)
    for ask in ASKS:
        if told.only not in ask.name:
            continue
        bench.ask(ask, rows, chance)
        found = [bench.ask(ask, rows, chance) for _ in range(told.times)]
        took = [each for each, _ in found]
        p95 = statistics.quantiles(took, n=20, method="inclusive")[18]
        worst = max(worst, p95)
        mark = "" if p95 <= BAR_MS else "  over the bar"
        print(
            f"{ask.name:<36} p50 {statistics.median(took):>7.1f}  p95 {p95:>7.1f} ms  rows {found[-1][1]:>4}{mark}",
            flush=True,
        )
    return worst


def prepare(server: localpg.LocalServer, folder: Path, rows: int, orders: int) -> None:
    """Migrate and fill the database unless a kept one is filled already."""
    migrate(server.owner_dsn)
    marker = folder / "filled"
    if not marker.exists():
        started = time.perf_counter()
        fill(server.owner_dsn, cases=rows, orders=orders)
        marker.write_text("")
        print(f"filled in {time.perf_counter() - started:.0f} s", flush=True)
    with psycopg.connect(server.owner_dsn) as connection:
        for table in ("cases", "orders", "reports", "deadlines"):
            row = connection.execute(
                f"select count(*), pg_size_pretty(pg_total_relation_size('{table}')) from {table}"
            ).fetchone()
            print(f"{row[0]:>10,} {table} ({row[1]})" if row else "")


@contextmanager
def directory(kept: Path | None) -> Iterator[Path]:
    """Have a directory the database's own account may reach."""
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        kept.chmod(0o711)
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="rongdun-bench-desks-", dir="/tmp") as made:
        Path(made).chmod(0o711)
        yield Path(made)


if __name__ == "__main__":
    main()

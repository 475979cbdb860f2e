"""How many signed, durable orders a second go through the outbox to a simulator, and how soon after being confirmed?

Three measurements on one machine, the database with fsync, the simulator a process of its own:

- drain: orders already written, until every one is delivered and settled;
- confirm-to-wire: orders confirmed at a steady rate, each in a transaction of its own; the time from its commit to the
  moment the simulator has checked its signature and taken it in;
- the 1,000 orders of a wave at once, likewise.

Bars: 500 orders/s; p99 of confirm-to-wire at most 300 ms.

    python benchmarks/bench_exchange.py [--orders 5000] [--rate 50] [--lanes 96]
"""

import argparse
import json
import statistics
import tempfile
import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from exchange_town import CODES, ask, code_of, keys_in, number_of, simulator
from sqlalchemy import text

from rongdun.adapters.banks import BankTransport, Places, Post
from rongdun.domains.exchange import Instruction, Kind, Officer, Party, add_institution
from rongdun.entrypoints.bootstrap import Centre
from rongdun.entrypoints.worker import LANES
from rongdun.kernel.clock import SystemClock
from rongdun.kernel.scope import NOBODY
from rongdun.runtime import localpg, logs, outbox
from rongdun.runtime.audit import write_entries
from rongdun.runtime.crypto import Vault
from rongdun.runtime.db import Database
from rongdun.runtime.live import write_signals
from rongdun.runtime.loops import Wake, listen, run_loop
from rongdun.runtime.outbox import Courier, Plan, send
from rongdun.runtime.schema import migrate
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Services, Uow

PORT = 18_731


class Desk:
    """Instructions in the vault of a table of one column each, opened again for every delivery."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def instructions_for(self, uow: Uow, application_ids: Sequence[str]) -> dict[str, Instruction]:
        rows = uow.session.execute(
            text("select id, sealed from bench_orders where id = any(:ids)"), {"ids": list(application_ids)}
        )
        told = {name: json.loads(uow.vault.open(sealed, f"bench:{name}")) for name, sealed in rows}
        return {
            name: instruction(name, one["account"], datetime.fromisoformat(one["at"]))
            for name, one in told.items()
        }

    def receive(self, uow: Uow, reply: Any) -> str:
        return "applied"


def instruction(application_id: str, account: int, now: datetime) -> Instruction:
    officer = Officer(name="演示·甲", id_number="演0001", phone="10000000001")
    code = code_of(account)
    return Instruction(
        application_id=application_id,
        kind=Kind.STOP,
        account=Party(
            institution=code, institution_name=CODES[code], number=number_of(account), name=f"演示户{account}"
        ),
        unit_code="350100000000",
        unit_name="演示市反诈中心",
        operator=officer,
        investigator=officer,
        made_at=now,
        reason="演示:电信网络诈骗",
        payer=Party(institution=code, institution_name=CODES[code], number=number_of(0), name="演示户0"),
        amount_fen=5_000_000,
        transfer_time=now - timedelta(minutes=10),
        start=now,
        end=now + timedelta(hours=48),
    )


class Bench:
    def __init__(self, dsn: str, data: Path, url: str, keys: Path, lanes: int, couriers: int) -> None:
        logs.configure("error")
        self.dsn, self.url = dsn, url
        database = Database(dsn, pool=lanes * couriers + 8)
        services = Services(
            Settings(data_dir=data),
            database,
            SystemClock(),
            Vault.ephemeral(),
            (write_entries, write_signals),
        )
        self.centre = Centre(services, lambda request, uow: NOBODY)
        pair = keys_in(keys)
        with self.centre.transact() as uow:
            for code, name in CODES.items():
                add_institution(
                    uow,
                    {
                        "code": code,
                        "name": name,
                        "kind": "bank",
                        "unit_path": "cn.fj.fz.",
                        "transport": "https",
                        "url": f"{url}/{code}/messages",
                        "public_key": pair[code].public_text,
                    },
                )
        transport = BankTransport(
            self.centre.transact, Desk(services.clock.now()), pair["centre"], Post(), Places(data, data)
        )
        self.couriers = [
            Courier(
                self.centre.transact,
                {"bank": transport},
                f"bench/{number}",
                Plan(batch=4 * lanes, lanes=lanes),
            )
            for number in range(couriers)
        ]
        self.wakes = [Wake() for _ in self.couriers]

    def run(self) -> list[threading.Thread]:
        def fault(name: str, error: BaseException) -> None:
            print("fault", name, error)

        threads = [
            threading.Thread(
                target=run_loop,
                args=(f"courier-{number}", courier.tick, wake),
                kwargs={"on_fault": fault},
                daemon=True,
            )
            for number, (courier, wake) in enumerate(zip(self.couriers, self.wakes, strict=True))
        ]
        listener = Wake()
        threads.append(
            threading.Thread(
                target=listen, args=(self.dsn, {outbox.LOOP: self.wakes[0]}, listener), daemon=True
            )
        )
        for thread in threads:
            thread.start()
        self.wakes.append(listener)
        return threads

    def confirm(self, tag: str, numbers: range) -> float:
        """Write orders in one transaction; return when it was committed."""
        with self.centre.transact() as uow:
            for account in numbers:
                name = f"{tag}-{account}"
                told = json.dumps({"account": account, "at": uow.now.isoformat()})
                uow.session.execute(
                    text("insert into bench_orders values (:id, :sealed)"),
                    {"id": name, "sealed": uow.vault.seal(told, f"bench:{name}")},
                )
                send(
                    uow,
                    channel="bank",
                    kind="stop",
                    payload={"order_id": name, "instruction": name},
                    order_key=number_of(account),
                    idempotency_key=name,
                    unit_path="cn.fj.fz.",
                    partner_path="cn.fj.fz.",
                )
        return time.time()

    def left(self) -> int:
        with self.centre.transact() as uow:
            return int(
                uow.session.execute(text("select count(*) from outbox where state <> 'sent'")).scalar_one()
            )

    def drained(self) -> None:
        while self.left():
            time.sleep(0.05)

    def arrivals(self, tag: str) -> dict[str, float]:
        return {
            line["application_id"]: datetime.fromisoformat(line["received_at"]).timestamp()
            for line in ask(self.url, "orders")["orders"]
            if line["application_id"].startswith(tag)
        }


def drain(bench: Bench, orders: int) -> None:
    for start in range(0, orders, 500):
        bench.confirm("drain", range(start, min(start + 500, orders)))
    started = time.perf_counter()
    threads = bench.run()
    bench.drained()
    took = time.perf_counter() - started
    print(f"drain: {orders} orders in {took:.2f} s = {orders / took:.0f} orders/s")
    assert threads
    assert len(bench.arrivals("drain")) == orders


def steady(bench: Bench, rate: float, seconds: float) -> None:
    committed: dict[str, float] = {}
    started = time.perf_counter()
    for number in range(int(rate * seconds)):
        time.sleep(max(0.0, started + number / rate - time.perf_counter()))
        committed[f"steady-{number}"] = bench.confirm("steady", range(number, number + 1))
    bench.drained()
    tell(f"confirm-to-wire at {rate:.0f}/s", committed, bench.arrivals("steady"))


def wave(bench: Bench, orders: int) -> None:
    at = bench.confirm("wave", range(orders))
    bench.drained()
    tell(f"a wave of {orders}", {f"wave-{number}": at for number in range(orders)}, bench.arrivals("wave"))


def tell(name: str, committed: dict[str, float], arrived: dict[str, float]) -> None:
    waits = sorted(1000 * (arrived[each] - at) for each, at in committed.items())
    p99 = waits[int(len(waits) * 0.99)]
    print(f"{name}: median {statistics.median(waits):.0f} ms, p99 {p99:.0f} ms, max {waits[-1]:.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=5000)
    parser.add_argument("--rate", type=float, default=50)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--lanes", type=int, default=LANES)
    parser.add_argument("--couriers", type=int, default=1)
    told = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="rd-bench-exchange-", dir="/tmp"))
    folder.chmod(0o711)
    with localpg.start(Settings(data_dir=folder / "var")) as server:
        migrate(server.owner_dsn)
        _table(server.owner_dsn)
        keys_in(folder / "keys")
        with simulator(PORT, folder / "keys", accounts=told.orders) as url:
            bench = Bench(server.app_dsn, folder, url, folder / "keys", told.lanes, told.couriers)
            drain(bench, told.orders)
            steady(bench, told.rate, told.seconds)
            wave(bench, 1000)
            for wake in bench.wakes:
                wake.stop()
            time.sleep(1.5)


def _table(owner_dsn: str) -> None:
    import psycopg

    with psycopg.connect(owner_dsn) as connection:
        connection.execute("create table bench_orders (id text primary key, sealed bytea not null)")
        connection.execute("grant select, insert on bench_orders to rongdun_app")


if __name__ == "__main__":
    main()

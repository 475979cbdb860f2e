"""Twenty thousand orders through banks that go wrong, a worker that is killed and a database that is: is one lost or doubled?

Orders are made and sent at the desk itself; institutions close the line, answer rubbish, are busy, fall silent, cut their
answers off, sign them wrongly, repeat and replay them, and let others overtake them. The delivery process is killed every
few seconds, PostgreSQL twice. At the end every order is compared with the institutions' own book:

- every order that was sent is in that book, once, and carried out at most once; nothing else is in it;
- where the institution's answer was said, the order knows it and it is the same; where it was kept back, the order waits.

With ``--light`` the orders are rows of a small table instead of the desk's own, with the same two promises (an
instruction for an application, a reply taken once): the exchange alone is what is tried, at a tenth of the time.

    python benchmarks/soak_exchange.py [--orders 20000] [--light]
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import uvicorn
from bench_exchange import instruction
from exchange_town import CODES, ask, code_of, keys_in, number_of, simulator
from fastapi import FastAPI
from sqlalchemy import text

from rongdun.adapters.banks import BankTransport, Orders, Places, Post, router, the_orders
from rongdun.domains import exchange, stop_payment
from rongdun.domains.exchange import Instruction, Kind, Reply
from rongdun.domains.stop_payment import Draft, Target, Transfer, sending
from rongdun.entrypoints.bootstrap import Centre, build
from rongdun.entrypoints.exchange import inbox_tick
from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import Actor, Scope, SubjectRef
from rongdun.runtime import localpg, logs, outbox, problems
from rongdun.runtime.loops import Wake, listen, run_loop
from rongdun.runtime.outbox import Courier, Plan
from rongdun.runtime.policies import seed_policies
from rongdun.runtime.schema import migrate
from rongdun.runtime.settings import Settings
from rongdun.runtime.uow import Uow

BANKS_PORT, CENTRE_PORT = 18_741, 18_742
CITY, CENTRE = "cn.fj.fz.", "cn.fj.fz.centre."
FAULTS = {
    "deaf": 0.03,
    "busy": 0.03,
    "garbled": 0.02,
    "silent": 0.03,
    "malformed": 0.03,
    "forged": 0.02,
    "repeated": 0.05,
    "replayed": 0.03,
    "late": 0.05,
}
UNITS = (("cn.fj.", "province", "福建演示"), (CITY, "city", "演示市局"), (CENTRE, "centre", "演示反诈中心"))


def officer() -> Actor:
    return Actor(
        user_id=new_id(),
        login="officer",
        name="演示·郑四",
        unit_id=new_id(),
        unit_path=CENTRE,
        roles=frozenset(),
        permissions=frozenset({"order.read", "order.draft", "order.review"}),
        scope=Scope.subtree(CITY),
        session_id=new_id(),
        unit_name="演示反诈中心",
    )


def settings_in(folder: Path) -> Settings:
    return Settings(data_dir=folder / "var", keys_dir=folder / "keys", cipher="aes-gcm")


def seed(centre: Centre, keys: Path, url: str) -> None:
    with centre.transact() as uow:
        seed_policies(uow.session, now=uow.now)
        above = None
        for path, kind, name in UNITS:
            identity, code = new_id(), path.rstrip(".").rpartition(".")[2]
            uow.session.execute(
                text(
                    "insert into units (id, parent_id, kind, code, path, district, name, created_at, updated_at)"
                    " values (:id, :parent, :kind, :code, :path, '350100', :name, :now, :now)"
                ),
                {
                    "id": identity,
                    "parent": above,
                    "kind": kind,
                    "code": code,
                    "path": path,
                    "name": name,
                    "now": uow.now,
                },
            )
            above = identity
        pair = keys_in(keys)
        for code, name in CODES.items():
            exchange.add_institution(
                uow,
                {
                    "code": code,
                    "name": name,
                    "kind": "bank",
                    "unit_path": CITY,
                    "transport": "https",
                    "url": f"{url}/{code}/messages",
                    "public_key": pair[code].public_text,
                },
            )


class Light:
    """Orders as rows of a small table, for the exchange alone."""

    def instructions_for(self, uow: Uow, application_ids: Sequence[str]) -> dict[str, Instruction]:
        query = text(
            "select application_id, account, made_at, kind from soak_orders where application_id = any(:ids)"
        )
        rows = uow.session.execute(query, {"ids": list(application_ids)})
        return {
            name: replace(instruction(name, account, made_at), kind=Kind(kind), amount_fen=5_000_000)
            for name, account, made_at, kind in rows
        }

    def receive(self, uow: Uow, reply: Reply) -> str:
        known = text(
            "insert into soak_replies values (:bank, :message) on conflict do nothing returning message_id"
        )
        told = {"bank": reply.institution, "message": reply.message_id}
        if uow.session.execute(known, told).one_or_none() is None:
            return "duplicate"
        answered = text(
            "update soak_orders set outcome = :outcome, state = 'ANSWERED', answers = answers + 1 where application_id = :id"
        )
        uow.session.execute(answered, {"outcome": reply.outcome.value, "id": reply.application_id})
        return "applied"

    @staticmethod
    def make(owner_dsn: str) -> None:
        with psycopg.connect(owner_dsn) as connection:
            connection.execute(
                "create table soak_orders (application_id text primary key, account int, kind text, made_at timestamptz,"
                " state text default 'SENT', outcome text default '', answers int default 0);"
                "create table soak_replies (institution text, message_id text, primary key (institution, message_id));"
                "grant select, insert, update on soak_orders, soak_replies to rongdun_app"
            )


class Desk:
    """Writes orders and sends them, a few in one transaction; begins again where the database went away."""

    def __init__(self, centre: Centre, seed: int, *, light: bool = False) -> None:
        self.centre, self.actor, self.chance = centre, officer(), random.Random(seed)
        self.made, self.light = 0, light

    def write(self, accounts: list[int]) -> None:
        while True:
            try:
                self._write(accounts)
            except Exception as error:  # noqa: BLE001 - the database was killed: nothing of it was committed
                print(
                    f"  a transaction of orders failed and is made again: {type(error).__name__}", flush=True
                )
                time.sleep(1)
            else:
                self.made += len(accounts)
                return

    def _write(self, accounts: list[int]) -> None:
        with self.centre.transact(self.actor) as uow:
            for account in accounts:
                if self.light:
                    self._write_light(uow, account)
                    continue
                order = stop_payment.make(uow, self._draft(account, uow.now))
                uow.session.flush()
                sending.send_order(uow, order.id, version=order.version)

    def _write_light(self, uow: Uow, account: int) -> None:
        kind, name = ("query_transactions" if self.chance.random() < 0.2 else "stop"), f"soak-{account}"
        row = {"id": name, "account": account, "kind": kind, "at": uow.now}
        uow.session.execute(
            text(
                "insert into soak_orders (application_id, account, kind, made_at) values (:id, :account, :kind, :at)"
            ),
            row,
        )
        outbox.send(
            uow,
            channel="bank",
            kind=kind,
            payload={"order_id": name, "instruction": name},
            idempotency_key=name,
            order_key=number_of(account),
            partner_path=CITY,
        )

    def _draft(self, account: int, now: datetime) -> Draft:
        asks = self.chance.random() < 0.2
        target = Target(
            institution=CODES[code_of(account)], number=number_of(account), name=f"演示户{account}"
        )
        moved = Transfer(
            amount_fen=5_000_000,
            time=now - timedelta(minutes=10),
            institution=CODES[code_of(0)],
            number=number_of(0),
            name="演示户0",
        )
        return Draft(
            kind="query" if asks else "stop",
            subject=SubjectRef("report", str(new_id()), "演示警情"),
            target=target,
            transfer=moved,
            urgent=True,
            reason="演示",
            **({"question": "query_transactions"} if asks else {}),
        )


@contextmanager
def serving(centre: Centre, orders: Orders) -> Iterator[None]:
    app = FastAPI()
    app.state.gate = centre
    app.dependency_overrides[the_orders] = lambda: orders
    problems.install(app)
    app.include_router(router)
    config = uvicorn.Config(app, host="127.0.0.1", port=CENTRE_PORT, log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield
    server.should_exit = True
    thread.join(10)


def deliver(folder: Path, dsn: str, orders: Orders) -> None:
    """Be a delivery process until killed."""
    logs.configure("critical")
    settings = settings_in(folder)
    centre = build(settings, app_dsn=dsn)
    transport = BankTransport(
        centre.transact, orders, keys_in(folder / "exchange")["centre"], Post(), Places(folder, folder)
    )
    plan = Plan(lanes=16, lease_s=10, first_s=0.5, longest_s=5)
    courier = Courier(centre.transact, {"bank": transport}, f"soak-{os.getpid()}", plan)
    wakes = {outbox.LOOP: Wake(), exchange.LOOP: Wake()}
    loops = {outbox.LOOP: courier.tick, exchange.LOOP: inbox_tick(centre, orders)}
    for name, tick in loops.items():
        threading.Thread(
            target=run_loop, args=(name, tick, wakes[name]), kwargs={"on_fault": _quiet}, daemon=True
        ).start()
    print("ready", flush=True)
    listen(dsn, wakes, Wake())


def _quiet(name: str, error: BaseException) -> None:
    """The database was killed; the loop goes on."""


class Killer:
    """Keeps a delivery process running, and kills it every few seconds."""

    def __init__(self, folder: Path, dsn: str, *, light: bool) -> None:
        self.command = [
            sys.executable,
            __file__,
            "--deliver",
            str(folder),
            "--dsn",
            dsn,
            *(["--light"] if light else []),
        ]
        self.process: subprocess.Popen[bytes] | None = None
        self.kills = 0
        self.killing = True
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        chance = random.Random(3)
        while not self.stop.is_set():
            self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE)
            assert self.process.stdout is not None
            self.process.stdout.readline()  # on a busy machine it takes long to load
            self.stop.wait(chance.uniform(5, 20))
            while not self.killing and not self.stop.is_set():
                self.stop.wait(0.5)
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process.stdout.close()
            self.kills += 1


def soak(folder: Path, orders: int, *, light: bool) -> int:
    settings = settings_in(folder)
    with localpg.start(settings) as server:
        migrate(server.owner_dsn)
        if light:
            Light.make(server.owner_dsn)
        keys_in(folder / "exchange")
        centre = build(settings, app_dsn=server.app_dsn)
        address = f"http://127.0.0.1:{CENTRE_PORT}"
        with (
            simulator(
                BANKS_PORT, folder / "exchange", centre=address, speed=120, accounts=orders, perfect=False
            ) as url,
            serving(centre, Light() if light else stop_payment),
        ):
            seed(centre, folder / "exchange", url)
            ask(url, "faults", FAULTS)
            killer = Killer(folder, server.app_dsn, light=light)
            started = time.perf_counter()
            kills = _write_all(Desk(centre, 5, light=light), server, orders)
            print(f"{orders} orders written in {time.perf_counter() - started:.0f} s", flush=True)
            killer.killing = False
            _settled(centre, url)
            took = time.perf_counter() - started
            killer.stop.set()
            killer.thread.join(40)
            print(f"settled after {took:.0f} s; worker killed {killer.kills} times, PostgreSQL {kills} times")
            return _judged(centre, url, orders, light=light)


def _write_all(desk: Desk, server: localpg.LocalServer, orders: int) -> int:
    kills = 0
    at = {orders // 3, 2 * orders // 3}
    for start in range(0, orders, 20):
        if any(start <= each < start + 20 for each in at):
            os.kill(server.pid, signal.SIGKILL)
            while server.running():
                time.sleep(0.01)
            server.ensure_running()
            kills += 1
            print("  PostgreSQL was killed and is back", flush=True)
        desk.write(list(range(start, min(start + 20, orders))))
    return kills


def _settled(centre: Centre, url: str) -> None:
    """Wait until nothing is on its way in either direction."""
    quiet, before = 0, None
    for _ in range(3600):
        with centre.transact() as uow:
            left = uow.session.execute(
                text("select count(*) from outbox where channel = 'bank' and state in ('pending', 'sending')")
            ).scalar_one()
            waiting = uow.session.execute(
                text("select count(*) from exchange_inbox where state = 'received'")
            ).scalar_one()
        status = ask(url, "status")
        now = (left, waiting, status["orders"], status["answered"], status["taken"])
        quiet = (
            quiet + 1
            if now == before and not left and not waiting and status["orders"] == status["answered"]
            else 0
        )
        before = now
        if quiet >= 8:
            return
        time.sleep(1)
    raise SystemExit(f"it did not settle: {before}")


_ORDERS = """
select s.application_id, s.outcome, o.kind, o.state, x.state
from order_steps s join orders o on o.id = s.order_id
left join outbox x on x.idempotency_key = s.application_id
where s.sent_at is not null
"""

_LIGHT = """
select s.application_id, s.outcome, s.kind, s.state, x.state
from soak_orders s left join outbox x on x.idempotency_key = s.application_id
"""


def _judged(centre: Centre, url: str, orders: int, *, light: bool) -> int:
    told = ask(url, "orders")
    theirs, unsaid = {line["application_id"]: line for line in told["orders"]}, set(told["unsaid"])
    with centre.transact() as uow:
        ours = {row[0]: row[1:] for row in uow.session.execute(text(_LIGHT if light else _ORDERS))}
        inbox = dict(uow.session.execute(text("select state, count(*) from exchange_inbox group by 1")).all())
        copies = uow.session.execute(
            text("select count(*) from exchange_inbox where copies > 1")
        ).scalar_one()
    faults: Counter[str] = Counter()
    states: Counter[str] = Counter()
    for application_id, (outcome, kind, state, message) in ours.items():
        states[f"{kind} {state}"] += 1
        line = theirs.get(application_id)
        if line is None:
            faults["lost: the bank never had it"] += message == "sent"
            faults["not delivered"] += message != "sent"
        elif line["done"] > 1:
            faults["doubled"] += 1
        elif application_id in unsaid:
            faults["answered without an answer"] += outcome != ""
        elif line["outcome"] == "timeout":
            faults["a timeout taken for an answer"] += outcome not in ("", "timeout")
        elif outcome != line["outcome"]:
            faults["another outcome than the bank's"] += 1
    faults["in their book, not in ours"] = len(theirs.keys() - ours.keys())
    faults["missing at our desk"] = orders - len(ours)
    again = sum(line["copies"] > 1 for line in theirs.values())
    print(
        f"ours {len(ours)}, theirs {len(theirs)}, kept back {len(unsaid)}; delivered more than once {again}, each acted on once"
    )
    print(f"answers: {inbox}, of which came more than once {copies}")
    print("orders:", dict(sorted(states.items())))
    wrong = {name: count for name, count in faults.items() if count}
    print("faults:", wrong or "none")
    return 1 if wrong else 0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=20_000)
    parser.add_argument("--deliver", type=Path)
    parser.add_argument("--dsn")
    parser.add_argument("--light", action="store_true")
    told = parser.parse_args()
    if told.deliver:
        deliver(told.deliver, told.dsn, Light() if told.light else stop_payment)
        return
    logs.configure("critical")
    folder = Path(tempfile.mkdtemp(prefix="rd-soak-exchange-", dir="/tmp"))
    folder.chmod(0o711)
    raise SystemExit(soak(folder, told.orders, light=told.light))


if __name__ == "__main__":
    main()

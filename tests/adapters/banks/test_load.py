"""A thousand at once, a database whose connections break, lanes, and files carried by hand."""

import json
import resource
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from rongdun.adapters.banks import BankTransport, Post, Signer, load_profile, write_instruction, write_reply
from rongdun.adapters.banks import post as posting
from rongdun.adapters.banks.file_drop import collect, lay_down, lying
from rongdun.adapters.banks.signing import Ed25519Verifier, signed_headers
from rongdun.domains.exchange import InboxMessage
from rongdun.entrypoints.exchange import files_tick
from rongdun.kernel.clock import SystemClock
from rongdun.kernel.scope import Scope
from rongdun.runtime.outbox import OutboxMessage
from tests.adapters.banks.conftest import Town, key
from tests.adapters.banks.made import BANK, BANK_NAME, NOW, STOP, instruction, reply


@pytest.fixture
def many_files() -> Iterator[None]:
    """Let this process hold both ends of a thousand connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4096)), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("many_files")
def test_a_thousand_instructions_at_once_are_each_taken_once(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Client and banks share this one process: what is tested is the crowd, not how soon it is served.
    monkeypatch.setattr(posting, "CONNECT_S", 60.0)
    monkeypatch.setattr(posting, "ANSWER_S", 120.0)
    together = threading.Barrier(1000)
    for number in range(1000):
        town.book.open(BANK_NAME, f"62999900{number:08d}", "演示乙", 100)
    profile, post, signer = load_profile("national"), Post(), _centre_key(town)
    path = f"/{BANK}/messages"

    def send(number: int) -> int:
        told = instruction(f"W{number}", number=f"62999900{number:08d}")
        body = write_instruction(profile, told)
        headers = signed_headers(signer, "POST", path, body, SystemClock().now())
        together.wait(120)
        return post.send(town.urls["banks"] + path, body, headers).status

    with ThreadPoolExecutor(1000) as pool:
        statuses = list(pool.map(send, range(1000)))
    post.close()
    assert statuses == [200] * 1000
    assert sum(entry.copies for entry in town.banks.entries.values()) == 1000


def test_lanes_carry_several_orders_at_once_and_a_slow_bank_holds_up_its_own_alone(town: Town) -> None:
    town.misbehave(slow_s=0.5)
    for number in range(8):
        town.order(f"A{number}", number=f"62999900000000{number}1")
    courier = replace(town.courier, plan=replace(town.courier.plan, lanes=8))
    started = time.monotonic()
    while _states(town) != ["sent"] * 8:
        courier.tick()
    assert time.monotonic() - started < 3.0, "one after another they take four seconds"
    courier.leave()


def test_connections_broken_while_orders_go_out_lose_none_and_double_none(town: Town) -> None:
    """Every connection of this test's database is broken in the middle, as a restart breaks them."""
    for number in range(30):
        town.order(f"A{number}", number=f"62999900000000{number:02d}")
    courier = replace(town.courier, plan=replace(town.courier.plan, lanes=8, lease_s=1.0))
    stopping, faults = threading.Event(), []

    def work() -> None:
        while not stopping.is_set():
            try:
                courier.tick()
            except Exception as error:  # noqa: BLE001 - what run_loop does
                faults.append(error)
                stopping.wait(0.1)

    worker = threading.Thread(target=work)
    worker.start()
    for _ in range(3):
        stopping.wait(0.05)
        _break_connections(town)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not _all_sent(town, 30):
        stopping.wait(0.1)
    stopping.set()
    worker.join(20)
    courier.leave()
    assert _all_sent(town, 30)
    assert len(town.banks.entries) == 30
    assert all(entry.done <= 1 for entry in town.banks.entries.values())


def test_a_message_laid_down_is_seen_whole_checked_and_acknowledged(tmp_path: Path) -> None:
    signer, profile = key("centre"), load_profile("national")
    verifier = Ed25519Verifier(signer.private.public_key())
    body = write_instruction(profile, STOP)
    lay_down(tmp_path, "A1", body, signer, NOW)
    lay_down(tmp_path, "A1", body, signer, NOW)
    (tmp_path / "half.xml").write_bytes(b"<no manifest yet")
    (laid,) = lying(tmp_path, verifier, NOW + timedelta(days=2))
    assert (laid.name, laid.body, laid.fault) == ("A1", body, None)
    (tmp_path / "A1.xml").write_bytes(body + b" ")
    (changed,) = lying(tmp_path, verifier, NOW)
    assert changed.fault is not None
    assert collect(tmp_path, verifier, NOW, lambda laid: {"state": "turned_away"}) == 1
    assert json.loads((tmp_path / "A1.ack.json").read_text())["state"] == "turned_away"
    assert (tmp_path / "done" / "A1.xml").exists() and not list(lying(tmp_path, verifier, NOW))


def test_an_answer_laid_down_reaches_the_desk_once(town: Town) -> None:
    town.order("A1")
    folder = town.centre.services.settings.data_dir / "exchange" / "incoming" / BANK
    body = write_reply(load_profile("national"), reply("A1", "M1"))
    tick = files_tick(town.centre, town.desk)
    for name in ("one", "again"):
        lay_down(folder, name, body, town.bank_key, town.centre.services.clock.now())
        tick()
    lay_down(folder, "forged", body, key("somebody"), town.centre.services.clock.now())
    tick()
    assert len(town.desk.replies) == 1
    told = {path.name: json.loads(path.read_text()) for path in folder.glob("*.ack.json")}
    assert told["one.ack.json"]["state"] == "taken" and told["again.ack.json"]["again"]
    assert told["forged.ack.json"]["state"] == "turned_away"
    with town.centre.services.database.session(Scope.everything()) as session:
        assert session.scalars(select(InboxMessage.copies)).all() == [2]


def _states(town: Town) -> list[str]:
    with town.centre.services.database.session(Scope.everything()) as session:
        return list(session.scalars(select(OutboxMessage.state)))


def _all_sent(town: Town, count: int) -> bool:
    try:
        return _states(town) == ["sent"] * count
    except Exception:  # noqa: BLE001 - the connection was just broken
        return False


def _break_connections(town: Town) -> None:
    try:
        with town.centre.services.database.session(Scope.everything()) as session:
            session.execute(
                text(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where datname = current_database() and pid <> pg_backend_pid()"
                )
            )
    except Exception:  # noqa: BLE001 - its own connection may be among them
        return


def _centre_key(town: Town) -> Signer:
    transport = town.courier.transports["bank"]
    assert isinstance(transport, BankTransport)
    return transport.signer

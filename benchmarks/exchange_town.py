"""What the benchmark and the soak of the exchange stand on: a durable database, and the simulator as a process of its own.

python benchmarks/exchange_town.py --port N --keys DIR --centre URL --speed S      # the simulator (started by them)
"""

import argparse
import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import uvicorn
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from rongdun.adapters.banks.dialects import dialect_named
from rongdun.adapters.banks.signing import Ed25519Signer, load_pair, verifier_in
from rongdun.adapters.banks.simulator import Banks, MemoryBook, load_manner
from rongdun.adapters.banks.simulator.banks import Pace
from rongdun.adapters.banks.simulator.sender import Sender
from rongdun.adapters.banks.simulator.server import Simulator
from rongdun.kernel.clock import SystemClock

CODES = {f"9990000000{number:02d}": f"演示{number:02d}银行" for number in range(1, 16)}
FIRST = 62_999_900_000_000_000


def number_of(account: int) -> str:
    """Return the number of an account by its place."""
    return str(FIRST + account)


def code_of(account: int) -> str:
    """Return the institution that keeps an account."""
    return list(CODES)[account % len(CODES)]


def book_of(accounts: int, now: datetime) -> MemoryBook:
    """Return a book with so many accounts spread over the institutions, each paid 50,000 yuan ten minutes ago."""
    book = MemoryBook()
    for account in range(accounts):
        book.open(CODES[code_of(account)], number_of(account), f"演示户{account}")
        book.meant(now - timedelta(minutes=10), "", number_of(account), 5_000_000)
    return book


def keys_in(folder: Path) -> dict[str, Ed25519Signer]:
    """Return the institutions' and the centre's keys in a directory, made on first use."""
    return {name: load_pair(folder, name, name) for name in (*CODES, "centre")}


def play(port: int, keys: Path, centre: str, speed: float, accounts: int, perfect: bool) -> None:
    """Run the simulator until it is stopped."""
    clock, dialects = SystemClock(), {"": dialect_named("national")}
    signers = keys_in(keys)
    forger = Ed25519Signer(Ed25519PrivateKey.generate(), "forger")
    manner = load_manner().perfect() if perfect else load_manner()
    manner, now = replace(manner, match_minutes=600), clock.now()
    banks = Banks(book_of(accounts, now), CODES, manner, Pace(now, now, speed))
    sender = Sender(dialects, signers, forger, centre, clock)
    simulator = Simulator(banks, verifier_in(keys / "centre.pub"), sender, clock)
    uvicorn.run(simulator, host="127.0.0.1", port=port, log_level="critical", access_log=False)


@contextmanager
def simulator(
    port: int,
    keys: Path,
    *,
    centre: str = "http://127.0.0.1:1",
    speed: float = 1.0,
    accounts: int = 5000,
    perfect: bool = True,
) -> Iterator[str]:
    """Start the simulator; yield its address."""
    command = [sys.executable, __file__, "--port", str(port), "--keys", str(keys), "--centre", centre]
    command += ["--speed", str(speed), "--accounts", str(accounts), *(["--perfect"] if perfect else [])]
    process = subprocess.Popen(command)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                ask(url, "status")
                break
            except OSError:
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def ask(url: str, what: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    """Ask the control line of a simulator."""
    data = json.dumps(body).encode() if body is not None else None
    with urllib.request.urlopen(f"{url}/control/{what}", data=data, timeout=60) as answer:
        told: dict[str, Any] = json.loads(answer.read())
        return told


def main() -> None:
    """Play the institutions."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--keys", type=Path, required=True)
    parser.add_argument("--centre", required=True)
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--accounts", type=int, default=5000)
    parser.add_argument("--perfect", action="store_true")
    told = parser.parse_args()
    play(told.port, told.keys, told.centre, told.speed, told.accounts, told.perfect)


if __name__ == "__main__":
    main()

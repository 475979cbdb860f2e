"""How long from ``rongdun up --demo`` to the first page, from nothing and on a warm machine?

Cold: an empty data directory — the database is made, migrated, and the demonstration city seeded.
Warm: the same directory again, as every later ``make run``. The bar is 5 s for a warm start.

The clock runs from starting the process to the last byte of ``GET /``, asked by a client of its own.

    python benchmarks/bench_start.py [--runs 5] [--full]
"""

import argparse
import os
import platform
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

BAR_S = 5.0


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def first_page(port: int, process: "subprocess.Popen[bytes]", within_s: float = 180.0) -> None:
    """Wait until the first page has been read."""
    give_up = time.monotonic() + within_s
    while time.monotonic() < give_up and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=within_s) as answer:
                answer.read()
                return
        except urllib.error.HTTPError:
            return  # the pages are not built here; the process answers all the same
        except OSError:
            time.sleep(0.01)
    raise SystemExit("the centre did not start; see its output above")


def start_once(data_dir: Path, output: int) -> tuple[float, float]:
    """Start and stop the centre; return the seconds to the first page and those of the stop."""
    port = free_port()
    command = [sys.executable, "-m", "rongdun.entrypoints.cli", "up", "--demo", "--port", str(port)]
    began = time.monotonic()
    process = subprocess.Popen(
        [*command, "--data-dir", str(data_dir)], stdout=output, stderr=output, env=os.environ
    )
    try:
        first_page(port, process)
        ready = time.monotonic() - began
    finally:
        stopping = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.wait(60)
    return ready, time.monotonic() - stopping


def main() -> int:
    """Start cold and warm, print the figures; return 1 when the bar is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3, help="warm starts")
    parser.add_argument("--full", action="store_true", help="more runs")
    parser.add_argument("--show", action="store_true", help="show what the centre says")
    options = parser.parse_args()
    runs = 10 if options.full else options.runs
    output = sys.stdout.fileno() if options.show else subprocess.DEVNULL
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"load before {os.getloadavg()[0]:.1f}")
    directory = Path(tempfile.mkdtemp(prefix="rongdun-bench-", dir="/tmp"))
    directory.chmod(0o711)
    try:
        cold, _ = start_once(directory / "var", output)
        found = [start_once(directory / "var", output) for _ in range(runs)]
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    warm, stops = [ready for ready, _ in found], [stop for _, stop in found]
    print(f"cold start to first page   {cold:6.2f} s")
    print(
        f"warm start to first page   n {len(warm)}  min {min(warm):.2f}  median {statistics.median(warm):.2f}"
        f"  max {max(warm):.2f} s   (bar {BAR_S:.0f} s)"
    )
    print(f"clean stop                 median {statistics.median(stops):.2f}  max {max(stops):.2f} s")
    return 0 if statistics.median(warm) <= BAR_S else 1


if __name__ == "__main__":
    sys.exit(main())

"""How long does the first list of accounts take after a large import?

Made-up replies (those of ``bench_ingest.py``) are imported; then the list of accounts is asked for: as it was before
(every row summed at each first request), with the sums of no file kept yet (what the import's job does once), and with
them kept (what whoever asks waits for).

    python benchmarks/bench_accounts.py [--full] [--rows N] [--keep DIRECTORY]
"""

import argparse
import os
import platform
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from bench_ingest import write_csv

from rongdun.analytics.ledger.ledger import Ledger
from rongdun.analytics.ledger.sums import sums_of_rows
from rongdun.domains.tracing.accounts import summed

RUNS = 5


def main() -> None:
    """Print the median of each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="3,000,000 rows")
    parser.add_argument("--rows", type=int)
    parser.add_argument("--keep", type=Path, help="keep files and ledger here")
    told = parser.parse_args()
    with TemporaryDirectory() as scratch:
        run(told.keep or Path(scratch), told.rows or (3_000_000 if told.full else 200_000))


def run(folder: Path, rows: int) -> None:
    """Import ``rows`` rows under ``folder`` unless they are there, and measure."""
    load = os.getloadavg()[0]
    print(
        f"machine: {platform.machine()}, {os.cpu_count()} cores, load {load:.1f}, Python {platform.python_version()}"
    )
    folder.mkdir(parents=True, exist_ok=True)
    ledger = Ledger(folder / "ledger")
    if not ledger.directory.exists():
        write_csv(folder, rows)
        ledger.import_paths([folder / "reply.csv"])
    view = ledger.view()
    versions = frozenset(view.manifest.imports)
    told = view.manifest.totals
    print(f"data: {told['observations']:,} rows of {told['accounts']:,} accounts")
    kept = ledger.directory / "sums"
    print(
        f"  every row summed, as before     {median(lambda: sums_of_rows(view.scan('transactions'))):8.3f} s"
    )
    forgotten = median(lambda: summed(view, versions), lambda: shutil.rmtree(kept, ignore_errors=True))
    print(f"  first time, by the import job  {forgotten:8.3f} s")
    print(f"  whoever asks, sums kept        {median(lambda: summed(view, versions)):8.3f} s")


def median(work: Callable[[], object], before: Callable[[], object] = lambda: None) -> float:
    """Return the median seconds of ``work``, ``before`` not counted."""
    times = []
    for _ in range(RUNS):
        before()
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return sorted(times)[RUNS // 2]


if __name__ == "__main__":
    main()

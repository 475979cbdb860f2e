"""A process that imports hand-made files; started by tests that kill it, or run it beside another."""

import sys
from pathlib import Path

from rongdun.analytics.ledger.importing import Importer
from rongdun.kernel.clock import SystemClock
from tests.analytics.ledger.hand import reading, row


def main(directory: str, name: str, first: int, rows: int) -> None:
    """Import two overlapping files of rows ``first`` … ``first + rows``, three rows a run: they go over the disk."""
    told = [row(first + n, 1_000 + first + n, account=f"62220000000000{n % 4:02d}") for n in range(rows)]
    print("begin", flush=True)
    files = [reading(f"{name}-1.csv", told), reading(f"{name}-2.csv", told[rows // 2 :], rejects=1)]
    Importer(Path(directory), SystemClock(), 3).run(files)
    print("done", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))

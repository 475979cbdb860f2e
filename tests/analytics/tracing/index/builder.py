"""A process that opens a ledger's index, building it where needed; started by tests that kill it or run two."""

import sys
from pathlib import Path

from rongdun.analytics.tracing.index.store import open_index


def main(directory: str) -> None:
    """Open the newest version's index and say how many transfers it has."""
    print("begin", flush=True)
    print(open_index(Path(directory)).manifest.transfers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])

"""What lies in an index's files: the records, the bits in them and the manifest. Pure.

``rows`` holds each transfer twice, once in its payer's list and once in its payee's; an account's list is sorted by
time and lies in one piece, so that a trace reads one or two pages an account. What a trace must know of the other
side before it follows (kind, observed, how busy) stands in the row itself.
"""

from dataclasses import asdict, dataclass, field
from typing import Final

import numpy as np

FORMAT: Final = 1

ROWS: Final = "rows"
ACCOUNTS: Final = "accounts"
TEXTS: Final = "texts"
LEVELS: Final = "levels"
BUCKETS: Final = "buckets"
KEYS: Final = "keys"
FILES: Final = (ROWS, ACCOUNTS, TEXTS, LEVELS, BUCKETS, KEYS)
MANIFEST: Final = "manifest.json"
DURABLE: Final = "durable"

ROW: Final = np.dtype(
    [
        ("time", "<i8"),
        ("amount", "<i8"),
        ("other", "<i4"),  # the other side's place, NOBODY where there is none
        ("row", "<i4"),  # the transfer's place among the transfers of the ledger version
        (
            "own_place",
            "<u2",
        ),  # order among the rows of one moment in this account's own book, from 1; 0 not there
        ("other_place", "<u2"),
        ("end", "u1"),
        ("bits", "u1"),
        ("standing", "u1"),  # of the other side: kind, and OBSERVED
        ("degree", "u1"),  # bit length of the other side's number of transfers
    ]
)

ACCOUNT: Final = np.dtype(
    [
        ("start", "<i8"),  # first of its rows; the next record's start is the end
        ("text", "<i8"),  # where its texts begin: number, name, other numbers, divided by SEPARATOR
        ("since", "<i8"),  # first and last moment of its own statement, 0 where there is none
        ("until", "<i8"),
        ("level", "<i4"),  # first of its balance levels; the next record's is the end
        ("institution", "<i4"),
        ("kind", "u1"),
        ("observed", "u1"),
        ("spare", "<u2"),
        ("more_spare", "<u4"),
    ]
)

LEVEL: Final = np.dtype([("time", "<i8"), ("fen", "<i8")])

KEY: Final = np.dtype([("hash", "<u8"), ("account", "<i4")])
"""One for each number and other number, sorted by hash; ``buckets`` says where each beginning of a hash starts."""

SEPARATOR: Final = "\x1f"

INCOMING: Final = 1
REFUND: Final = 2
BOOKS_SHIFT: Final = 2
OBSERVED: Final = 0x80
KIND: Final = 0x7F


@dataclass(frozen=True, slots=True)
class IndexManifest:
    """What an index says of itself. ``left_out`` counts observations that carry nothing, by reason.

    ``sizes`` are the files' bytes; ``boot`` names the run of the machine that wrote them: until the files are known
    to be on the disk, another run of the machine does not trust them.
    """

    version: int
    transfers: int
    accounts: int
    latest: int  # time of the last transfer, microseconds; 0 where there is none
    institutions: list[str]
    sizes: dict[str, int]
    boot: str
    labels: str = ""  # digest of the unit's own labels
    left_out: dict[str, int] = field(default_factory=dict)
    format: int = FORMAT

    def as_json(self) -> dict[str, object]:
        """Return it as the manifest file holds it."""
        return asdict(self)

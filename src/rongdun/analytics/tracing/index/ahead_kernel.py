"""Lists of accounts that are read one after the other, fetched some together before they are, compiled."""

from typing import Final

import numpy as np

from rongdun.analytics.ahead import fetch
from rongdun.analytics.tracing.index.compiled import Records, entry, helper
from rongdun.analytics.tracing.model import Int64s

TOGETHER: Final = 16
"""Lists of so many accounts are fetched at once: they stay near until they are read."""

SOON: Final = 16
"""So many steps before its turn a single row is fetched."""

_MOST_ROWS: Final = 128
"""Of a longer list so many rows are fetched; reading through it brings the rest."""

_ROWS_A_LINE: Final = 2


@entry
def lists_of(accounts: Records, touched: Int64s) -> tuple[Int64s, Int64s]:
    """Return where the list of each account begins and where it ends."""
    begin, end = np.empty(len(touched), np.int64), np.empty(len(touched), np.int64)
    for at in range(len(touched)):
        begin[at], end[at] = accounts[touched[at]].start, accounts[touched[at] + 1].start
    return begin, end


@helper
def fetch_lists(rows: Records, begin: Int64s, end: Int64s) -> None:
    """Ask for the rows of some lists."""
    for at in range(len(begin)):
        for row in range(begin[at], min(end[at], begin[at] + _MOST_ROWS), _ROWS_A_LINE):
            fetch(rows, row)

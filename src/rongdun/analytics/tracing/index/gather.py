"""What a trace gathers, from the index or by an engine: a sub-ledger, and where its accounts came from."""

from dataclasses import dataclass

import numpy as np

from rongdun.analytics.tracing.index.hubs import Stop
from rongdun.analytics.tracing.index.reach import Touched
from rongdun.analytics.tracing.model import NOBODY, Int64s, SubLedger


@dataclass(frozen=True, slots=True)
class Unknown:
    """An account of a seed that the ledger does not know: it stands in the sub-ledger without transfers."""

    institution: str
    number: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """A sub-ledger, where its accounts lie in the index (``NOBODY`` for unknown ones), and where the policy stopped."""

    sub: SubLedger
    place: Int64s
    touched: Touched
    stops: list[Stop]

    def local(self, place: Int64s) -> Int64s:
        """Return places in the sub-ledger of accounts by their places in the index, ``NOBODY`` for ``NOBODY``."""
        known = self.place[self.place != NOBODY]
        return np.where(place == NOBODY, NOBODY, np.searchsorted(known, place))

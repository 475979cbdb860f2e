"""A ledger's accounts as an engine looks them up: the same answers as the trace index gives."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from rongdun.analytics.engines.port import Engine
from rongdun.analytics.engines.queries import query
from rongdun.analytics.engines.tables import Tables, TablesManifest
from rongdun.analytics.tracing.index.errors import SeveralAccounts
from rongdun.analytics.tracing.model import NOBODY, Int64s


class Bearer(NamedTuple):
    """An account that bears a number."""

    account: int
    institution: str
    observed: bool


class NumberBook:
    """The accounts of the numbers a trace names, asked of the engine in one go."""

    def __init__(self, engine: Engine, tables: Tables, numbers: Iterable[str]) -> None:
        """Ask for ``numbers``; no others can be found afterwards."""
        self.manifest: TablesManifest = tables.manifest
        wanted = pa.table({"number": pa.array(sorted(set(numbers)), pa.string())})
        self._bearers: dict[str, set[Bearer]] = defaultdict(set)
        for row in engine.ask(query("numbers"), asked_numbers=wanted).to_pylist():
            bearer = Bearer(int(row["account"]), row["institution"], bool(row["observed"]))
            self._bearers[row["number"]].add(bearer)

    def find(self, institution: str, number: str) -> int:
        """Return the account of a number as ``TraceIndex.find`` does; raises ``SeveralAccounts`` like it."""
        bearers = self._bearers.get(number, set())
        if institution:
            exact = {one for one in bearers if one.institution == institution}
            bearers = exact or {one for one in bearers if not one.institution}
        chosen = {one for one in bearers if one.observed} or bearers
        if len(chosen) > 1:
            raise SeveralAccounts(extra={"number": number})
        return next((one.account for one in chosen), NOBODY)

    def find_all(self, keys: Sequence[tuple[str, str]]) -> Int64s:
        """Return what :meth:`find` says of each institution and number."""
        return np.array([self.find(*key) for key in keys], np.int64)

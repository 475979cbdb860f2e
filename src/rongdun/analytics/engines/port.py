"""The port every engine has: a ledger's tables opened once, then questions with small tables beside them."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import pyarrow as pa

from rongdun.analytics.engines.dialect import FEATURES
from rongdun.analytics.engines.errors import EngineFailed, EngineLacks
from rongdun.analytics.engines.queries import Query
from rongdun.kernel.errors import DomainError


class Engine(ABC):
    """One engine with a ledger's tables open. Not for several threads at once; close it after use."""

    name: str

    @abstractmethod
    def open(self, folder: Path) -> None:
        """Make the Parquet tables of a folder readable by their names, in place of any opened before."""

    @abstractmethod
    def put(self, name: str, table: pa.Table) -> None:
        """Make a small table readable by its name."""

    @abstractmethod
    def run(self, text: str) -> pa.Table:
        """Return what a statement selects; raises what the engine raises."""

    @abstractmethod
    def close(self) -> None:
        """Let go of what the engine holds."""

    def ask(self, query: Query, **tables: pa.Table) -> pa.Table:
        """Return the answer to a query over the ledger's tables and the small ones given here or before.

        Raises :class:`EngineLacks` naming what the engine does not know, else :class:`EngineFailed` with its words.
        """
        try:
            for name, table in tables.items():
                self.put(name, table)
            return self.run(query.text)
        except DomainError:
            raise
        except Exception as error:  # each engine has errors of its own; they become ours here
            raise self._told(query, error) from error

    def put_all(self, tables: Mapping[str, pa.Table]) -> None:
        """Make several small tables readable."""
        for name, table in tables.items():
            self.put(name, table)

    def _told(self, query: Query, error: Exception) -> DomainError:
        for need in query.needs:
            if not self._knows(FEATURES[need].probe):
                return EngineLacks.of(self.name, query.name, FEATURES[need].words)
        return EngineFailed.at(self.name, query.name, str(error)[:2_000])

    def _knows(self, probe: str) -> bool:
        try:
            self.run(probe)
        except Exception:  # noqa: BLE001 - whatever it says, it does not know this
            return False
        return True

    def __enter__(self) -> "Engine":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

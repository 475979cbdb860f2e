"""DuckDB, embedded: the Parquet files through ``read_parquet``, small tables as Arrow in place. No extensions."""

from pathlib import Path

import duckdb
import pyarrow as pa

from rongdun.analytics.engines.port import Engine
from rongdun.analytics.engines.tables import FILES

_CONFIG = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
"""Extensions are downloads: what is not built in is not asked for."""


class DuckEngine(Engine):
    """DuckDB in this process, in memory; nothing is written to disk unless memory runs out."""

    name = "DuckDB"

    def __init__(self, threads: int | None = None) -> None:
        """Open an empty database; ``threads`` defaults to the machine's."""
        config: dict[str, str | bool | int | float | list[str]] = {**_CONFIG}
        if threads:
            config["threads"] = threads
        self._connection = duckdb.connect(config=config)

    def open(self, folder: Path) -> None:
        """Make views of the folder's files."""
        for name, file in FILES.items():
            self._connection.read_parquet(str(folder / file)).create_view(name, replace=True)

    def put(self, name: str, table: pa.Table) -> None:
        """Read an Arrow table in place."""
        self._connection.register(name, table)

    def run(self, text: str) -> pa.Table:
        """Return what a statement selects."""
        return self._connection.sql(text).to_arrow_table()

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

"""Spark through Spark Connect: a cluster by its address, or Sail in this process where no address is given.

Sail and Apache Spark speak the same protocol; nothing here knows which of them answers but the name in a message.
"""

import os
import socket
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import pyarrow as pa

from rongdun.analytics.engines.errors import EngineNotInstalled, EngineUnreachable, TablesOutOfReach
from rongdun.analytics.engines.port import Engine
from rongdun.analytics.engines.tables import FILES
from rongdun.kernel.errors import Text

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_TYPES: Final = {"int64": "bigint", "int32": "int", "int8": "tinyint", "bool": "boolean", "string": "string"}

_PORT: Final = 15002
_PATIENCE: Final = 5.0
"""Seconds to wait for a cluster to answer at all."""


class SparkEngine(Engine):
    """A Spark Connect session. ``address`` such as ``sc://host:15002``; empty: Sail, started here on one port."""

    name = "Spark"

    def __init__(self, address: str = "") -> None:
        """Connect. Raises :class:`EngineNotInstalled` or :class:`EngineUnreachable`."""
        self._server: Any = None
        if address:
            _answers(address)
        else:
            self._server, address = _sail()
        self.name = "Spark (Sail)" if self._server else "Spark"
        try:
            self._session = _session(address)
        except BaseException:
            self._stop()
            raise

    def open(self, folder: Path) -> None:
        """Make views of the folder's files; raises :class:`TablesOutOfReach` where the cluster does not see them."""
        for name, file in FILES.items():
            try:
                frame = self._session.read.parquet(str(folder / file))
                frame.createOrReplaceTempView(name)
                seen = bool(frame.columns)  # asks the cluster; all before was only said
            except Exception as error:
                raise TablesOutOfReach(extra={"log": str(error)[:2_000]}) from error
            if not seen:
                raise TablesOutOfReach(extra={"log": file})

    def put(self, name: str, table: pa.Table) -> None:
        """Send a small table along with the questions that follow."""
        with _quiet():
            frame = (
                self._session.createDataFrame(table)
                if table.num_rows
                else self._session.createDataFrame([], schema=_ddl(table.schema))
            )
        frame.createOrReplaceTempView(name)

    def run(self, text: str) -> pa.Table:
        """Return what a statement selects."""
        with _quiet():
            return self._session.sql(text).toArrow()

    def close(self) -> None:
        """End the session, and Sail with it where it was started here."""
        try:
            self._session.stop()
        finally:
            self._stop()

    def _stop(self) -> None:
        if self._server is not None:
            self._server.stop()


def _sail() -> tuple[Any, str]:
    os.environ.setdefault("RUST_LOG", "error")  # Sail tells each session on standard error otherwise
    try:
        from pysail.spark import SparkConnectServer
    except ImportError as error:
        raise _not_installed("pysail") from error
    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    host, port = server.listening_address
    return server, f"sc://{host}:{port}"


def _answers(address: str) -> None:
    """Raise :class:`EngineUnreachable` where nobody listens: the client itself would try for many minutes."""
    url = urlsplit(address if "://" in address else f"sc://{address}")
    try:
        with socket.create_connection((url.hostname or "", url.port or _PORT), _PATIENCE):
            return
    except (OSError, ValueError) as error:
        raise EngineUnreachable(extra={"log": f"{address}: {error}"}) from error


def _session(address: str) -> "SparkSession":
    try:
        with _quiet():
            from pyspark.errors import PySparkException
            from pyspark.sql import SparkSession
    except ImportError as error:
        raise _not_installed("pyspark-client") from error
    try:
        with _quiet(), _as_a_program():
            session = SparkSession.builder.remote(address).create()
            session.range(1).collect()
    except (PySparkException, OSError, ValueError) as error:
        raise EngineUnreachable(extra={"log": str(error)[:2_000]}) from error
    return session


def _not_installed(package: str) -> EngineNotInstalled:
    return EngineNotInstalled(
        Text(
            f"本机没有安装 {package}，不能使用 Spark 引擎",
            f"{package} is not installed: no Spark engine here",
        ),
        extra={"package": package},
    )


def _ddl(schema: pa.Schema) -> str:
    return ", ".join(f"{field.name} {_TYPES[str(field.type)]}" for field in schema)


def _quiet() -> "warnings.catch_warnings[None]":
    """Keep the client's warnings about pandas back: frames are not used here, only Arrow."""
    return warnings.catch_warnings(action="ignore")


@contextmanager
def _as_a_program() -> Iterator[None]:
    """Let the main module have a file: the client ends a process without one, taking it for its own doctests."""
    main = sys.modules["__main__"]
    named = hasattr(main, "__file__")
    if not named:
        main.__file__ = "rongdun"
    try:
        yield
    finally:
        if not named:
            del main.__file__

"""Which engine answers, by the name a command or a setting gives. Libraries are loaded when they are chosen."""

from typing import Final

from rongdun.analytics.engines.port import Engine

INDEX: Final = "index"
DUCKDB: Final = "duckdb"
SPARK: Final = "spark"
ENGINES: Final = (INDEX, DUCKDB, SPARK)
"""What ``--engine`` and ``RONGDUN_ENGINE`` may say; ``index`` is the memory-mapped one and no engine of this port."""


def engine_named(name: str, spark: str = "") -> Engine:
    """Return ``duckdb`` or ``spark``; ``spark`` is a Spark Connect address, empty for Sail in this process.

    Raises ``EngineNotInstalled`` or ``EngineUnreachable``.
    """
    if name == DUCKDB:
        from rongdun.analytics.engines.duck import DuckEngine

        return DuckEngine()
    from rongdun.analytics.engines.spark import SparkEngine

    return SparkEngine(spark)

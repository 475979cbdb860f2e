"""The ground of a trace, reach and sub-ledger, computed by an engine: what ``tracing.trace.attributed`` starts from."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from rongdun.analytics.engines.book import NumberBook
from rongdun.analytics.engines.port import Engine
from rongdun.analytics.engines.reach import gather, reach
from rongdun.analytics.engines.tables import open_tables
from rongdun.analytics.tracing.index import starts
from rongdun.analytics.tracing.model import Seed
from rongdun.analytics.tracing.trace import Asked, Ground, named_limits


def open_ledger(
    engine: Engine, ledger: Path, numbers: Iterable[str], version: int | None = None
) -> NumberBook:
    """Open a ledger directory in an engine, writing its tables where there are none; ``numbers`` can then be found.

    Raises ``NoLedger``, ``NoSuchVersion`` and the engine's own errors.
    """
    tables = open_tables(ledger, version)
    engine.open(tables.folder)
    return NumberBook(engine, tables, numbers)


def ground_by(engine: Engine, book: NumberBook, seeds: Sequence[Seed], asked: Asked) -> Ground:
    """Return the sub-ledger the seeds touch, from an engine with the ledger open.

    The numbers of the seeds and of the policy's words for this case must be in ``book``.
    """
    limits = named_limits(book, asked.policy)
    found = starts.find(book, seeds, asked.bounds.window, asked.as_of, asked.tolerance)
    touched = reach(engine, found.starts, asked.bounds.depth, limits)
    watched = starts.watched(found, touched, asked.tolerance)
    got = gather(engine, touched, asked.as_of, limits, watched, found.unknown)
    return Ground(got, got.local(found.account))

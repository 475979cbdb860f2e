"""A trace whose reach and sub-ledger an engine computes; attribution is the same compiled kernel on one core."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from rongdun.analytics.engines.book import NumberBook
from rongdun.analytics.engines.port import Engine
from rongdun.analytics.engines.reach import gather, reach
from rongdun.analytics.engines.tables import Tables, open_tables
from rongdun.analytics.tracing.index import starts
from rongdun.analytics.tracing.model import Seed
from rongdun.analytics.tracing.trace import Asked, Ground, Trace, attributed, latest, named_limits

LATEST: Final = 0
"""``Asked.as_of`` that stands for the last moment the ledger or the seeds tell."""


def trace_by(
    engine: Engine, ledger: Path, seeds: Sequence[Seed], asked: Asked, version: int | None = None
) -> Trace:
    """Trace the seeds through a ledger directory by an engine; writes its tables where there are none.

    Raises what ``tracing.trace.trace`` raises, and the engine's own errors.
    """
    tables = open_tables(ledger, version)
    engine.open(tables.folder)
    book = book_of(engine, tables, seeds, asked)
    asked = replace(asked, as_of=asked.as_of or latest(book, seeds))
    return attributed(book, ground_by(engine, book, seeds, asked), seeds, asked)


def book_of(engine: Engine, tables: Tables, seeds: Sequence[Seed], asked: Asked) -> NumberBook:
    """Return the accounts that the seeds and the policy of this case name."""
    named = [number for _, number in asked.policy.follow]
    return NumberBook(engine, tables, [*named, *(seed.account for seed in seeds)])


def ground_by(engine: Engine, book: NumberBook, seeds: Sequence[Seed], asked: Asked) -> Ground:
    """Return the sub-ledger the seeds touch, from an engine with the tables open."""
    limits = named_limits(book, asked.policy)
    found = starts.find(book, seeds, asked.bounds.window, asked.as_of, asked.tolerance)
    touched = reach(engine, found.starts, asked.bounds.depth, limits)
    watched = starts.watched(found, touched, asked.tolerance)
    got = gather(engine, touched, asked.as_of, limits, watched, found.unknown)
    return Ground(got, got.local(found.account))

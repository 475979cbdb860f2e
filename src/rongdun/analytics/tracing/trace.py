"""One trace from a ledger directory: seeds found, what they touch gathered, every victim's yuan attributed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from rongdun.analytics.tracing.attribute import attribute
from rongdun.analytics.tracing.index import starts
from rongdun.analytics.tracing.index.gather import Gathered
from rongdun.analytics.tracing.index.hubs import HubPolicy, Limits, Stop, limits_of
from rongdun.analytics.tracing.index.opened import TraceIndex
from rongdun.analytics.tracing.index.reach import reach
from rongdun.analytics.tracing.index.store import open_index
from rongdun.analytics.tracing.index.taken import take
from rongdun.analytics.tracing.model import (
    NOBODY,
    Arrivals,
    Attribution,
    Bounds,
    Int64s,
    Rule,
    Seed,
    SubLedger,
)
from rongdun.analytics.tracing.seeds import TOLERANCE, place


@dataclass(frozen=True, slots=True)
class Asked:
    """What a trace was asked; every result names it. ``as_of`` is a moment, ``delta_of`` by institution and number.

    ``tolerance`` is how far a reported moment may lie from the bank's own, in microseconds.
    """

    rule: Rule
    bounds: Bounds
    policy: HubPolicy
    as_of: int
    delta_of: Mapping[tuple[str, str], int] = field(default_factory=dict)
    tolerance: int = TOLERANCE


@dataclass(frozen=True, slots=True)
class Ground:
    """What every rule starts from: the sub-ledger gathered, and where in it the seeds' accounts are."""

    gathered: Gathered
    seeds_at: Int64s  # NOBODY where the ledger does not know the account


@dataclass(frozen=True, slots=True)
class Trace:
    """What a trace found, and from which ledger version; ``stops`` are the hubs money met and was not followed in."""

    version: int
    asked: Asked
    subledger: SubLedger
    arrivals: Arrivals
    attribution: Attribution
    stops: list[Stop]


def trace(
    ledger: Path,
    seeds: Sequence[Seed],
    rule: Rule = Rule.FIFO,
    bounds: Bounds | None = None,
    policy: HubPolicy | None = None,
    as_of: int | None = None,
    version: int | None = None,
    delta_of: Mapping[tuple[str, str], int] | None = None,
) -> Trace:
    """Trace the seeds through a ledger directory; builds its index where there is none.

    ``as_of`` defaults to the last moment the ledger or the seeds tell. Raises ``NoLedger``, ``NoSuchVersion``,
    ``SeveralAccounts`` (a number without institution that several accounts bear) and what attribution raises.
    """
    index = open_index(ledger, version)
    asked = Asked(
        rule,
        bounds or Bounds(),
        policy or HubPolicy(),
        latest(index, seeds) if as_of is None else as_of,
        delta_of or {},
    )
    return trace_in(index, seeds, asked)


def trace_in(index: TraceIndex, seeds: Sequence[Seed], asked: Asked) -> Trace:
    """Trace the seeds through an open index."""
    return attributed(index, ground_of(index, seeds, asked), seeds, asked)


def ground_of(index: TraceIndex, seeds: Sequence[Seed], asked: Asked) -> Ground:
    """Return the sub-ledger the seeds touch."""
    limits = named_limits(index, asked.policy)
    found = starts.find(index, seeds, asked.bounds.window, asked.as_of, asked.tolerance)
    touched = reach(index, found.starts, asked.bounds.depth, limits)
    watched = starts.watched(found, touched, asked.tolerance)
    got = take(index, touched, asked.as_of, limits, watched, found.unknown)
    index.let_go(len(seeds))
    return Ground(got, got.local(found.account))


def attributed(index: starts.Lookup, ground: Ground, seeds: Sequence[Seed], asked: Asked) -> Trace:
    """Return what the rule says on a sub-ledger gathered before: other rules cost no new reading."""
    sub, arrivals = place(ground.gathered.sub, seeds, asked.tolerance, ground.seeds_at)
    found = attribute(sub, arrivals, asked.rule, _bounds(sub, asked))
    met = np.zeros(len(sub.accounts), np.bool_)
    met[found.holdings.account] = True
    stops = [stop for stop in ground.gathered.stops if met[stop.account]]
    return Trace(index.manifest.version, asked, sub, arrivals, found, stops)


def latest(index: starts.Lookup, seeds: Sequence[Seed]) -> int:
    """Return the last moment that the ledger or the seeds tell."""
    return max([index.manifest.latest, *(seed.time for seed in seeds)])


def named_limits(index: starts.Lookup, policy: HubPolicy) -> Limits:
    """Return a policy for one index; accounts it names that the ledger does not know are no account here."""
    places = {index.find(*key): follow for key, follow in policy.follow.items()}
    places.pop(NOBODY, None)
    return limits_of(policy, places)


def _bounds(sub: SubLedger, asked: Asked) -> Bounds:
    if not asked.delta_of:
        return asked.bounds
    keys = zip(sub.accounts.institution, sub.accounts.number, strict=True)
    own = {place: asked.delta_of[key] for place, key in enumerate(keys) if key in asked.delta_of}
    bounds = asked.bounds
    return Bounds(bounds.depth, bounds.window, bounds.delta, bounds.delta_of | own)

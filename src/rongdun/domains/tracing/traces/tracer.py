"""The one place where a trace meets the computation: what is asked of it, and what it says in a trace's words."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from rongdun.domains.tracing.traces.findings import ByHand, Choice
from rongdun.domains.tracing.traces.seeds import Seed
from rongdun.domains.tracing.traces.told import Told

if TYPE_CHECKING:
    from rongdun.analytics.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be traced: over which imports, from which seeds, how far, with which decisions by hand."""

    seeds: tuple[Seed, ...]
    imports: frozenset[int]
    depth: int
    window_hours: int
    delta_minutes: int
    as_of: datetime | None
    choices: tuple[Choice, ...]
    by_hand: tuple[ByHand, ...]


@dataclass(frozen=True, slots=True)
class Traced:
    """What every rule says, and the version of the ledger it was computed on."""

    ledger_version: int
    results: tuple[Told, ...]


def trace(ledger: "Ledger", order: Order) -> Traced:
    """Follow the money of ``order.seeds`` in ``ledger`` by every rule."""
    raise NotImplementedError

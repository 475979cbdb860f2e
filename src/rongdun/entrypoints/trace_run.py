"""One trace of the command line: accounts it names checked, the ground read by index or engine, the rule applied."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rongdun.analytics.tracing.index.starts import Lookup
from rongdun.analytics.tracing.model import NOBODY, Seed
from rongdun.analytics.tracing.trace import Asked, Ground, Trace, attributed, ground_of, latest
from rongdun.kernel.errors import FieldError, Invalid, Text

if TYPE_CHECKING:
    from rongdun.analytics.tracing.index.opened import TraceIndex

INDEX = "index"


class NamedButUnknown(Invalid):
    """Options name accounts that the ledger does not know."""

    code = "named_but_unknown"
    message = Text("选项里的账户不在台账中", "Options name accounts that are not in the ledger")
    action = Text("请核对机构和账号", "Check institution and number")


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be traced; ``asked.as_of`` 0 stands for the last moment the ledger or the seeds tell."""

    ledger: Path
    seeds: Sequence[Seed]
    asked: Asked
    engine: str = INDEX
    spark: str = ""


def traced(order: Order) -> Trace:
    """Return the trace that is ordered, computed by the engine that is named; the result is the same by each."""
    if order.engine == INDEX:
        from rongdun.analytics.tracing.index.store import open_index

        index = open_index(order.ledger)
        return _traced(index, order, lambda asked: ground_of(index, order.seeds, asked))
    return _by_engine(order)


def ground_in(index: "TraceIndex", order: Order) -> tuple[Asked, Ground]:
    """Return what is asked, settled, and the ground of it, read from the index."""
    asked = _settled(index, order)
    return asked, ground_of(index, order.seeds, asked)


def _by_engine(order: Order) -> Trace:
    from rongdun.analytics.engines.choose import engine_named
    from rongdun.analytics.engines.trace import ground_by, open_ledger

    named = [number for _, number in (*order.asked.policy.follow, *order.asked.delta_of)]
    with engine_named(order.engine, order.spark) as engine:
        book = open_ledger(engine, order.ledger, [*named, *(seed.account for seed in order.seeds)])
        return _traced(book, order, lambda asked: ground_by(engine, book, order.seeds, asked))


def _traced(lookup: Lookup, order: Order, ground: Callable[[Asked], Ground]) -> Trace:
    asked = _settled(lookup, order)
    read = ground(asked)
    return attributed(lookup, read, order.seeds, _with_deltas(lookup, read, asked))


def _settled(lookup: Lookup, order: Order) -> Asked:
    """Return what is asked with its moment; raises :class:`NamedButUnknown` where a name is nobody's."""
    asked = order.asked
    unknown = [key for key in (*asked.policy.follow, *asked.delta_of) if lookup.find(*key) == NOBODY]
    if unknown:
        told = [":".join(filter(None, key)) for key in unknown]
        raise NamedButUnknown(fields=[FieldError(one, Text(one, one)) for one in told])
    return replace(asked, as_of=asked.as_of or latest(lookup, order.seeds))


def _with_deltas(lookup: Lookup, ground: Ground, asked: Asked) -> Asked:
    """Return what is asked with each account's own Δ by its place in the sub-ledger, as far as it was touched."""
    place = ground.gathered.place
    spans = {lookup.find(*key): span for key, span in asked.delta_of.items()}
    own = {int(np.flatnonzero(place == at)[0]): span for at, span in spans.items() if at in place}
    return replace(asked, bounds=replace(asked.bounds, delta_of=own))

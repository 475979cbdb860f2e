"""One search for everything: each domain says how its own things are found, the desk asks them all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rongdun.kernel.errors import Text
from rongdun.runtime.uow import Uow


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something found: ``label`` and ``sub`` are masked words to show, ``route`` the page that opens it."""

    id: str
    label: Text
    sub: Text
    route: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Searcher:
    """How one kind of thing is found.

    ``find(uow, q, limit)`` returns the best hits within the actor's scope, the best first; it is asked
    only when the actor holds ``permission``. ``order`` places the kind among the others, lowest first.
    """

    kind: str
    permission: str
    order: int
    find: Callable[[Uow, str, int], Sequence[Hit]]


_searchers: dict[str, Searcher] = {}


def register_searcher(searcher: Searcher) -> Searcher:
    """Declare how a kind is found, once, in the domain that owns it; :class:`ValueError` for a second one."""
    if _searchers.setdefault(searcher.kind, searcher) is not searcher:
        raise ValueError(f"{searcher.kind} already has a searcher")
    return searcher


def searchers() -> tuple[Searcher, ...]:
    """Return every declared searcher in the order their hits are shown."""
    return tuple(sorted(_searchers.values(), key=lambda searcher: (searcher.order, searcher.kind)))

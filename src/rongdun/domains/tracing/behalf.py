"""Imports and computations other desks begin: a bank's answer becomes a statement, a trace is brought up to date."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple
from uuid import UUID

from rongdun.domains.desk import record_upload
from rongdun.domains.tracing import service, store
from rongdun.domains.tracing.errors import NoFiles
from rongdun.domains.tracing.service import Dropped
from rongdun.domains.tracing.traces import service as traces
from rongdun.domains.tracing.traces import store as trace_store
from rongdun.domains.tracing.traces.model import Trace
from rongdun.domains.tracing.traces.seeds import Written
from rongdun.kernel.scope import Actor, Scope
from rongdun.runtime.files import FileStore
from rongdun.runtime.uow import Uow

_MAY = frozenset({"ledger.import", "file.upload", "trace.run"})


class Begun(NamedTuple):
    """An import that was begun, and the hash of its first file."""

    id: UUID
    file: str


@contextmanager
def for_unit(
    uow: Uow, *, user_id: UUID | None, name: str, unit_path: str, scope_path: str = ""
) -> Iterator[None]:
    """Let the block act for a unit, in the name of the officer whose order brought the answer.

    ``scope_path``: how far that officer sees, where it is further than the unit.
    """
    before = uow.actor
    officer = Actor(
        user_id=user_id,
        login="",
        name=name,
        unit_id=None,
        unit_path=unit_path,
        roles=frozenset(),
        permissions=_MAY,
        scope=Scope.subtree(scope_path or unit_path),
    )
    uow.session.flush()
    uow.act_as(officer)
    yield
    uow.session.flush()
    uow.act_as(before)


def import_content(uow: Uow, files: Mapping[str, bytes], *, note: str, case_path: str | None = None) -> Begun:
    """Keep files for the actor's unit and import them; :class:`NoFiles` when there are none.

    ``case_path`` is the unit that handles the case they are for, which then sees them too.
    """
    if not files:
        raise NoFiles()
    kept = FileStore.of(uow.settings)
    dropped = []
    for name, content in files.items():
        stored = kept.add([content])
        record_upload(uow, stored, name=name)
        dropped.append(Dropped(stored.hash, name))
    uow.session.flush()
    made = service.create(uow, dropped, note=note)
    made.case_path = case_path
    return Begun(made.id, dropped[0].sha256)


def import_state(uow: Uow, import_id: UUID) -> str:
    """Return how far an import has come; empty where there is none in scope."""
    found = store.find_import(uow.session, uow.actor.scope, import_id)
    return found.state if found else ""


def recompute(uow: Uow, trace_id: UUID) -> bool:
    """Send a trace to be computed on the ledger as it is now, in its maker's name.

    False while it is at work already: what is new may not be in that computation, so ask again. True otherwise, also
    for a trace that is archived or out of scope: nothing is left to wait for.
    """
    found = trace_store.find_trace(uow.session, uow.actor.scope, trace_id)
    if found is None or found.state == "ARCHIVED":
        return True
    if found.state == "COMPUTING":
        return False
    with for_unit(
        uow,
        user_id=found.maker_id,
        name=found.maker_name,
        unit_path=found.unit_path,
        scope_path=found.scope_path,
    ):
        traces.compute(uow, trace_id, version=found.version)
    return True


def begin_trace(uow: Uow, title: str, seeds: Sequence[Written], belongs: traces.Belongs) -> Trace:
    """Make a trace from what victims paid, as far and by the rule that is usual, for a report or a case.

    It is computed at once where there are statements, else once the first has come. Raises ``WrongSeeds``.
    """
    usual = traces.Settings(title=title, rule="fifo", depth=6, window_hours=72, delta_minutes=60, as_of=None)
    ready = bool(store.versions_in(uow.session, uow.actor.scope))
    return traces.create(uow, usual, seeds, compute=ready, belongs=belongs)


def traces_for(uow: Uow, subjects: Collection[UUID]) -> Sequence[Trace]:
    """Return the traces in the actor's scope for one of these cases or reports, the oldest first."""
    return trace_store.traces_for(uow.session, uow.actor.scope, subjects)


def give_to_case(uow: Uow, report_id: UUID, case_id: UUID, case_path: str, imports: Collection[UUID]) -> None:
    """Let the unit that handles a case see the traces of the report it came from, and imports made for its orders."""
    for found in trace_store.traces_for(uow.session, uow.actor.scope, [report_id]):
        found.case_id, found.case_path = case_id, case_path
    if imports:
        store.share(uow.session, uow.actor.scope, imports, case_path)

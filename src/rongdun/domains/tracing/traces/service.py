"""Traces on the desk: making one, changing what it starts from and how far it goes, sending it to be computed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rongdun.domains.tracing import store as imports
from rongdun.domains.tracing.traces import store
from rongdun.domains.tracing.traces.errors import NothingImported, TraceArchived, TraceAtWork
from rongdun.domains.tracing.traces.jobs import RUN
from rongdun.domains.tracing.traces.model import SEEDS, Trace, open_json, seal_json
from rongdun.domains.tracing.traces.moves import TOPIC, changed, move
from rongdun.domains.tracing.traces.results import result_of, write_totals
from rongdun.domains.tracing.traces.rules import OWN_UNIT
from rongdun.domains.tracing.traces.seeds import Seed, Written, as_data, from_data, read_seeds
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.errors import NotFound, RefusedByRule, StaleVersion, Unauthenticated
from rongdun.kernel.ids import new_id
from rongdun.kernel.scope import Scope
from rongdun.runtime.jobs import defer
from rongdun.runtime.uow import Uow


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a trace is called, which rule it shows first, and how far it goes. ``as_of`` None: all that is known."""

    title: str
    rule: str
    depth: int
    window_hours: int
    delta_minutes: int
    as_of: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongs:
    """What a trace is for; ``case_path`` is the unit that handles the case, which may see and work on it."""

    report_id: UUID | None = None
    case_id: UUID | None = None
    case_path: str | None = None


def create(
    uow: Uow,
    settings: Settings,
    written: Sequence[Written],
    *,
    compute: bool,
    belongs: Belongs = Belongs(),
) -> Trace:
    """Make a trace, and with ``compute`` send it to be computed.

    Raises :class:`~rongdun.domains.tracing.traces.errors.WrongSeeds` with every cell that is wrong.
    """
    if uow.actor.user_id is None:
        raise Unauthenticated()
    seeds = read_seeds(written, now=uow.now)
    found = _draft(uow, uow.actor.user_id)
    found.report_id, found.case_id = belongs.report_id, belongs.case_id
    found.case_path = belongs.case_path
    _apply(found, settings)
    _put_seeds(uow, found, seeds)
    uow.session.add(found)
    uow.session.flush()
    found.number = f"ZJ{uow.now.astimezone(SHANGHAI):%Y}-{found.serial:06d}"
    after = {"seeds": len(seeds), "rule": found.rule}
    uow.record("trace.create", found.reference, unit_path=found.unit_path, after=after)
    uow.publish(TOPIC, found.reference, found.unit_path)
    if compute:
        _send(uow, found)
    return found


def edit(
    uow: Uow, trace_id: UUID, settings: Settings, written: Sequence[Written] | None, *, version: int
) -> Trace:
    """Change a trace; ``written`` None leaves its seeds. What it found stands until it is computed again."""
    found = to_change(uow, trace_id, version)
    before = _shown(found)
    _apply(found, settings)
    if written is not None:
        _put_seeds(uow, found, read_seeds(written, now=uow.now))
    after = _shown(found)
    bears = written is not None or any(
        before[name] != after[name] for name in before if name not in ("title", "rule")
    )
    found.changed = found.changed or bears
    if before["rule"] != after["rule"] and found.computed_at is not None:
        write_totals(found, result_of(uow, found, found.rule).told.totals)
    moved = {name: value for name, value in after.items() if value != before[name]}
    changed(uow, found, "trace.edit", before={name: before[name] for name in moved}, after=moved)
    return found


def compute(uow: Uow, trace_id: UUID, *, version: int) -> Trace:
    """Send a trace to be computed on the ledger as it is now."""
    found = to_change(uow, trace_id, version)
    _send(uow, found)
    return found


def cancel(uow: Uow, trace_id: UUID, *, version: int) -> Trace:
    """Stop a computation; an earlier result stays."""
    found = seen(uow, trace_id, version)
    move(uow, found, "keep" if found.computed_at is not None else "cancel")
    return found


def archive(uow: Uow, trace_id: UUID, *, version: int, reason: str) -> Trace:
    """Close a trace for good; it stays readable."""
    found = seen(uow, trace_id, version)
    found.archive_reason = reason.strip()
    move(uow, found, "archive", reason=reason)
    return found


def find(uow: Uow, trace_id: UUID) -> Trace:
    """Return a trace; :class:`NotFound` outside the scope."""
    found = store.find_trace(uow.session, uow.actor.scope, trace_id)
    if found is None:
        raise NotFound
    return found


def seeds_of(uow: Uow, found: Trace) -> list[Seed]:
    """Return the transfers a trace starts from, in clear."""
    return from_data(open_json(uow.vault, found.seeds, SEEDS.context_of(found.id)))


def to_change(uow: Uow, trace_id: UUID, version: int | None = None) -> Trace:
    """Return a trace of the actor's own unit, locked, that is at rest and not archived."""
    found = _locked(uow, trace_id) if version is None else seen(uow, trace_id, version)
    if not OWN_UNIT.check({"own_unit": uow.actor.unit_path in found.units}, uow.now):
        raise RefusedByRule(OWN_UNIT.text, action=OWN_UNIT.remedy, rule=OWN_UNIT.rule)
    if found.state == "ARCHIVED":
        raise TraceArchived()
    if found.state == "COMPUTING":
        raise TraceAtWork()
    return found


def seen(uow: Uow, trace_id: UUID, version: int) -> Trace:
    """Return a trace, locked; :class:`StaleVersion` when it is not the version the actor has seen."""
    found = _locked(uow, trace_id)
    StaleVersion.unless_seen(version, state=found.state, now=found.version)
    return found


def imports_seen(uow: Uow, found: Trace) -> frozenset[int]:
    """Return the imports that a trace is computed over, as far as the actor may see them."""
    return imports.versions_in(uow.session, Scope.subtree(found.scope_path))


def ledger_moved_on(uow: Uow, found: Trace) -> bool:
    """Tell whether statements came or went since a trace was computed, as far as the actor can know."""
    if found.computed_at is None:
        return False
    now, then = imports_seen(uow, found), frozenset(found.ledger_imports)
    return bool(now - then) or (uow.actor.scope.covers(found.scope_path) and bool(then - now))


def _locked(uow: Uow, trace_id: UUID) -> Trace:
    found = store.lock_trace(uow.session, uow.actor.scope, trace_id)
    if found is None:
        raise NotFound
    return found


def _draft(uow: Uow, maker: UUID) -> Trace:
    return Trace(
        id=new_id(),
        unit_path=uow.actor.unit_path,
        scope_path=uow.actor.scope.low,
        maker_id=maker,
        maker_name=uow.actor.name,
        unit_name=uow.actor.unit_name,
        state="DRAFT",
        number="",
        round=0,
        changed=False,
        ledger_imports=[],
        created_at=uow.now,
        beat_at=uow.now,
        version=1,
    )


def _apply(found: Trace, settings: Settings) -> None:
    found.title = settings.title
    found.rule = settings.rule
    found.depth = settings.depth
    found.window_hours = settings.window_hours
    found.delta_minutes = settings.delta_minutes
    found.as_of = settings.as_of


def _shown(found: Trace) -> dict[str, object]:
    as_of = found.as_of.isoformat() if found.as_of else None
    same = ("title", "rule", "depth", "window_hours", "delta_minutes", "seed_count")
    return {**{name: getattr(found, name) for name in same}, "as_of": as_of}


def _put_seeds(uow: Uow, found: Trace, seeds: Sequence[Seed]) -> None:
    found.seeds = seal_json(uow.vault, as_data(seeds), SEEDS.context_of(found.id))
    found.seed_count = len(seeds)


def _send(uow: Uow, found: Trace) -> None:
    if not imports_seen(uow, found):
        raise NothingImported()
    move(uow, found, "compute")
    found.round += 1
    found.started_at = None
    found.error_zh = found.error_en = ""
    uow.session.flush()
    defer(uow, RUN, lock=f"trace:{found.id}", trace_id=str(found.id), round=found.round)

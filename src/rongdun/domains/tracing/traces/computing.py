"""What a worker does with a trace: follow the money by every rule, keep what was found, exactly once a round."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from rongdun.domains.tracing import store as imports
from rongdun.domains.tracing.book import open_ledger
from rongdun.domains.tracing.traces import findings, service, store, tracer
from rongdun.domains.tracing.traces.model import Trace
from rongdun.domains.tracing.traces.moves import move
from rongdun.domains.tracing.traces.results import addresses_of, sealed_result, write_totals
from rongdun.domains.tracing.traces.told import Told, tiers_of
from rongdun.kernel.errors import DomainError, Text
from rongdun.kernel.scope import Scope
from rongdun.runtime.jobs import Work
from rongdun.runtime.logs import describe, get_logger
from rongdun.runtime.uow import Uow

_log = get_logger("traces")

SILENT = timedelta(minutes=15)
"""A worker that gave no sign for so long is dead, and nobody took its work over."""

UNSTARTED = timedelta(hours=24)
"""A trace nobody began to compute for so long is given up: the workers have not run for a day."""

BEAT_EVERY_S = 10.0

_UNEXPECTED = Text(
    "计算时出现意外故障；请重试，仍不行请联系管理员",
    "The computation broke off. Try again; if it persists, tell the administrator",
)
_UNSTARTED = Text("后台进程超过一天没有处理，请重试", "No worker took it up for a day; try again")
_SILENT = Text("计算中断且无人接手，请重试", "The computation broke off and was not taken over; try again")


@dataclass(frozen=True, slots=True)
class Plan:
    """A round of a trace as it is to be computed."""

    trace_id: UUID
    round: int
    order: tracer.Order


def run_trace(work: Work, trace_id: str, round: int) -> None:
    """Compute a trace by every rule and settle it; may run again after a killed worker."""
    plan = _begin(work, UUID(trace_id), round)
    if plan is None:
        return
    try:
        with _beating(work, plan):
            found = tracer.trace(open_ledger(work.services.settings), plan.order)
    except DomainError as error:
        _fail(work, plan, error.message)
        return
    except Exception:
        _fail(work, plan, _UNEXPECTED)
        raise
    _settle(work, plan, found)


def sweep(work: Work) -> None:
    """Give up on traces whose worker fell silent, so that none hangs for ever."""
    with work.transact() as uow:
        for found in store.silent_since(uow.session, uow.actor.scope, uow.now - SILENT):
            if found.started_at is not None:
                _give_up(uow, found, _SILENT)
            elif found.beat_at < uow.now - UNSTARTED:
                _give_up(uow, found, _UNSTARTED)


def _begin(work: Work, trace_id: UUID, round: int) -> Plan | None:
    """Take the round up; None when it is not wanted any more."""
    with work.transact() as uow:
        found = store.lock_trace(uow.session, uow.actor.scope, trace_id)
        if found is None or found.round != round or found.state != "COMPUTING":
            return None
        found.started_at = found.beat_at = uow.now
        return Plan(found.id, round, _order(uow, found))


def _order(uow: Uow, found: Trace) -> tracer.Order:
    rows = store.hand_transfers_of(uow.session, uow.actor.scope, found.id)
    return tracer.Order(
        seeds=tuple(service.seeds_of(uow, found)),
        imports=imports.versions_in(uow.session, Scope.subtree(found.scope_path)),
        depth=found.depth,
        window_hours=found.window_hours,
        delta_minutes=found.delta_minutes,
        as_of=found.as_of,
        choices=tuple(findings.choices_of(uow, found)),
        by_hand=tuple(findings.by_hand(uow, row) for row in rows if row.withdrawn_at is None),
    )


@contextmanager
def _beating(work: Work, plan: Plan) -> Iterator[None]:
    """Give a sign of life every few seconds for as long as the block runs."""
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(BEAT_EVERY_S):
            try:
                with work.transact() as uow:
                    store.beat(uow.session, uow.actor.scope, plan.trace_id, plan.round, at=uow.now)
            except Exception as error:  # noqa: BLE001 - a sign of life that is lost must not end the work
                _log.warning("trace_beat_lost", fault=describe(error))

    heart = threading.Thread(target=beat, name="trace-beat", daemon=True)
    heart.start()
    try:
        yield
    finally:
        ended.set()
        heart.join()


def _settle(work: Work, plan: Plan, traced: tracer.Traced) -> None:
    """Keep what was found, unless the round is not wanted any more."""
    with work.transact() as uow:
        found = _wanted(uow, plan)
        if found is None:
            return
        scope = uow.actor.scope
        rows = [sealed_result(uow.vault, found, told) for told in traced.results]
        store.replace_results(uow.session, scope, found.id, rows)
        shown = next(told for told in traced.results if told.rule == found.rule)
        store.replace_accounts(uow.session, scope, found.id, _accounts(uow, found, shown))
        _write(uow, found, shown, traced, plan.order)
        move(uow, found, "finish")


def _write(uow: Uow, found: Trace, shown: Told, traced: tracer.Traced, order: tracer.Order) -> None:
    found.ledger_version = traced.ledger_version
    found.ledger_imports = sorted(order.imports)
    found.computed_at, found.changed = uow.now, False
    found.computed_as_of = datetime.fromtimestamp(shown.as_of / 1_000_000, UTC)
    found.accounts, found.transfers = len(shown.accounts), len(shown.transfers)
    write_totals(found, shown.totals)
    found.error_zh = found.error_en = ""


def _accounts(uow: Uow, found: Trace, told: Told) -> list[dict[str, object]]:
    tiers = tiers_of(told)
    came, left = dict.fromkeys(tiers, 0), dict.fromkeys(tiers, 0)
    for holding in told.holdings:
        came[holding.account] += holding.in_fen
        left[holding.account] += holding.left_fen
    addresses = addresses_of(uow.vault, told)
    same = {"trace_id": found.id, "unit_path": found.unit_path}
    rows = {
        addresses[place]: {
            **same,
            "account": addresses[place],
            "tier": tier,
            "in_fen": came[place],
            "left_fen": left[place],
        }
        for place, tier in tiers.items()
    }
    return list(rows.values())


def _wanted(uow: Uow, plan: Plan) -> Trace | None:
    found = store.lock_trace(uow.session, uow.actor.scope, plan.trace_id)
    if found is None or found.round != plan.round or found.state != "COMPUTING":
        return None
    return found


def _fail(work: Work, plan: Plan, why: Text) -> None:
    with work.transact() as uow:
        found = _wanted(uow, plan)
        if found is not None:
            _give_up(uow, found, why)


def _give_up(uow: Uow, found: Trace, why: Text) -> None:
    found.error_zh, found.error_en = why
    move(uow, found, "fail")

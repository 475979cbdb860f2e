"""Queries on traces and what hangs on them; each within a scope, and row-level security below."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, Select, and_, delete, func, insert, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from rongdun.domains.tracing.traces.model import (
    HandTransfer,
    Trace,
    TraceAccount,
    TraceMark,
    TraceNote,
    TraceResult,
)
from rongdun.domains.tracing.traces.rules import TRACE
from rongdun.domains.tracing.traces.words import RULES
from rongdun.kernel.errors import Text
from rongdun.kernel.scope import Scope
from rongdun.runtime.tables import Column, TableSpec

_STATES = {state.key: state.name for state in TRACE.states}

TRACES = TableSpec(
    columns={
        "number": Column(Trace.number, Text("编号", "Number")),
        "title": Column(Trace.title, Text("名称", "Title")),
        "state": Column(Trace.state, Text("状态", "State"), choices=_STATES),
        "rule": Column(Trace.rule, Text("规则", "Rule"), choices=RULES),
        "seed_count": Column(Trace.seed_count, Text("受害人转账", "Victims' transfers")),
        "seeds_fen": Column(Trace.seeds_fen, Text("被骗金额", "Taken"), kind="money"),
        "left_fen": Column(Trace.left_fen, Text("在账余额", "Still there"), kind="money"),
        "ended_fen": Column(Trace.ended_fen, Text("已流出", "Gone"), kind="money"),
        "frontier_fen": Column(Trace.frontier_fen, Text("待调取", "No statement yet"), kind="money"),
        "limit_fen": Column(Trace.limit_fen, Text("超出范围", "Beyond the bounds"), kind="money"),
        "accounts": Column(Trace.accounts, Text("账户数", "Accounts")),
        "transfers": Column(Trace.transfers, Text("转账数", "Transfers")),
        "maker_name": Column(Trace.maker_name, Text("建立人", "By")),
        "unit_name": Column(Trace.unit_name, Text("单位", "Unit")),
        "unit_path": Column(Trace.unit_path, Text("单位路径", "Unit path"), kind="path"),
        "case_id": Column(Trace.case_id, Text("案件", "Case"), exported=False),
        "report_id": Column(Trace.report_id, Text("警情", "Report"), exported=False),
        "created_at": Column(Trace.created_at, Text("建立时间", "Made")),
        "computed_at": Column(Trace.computed_at, Text("计算时间", "Computed")),
    },
    key=Trace.id,
    search=[Trace.number, Trace.title, Trace.maker_name, Trace.unit_name],
    default_sort="-created_at",
)


def _seen(scope: Scope) -> ColumnElement[bool]:
    own = and_(Trace.unit_path >= scope.low, Trace.unit_path < scope.high)
    return or_(own, and_(Trace.case_path >= scope.low, Trace.case_path < scope.high))


def _of_seen(column: InstrumentedAttribute[UUID], scope: Scope) -> ColumnElement[bool]:
    """Return the condition that what hangs on a trace hangs on one that ``scope`` covers."""
    return column.in_(select(Trace.id).where(_seen(scope)))


def traces_in(scope: Scope) -> Select[Trace]:
    """Return the select of the traces of units in ``scope``, and of those for cases that such a unit handles."""
    return select(Trace).where(_seen(scope))


def traces_for(session: Session, scope: Scope, subjects: Collection[UUID]) -> Sequence[Trace]:
    """Return the traces for one of these cases or reports, the oldest first."""
    about = or_(Trace.case_id.in_(list(subjects)), Trace.report_id.in_(list(subjects)))
    return session.scalars(traces_in(scope).where(about).order_by(Trace.created_at)).all()


def find_trace(session: Session, scope: Scope, trace_id: UUID) -> Trace | None:
    """Return a trace if ``scope`` covers it."""
    return session.scalar(traces_in(scope).where(Trace.id == trace_id))


def lock_trace(session: Session, scope: Scope, trace_id: UUID) -> Trace | None:
    """Return a trace for change if ``scope`` covers it."""
    return session.scalar(traces_in(scope).where(Trace.id == trace_id).with_for_update())


def find_result(session: Session, scope: Scope, trace_id: UUID, rule: str) -> TraceResult | None:
    """Return what a trace found by a rule."""
    found = select(TraceResult).where(TraceResult.trace_id == trace_id, TraceResult.rule == rule)
    return session.scalar(found.where(_of_seen(TraceResult.trace_id, scope)))


def digests_of(session: Session, scope: Scope, trace_id: UUID) -> dict[str, str]:
    """Return the digest of each rule's result of a trace."""
    found = select(TraceResult.rule, TraceResult.digest).where(TraceResult.trace_id == trace_id)
    inside = found.where(_of_seen(TraceResult.trace_id, scope))
    return {rule: digest for rule, digest in session.execute(inside)}


def replace_results(session: Session, scope: Scope, trace_id: UUID, results: Iterable[TraceResult]) -> None:
    """Put the results of a computation in place of those of the one before."""
    gone = delete(TraceResult).where(TraceResult.trace_id == trace_id)
    session.execute(gone.where(_of_seen(TraceResult.trace_id, scope)))
    session.add_all(results)
    session.flush()


def replace_accounts(
    session: Session, scope: Scope, trace_id: UUID, accounts: Sequence[dict[str, Any]]
) -> None:
    """Put the accounts that a computation touched in place of those of the one before."""
    gone = delete(TraceAccount).where(TraceAccount.trace_id == trace_id)
    session.execute(gone.where(_of_seen(TraceAccount.trace_id, scope)))
    if accounts:
        session.execute(insert(TraceAccount), accounts)


def others_at(session: Session, scope: Scope, trace_id: UUID, account: str) -> Sequence[tuple[Trace, int]]:
    """Return the other traces in ``scope`` that touch an account, the newest first, with what came there in fen."""
    found = (
        select(Trace, TraceAccount.in_fen)
        .join(TraceAccount, TraceAccount.trace_id == Trace.id)
        .where(TraceAccount.account == account, Trace.id != trace_id)
        .where(_seen(scope))
        .order_by(Trace.created_at.desc())
        .limit(50)
    )
    return [(trace, fen) for trace, fen in session.execute(found)]


def traces_on(session: Session, scope: Scope, accounts: Collection[str]) -> list[tuple[Trace, str, int]]:
    """Return the traces that touch one of ``accounts`` (addresses): which, and the fen that came there."""
    found = (
        select(Trace, TraceAccount.account, TraceAccount.in_fen)
        .join(TraceAccount, TraceAccount.trace_id == Trace.id)
        .where(TraceAccount.account.in_(list(accounts)))
        .where(_seen(scope))
        .order_by(Trace.created_at.desc())
        .limit(50)
    )
    return [(trace, account, fen) for trace, account, fen in session.execute(found)]


def shared_accounts(session: Session, scope: Scope, trace_id: UUID) -> dict[str, int]:
    """Return the accounts of a trace that other traces in ``scope`` touch, and how many do."""
    other = TraceAccount.__table__.alias("other")
    found = (
        select(TraceAccount.account, func.count())
        .join(other, (other.c.account == TraceAccount.account) & (other.c.trace_id != trace_id))
        .where(TraceAccount.trace_id == trace_id)
        .where(other.c.trace_id.in_(select(Trace.id).where(_seen(scope))))
        .group_by(TraceAccount.account)
    )
    return {account: count for account, count in session.execute(found)}


def marks_of(session: Session, scope: Scope, trace_id: UUID) -> Sequence[TraceMark]:
    """Return the marks on a trace's accounts, the oldest first."""
    found = select(TraceMark).where(TraceMark.trace_id == trace_id)
    inside = found.where(_of_seen(TraceMark.trace_id, scope))
    return session.scalars(inside.order_by(TraceMark.made_at, TraceMark.mark)).all()


def drop_marks(session: Session, scope: Scope, trace_id: UUID, account: str, marks: Iterable[str]) -> None:
    """Take marks off an account."""
    gone = delete(TraceMark).where(TraceMark.trace_id == trace_id, TraceMark.account == account)
    inside = gone.where(_of_seen(TraceMark.trace_id, scope))
    session.execute(inside.where(TraceMark.mark.in_(list(marks))))


def notes_of(session: Session, scope: Scope, trace_id: UUID) -> Sequence[TraceNote]:
    """Return the notes on a trace's accounts, the newest first."""
    found = select(TraceNote).where(TraceNote.trace_id == trace_id)
    inside = found.where(_of_seen(TraceNote.trace_id, scope))
    return session.scalars(inside.order_by(TraceNote.made_at.desc(), TraceNote.id.desc())).all()


def hand_transfers_of(session: Session, scope: Scope, trace_id: UUID) -> Sequence[HandTransfer]:
    """Return the transfers added to a trace by hand, withdrawn ones among them, the oldest first."""
    found = select(HandTransfer).where(HandTransfer.trace_id == trace_id)
    inside = found.where(_of_seen(HandTransfer.trace_id, scope))
    return session.scalars(inside.order_by(HandTransfer.made_at, HandTransfer.id)).all()


def silent_since(session: Session, scope: Scope, moment: datetime) -> Sequence[Trace]:
    """Return the traces in computation that gave no sign of life since ``moment``."""
    waiting = traces_in(scope).where(Trace.state == "COMPUTING", Trace.beat_at < moment)
    return session.scalars(waiting.with_for_update(skip_locked=True)).all()


def beat(session: Session, scope: Scope, trace_id: UUID, round: int, *, at: datetime) -> bool:
    """Give a sign of life of a computation; tell whether it is still wanted."""
    statement = (
        update(Trace)
        .where(Trace.id == trace_id, Trace.round == round, Trace.state == "COMPUTING")
        .where(_seen(scope))
        .values(beat_at=at)
    )
    return cast("CursorResult[Any]", session.execute(statement)).rowcount == 1

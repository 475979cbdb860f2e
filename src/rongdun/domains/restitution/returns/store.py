"""Queries on returns and what hangs on them; each within a scope, and row-level security below."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from rongdun.domains.restitution.returns.model import ReturnClaim, ReturnObjection, ReturnOrder
from rongdun.domains.restitution.returns.rules import RETURN
from rongdun.domains.restitution.returns.words import MODES
from rongdun.kernel.errors import Text
from rongdun.kernel.scope import Scope
from rongdun.runtime.tables import Column, TableSpec

_STATES = {state.key: state.name for state in RETURN.states}
DECIDED = ("APPROVED_CITY", "BANK_NOTICED", "PAID", "RECEIPT_FILED", "CLOSED")
"""States in which shares count against losses."""
UNPAID = ("APPROVED_CITY", "BANK_NOTICED")
"""States in which shares are taken out of what is frozen, without having been paid."""
BANKS_SEE = (*DECIDED,)
"""A bank sees a return once it has been decided."""

RETURNS = TableSpec(
    columns={
        "number": Column(ReturnOrder.number, Text("编号", "Number")),
        "state": Column(ReturnOrder.state, Text("状态", "State"), choices=_STATES),
        "mode": Column(ReturnOrder.mode, Text("方式", "Mode"), choices=MODES),
        "case_number": Column(ReturnOrder.case_number, Text("案件", "Case")),
        "order_number": Column(ReturnOrder.order_number, Text("冻结单", "Freeze")),
        "institution_name": Column(ReturnOrder.institution_name, Text("机构", "Institution")),
        "account": Column(ReturnOrder.account, Text("冻结账户", "Frozen account")),
        "frozen_fen": Column(ReturnOrder.frozen_fen, Text("冻结金额", "Frozen"), kind="money"),
        "share_fen": Column(ReturnOrder.share_fen, Text("拟返还", "To return"), kind="money"),
        "paid_fen": Column(ReturnOrder.paid_fen, Text("已返还", "Returned"), kind="money"),
        "leftover_fen": Column(ReturnOrder.leftover_fen, Text("余下冻结", "Left frozen"), kind="money"),
        "decision_number": Column(ReturnOrder.decision_number, Text("决定书文号", "Decision")),
        "notice_until": Column(ReturnOrder.notice_until, Text("公告期满", "Notice ends")),
        "case_id": Column(ReturnOrder.case_id, Text("案件标识", "Case id"), exported=False),
        "unit_name": Column(ReturnOrder.unit_name, Text("单位", "Unit")),
        "unit_path": Column(ReturnOrder.unit_path, Text("单位路径", "Unit path"), kind="path"),
        "maker_name": Column(ReturnOrder.maker_name, Text("承办人", "By")),
        "created_at": Column(ReturnOrder.created_at, Text("建立时间", "Made")),
        "paid_at": Column(ReturnOrder.paid_at, Text("支付时间", "Paid at")),
    },
    key=ReturnOrder.id,
    search=[
        ReturnOrder.number,
        ReturnOrder.case_number,
        ReturnOrder.order_number,
        ReturnOrder.decision_number,
        ReturnOrder.institution_name,
    ],
    default_sort="-created_at",
)


def seen(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that a return is of a unit in ``scope``, or was decided and is for a bank in it."""
    mine = (ReturnOrder.unit_path >= scope.low) & (ReturnOrder.unit_path < scope.high)
    theirs = (ReturnOrder.partner_path >= scope.low) & (ReturnOrder.partner_path < scope.high)
    return or_(mine, theirs & ReturnOrder.state.in_(BANKS_SEE))


def returns_in(scope: Scope) -> Select[ReturnOrder]:
    """Return the select of the returns that ``scope`` covers."""
    return select(ReturnOrder).where(seen(scope))


def find(session: Session, scope: Scope, return_id: UUID) -> ReturnOrder | None:
    """Return a return if ``scope`` covers it."""
    return session.scalar(returns_in(scope).where(ReturnOrder.id == return_id))


def of_case(session: Session, scope: Scope, case_id: UUID) -> Sequence[ReturnOrder]:
    """Return the returns of a case that ``scope`` covers, the oldest first."""
    found = returns_in(scope).where(ReturnOrder.case_id == case_id)
    return session.scalars(found.order_by(ReturnOrder.created_at)).all()


def lock(session: Session, scope: Scope, return_id: UUID) -> ReturnOrder | None:
    """Return a return for change if ``scope`` covers it."""
    return session.scalar(returns_in(scope).where(ReturnOrder.id == return_id).with_for_update())


def claims_of(session: Session, scope: Scope, return_id: UUID) -> Sequence[ReturnClaim]:
    """Return the claims of a return that ``scope`` covers, in their order."""
    found = select(ReturnClaim).join(ReturnOrder, ReturnOrder.id == ReturnClaim.return_id).where(seen(scope))
    return session.scalars(found.where(ReturnOrder.id == return_id).order_by(ReturnClaim.place)).all()


def objections_of(session: Session, scope: Scope, return_id: UUID) -> Sequence[ReturnObjection]:
    """Return the objections against a return of a unit in ``scope``, the oldest first."""
    found = select(ReturnObjection).where(ReturnObjection.return_id == return_id)
    mine = found.where(ReturnObjection.unit_path >= scope.low, ReturnObjection.unit_path < scope.high)
    return session.scalars(mine.order_by(ReturnObjection.raised_at, ReturnObjection.id)).all()


def reserved(session: Session, scope: Scope, order_id: UUID, *, beside: UUID) -> int:
    """Return what other returns have been decided to take out of a freeze and have not yet been paid, in fen."""
    wanted = select(func.coalesce(func.sum(ReturnOrder.share_fen), 0)).where(
        ReturnOrder.order_id == order_id,
        ReturnOrder.id != beside,
        ReturnOrder.state.in_(UNPAID),
        seen(scope),
    )
    return int(session.scalar(wanted) or 0)


def returned_to(session: Session, scope: Scope, victims: Sequence[UUID], *, beside: UUID) -> dict[UUID, int]:
    """Return what other returns that were decided give to victims, in fen."""
    found = (
        select(ReturnClaim.victim_id, func.sum(ReturnClaim.share_fen))
        .join(ReturnOrder, ReturnOrder.id == ReturnClaim.return_id)
        .where(ReturnClaim.victim_id.in_(victims), ReturnOrder.id != beside)
        .where(ReturnOrder.state.in_(DECIDED), ReturnClaim.share_fen.is_not(None), seen(scope))
        .group_by(ReturnClaim.victim_id)
    )
    return {victim: int(fen or 0) for victim, fen in session.execute(found) if victim is not None}


def last_decision(session: Session, scope: Scope, year: int) -> int:
    """Return the last serial of the decisions of a year that ``scope`` covers, 0 before the first."""
    found = select(func.max(ReturnOrder.decision_serial)).where(
        ReturnOrder.decision_year == year, seen(scope)
    )
    return session.scalar(found) or 0


def notices_ending(session: Session, scope: Scope, before: datetime) -> Sequence[ReturnOrder]:
    """Return the returns in public notice whose notice ends before a moment."""
    wanted = returns_in(scope).where(
        ReturnOrder.state.in_(("PUBLIC_NOTICE", "OBJECTION")), ReturnOrder.notice_until <= before
    )
    return session.scalars(wanted.with_for_update(skip_locked=True)).all()

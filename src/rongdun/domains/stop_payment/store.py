"""Queries on orders and what hangs on them; each within a scope, and row-level security below."""

from collections.abc import Collection, Iterable, Sequence, Set
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, column, exists, func, or_, select, table, tuple_
from sqlalchemy import Text as SqlText
from sqlalchemy.orm import Session, aliased

from rongdun.domains.stop_payment.model import Order, OrderEvent, OrderReply, OrderStatement, OrderStep
from rongdun.domains.stop_payment.rules import HOLDING
from rongdun.kernel.scope import Scope
from rongdun.runtime.deadlines import Deadline

_UNITS = table(
    "units",
    column("path", SqlText),
    column("kind", SqlText),
    column("name", SqlText),
    column("district", SqlText),
)
_ORGANS = ("province", "city", "county")
"""Kinds of units that are police organs of their own; stations and centres act in the name of one."""


def seen_by(scope: Scope) -> ColumnElement[bool]:
    """Return the condition that ``scope`` covers an order: its unit's or case's, its team's, or sent to its bank."""
    own = or_(
        and_(Order.unit_path >= scope.low, Order.unit_path < scope.high),
        and_(Order.case_path >= scope.low, Order.case_path < scope.high),
    )
    partner = and_(
        Order.sent_at.is_not(None), Order.partner_path >= scope.low, Order.partner_path < scope.high
    )
    return or_(own, partner, Order.case_id.in_(scope.teams)) if scope.teams else or_(own, partner)


def orders_in(scope: Scope) -> Select[Order]:
    """Return the select of the orders that ``scope`` covers."""
    return select(Order).where(seen_by(scope))


def find_order(session: Session, scope: Scope, order_id: UUID) -> Order | None:
    """Return an order if ``scope`` covers it."""
    return session.scalar(orders_in(scope).where(Order.id == order_id))


def lock_order(session: Session, scope: Scope, order_id: UUID) -> Order | None:
    """Return an order for change, held until the transaction ends, if ``scope`` covers it."""
    statement = orders_in(scope).where(Order.id == order_id).with_for_update()
    return session.scalar(statement.execution_options(populate_existing=True))


def orders_of_case(session: Session, scope: Scope, case_id: UUID) -> Sequence[Order]:
    """Return the orders of a case, the oldest first."""
    found = orders_in(scope).where(Order.case_id == case_id)
    return session.scalars(found.order_by(Order.made_at, Order.id)).all()


def orders_of_report(session: Session, scope: Scope, report_id: UUID) -> Sequence[Order]:
    """Return the orders of a report, the oldest first."""
    found = orders_in(scope).where(Order.report_id == report_id)
    return session.scalars(found.order_by(Order.made_at, Order.id)).all()


def orders_at(session: Session, scope: Scope, account: str) -> Sequence[Order]:
    """Return the orders on the account at an address, the newest first."""
    found = orders_in(scope).where(Order.account == account)
    return session.scalars(found.order_by(Order.made_at.desc()).limit(50)).all()


def orders_at_any(session: Session, scope: Scope, accounts: Iterable[str]) -> Sequence[Order]:
    """Return the orders on the accounts at these addresses that were not withdrawn, the oldest first."""
    found = orders_in(scope).where(Order.account.in_(list(accounts)), Order.state != "WITHDRAWN")
    return session.scalars(found.order_by(Order.made_at, Order.id)).all()


def orders_on(session: Session, scope: Scope, account_key: bytes) -> Sequence[Order]:
    """Return the orders on the account with a blind index, the oldest first."""
    found = orders_in(scope).where(Order.account_key == account_key)
    return session.scalars(found.order_by(Order.made_at, Order.id)).all()


def holding_of_case(session: Session, scope: Scope, case_id: UUID) -> Sequence[Order]:
    """Return the freezes of a case that hold money, by institution and number."""
    found = orders_in(scope).where(
        Order.case_id == case_id, Order.kind == "freeze", Order.state.in_(HOLDING), Order.held_fen > 0
    )
    return session.scalars(found.order_by(Order.institution, Order.number)).all()


def following(session: Session, scope: Scope, order_id: UUID) -> Sequence[Order]:
    """Return the orders that follow an order."""
    return session.scalars(orders_in(scope).where(Order.from_order == order_id).order_by(Order.made_at)).all()


def steps_of(session: Session, scope: Scope, order_id: UUID) -> Sequence[OrderStep]:
    """Return the instructions of an order in the order they were made."""
    found = select(OrderStep).join(Order, Order.id == OrderStep.order_id).where(seen_by(scope))
    return session.scalars(
        found.where(OrderStep.order_id == order_id).order_by(OrderStep.made_at, OrderStep.id)
    ).all()


def lock_step(session: Session, scope: Scope, application_id: str) -> OrderStep | None:
    """Return the instruction of an application for change, if ``scope`` covers its order."""
    found = select(OrderStep).join(Order, Order.id == OrderStep.order_id).where(seen_by(scope))
    locked = found.where(OrderStep.application_id == application_id).with_for_update(of=OrderStep)
    return session.scalar(locked.execution_options(populate_existing=True))


def find_steps(
    session: Session, scope: Scope, application_ids: Sequence[str]
) -> Sequence[tuple[Order, OrderStep]]:
    """Return the instructions of application ids with their orders, those that ``scope`` covers."""
    found = select(Order, OrderStep).join(OrderStep, Order.id == OrderStep.order_id).where(seen_by(scope))
    rows = session.execute(found.where(OrderStep.application_id.in_(application_ids)))
    return [(order, step) for order, step in rows]


def unanswered_steps(session: Session, scope: Scope, order_ids: Collection[UUID]) -> Sequence[OrderStep]:
    """Return the instructions of orders that were sent and not answered, the oldest first."""
    found = select(OrderStep).join(Order, Order.id == OrderStep.order_id).where(seen_by(scope))
    waiting = found.where(OrderStep.order_id.in_(order_ids), OrderStep.state == "SENT")
    return session.scalars(waiting.order_by(OrderStep.made_at, OrderStep.id)).all()


def stops_on(
    session: Session, scope: Scope, accounts: Collection[tuple[str, bytes]]
) -> Sequence[tuple[Order, OrderStep]]:
    """Return the stops and extensions sent for accounts, answered or not, the oldest first.

    ``accounts`` are pairs of an organ's path and an account's blind index: only that organ's count.
    """
    found = (
        select(Order, OrderStep)
        .join(OrderStep, Order.id == OrderStep.order_id)
        .where(seen_by(scope), tuple_(Order.organ_path, Order.account_key).in_(accounts))
        .where(Order.kind == "stop", OrderStep.kind.in_(("stop", "extend_stop")))
        .where(OrderStep.state.in_(("SENT", "ANSWERED")))
        .order_by(OrderStep.sent_at, OrderStep.id)
    )
    return [(order, step) for order, step in session.execute(found)]


def serialise_account(session: Session, scope: Scope, organ_path: str, account_key: bytes) -> None:
    """Let nobody else decide on a stop of this account by this organ until the transaction ends; reads no row."""
    name = f"{scope.low}|{organ_path}|{account_key.hex()}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def organ_of(session: Session, scope: Scope, unit_path: str) -> str:
    """Return the path of the police organ that ``unit_path`` acts for: itself or the nearest above."""
    above = (
        select(_UNITS.c.path)
        .where(func.starts_with(unit_path, _UNITS.c.path), _UNITS.c.kind.in_(_ORGANS))
        .where(_UNITS.c.path >= scope.low, _UNITS.c.path < scope.high)
        .order_by(func.length(_UNITS.c.path).desc())
        .limit(1)
    )
    return session.scalar(above) or unit_path


def units_named(session: Session, scope: Scope, unit_paths: Set[str]) -> dict[str, tuple[str, str]]:
    """Return the names and the twelve-digit codes (of their districts) of units, by their paths."""
    found = select(_UNITS.c.path, _UNITS.c.name, _UNITS.c.district).where(_UNITS.c.path.in_(unit_paths))
    rows = session.execute(found.where(_UNITS.c.path >= scope.low, _UNITS.c.path < scope.high))
    return {path: (name, f"{district:0<12}" if district else "") for path, name, district in rows}


def events_of(session: Session, scope: Scope, order_id: UUID) -> Sequence[OrderEvent]:
    """Return what happened to an order, the oldest first."""
    found = select(OrderEvent).join(Order, Order.id == OrderEvent.order_id).where(seen_by(scope))
    return session.scalars(found.where(Order.id == order_id).order_by(OrderEvent.at, OrderEvent.id)).all()


def replies_of(session: Session, scope: Scope, order_id: UUID) -> Sequence[OrderReply]:
    """Return what was answered to an order, the oldest first."""
    found = select(OrderReply).join(Order, Order.id == OrderReply.order_id).where(seen_by(scope))
    return session.scalars(
        found.where(Order.id == order_id).order_by(OrderReply.received_at, OrderReply.id)
    ).all()


def statements_of(session: Session, scope: Scope, order_id: UUID) -> Sequence[OrderStatement]:
    """Return the statements that came for an order, the oldest first."""
    found = select(OrderStatement).join(Order, Order.id == OrderStatement.order_id).where(seen_by(scope))
    return session.scalars(found.where(Order.id == order_id).order_by(OrderStatement.created_at)).all()


def imports_of(session: Session, scope: Scope, orders: Collection[UUID]) -> list[UUID]:
    """Return the imports that the answers to orders brought, as far as ``scope`` covers the orders."""
    found = select(OrderStatement.import_id).join(Order, Order.id == OrderStatement.order_id)
    mine = found.where(seen_by(scope), Order.id.in_(list(orders)), OrderStatement.import_id.is_not(None))
    return [one for one in session.scalars(mine) if one is not None]


def lock_statement(session: Session, scope: Scope, statement_id: UUID) -> OrderStatement | None:
    """Return a statement for change, if ``scope`` covers its order."""
    found = select(OrderStatement).join(Order, Order.id == OrderStatement.order_id).where(seen_by(scope))
    return session.scalar(found.where(OrderStatement.id == statement_id).with_for_update(of=OrderStatement))


def find_reply(session: Session, scope: Scope, institution: str, message_id: str) -> OrderReply | None:
    """Return the message of an institution, within a scope that covers the order's unit."""
    found = select(OrderReply).where(
        OrderReply.institution == institution, OrderReply.message_id == message_id
    )
    return session.scalar(found.where(OrderReply.unit_path >= scope.low, OrderReply.unit_path < scope.high))


def serialise_message(session: Session, scope: Scope, institution: str, message_id: str) -> None:
    """Let nobody else take the same message until the transaction ends; reads no row."""
    name = f"{scope.low}|reply|{institution}|{message_id}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def reply_body(session: Session, scope: Scope, reply_id: UUID) -> OrderReply | None:
    """Return a reply, within a scope that covers the order's unit."""
    found = select(OrderReply).where(OrderReply.id == reply_id)
    return session.scalar(found.where(OrderReply.unit_path >= scope.low, OrderReply.unit_path < scope.high))


def ended_by(session: Session, scope: Scope, moment: datetime, *, limit: int) -> Sequence[Order]:
    """Return orders in force whose term is over at ``moment``, locked, those others hold passed over."""
    found = orders_in(scope).where(
        Order.over_at.is_(None), Order.ends_at <= moment, Order.state.in_((*HOLDING, "QUEUED", "CONVERTING"))
    )
    ordered = found.order_by(Order.ends_at, Order.id).limit(limit)
    return session.scalars(ordered.with_for_update(skip_locked=True)).all()


def unanswered_since(
    session: Session, scope: Scope, kinds: Iterable[str], moment: datetime, *, limit: int
) -> Sequence[OrderStep]:
    """Return instructions of ``kinds`` sent before ``moment`` that are neither answered nor marked silent."""
    found = select(OrderStep).join(Order, Order.id == OrderStep.order_id).where(seen_by(scope))
    late = found.where(
        OrderStep.state == "SENT",
        OrderStep.silent_at.is_(None),
        OrderStep.sent_at <= moment,
        OrderStep.kind.in_(list(kinds)),
    )
    return session.scalars(late.order_by(OrderStep.sent_at).limit(limit)).all()


def marked(session: Session, scope: Scope, attention: str) -> Sequence[UUID]:
    """Return the orders that call for attention for one reason, those not yet over."""
    found = select(Order.id).where(seen_by(scope), Order.attention == attention, Order.over_at.is_(None))
    return session.scalars(found.order_by(Order.updated_at, Order.id)).all()


def stops_to_follow(session: Session, scope: Scope, *, before: datetime) -> Sequence[UUID]:
    """Return stops in force that nothing follows yet: those that end before ``before``, and those of a case."""
    follower = aliased(Order)
    followed = exists().where(follower.from_order == Order.id, follower.state != "WITHDRAWN")
    found = select(Order.id).where(
        seen_by(scope), Order.over_at.is_(None), Order.kind == "stop", Order.state.in_(HOLDING), ~followed
    )
    pressing = or_(Order.ends_at <= before, Order.case_id.is_not(None))
    return session.scalars(found.where(pressing).order_by(Order.ends_at, Order.id)).all()


def freezes_ending(session: Session, scope: Scope, *, before: datetime) -> Sequence[UUID]:
    """Return freezes that hold money and end before ``before``."""
    found = select(Order.id).where(
        seen_by(scope), Order.over_at.is_(None), Order.kind == "freeze", Order.state.in_(HOLDING)
    )
    return session.scalars(found.where(Order.ends_at <= before).order_by(Order.ends_at, Order.id)).all()


def drafts(session: Session, scope: Scope, kinds: Sequence[str], *, limit: int) -> Sequence[Order]:
    """Return the drafts of ``kinds``, and what went out unreviewed: urgent ones first, then the oldest."""
    waits = or_(Order.state == "DRAFT", and_(Order.sent_at.is_not(None), Order.reviewer_id.is_(None)))
    found = orders_in(scope).where(waits, Order.over_at.is_(None), Order.kind.in_(kinds))
    return session.scalars(found.order_by(Order.urgent.desc(), Order.made_at, Order.id).limit(limit)).all()


def counted(session: Session, scope: Scope) -> dict[str, int]:
    """Return how many orders of a scope wait for whom."""
    draft = Order.state == "DRAFT"
    late = and_(Order.sent_at.is_not(None), Order.reviewer_id.is_(None), Order.kind != "freeze")
    columns = {
        "to_review": func.count().filter(or_(and_(draft, Order.kind != "freeze"), late)),
        "to_approve": func.count().filter(draft, Order.kind == "freeze"),
        "waiting": func.count().filter(Order.state.in_(("SENT", "TIMEOUT"))),
        "in_force": func.count().filter(Order.state.in_(HOLDING)),
    }
    found = select(*columns.values()).where(seen_by(scope), Order.over_at.is_(None))
    row = session.execute(found).one()
    marked = select(func.count()).where(seen_by(scope), Order.attention != "")
    return {**dict(zip(columns, row, strict=True)), "attention": session.scalar(marked) or 0}


def clocks_of(session: Session, scope: Scope, order_id: UUID) -> Sequence[Deadline]:
    """Return the clocks of an order that ``scope`` covers, open ones first, by when they are due."""
    shown = select(Order.id).where(seen_by(scope), Order.id == order_id).exists()
    found = select(Deadline).where(
        Deadline.subject_kind == "order", Deadline.subject_id == str(order_id), shown
    )
    return session.scalars(found.order_by(Deadline.closed_at.is_not(None), Deadline.due_at)).all()


def orders_like(
    session: Session, scope: Scope, number: str, account_key: bytes | None, limit: int
) -> Sequence[Order]:
    """Return the newest orders whose number begins with ``number``, or of the account with a blind index."""
    named = Order.number.startswith(number, autoescape=True)
    wanted = named if account_key is None else or_(named, Order.account_key == account_key)
    return session.scalars(orders_in(scope).where(wanted).order_by(Order.made_at.desc()).limit(limit)).all()

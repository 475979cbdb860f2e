"""Where restitution meets the orders: what a stop or freeze holds, letting it go, paying out of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from rongdun.domains import stop_payment
from rongdun.domains.restitution.errors import NoSuchMeasure
from rongdun.kernel.errors import Text
from rongdun.runtime.uow import Uow


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A stop or freeze in force: on which account, what it holds (fen), since when, who ordered it."""

    order_id: UUID
    number: str
    kind: str
    case_id: UUID | None
    unit_path: str
    unit_name: str
    partner_path: str | None
    institution_name: str
    account: str
    holder: str
    held_fen: int
    since: datetime
    ends_at: datetime | None
    ordered_by: frozenset[UUID]


def measure_of(uow: Uow, order_id: UUID) -> Measure:
    """Return the measure of an order; :class:`NoSuchMeasure` when it holds nothing or lies outside the scope."""
    found = stop_payment.held_by(uow, order_id)
    if found is None:
        raise NoSuchMeasure
    return _measure(found)


def frozen_in(uow: Uow, case_id: UUID) -> list[Measure]:
    """Return the freezes of a case that hold money."""
    return [_measure(found) for found in stop_payment.held_of(uow, case_id) if found.kind == "freeze"]


def let_go(uow: Uow, order_id: UUID, amount_fen: int | None, objection: str, reason: str) -> None:
    """Have the bank release ``amount_fen`` of what an order holds (None: all), on the objection of this number."""
    told = Text(f"经审查异议{objection}，决定解除：{reason}", f"Decided on objection {objection}: {reason}")
    stop_payment.release(uow, order_id, amount_fen, f"{objection} {reason}", told=told)


def paid_out(uow: Uow, order_id: UUID, amount_fen: int, number: str) -> None:
    """Tell the order that ``amount_fen`` of what it froze went back to victims by the return ``number``."""
    stop_payment.consume(uow, order_id, amount_fen, number)


def _measure(found: stop_payment.Held) -> Measure:
    return Measure(
        order_id=found.order_id,
        number=found.order_number,
        kind=found.kind,
        case_id=found.case_id,
        unit_path=found.unit_path,
        unit_name=found.unit_name,
        partner_path=found.partner_path,
        institution_name=found.institution_name,
        account=found.number,
        holder=found.name,
        held_fen=found.held_fen,
        since=found.since,
        ends_at=found.ends_at,
        ordered_by=found.ordered_by,
    )

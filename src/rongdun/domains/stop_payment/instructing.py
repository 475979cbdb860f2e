"""An order's instruction as the exchange carries it: everything the bank needs, opened from the vault once."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, partial
from uuid import UUID

from rongdun.domains import people
from rongdun.domains.exchange import Instruction, Kind, Officer, Party
from rongdun.domains.people import ServiceNumbers
from rongdun.domains.stop_payment import clocks, store
from rongdun.domains.stop_payment.model import Details, Order, OrderStep, details_of
from rongdun.domains.stop_payment.reasons import reason_of, step_reason
from rongdun.domains.stop_payment.wide import everything
from rongdun.kernel.deadline import Unit
from rongdun.kernel.workday import civil_date
from rongdun.runtime.uow import Uow

_REASONS = {
    "stop": "涉嫌电信网络诈骗，紧急止付涉案账户",
    "query": "涉嫌电信网络诈骗，查询涉案账户资金情况",
    "freeze": "侦办电信网络诈骗案件，冻结涉案资金",
}
"""What a bank is told where the officer in a hurry wrote nothing: a message without a reason is refused."""

_MINUTES = {Unit.MINUTE: 1, Unit.HOUR: 60, Unit.DAY: 1440}


def instructions_for(uow: Uow, application_ids: Sequence[str]) -> dict[str, Instruction]:
    """Return the instructions of application ids as the exchange sends them; one that is unknown is left out.

    For the transports alone: they hold names and numbers in clear. What many share is looked up once.
    """
    found = store.find_steps(uow.session, uow.actor.scope, application_ids)
    named = {one for pair in found for one in _named(*pair) if one is not None}
    with everything(uow) as scope:
        units = store.units_named(uow.session, scope, {order.unit_path for order, _ in found})
        numbers = people.service_numbers(uow, scope, named)
    hours = cache(partial(_hours, uow))
    return {
        step.application_id: _instruction(
            uow,
            order,
            step,
            units.get(order.unit_path, ("", "")),
            numbers,
            hours(order.kind, civil_date(order.sent_at or uow.now)),
        )
        for order, step in found
    }


def _instruction(
    uow: Uow,
    order: Order,
    step: OrderStep,
    unit: tuple[str, str],
    numbers: Mapping[UUID, ServiceNumbers],
    answer_within_hours: int,
) -> Instruction:
    told = details_of(uow.vault, order)
    unit_name, unit_code = unit
    operator, investigator = _named(order, step)
    by = order.reviewer_name or (step.sender_name if step.sender_id else order.sender_name)
    return Instruction(
        application_id=step.application_id,
        kind=Kind(step.kind),
        account=_target(order, told),
        unit_code=unit_code,
        unit_name=unit_name or order.unit_name,
        operator=_officer(order.maker_name, operator, numbers),
        investigator=_officer(by, investigator, numbers),
        made_at=step.made_at,
        reason=step_reason(uow, step).zh or reason_of(told).zh or _REASONS[order.kind],
        case_number=order.subject_label,
        original_id=step.original_id,
        urgent=order.urgent,
        payer=_payer(told),
        amount_fen=_amount(order, step),
        transfer_time=order.transfer_at,
        start=step.starts_at,
        end=step.ends_at,
        remark=told.remark,
        answer_within_hours=answer_within_hours,
    )


def _named(order: Order, step: OrderStep) -> tuple[UUID | None, UUID | None]:
    """Return whom an instruction names: its operator (who made the order) and investigator (who reviewed or sent).

    One that the system sent names whoever sent the order.
    """
    return order.maker_id, order.reviewer_id or step.sender_id or order.sender_id


def _officer(name: str, user: UUID | None, numbers: Mapping[UUID, ServiceNumbers]) -> Officer:
    known = numbers.get(user, ServiceNumbers()) if user is not None else ServiceNumbers()
    return Officer(name=name, id_number=known.police_number, phone=known.work_phone)


def _target(order: Order, told: Details) -> Party:
    return Party(
        institution=order.institution,
        institution_name=order.institution_name,
        number=told.number,
        name=told.name,
        kind=told.kind,
        id_type=told.id_type,
        id_number=told.id_number,
    )


def _payer(told: Details) -> Party | None:
    one = told.payer
    if not one.number:
        return None
    return Party(
        institution=one.institution,
        institution_name=one.institution_name,
        number=one.number,
        name=one.name,
    )


def _amount(order: Order, step: OrderStep) -> int | None:
    """Return the amount a bank is told: the transfer of a stop, the cap of a freeze, what stays when part is lifted.

    The desk writes down what goes; what stays is what the freeze holds less that, until the answer has taken it off.
    """
    if order.kind == "stop":
        return order.amount_fen
    if step.kind != "lift_freeze" or step.amount_fen is None:
        return step.amount_fen
    return order.held_fen if step.state == "ANSWERED" else max(order.held_fen - step.amount_fen, 0)


def _hours(uow: Uow, kind: str, on: date) -> int:
    term = clocks.reply_term_on(uow, kind, on)
    return max(1, -(-term.amount * _MINUTES.get(term.unit, 1440) // 60))

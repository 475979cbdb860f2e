"""Drafting orders: one by hand, several from a report, a whole tier of a trace in one act; and correcting a draft."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from rongdun.domains import exchange, tracing
from rongdun.domains.stop_payment import store
from rongdun.domains.stop_payment.errors import WrongOrder
from rongdun.domains.stop_payment.finding import find, seen, whose
from rongdun.domains.stop_payment.model import (
    ACCOUNT_KEY,
    Details,
    Order,
    PayerDetails,
    details_of,
    seal_details,
)
from rongdun.domains.stop_payment.moves import changed, move
from rongdun.domains.stop_payment.rules import HOLDING
from rongdun.domains.stop_payment.wide import everything
from rongdun.kernel.account import parse_account
from rongdun.kernel.clock import SHANGHAI
from rongdun.kernel.errors import FieldError, Text
from rongdun.kernel.ids import new_id
from rongdun.kernel.person_name import normalise_name
from rongdun.kernel.scope import SubjectRef
from rongdun.kernel.workday import civil_date
from rongdun.runtime.policies import codes
from rongdun.runtime.uow import Uow

PREFIX = {"stop": "ZF", "query": "CX", "freeze": "DJ"}
"""止付、查询、冻结: how numbers begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The account an order is about; ``institution`` is a name or code as it was written."""

    institution: str
    number: str
    name: str = ""
    kind: str = "personal"
    id_type: str = ""
    id_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """The transfer that led money to the account: for a stop all of it must match at the bank."""

    amount_fen: int | None = None
    time: datetime | None = None
    institution: str = ""
    number: str = ""
    name: str = ""


_MOVED = ("amount_fen", "time", "institution", "number", "name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An order to be. ``subject`` is a case or a report (kind, id, label); ``unit_path`` whose order it is.

    ``question`` is for queries (``query_transactions`` …), ``months`` and ``scope`` for freezes: ``limited`` caps it at
    ``amount_fen``, ``period`` bounds what a query asks for.
    """

    kind: str
    subject: SubjectRef
    target: Target
    transfer: Transfer = field(default_factory=Transfer)
    unit_path: str = ""
    reason: str = ""
    remark: str = ""
    urgent: bool = False
    question: str = ""
    scope: str = "full"
    amount_fen: int | None = None
    months: int | None = None
    fruits: bool = True
    period: tuple[datetime, datetime] | None = None
    trace_id: UUID | None = None
    from_order: UUID | None = None
    batch_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFrom:
    """What a report or a trace hands over to be stopped: each account with the transfer that led there."""

    subject: SubjectRef
    transfers: Sequence[tuple[Target, Transfer]]
    unit_path: str = ""
    reason: str = ""
    urgent: bool = True


def draft_stops(uow: Uow, wanted: DraftFrom) -> list[Order]:
    """Return a draft of a stop for each account money went to, one an account, of its latest transfer.

    Calling it again with the same transfers returns the orders there are; nothing is doubled. Items that are missing
    are marked, and asked for before the order is sent.
    """
    return [_once(uow, wanted, target, moved) for target, moved in _latest(wanted.transfers)]


def make(uow: Uow, wanted: Draft) -> Order:
    """Make a draft of an order and put it on record; return the stored row.

    Raises :class:`~rongdun.kernel.account.WrongAccount` for a number that cannot be one.
    """
    _check(wanted)
    number = parse_account(wanted.target.number).message_form
    order = _new(uow, wanted)
    _fill(uow, order, wanted, number)
    order.from_order = order.from_order or _taken_over(uow, order)
    uow.session.add(order)
    uow.session.flush()
    order.number = f"{PREFIX[order.kind]}{uow.now.astimezone(SHANGHAI):%Y}-{order.serial:07d}"
    changed(uow, order, "draft", detail={"kind": order.kind, "question": order.question})
    return order


def edit(uow: Uow, order_id: UUID, wanted: Draft, *, version: int) -> Order:
    """Correct a draft; what it is for and whose it is stay."""
    _check(wanted)
    order = seen(uow, order_id, version)
    move(uow, order, "edit")
    _fill(uow, order, wanted, parse_account(wanted.target.number).message_form)
    order.returned_reason = ""
    uow.session.flush()
    return order


def missing_items(uow: Uow, kind: str, target: Target, moved: Transfer, *, at: datetime) -> list[str]:
    """Return the items an order of ``kind`` still lacks, by the codes of ``stop.match_items``."""
    institution = [] if exchange.institution_named(uow, target.institution) else ["institution"]
    if kind != "stop":
        return institution
    has = {
        "account_name": bool(target.name.strip()),
        "account_number": bool(target.number.strip()),
        "amount": bool(moved.amount_fen),
        "transaction_time": moved.time is not None and moved.time <= at,
    }
    wanted = codes(uow.session, "stop.match_items", on=civil_date(at))
    return [*institution, *(entry.code for entry in wanted if not has.get(entry.code, True))]


def _check(wanted: Draft) -> None:
    faults = []
    if wanted.kind == "query" and not wanted.question:
        faults.append(FieldError("question", Text("请选择调取内容", "Choose what to ask for")))
    if wanted.kind == "freeze" and not wanted.months:
        faults.append(FieldError("months", Text("请填写冻结期限", "Give the term of the freeze")))
    if wanted.kind == "freeze" and wanted.scope == "limited" and not wanted.amount_fen:
        faults.append(FieldError("amount_fen", Text("限额冻结须填写金额", "A capped freeze needs an amount")))
    if wanted.kind == "freeze" and wanted.subject.kind != "case":
        faults.append(FieldError("subject", Text("冻结须针对案件", "A freeze is for a case")))
    if faults:
        raise WrongOrder(fields=faults)


def _once(uow: Uow, wanted: DraftFrom, target: Target, moved: Transfer) -> Order:
    key = uow.vault.blind(parse_account(target.number).message_form, ACCOUNT_KEY)
    there = store.orders_on(uow.session, uow.actor.scope, key)
    found = next((one for one in there if _same(one, wanted.subject, moved)), None)
    return found or make(
        uow,
        Draft(
            kind="stop",
            subject=wanted.subject,
            target=target,
            transfer=moved,
            unit_path=wanted.unit_path,
            reason=wanted.reason,
            urgent=wanted.urgent,
        ),
    )


def _same(order: Order, subject: SubjectRef, moved: Transfer) -> bool:
    about = {str(order.case_id), str(order.report_id)}
    return (
        order.kind == "stop"
        and order.state != "WITHDRAWN"
        and subject.id in about
        and order.amount_fen == moved.amount_fen
        and order.transfer_at == moved.time
    )


def _latest(transfers: Sequence[tuple[Target, Transfer]]) -> list[tuple[Target, Transfer]]:
    """Return one transfer for each account: the latest, the largest of those at the same time."""
    chosen: dict[str, tuple[Target, Transfer]] = {}
    for target, moved in sorted(transfers, key=lambda one: _rank(one[1])):
        chosen[parse_account(target.number).message_form] = (target, moved)
    return list(chosen.values())


def _rank(moved: Transfer) -> tuple[float, int]:
    return (moved.time.timestamp() if moved.time else 0.0, moved.amount_fen or 0)


def _new(uow: Uow, wanted: Draft) -> Order:
    owner = whose(uow, wanted.subject, wanted.unit_path)
    with everything(uow) as scope:
        organ = store.organ_of(uow.session, scope, owner.unit_path)
    return Order(
        id=new_id(),
        number="",
        kind=wanted.kind,
        question=wanted.question,
        state="DRAFT",
        case_id=UUID(wanted.subject.id) if wanted.subject.kind == "case" else None,
        report_id=UUID(wanted.subject.id) if wanted.subject.kind == "report" else None,
        subject_label=wanted.subject.label,
        unit_path=owner.unit_path,
        unit_name=owner.unit_name,
        organ_path=organ,
        trace_id=wanted.trace_id,
        from_order=wanted.from_order,
        batch_id=wanted.batch_id,
        maker_id=uow.actor.user_id,
        maker_name=uow.actor.name,
        made_at=uow.now,
        updated_at=uow.now,
        held_fen=0,
        version=0,
    )


def _taken_over(uow: Uow, order: Order) -> UUID | None:
    """Return the stop in force that a freeze takes over, or the sweep would draft a second freeze after that stop."""
    if order.kind != "freeze":
        return None
    there = store.orders_on(uow.session, uow.actor.scope, order.account_key)
    stops = [one for one in there if one.case_id == order.case_id and one.kind == "stop"]
    return next((one.id for one in reversed(stops) if one.state in HOLDING), None)


def _fill(uow: Uow, order: Order, wanted: Draft, number: str) -> None:
    named = exchange.institution_named(uow, wanted.target.institution)
    order.institution = named.code if named else ""
    order.institution_name = named.name if named else wanted.target.institution.strip()
    order.partner_path = named.unit_path or None if named else None
    order.account = tracing.account_address(uow, order.institution_name, number)
    order.account_key = uow.vault.blind(number, ACCOUNT_KEY)
    order.amount_fen = wanted.amount_fen if wanted.kind == "freeze" else wanted.transfer.amount_fen
    order.transfer_at = wanted.transfer.time
    order.missing = missing_items(uow, wanted.kind, wanted.target, wanted.transfer, at=uow.now)
    order.urgent, order.scope, order.months = wanted.urgent, wanted.scope, wanted.months
    seal_details(uow.vault, order, _details(uow, wanted, number))


def _details(uow: Uow, wanted: Draft, number: str) -> Details:
    moved, target = wanted.transfer, wanted.target
    payer = exchange.institution_named(uow, moved.institution) if moved.institution else None
    return Details(
        number=number,
        name=normalise_name(target.name),
        kind=target.kind,
        id_type=target.id_type,
        id_number=target.id_number,
        payer=PayerDetails(
            institution=payer.code if payer else "",
            institution_name=payer.name if payer else moved.institution,
            number=parse_account(moved.number).message_form if moved.number.strip() else "",
            name=normalise_name(moved.name),
        ),
        reason=wanted.reason.strip(),
        remark=wanted.remark.strip(),
        fruits=wanted.fruits,
        period=(wanted.period[0].isoformat(), wanted.period[1].isoformat()) if wanted.period else None,
    )


def based(uow: Uow, wanted: Draft) -> Draft:
    """Return a draft that follows up an order, its account and what led there taken from that order.

    So nobody types a number again that the screen shows masked. A draft that names its account stays as it is.
    Raises :class:`~rongdun.kernel.errors.NotFound` for an order outside the scope.
    """
    if wanted.from_order is None or wanted.target.number.strip():
        return wanted
    source = drafted_from(uow, find(uow, wanted.from_order))
    told = {name: value for name in _MOVED if (value := getattr(wanted.transfer, name)) not in (None, "")}
    moved = replace(source.transfer, **told)
    trace_id = wanted.trace_id or source.trace_id
    return replace(wanted, target=source.target, transfer=moved, trace_id=trace_id)


def drafted_from(uow: Uow, order: Order) -> Draft:
    """Return the draft that an order is, to be changed or followed up."""
    told = details_of(uow.vault, order)
    period = tuple(datetime.fromisoformat(one) for one in told.period) if told.period else None
    payer = told.payer
    draft = Draft(
        kind=order.kind,
        subject=order.subject,
        target=Target(
            institution=order.institution or order.institution_name,
            number=told.number,
            name=told.name,
            kind=told.kind,
            id_type=told.id_type,
            id_number=told.id_number,
        ),
        transfer=Transfer(
            amount_fen=order.amount_fen,
            time=order.transfer_at,
            institution=payer.institution_name,
            number=payer.number,
            name=payer.name,
        ),
        unit_path=order.unit_path,
        reason=told.reason,
        remark=told.remark,
        urgent=order.urgent,
        question=order.question,
        scope=order.scope,
        amount_fen=order.amount_fen,
        months=order.months,
        fruits=told.fruits,
        trace_id=order.trace_id,
        from_order=order.from_order,
        batch_id=order.batch_id,
    )
    return replace(draft, period=(period[0], period[1])) if period else draft
